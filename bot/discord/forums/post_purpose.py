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
    r"(?:how|what|which|who|whose|where|when|why|has|have|does|do|did|is (?:there|this|it|anyone|anybody)|are there"
    r"|are any|can (?:we|i|you|anyone|anybody|someone)|could (?:we|i|you|anyone|anybody|someone)|should (?:we|i)"
    r"|would (?:it|you|anyone|anybody|someone)|may (?:we|i)|any(?:one|body|thing)?)\b[^.!?\n]*\?",
    re.IGNORECASE,
)
# A title that begins so is a question, whatever the post is about, also where nobody has put a mark behind it.
_OPENS = re.compile(
    r" *(?:how|what|which|who|whose|where|when|why|has|have|does|is there|are there|any)\b", re.IGNORECASE
)
_INVERTED = re.compile(
    r" *(?:does|do|did|has|have|is|are|can|could|should) (?:it|we|i|you|they|there|any\w*|the|this|that|others?|our)\b",
    re.IGNORECASE,
)
# What asks the other members in so many words: an advert asks for applicants.
_ASKS_MEMBERS = re.compile(
    r"\b(?:has|have|does|do|did|is|are|can|could|would|if|how (?:did|do|have)) (?:any(?:one|body)(?: else)?|others"
    r"|other (?:trusts?|councils?|organisations?|places|areas|members|anchors?|boards?|teams?))\b"
    r"|\b(?:how|what|where|why) (?:do|did|have) you\b",
    re.IGNORECASE,
)
_SEEKS = re.compile(
    r"\b(?:any (?:advice|tips|ideas|thoughts|experience|examples?|suggestions?|pointers|recommendations?|help)"
    r"|(?:has|have|does|do|did|is|can|could|would|if) any(?:one|body)"
    r"|(?:looking|searching|hoping) for (?:(?:some|any|an?|your|good|other|more|practical|real) )*(?:advice|examples?"
    r"|ideas?|help|tips|guidance|case stud(?:y|ies)|evidence|templates?|experiences?|support|someone who|people who"
    r"|others who)"
    r"|(?:we|i)(?: am|'m|’m| are|'re|’re)? (?:struggling|stuck|wondering|unsure|trying to (?:find|work) out|keen to"
    r" (?:hear|learn|know))|(?:we|i)(?: would|['’]d)? (?:want|like|need) to know"
    r"|(?:i|we) (?:wonder|need (?:some )?(?:help|advice))|(?:love|like|grateful|keen) to (?:hear|learn|know)"
    r"|advice (?:needed|wanted|please|on)|help (?:needed|wanted|please|with)|how (?:to|do|can|did|have|should)\b"
    r"|please (?:share|send) (?:if|any|what|how|your|yours|one)|(?:can|could|would) (?:someone|somebody)"
    r"|(?:can|could) you (?:please )?(?:recommend|share|suggest|advise|point|explain)|help(?=!)"
    r"|recommendations? (?:for|needed|please)|what works)\b",
    re.IGNORECASE,
)
# What an advert asks of whoever may apply, or asks in order to answer it itself.
_ASKS_APPLICANTS = re.compile(
    r"(?:\b(?:looking|ready|searching) for (?:an?|your|the|that)(?: \w+){0,3}? (?:challenge|role|job|career|change"
    r"|step|move|opportunity|adventure|start)\b"
    r"|\bdo you (?:want|dream|fancy|care|enjoy|love|believe|have (?:what|the))\b"
    r"|\bwant to (?:make a difference|join|be part|work (?:for|with)|lead)\b|\bwho wants to\b|\bis this (?:you|your)\b"
    r"|\bcould (?:this|it) be you\b|\bcould you (?:be|spare|help (?:us|guide|lead|shape)|make|lead|see yourself|join)\b"
    r"|\bcan you (?:be|make|lead|join|spare|bring|help (?:us|our \w+) (?:to )?(?:shape|build|lead|deliver|make|change"
    r"|grow|transform|create))\b|\bhave you (?:(?:seen|heard (?:about|of)) our|got (?:what|the)"
    r"|ever (?:wanted|thought))\b|\bwhy (?:work|join|choose|not (?:join|apply|come|work))\b"
    r"|\blike to work (?:at|for|with|in)\b|\bany questions\b"
    r"|\bdo you know (?:any|some)(?:one|body) who (?:would|might|could) (?:love|like|want|be)\b)[^.!?\n]*\??",
    re.IGNORECASE,
)
_ROLE = (
    r"(?:managers?|officers?|leads?|directors?|co-?ordinators?|trustees?|treasurers?|administrators?|assistants?"
    r"|analysts?|apprentices?|volunteers?|consultants?|advis[eo]rs?|nurses?|practitioners?|chairs?|specialists?|workers?"
    r"|interns?|secretary|head of \w+)"
)
# What adverts, invitations and news say. One of these may stand in a question, too.
_TELLS = re.compile(
    r"\b(?:we(?: are|'re|’re) (?:hiring|recruiting|delighted|pleased|excited)|is (?:hiring|recruiting)|now hiring"
    r"|vacanc(?:y|ies)|closing date|closes? on|apply (?:by|now|here|via|online|at|before)|(?:how )?to apply"
    r"|applications? (?:close|are|is|invited|by|deadline)|salary|pro rata|per annum"
    r"|job (?:advert|description|opportunit\w+|title|opening)|join (?:(?:our|the) team|us)"
    r"|(?:fixed|full|part)[ -](?:term|time)|permanent|band [2-9][a-d]?|(?:maternity|parental) cover"
    r"|interview(?:s| date)|secondment|new role|save the date|register (?:here|now|at|by|via|your|for)"
    r"|book (?:here|now|your|a place)|tickets|eventbrite|are you (?:passionate|an?|the|ready|keen)"
    r"|expressions? of interest|deadline|open (?:day|evening)|early bird|places left|now open"
    r"|tenders?|submit (?:bids?|a bid|proposals?)|(?:hours|days) (?:a|per) week"
    rf"|(?:seeking|looking for|recruiting|appointing|need) (?:an?|our|\d+|two|three)(?: [\w-]+){{0,4}}? {_ROLE}"
    rf"|{_ROLE} (?:wanted|needed|required|post|role)"
    r"|reminder|minutes of|congratulations|interested\?"
    r"|fancy an?|come and (?:join|work))(?!\w)|£ ?\d\d[,.]?\d\d\d|£ ?\d\dk",
    re.IGNORECASE,
)
# An advert says at least so many of them; a member's question has seldom this many.
_TELLING, _TELLING_MUCH = 2, 4


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
    if said.asking:
        return True
    whole = f"{title}\n{text}"
    telling = _things_told(whole)
    # Without what an advert asks and says, "How to apply" is no question.
    asked_title, asked_text = (_TELLS.sub("…", _ASKS_APPLICANTS.sub("…", part)) for part in (title, text))
    if _ASKS_MEMBERS.search(whole) and telling < _TELLING_MUCH:
        return True
    if _is_question(title):
        return _things_told(text) < _TELLING or _ASKS.search(asked_text) is not None
    if telling >= _TELLING or (_TELLS.search(title) and not _ASKS.search(asked_text)):
        return False
    if _ASKS_APPLICANTS.search(title) and not _ASKS.search(asked_text):
        return False
    if "?" in asked_title or _SEEKS.search(f"{asked_title}\n{asked_text}") or _ASKS.search(asked_text):
        return True
    # Of a text that is not to be read, the title may be the topic of a question.
    return not text.strip(" ?") and _TELLS.search(whole) is None


def _is_question(title: str) -> bool:
    """Return whether a title asks those who read it, and no applicants."""
    if _ASKS_APPLICANTS.search(title):
        return False
    if "?" in title:
        return _OPENS.match(title) is not None or _ASKS.search(title) is not None
    return _INVERTED.match(title) is not None or re.match(r" *how to\b", title, re.IGNORECASE) is not None


def _things_told(text: str) -> int:
    """Return how many different things a text says that adverts, invitations and news say."""
    return len({found[0].casefold() for found in _TELLS.finditer(text)})
