"""Decides by its words whether a question hangs on the ones before it, and in which way.

No language model: pronouns without a word of their own to refer to, fragments, and questions made of nothing but
general words ("what went wrong?") hang on what was said; whatever names a topic of its own stands alone.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.answering.conversation.nouns import AUXILIARY, NOT_BACK, own_topic, points_back
from knowledge.language.dates import YEAR
from knowledge.language.names import Name
from knowledge.language.words import is_function_word, words


class FollowUpKind(StrEnum):
    """The way in which a question hangs on the ones before it."""

    NONE = "none"
    #: The same question of another place, organisation or year: "and in Newcastle?"
    ELSEWHERE = "elsewhere"
    #: A question about what was just spoken of: "how did they measure that?"
    REFERENCE = "reference"
    #: More of the same from the same documents: "tell me more", "why?"
    MORE = "more"
    #: More of the same from others: "who else?"
    OTHERS = "others"
    #: A word that may be a side of the topic or a topic of its own: "what about apprenticeships?"
    ASPECT = "aspect"


@dataclass(frozen=True)
class FollowUp:
    """A question taken apart: its bond, and what is left of it without words that only connect."""

    bond: FollowUpKind
    rest: str


# What people begin with before they come to the point.
_OPENING = re.compile(
    r"(?:(?:ok(?:ay)?|thanks?(?: you)?|cheers|great|right|cool|well|sorry|um+|er+|hm+|oh|and|but|also|so|then|now)"
    r"(?![\w'’])[\s,.!–-]*)+",
    re.IGNORECASE,
)
_CONNECTING = re.compile(
    r"(?:(?:what|how) about|what of|(?:the )?same (?:question )?(?:for|in|at)"
    r"|(?:are there |is there |have you (?:got )?)?any(?:thing|one|body|where)?"
    r"(?: (?:examples?|ones?|evidence|news|from|on|about|of|to do with))*)(?![\w'’])\s*",
    re.IGNORECASE,
)
_JOINERS = frozenset({"and", "also", "but", "then"})
_PLACED = re.compile(r"(?:in|at|for|from|by|with|of|near|across|within|around|over in)\s+(?:the\s+)?", re.IGNORECASE)
_TRAILING = re.compile(r"[\s,]+(?:too|as well|though|then|instead|please|now|specifically)$", re.IGNORECASE)

_MORE = re.compile(
    r"(?:(?:can|could|would) you |please )*(?:(?:tell|give|show) (?:me|us) (?:some )?|say |know |i want |any )*"
    r"(?:a (?:bit|little) )?more(?: (?:details?|info(?:rmation)?|please|then))*"
    r"(?: (?:about|on|of) (?:that|this|it|them|these|those))?(?: please)?"
    r"|go on|carry on|continue|(?:can you )?(?:elaborate|expand)(?: on (?:that|this|it))?|details?|in more detail"
    r"|why(?: (?:is|was|did|does|do|are|were) (?:that|this|it|they)(?: (?:so|happen|work|matter))?| not)?"
    r"|how (?:so|come)"
    r"|(?:really|such as|meaning)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:is there |are there )?(?:(?:who|what|where|anyone|anybody|anything|anywhere|somewhere) else"
    r"|(?:any |some )?others?"
    r"|(?:any |some )?(?:other|more|another|further) (?:examples?|ones?|places?|trusts?|organisations?|cases?))"
    r"(?: (?:has|have|had|is|are|does|do|did|was|were)(?: (?:done|doing|tried|do|did|try))?"
    r"(?: (?:this|that|it|so|the same|something similar|anything similar|similar))?)?"
    r"|(?:(?:can|could) you )?(?:give (?:me |us )?)?(?:an |any |some )?examples?|for (?:example|instance)|like what",
    re.IGNORECASE,
)
# Asked of whoever asks, and still about what was spoken of.
_WARNING = re.compile(
    r"what (?:else )?(?:should|must|do|can) (?:i|we|you|one|people) (?:have to |need to )?"
    r"(?:watch out for|look out for|be (?:careful|wary) (?:of|about|with)|beware of|avoid|do differently)",
    re.IGNORECASE,
)
_DO_SO = re.compile(
    r"\b(?:do|did|does|done|doing|try|tried|tries)\s+(?:it|that|this|so|the same|something similar|anything similar"
    r"|(?:some|any)thing like (?:it|that|this))"
    r"(?=\s*(?:$|[,?!.]|(?:in|at|for|with|to|too|about|before|again|well|and|elsewhere)\b))",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"what(?:['’]s| is| are) an? \w+(?: of \w+)?", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:they|them|their|theirs|he|she|him|his|hers|it|its|this|that|these|those|there|ones?)\b")
# "It" that stands for nothing: "is it worth ...", "how long does it take to ..."
_EMPTY_IT = re.compile(
    r"it(?:['’]s)?\s+(?:\w+ly\s+)?(?:(?:possible|true|worth|legal|ok|okay|allowed|better|best|hard|easy|difficult|necessary"
    r"|important|likely|fair|normal|common|time|a good idea|take|takes|cost|costs|mean|means|make|makes|help|helps|pay"
    r"|pays|matter|matters)\b.*?\b(?:to|that|if|for|\w+ing)\b)"
)
_PERSONAL = frozenset({"i", "we", "us", "our", "ours", "my", "me", "you", "your", "i'm", "we're", "i've", "we've"})
_QUESTION_WORDS = frozenset({"who", "what", "when", "where", "why", "how", "which", "whose"})
# More words of its own than this, and an aspect is a question of its own.
_MOST_ASPECT_WORDS = 3


def read_follow_up(question: str, names: list[Name]) -> FollowUp:
    """Return how a question hangs on the ones before it. `names` are those in `question`."""
    opened = _OPENING.match(question)
    joined = opened is not None and bool(_JOINERS & set(words(opened.group())))
    start = opened.end() if opened else 0
    rest = question[start:].strip(" ?!.…").strip()
    if not rest:
        return FollowUp(FollowUpKind.NONE, question)
    if _MORE.fullmatch(rest):
        return FollowUp(FollowUpKind.MORE, rest)
    if _OTHERS.fullmatch(rest):
        return FollowUp(FollowUpKind.OTHERS, rest)
    connecting = _CONNECTING.match(rest)
    fragment = _TRAILING.sub("", rest[connecting.end() :] if connecting else rest).strip()
    offset = question.find(fragment, start)
    inside = [name for name in names if name.start >= offset]
    if _is_elsewhere(fragment, offset, inside, marked=joined or connecting is not None, asked="?" in question):
        return FollowUp(FollowUpKind.ELSEWHERE, fragment)
    begins = question.find(rest, start)
    shifted = [replace(name, start=name.start - begins, end=name.end - begins) for name in names]
    if refers_back(rest, shifted):
        return FollowUp(FollowUpKind.REFERENCE, rest)
    topic = own_topic(rest)
    if _DEFINITION.fullmatch(rest):
        return FollowUp(FollowUpKind.NONE, question)
    if not topic and not names and not _PERSONAL & set(words(rest)) and not YEAR.search(rest):
        return FollowUp(FollowUpKind.REFERENCE, fragment)
    if _WARNING.fullmatch(rest) or (re.fullmatch(r"how (?:many|much) \w+", rest, re.IGNORECASE) and not names):
        return FollowUp(FollowUpKind.REFERENCE, rest)
    first = words(fragment)[0] if words(fragment) else ""
    if (
        (joined or connecting)
        and len(topic) <= _MOST_ASPECT_WORDS
        and first not in _QUESTION_WORDS
        and not re.match(AUXILIARY + r"\b", fragment, re.IGNORECASE)
    ):
        return FollowUp(FollowUpKind.ASPECT if topic or names else FollowUpKind.REFERENCE, fragment)
    return FollowUp(FollowUpKind.NONE, question)


def _is_elsewhere(fragment: str, offset: int, names: list[Name], *, marked: bool, asked: bool) -> bool:
    """Return whether a fragment is nothing but another place, organisation or year."""
    placed = _PLACED.match(fragment)
    bare = fragment[placed.end() :] if placed else fragment
    if YEAR.fullmatch(bare):
        return bool(placed or marked)
    if not names:
        return False
    covered = set()
    for name in names:
        covered |= set(range(name.start - offset, name.end - offset))
    left = "".join(" " if place in covered else char for place, char in enumerate(fragment))
    left = left[placed.end() :] if placed else left
    if [word for word in words(left) if word not in {"and", "or", "the", "s", "one", "ones"}]:
        return False
    # A name alone may be a topic of its own: it is taken for another place only where it is one, and asked.
    return bool(placed or marked) or (asked and all(name.replaceable and not name.shown.isupper() for name in names))


def refers_back(text: str, names: list[Name]) -> bool:
    """Return whether a question has a word that refers to something, and nothing of its own that it could refer to."""
    lower = text.lower()
    if _DO_SO.search(lower) and len(own_topic(_DO_SO.sub(" ", text))) <= _MOST_ASPECT_WORDS:
        return True
    if not names and points_back(lower):
        return True
    return any(_is_back(lower, match, names) for match in _PRONOUN.finditer(lower))


def _is_back(text: str, match: re.Match[str], names: list[Name]) -> bool:
    """Return whether a pronoun refers to something before the question."""
    pronoun, before, after = match.group(), text[: match.start()], text[match.end() :].strip(" ?!.")
    final = not after or re.fullmatch(r"(?:then|too|exactly|though|really|again|please|all|now)", after) is not None
    after_auxiliary = re.search(rf"\b{AUXILIARY}\s+$", before) is not None or not before
    if pronoun.startswith("one"):
        return re.search(r"\b(?:which|that|first|second|last|other)\s+$", before) is not None
    if pronoun == "there" and not (final and own_topic(before)):
        return False
    empty = _EMPTY_IT.match(text, match.start()) if pronoun == "it" else None
    if empty and own_topic(text[empty.end() :]):
        return False
    if pronoun in {"this", "that", "these", "those"}:
        if NOT_BACK.match(text, match.start()) or not (final or after_auxiliary):
            return False
        if not final and re.search(r"\b(?:i|we|you|they|there)\s+(?:have|had|is|was)\s+$", before):
            return False  # "what evidence do we have that ..."
        if after_auxiliary and not final and re.match(r"(?:anchor|all|some|any)\b", after):
            return False
    if any(name.end <= match.start() for name in names):
        # "How did Leeds measure its impact?" But: "what did Leeds learn from it?"
        own = set(words(" ".join(name.shown for name in names)))
        return final and pronoun in {"it", "that", "this"} and len(set(own_topic(before)) - own) <= 1
    # "What is social value and how is it measured?": what went before is what it refers to.
    clause = re.search(r"^(.*)(?:[,;:]|\b(?:and|but|or|if|when|because|who|that)\b)", before)
    if clause and own_topic(clause.group(1)):
        return False
    if after_auxiliary:
        return True
    if final and pronoun in {"it", "that", "this"}:
        return len(own_topic(before)) < 2
    # "Do trusts pay their staff ...": a subject and its verb stand between. "Who led it?": only a verb.
    verbs = list(re.finditer(rf"\b{AUXILIARY}\b", before))
    between = [word for word in words(before[verbs[-1].end() :] if verbs else before) if not is_function_word(word)]
    return len(between) < (2 if verbs or not final else 4)
