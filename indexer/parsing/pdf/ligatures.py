"""Ligatures: letters that are set as one sign ("fi"), under Unicode's own codes or under codes that are no letters."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from indexer.parsing.pdf.letters import UNKNOWN

_OF_UNICODE = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_TABLE = str.maketrans(_OF_UNICODE)
# What one sign may stand for, the usual ones first: some fonts have "ti" and "tt" too.
_CANDIDATES = ("fi", "fl", "ff", "ffi", "ffl", "ti", "tt", "th", "ft", "tf", "fj", "ct", "st")
_UNKNOWN = re.compile(f"[{chr(UNKNOWN)}-{chr(UNKNOWN + 31)}\ufffd]")
_WORD = re.compile(rf"[^\W\d_]*(?:{_UNKNOWN.pattern}[^\W\d_]*)+")


def plain_letters(text: str) -> str:
    """Return a text with Unicode's ligatures written out."""
    return text if text.isascii() else text.translate(_TABLE)


def has_unknown(text: str) -> bool:
    """Return whether a text holds signs that its font maps to no letter."""
    return not text.isascii() and _UNKNOWN.search(text) is not None


def guessed(texts: Iterable[str], pieces_of: Callable[[str], int]) -> dict[str, str]:
    """Return what each unknown sign stands for, by the words it is in.

    `pieces_of` says into how many pieces a vocabulary cuts a word: one for a word it knows. A sign whose words no
    ligature mends is left out; so is one that stands alone.
    """
    words = {found for text in texts for found in _WORD.findall(text) if len(found) > 1}
    gains: dict[str, Counter[str]] = {}
    for word in words:
        signs = set(_UNKNOWN.findall(word))
        if len(signs) != 1:
            continue
        sign = signs.pop()
        counts = {candidate: pieces_of(word.replace(sign, candidate).casefold()) for candidate in _CANDIDATES}
        for candidate, count in counts.items():
            gains.setdefault(sign, Counter())[candidate] -= count
    return {sign: max(_CANDIDATES, key=counter.__getitem__) for sign, counter in gains.items()}


def mended(text: str, signs: dict[str, str]) -> str:
    """Return a text with what its unknown signs stand for; one of which nothing is known becomes a space."""
    return _UNKNOWN.sub(lambda found: signs.get(found.group(), " "), text)
