"""Typing slips and spelling customs: what a member's word most likely is among the words of the library."""

import re
from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
_MOST_NEAR = 20
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


class Vocabulary:
    """The words of a library, lower case, with how many chunks hold each, prepared to look for those near a word."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        import numpy as np  # a fifth of a second to import

        self.counts = counts
        self._words = list(counts)
        self._letters = np.array([_letters(word) for word in self._words], dtype=np.uint32)
        self._lengths = np.array([len(word) for word in self._words], dtype=np.int32)

    def near(self, word: str, slips: int) -> list[str]:
        """Return the words, in order, that may be so many slips from a word, and few others.

        A slip changes a length by one at most; it puts one letter in another's place at most.
        """
        import numpy as np

        close = np.flatnonzero(np.abs(self._lengths - len(word)) <= slips)
        apart = np.bitwise_count(self._letters[close] ^ np.uint32(_letters(word)))
        return [self._words[place] for place in close[apart <= 2 * slips].tolist()]


def _letters(word: str) -> int:
    """Return which letters a word has, a bit each; some share one."""
    letters = 0
    for letter in word:
        letters |= 1 << (ord(letter) & 31)
    return letters


def corrected(word: str, vocabulary: Vocabulary | Mapping[str, int], most_slips: int = 2) -> str | None:
    """Return the library's word that an unknown word is most likely a slip of; `None` when none is near.

    A few words may be given as they are: in lower case, with how many chunks hold each.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    slips = min(most_slips, 2 if len(word) >= _LONG_WORD else 1)
    counts = vocabulary.counts if isinstance(vocabulary, Vocabulary) else vocabulary
    words = vocabulary.near(word, slips) if isinstance(vocabulary, Vocabulary) else list(vocabulary)
    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=_MOST_NEAR)
    # Slips seldom fall on the first letter; after that the nearest, then the most common.
    ranked = sorted((found[0] != word[0], distance, -counts[found], found) for found, distance, _ in near)
    return ranked[0][3] if ranked else None


def other_spellings(word: str, is_known: Callable[[str], bool]) -> list[str]:
    """Return the British or American spelling of a word, where the library knows it."""
    if len(word) < _SHORTEST_CUSTOM:
        return []
    forms = {pattern.sub(replacement, word) for pattern, replacement in _CUSTOMS if pattern.search(word)}
    return sorted(form for form in forms if form != word and is_known(form))
