"""Letters of a page, one by one, as PDFium has them; and ligatures that a font does not name."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from indexer.parsing.pdf.order import PageText, Piece
from indexer.parsing.text import printable
from knowledge.models.tokenizer import count_tokens

SPACES = frozenset({9, 10, 13, 32, 160})
LINE_ENDS = frozenset({10, 13})
# PDFium's codes for a hyphen at a line's end; it leaves the line's end itself out.
_LINE_HYPHENS = frozenset({0x2, 0xFFFE})
HYPHEN = 0xFFFE
_BOLD_WEIGHT = 600
# Letters that a font maps to no letter at all are kept under these until their words tell what they are.
UNKNOWN = 0xE000
_OF_UNICODE = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_TABLE = str.maketrans(_OF_UNICODE)
# What one sign may stand for, the usual ones first: some fonts have "ti" and "tt" too.
_CANDIDATES = ("fi", "fl", "ff", "ffi", "ffl", "ti", "tt", "th", "ft", "tf", "fj", "ct", "st")
_UNKNOWN = re.compile(f"[{chr(UNKNOWN)}-{chr(UNKNOWN + 31)}\ufffd]")
_WORD = re.compile(rf"[^\W\d_]*(?:{_UNKNOWN.pattern}[^\W\d_]*)+")


class Frame(Protocol):
    """A direction of reading: turns places on the page into places along and across the lines."""

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        """Return how far along the line and how high across the lines a place is, in points."""


class Letters:
    """The letters of one page. An index counts from 0; places are in points from the page's lower left corner."""

    def __init__(self, text_page: object, count: int) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._page = text_page
        self._edges = tuple(ctypes.c_double() for _ in range(4))
        self.codes = self._codes(count)

    def is_generated(self, index: int) -> bool:
        """Return whether PDFium made this space or line end up, from where the letters stand."""
        return bool(self._raw.FPDFText_IsGenerated(self._page, index) == 1)

    def size(self, index: int) -> float:
        """Return how large a letter is shown, in points: its font's size, times what the page makes of it."""
        size = float(self._raw.FPDFText_GetFontSize(self._page, index))
        matrix = self._raw.FS_MATRIX()
        if self._raw.FPDFText_GetMatrix(self._page, index, matrix):
            scale: float = (matrix.b**2 + matrix.d**2) ** 0.5
            # Letters set at size 1 and scaled by the matrix: PDFium gives 1 and the matrix has the rest.
            if size <= 2 and scale > 2:
                return size * scale
        return size

    def is_bold(self, index: int) -> bool:
        """Return whether a letter is set in a bold font."""
        return bool(self._raw.FPDFText_GetFontWeight(self._page, index) >= _BOLD_WEIGHT)

    def degrees(self, index: int) -> int:
        """Return how far a letter is turned clockwise, 0 to 359."""
        angle = float(self._raw.FPDFText_GetCharAngle(self._page, index))
        return round(math.degrees(angle)) % 360 if angle > 0 else 0

    def origin(self, index: int, frame: Frame) -> tuple[float, float]:
        """Return where a letter begins, on its line's base."""
        x, y = self._edges[:2]
        self._raw.FPDFText_GetCharOrigin(self._page, index, x, y)
        return frame(x.value, y.value)

    def end(self, index: int, frame: Frame) -> float:
        """Return where a letter's ink ends along its line."""
        left, right, bottom, top = self._edges
        self._raw.FPDFText_GetCharBox(self._page, index, left, right, bottom, top)
        return max(frame(left.value, bottom.value)[0], frame(right.value, top.value)[0])

    def _codes(self, count: int) -> Sequence[int]:
        buffer = (ctypes.c_ushort * (count + 1))()
        told = self._raw.FPDFText_GetText(self._page, 0, count, buffer)
        # All at once where each letter is one unit of UTF-16, else one by one.
        if told == count + 1 and not any(0xD800 <= unit < 0xE000 for unit in buffer):
            codes: Sequence[int] = buffer[:count]
        else:
            codes = [self._raw.FPDFText_GetUnicode(self._page, index) for index in range(count)]
        if min(codes, default=32) >= 32 and HYPHEN not in codes:
            return codes
        return [self._told_apart(index, code) for index, code in enumerate(codes)]

    def _told_apart(self, index: int, code: int) -> int:
        """Return the one code for a hyphen at a line's end, and a code of its own for what a font calls no letter."""
        if code in _LINE_HYPHENS and (code == HYPHEN or self._raw.FPDFText_IsHyphen(self._page, index) == 1):
            return HYPHEN
        return UNKNOWN + code if code < 32 and code not in SPACES else code


def letter(code: int) -> str:
    """Return a letter by its code, "" where the code is none."""
    if code in (HYPHEN, 0xAD):
        return "-"
    return chr(code) if code < 0xD800 or 0xDFFF < code <= 0x10FFFF else ""


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
