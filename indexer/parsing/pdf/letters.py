"""Letters of a page, one by one, as PDFium has them: their code, place, size, weight and direction."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Protocol

SPACES = frozenset({9, 10, 13, 32, 160})
LINE_ENDS = frozenset({10, 13})
# PDFium's codes for a hyphen at a line's end; it leaves the line's end itself out.
_LINE_HYPHENS = frozenset({0x2, 0xFFFE})
HYPHEN = 0xFFFE
_BOLD_WEIGHT = 600
# Letters that a font maps to no letter at all are kept under these until their words tell what they are.
UNKNOWN = 0xE000


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
