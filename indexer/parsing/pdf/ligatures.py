"""Ligatures: letters that are set as one sign ("fi"), under Unicode's own codes or under codes that are no letters."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from indexer.parsing.pdf.letters import UNKNOWN
from indexer.parsing.pdf.pieces import PageText, Piece
from indexer.parsing.text import printable
from knowledge.models.tokenizer import count_tokens

_OF_UNICODE = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_TABLE = str.maketrans(_OF_UNICODE)
# What one sign may stand for, the usual ones first: some fonts have "ti" and "tt" too.
_CANDIDATES = ("fi", "fl", "ff", "ffi", "ffl", "ti", "tt", "th", "ft", "tf", "fj", "ct", "st")
_UNKNOWN = re.compile(f"[{chr(UNKNOWN)}-{chr(UNKNOWN + 31)}\ufffd]")
_WORD = re.compile(rf"[^\W\d_]*(?:{_UNKNOWN.pattern}[^\W\d_]*)+")


def spelt_out(pages: Sequence[PageText]) -> list[PageText]:
    """Return the pages with ligatures written out: those of Unicode, and by their words those that are no letters."""
    signs: dict[str, str] = {}
    if any(has_unknown(piece.text) for page in pages for piece in (*page.pieces, *page.aside)):
        signs = guessed((piece.text for page in pages for piece in page.pieces), count_tokens)
    return [
        page._replace(
            pieces=[said for piece in page.pieces if (said := _spelt(piece, signs)).text],
            aside=[said for piece in page.aside if (said := _spelt(piece, signs)).text],
        )
        for page in pages
    ]


def has_unknown(text: str) -> bool:
    """Return whether a text holds signs that its font maps to no letter."""
    return not text.isascii() and _UNKNOWN.search(text) is not None


def guessed(texts: Iterable[str], pieces_of: Callable[[str], int]) -> dict[str, str]:
    """Return what each unknown sign stands for, by the words it is in.

    `pieces_of` says into how many pieces a vocabulary cuts a word: one for a word it knows. A sign that only stands
    alone is left out.
    """
    words = {found for text in texts for found in _WORD.findall(text) if len(found) > 1}
    gains: dict[str, Counter[str]] = {}
    for word in words:
        signs = set(_UNKNOWN.findall(word))
        if len(signs) != 1:
            continue
        sign = signs.pop()
        for candidate in _CANDIDATES:
            gains.setdefault(sign, Counter())[candidate] -= pieces_of(word.replace(sign, candidate).casefold())
    return {sign: max(_CANDIDATES, key=counter.__getitem__) for sign, counter in gains.items()}


def _spelt(piece: Piece, signs: Mapping[str, str]) -> Piece:
    text = piece.text
    if text.isascii() and text.isprintable():
        return piece
    # A sign of which nothing is known becomes a space.
    text = _UNKNOWN.sub(lambda found: signs.get(found.group(), " "), text.translate(_TABLE))
    return piece._replace(text=" ".join(printable(text).split()))
