"""Typing slips and spelling customs: what a member's word most likely is among the words of the library."""

import re
from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
# "For" is no other spelling of "four".
_SHORTEST_CUSTOM = 5
# One slip in a short word, two in a long one.
_LONG_WORD = 8
# British and American endings. Of the words of the starter library that differ (as the package breame lists them) these
# find each; a list of 1,700 words would find no more.
_CUSTOMS = (
    (re.compile(r"z(e|ed|es|ing|ations?|ational)$"), r"s\1"),
    (re.compile(r"s(e|ed|es|ing|ations?|ational)$"), r"z\1"),
    (re.compile(r"or(s|ed|ing|al|hoods?|)$"), r"our\1"),
    (re.compile(r"our(s|ed|ing|al|hoods?|)$"), r"or\1"),
    (re.compile(r"er(s|ed|)$"), r"re\1"),
    (re.compile(r"re(s|d|)$"), r"er\1"),
    (re.compile(r"ogram(s|)$"), r"ogramme\1"),
    (re.compile(r"ogramme(s|)$"), r"ogram\1"),
    (re.compile(r"ense(s|)$"), r"ence\1"),
)


def corrected(word: str, vocabulary: Mapping[str, int], most_slips: int = 2) -> str | None:
    """Return the library's word that an unknown word is most likely a slip of; `None` when none is near.

    `vocabulary` maps the library's words, lower case, to how many chunks hold them.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    slips = min(most_slips, 2 if len(word) >= _LONG_WORD else 1)
    near = process.extract(word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=slips, limit=20)
    # Slips seldom fall on the first letter; after that the nearest, then the most common.
    ranked = sorted((found[0] != word[0], distance, -vocabulary[found], found) for found, distance, _ in near)
    return ranked[0][3] if ranked else None


def other_spellings(word: str, is_known: Callable[[str], bool]) -> list[str]:
    """Return the British or American spelling of a word, where the library knows it."""
    if len(word) < _SHORTEST_CUSTOM:
        return []
    forms = {pattern.sub(replacement, word) for pattern, replacement in _CUSTOMS if pattern.search(word)}
    return sorted(form for form in forms if form != word and is_known(form))
