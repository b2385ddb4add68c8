"""Writes a follow-up out as a question that stands alone."""

import re
from collections.abc import Callable, Sequence

from knowledge.language.dates import YEAR
from knowledge.language.names import Name

_QUESTION_OPENING = re.compile(
    r"(?:(?:please |and |so |but |also )*(?:(?:can|could|would) you (?:please )?)?"
    r"(?:tell|show|give) (?:me|us)(?: about)?\s+|(?:please |and |so |but |also )+)?"
    r"(?:(?:i|we) (?:want|need|would like) to know (?:about )?)?"
    r"(?:(?:(?:by|in|for|to|from|at|with|of|on) )?(?:what|how|who|whose|why|when|where|which)(?:['’]s)?\b"
    r"(?: (?:many|much|long|often|far|about|big|large|small|old|well|kind of|sort of))?\s*)?"
    r"(?:(?:did|does|do|is|are|was|were|has|have|had|can|could|should|would|will|might)\b\s*)?"
    r"(?:happen(?:s|ed)? (?:to|with|in|at)\s+)?"
    r"(?:(?:there|any|been|it|they|i|we|you)\b\s*)*",
    re.IGNORECASE,
)
# What joins a name to what is before it, and goes with it.
_JOINT = re.compile(r"\s*(?:\b(?:in|at|of|for|from|with|by|and|or|near|across)\s+(?:the\s+)?)?$", re.IGNORECASE)
_PLACED = re.compile(r"^(?:in|at|for|from|by|with|of|near|across|within|around)\s+", re.IGNORECASE)
_ABOUT = re.compile(r" \(about: (.*)\)$")
NamesOf = Callable[[str], Sequence[Name]]


def topic_of(question: str, names_of: NamesOf) -> str:
    """Return what a question is about: its words without those that ask, its names as they are written."""
    opening = _QUESTION_OPENING.match(question)
    start = opening.end() if opening else 0
    rest = question[start:].strip(" ?!.")
    if not rest:
        return with_written_names(question.strip(" ?!."), names_of)
    # Inside a sentence only a name has a capital letter.
    if start == 0 and rest[:2].istitle() and not any(name.start == 0 for name in names_of(rest)):
        rest = rest[0].lower() + rest[1:]
    return with_written_names(rest, names_of)


def with_written_names(text: str, names_of: NamesOf) -> str:
    """Return the text with its names written as the library writes them."""
    for name in reversed(names_of(text)):
        text = text[: name.start] + name.shown + text[name.end :]
    return text


def about(follow_up: str, topic: str) -> str:
    """Return a follow-up with the topic that it is about: "Who led it? (about: jobs at the hospital)"."""
    asked = follow_up[:1].upper() + follow_up[1:]
    return f"{asked}? (about: {topic})" if topic else f"{asked}?"


def following(asked: str, base: str) -> str:
    """Return a follow-up as whoever asked may read it: 'Who led it? Following on from “Which trust kept jobs?”'."""
    asked = asked[:1].upper() + asked[1:]
    return f"{asked}? Following on from “{base}”" if base else f"{asked}?"


def hangs_on_another(text: str) -> bool:
    """Return whether a question was written out with the topic that it is about."""
    return _ABOUT.search(text) is not None


def asked_in(text: str) -> str:
    """Return what is asked in a question that was written out with its topic: "Who led it"."""
    return _ABOUT.sub("", text).strip(" ?")


def elsewhere(text: str, fragment: str, names_of: NamesOf) -> str:
    """Return an earlier question or topic, asked of the names in a fragment ("in Newcastle") instead of its own.

    The first place or organisation gives way to the new one, the others go. Names of other things stay. Where there is
    none, the new one is added. A year gives way to a year.
    """
    if year := YEAR.search(fragment):
        return YEAR.sub(year.group(), text) if YEAR.search(text) else _added(text, f"in {year.group()}")
    names = names_of(fragment)
    if adjective := next((name for name in names if name.adjective and name.nation), None):
        bare = adjective.nation.label if adjective.nation else adjective.shown
        placed = f"in {bare}"
    else:
        new = with_written_names(fragment, names_of)
        bare = _PLACED.sub("", new)
        placed = new if bare != new else f"in {new}"
    is_place = any(name.replaceable for name in names)
    old = names_of(text)
    # Another place stands for a place, another programme for a programme; and the place was the old programme's.
    standing = next((name for name in old if name.replaceable is is_place and not name.adjective), None)
    going = [name for name in old if name.replaceable and name is not standing]
    for name in reversed(old):
        if name is standing:
            before = text[: name.start]
            if " " in name.shown and " " not in bare:
                before = re.sub(r"\bthe $", "", before, flags=re.IGNORECASE)  # "the Leeds Anchor Network", but "London"
            text = before + bare + text[name.end :]
        elif name in going:
            text = without([name], text)
    return text if standing else _added(text, placed)


def without(names: Sequence[Name], text: str) -> str:
    """Return the text without these names and what joins them to it."""
    for name in reversed(names):
        before = _JOINT.sub("", text[: name.start])
        after = re.sub(r"^['’]s\b", "", text[name.end :])
        text = f"{before}{after}" if before else after.lstrip()
    return re.sub(r"  +", " ", text)


def _added(text: str, addition: str) -> str:
    """Return the text with words added where its question, or its topic, ends."""
    if inside := _ABOUT.search(text):
        return f"{text[: inside.start()]} (about: {inside.group(1)} {addition})"
    end = len(text.rstrip(" ?!."))
    return f"{text[:end]} {addition}{text[end:]}"
