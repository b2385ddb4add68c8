"""Differences between two texts of nearly the same words: other names or numbers in the same places.

Six towns' reports made from one template share most of their words, and no fact. The same report as PDF and as web page
shares its facts: what differs there are page numbers, headers and hyphens, which stand in no place of the other.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

# Words around a name or number that tell its place, on each side.
_AROUND = 3
# Of that many places, at least so many are ordinary words: names beside names tell no place.
_FEWEST_WORDS = 3
# Where one of two texts was read with slips, some places differ; a template's differ throughout.
_SLIPS = 0.005
_LONGEST_RAISED = 2
# Two readings of one report share nearly all numbers.
_FEWEST_NUMBERS = 4
_SAME_NUMBERS = 0.7
_TOKEN = re.compile(r"\w[\w’'&]*(?:[.,:/-]\w+)*")
_MARK = "\0"


class Marks(NamedTuple):
    """The names and numbers of a text: by the ordinary words around them, and all its numbers."""

    places: Mapping[tuple[str, ...], frozenset[str]]
    numbers: frozenset[str]


def marks_of(texts: Iterable[str]) -> Marks:
    """Return the names and numbers of a text."""
    numbers: set[str] = set()
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    tokens = [_TOKEN.findall(text) for text in texts]
    # A word that is written small as well is no name where it begins a sentence.
    small = frozenset(token for each in tokens for token in each if token.islower())
    for each in tokens:
        marks = _with_marks(each, small)
        plain = [_MARK if is_mark else word for word, is_mark in marks]
        for position, (word, is_mark) in enumerate(marks):
            if not is_mark:
                continue
            if word.isdigit():
                numbers.add(word)
            around = (*plain[max(0, position - _AROUND) : position], "|", *plain[position + 1 : position + 1 + _AROUND])
            if sum(said not in (_MARK, "|") for said in around) >= _FEWEST_WORDS:
                found[around].add(word)
    return Marks({around: frozenset(words) for around, words in found.items()}, frozenset(numbers))


def differ(one: Marks, other: Marks) -> bool:
    """Return whether two texts say other names or numbers in places that both have, or mostly other numbers."""
    common = one.places.keys() & other.places.keys()
    differing = sum(_are_different(one.places[place], other.places[place]) for place in common)
    if differing >= max(1, _SLIPS * len(common)):
        return True
    # Tables have few words around their numbers.
    every = one.numbers | other.numbers
    return len(every) >= _FEWEST_NUMBERS and len(one.numbers & other.numbers) < _SAME_NUMBERS * len(every)


def _with_marks(tokens: list[str], small: frozenset[str]) -> list[tuple[str, bool]]:
    """Return the words in small letters, each run of names or of numbers as one mark."""
    result: list[tuple[str, bool]] = []
    for token in tokens:
        is_name = token[0].isupper() and token.lower() not in small
        is_mark = is_name or any(c.isdigit() for c in token)
        word = re.sub(r"\W+", "", token).casefold()
        if is_mark and result and result[-1][1] and word.isalpha() and result[-1][0].isalpha():
            result[-1] = result[-1][0] + word, True
        else:
            result.append((word, is_mark))
    return result


def _are_different(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two places hold different names or numbers, and not the same with a slip of reading."""
    if one & other:
        return False
    return not any(_is_slip(a, b) for a in one for b in other)


def _is_slip(one: str, other: str) -> bool:
    """Return whether a word is another with a note's raised number behind it."""
    short, long = sorted((one, other), key=len)
    rest = long[len(short) :]
    plain = short.isdigit() or short.isalpha()
    return long.startswith(short) and plain and rest.isdigit() and len(rest) <= _LONGEST_RAISED
