"""Tells a forum post that asks something from one that only tells: a job advert, an event, news, an introduction.

By its tags first, which its author chose; then by how its title and its text are put.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_ASKING_TAG = re.compile(
    r"\b(?:questions?|help|advice|support|ask|asks|query|queries|how[ -]?tos?|q ?& ?a|unsolved|unanswered)\b",
    re.IGNORECASE,
)
_TELLING_TAG = re.compile(
    r"\b(?:jobs?|vacanc(?:y|ies)|recruit(?:ing|ment)|hiring|careers?|opportunit(?:y|ies)|events?|webinars?|training"
    r"|announcements?|news|newsletters?|updates?|intros?|introductions?|welcome|showcases?|success(?:es)?|adverts?|ads?"
    r"|blogs?|off[ -]?topic|social|polls?|minutes)\b",
    re.IGNORECASE,
)
_SOLVED_TAG = re.compile(r"\b(?<!un)(?:solved|resolved|answered|closed|done)\b", re.IGNORECASE)
# A sentence that asks others who read it: not "Are you passionate about health?", which asks for applicants.
_ASKS = re.compile(
    r"(?:^|(?<=[.!?:;,\n–-])) *(?:(?:hi|hello|hey|dear) [^.!?,]{0,20}[,.!]? *)?(?:and|but|so|please|also)?[ ,]*"
    r"(?:how|what|which|who|whose|where|when|why|has|have|does|do|did|is there|are there|is it|is anyone|is anybody"
    r"|are any|can (?:we|i|you|anyone|anybody|someone)|could (?:we|i|you|anyone|anybody|someone)|should (?:we|i)"
    r"|would (?:it|you|anyone|anybody|someone)|may (?:we|i)|any(?:one|body|thing)?)\b[^.!?\n]*\?",
    re.IGNORECASE,
)
# A title that begins so is a question, whatever the post is about; adverts begin "Are you" or "Could you".
_OPENS = re.compile(
    r" *(?:how|what|which|who|whose|where|when|why|has|have|does|is there|are there|any)\b", re.IGNORECASE
)
_SEEKS = re.compile(
    r"\b(?:any (?:advice|tips|ideas|thoughts|experience|examples?|suggestions?|pointers|recommendations?|help)"
    r"|(?:has|have|does|do|did|is|can|could|would|if) any(?:one|body)"
    r"|(?:looking|searching|hoping) for (?:(?:some|any|an?|your|good|other|more|practical|real) )*(?:advice|examples?"
    r"|ideas?|help|tips|guidance|case stud(?:y|ies)|evidence|templates?|experiences?|support|someone who|people who"
    r"|others who)"
    r"|(?:we|i)(?: am|'m|’m| are|'re|’re)? (?:struggling|stuck|wondering|unsure|trying to (?:find|work) out|keen to"
    r" (?:hear|learn|know))"
    r"|(?:i|we) (?:wonder|need (?:some )?(?:help|advice))|(?:love|like|grateful|keen) to (?:hear|learn|know)"
    r"|advice (?:needed|wanted|please|on)|help (?:needed|wanted|please|with)|how (?:to|do|can|did|have|should)\b"
    r"|recommendations? (?:for|needed|please)|what works)\b",
    re.IGNORECASE,
)
# What adverts, invitations and news say. One of these may stand in a question, too.
_TELLS = re.compile(
    r"\b(?:we(?: are|'re|’re) (?:hiring|recruiting|delighted|pleased|excited)|is (?:hiring|recruiting)|now hiring"
    r"|vacanc(?:y|ies)|closing date|closes? on|apply (?:by|now|here|via|online|at|before)|to apply"
    r"|applications? (?:close|are|is|invited|by|deadline)|salary|pro rata|per annum"
    r"|job (?:advert|description|opportunit\w+|title|opening)|join (?:(?:our|the) team|us)"
    r"|(?:fixed|full|part)[ -](?:term|time)|permanent (?:post|role|position)|band [2-9][a-d]?"
    r"|interview(?:s| date)|secondment|new role|save the date|register (?:here|now|at|by|via|your|for)"
    r"|book (?:here|now|your|a place)|tickets|eventbrite|are you (?:passionate|an?|the|ready|keen)"
    r"|could (?:this|it) be you"
    r"|interested\?"
    r"|fancy an?|come and (?:join|work))(?!\w)|£ ?\d\d[,.]?\d\d\d|£ ?\d\dk",
    re.IGNORECASE,
)
# An advert says at least so many of them.
_TELLING = 2


class PostTags(NamedTuple):
    """The tags of a post, sorted: those that say what kind of post it is, and the topics."""

    asking: bool
    telling: bool
    solved: bool
    topics: tuple[str, ...]


def sorted_tags(names: Sequence[str]) -> PostTags:
    """Return what a post's tags say about it."""
    asking, telling, solved = (
        any(kind.search(name) for name in names) for kind in (_ASKING_TAG, _TELLING_TAG, _SOLVED_TAG)
    )
    kinds = (_ASKING_TAG, _TELLING_TAG, _SOLVED_TAG)
    return PostTags(asking, telling, solved, tuple(name for name in names if not any(k.search(name) for k in kinds)))


def asks(title: str, text: str, tags: Sequence[str]) -> bool:
    """Return whether a post asks something of those who read it, and nobody has said that it is solved."""
    said = sorted_tags(tags)
    if said.solved or (said.telling and not said.asking):
        return False
    if said.asking or (_OPENS.match(title) and "?" in title):
        return True
    whole = f"{title}\n{text}"
    if len({found[0].casefold() for found in _TELLS.finditer(whole)}) >= _TELLING:
        return False
    if _TELLS.search(title) and not _ASKS.search(title):
        return False
    return "?" in title or _SEEKS.search(whole) is not None or _ASKS.search(text) is not None
