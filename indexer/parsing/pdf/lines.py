"""What PDFium says of a page: pieces of lines with their place, size and weight."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from indexer.parsing.text import printable

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

# A gap this wide, in sizes of the letters, is the space between columns or cells, never one between words.
_WIDE_GAP = 1.8
_BOLD_WEIGHT = 600
_SPACES = frozenset({9, 10, 13, 32, 160})
# PDFium's codes for a hyphen at a line's end; it leaves the line's end itself out.
_LINE_HYPHENS = frozenset({0x2, 0xFFFE})
_LINE_ENDS = _LINE_HYPHENS | {10, 13}


class Piece(NamedTuple):
    """A line of text, or the part of one in one column. Points, from the page's lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool


class PageText(NamedTuple):
    """A page's pieces in the order of the file, its height and width in points, and whether it shows pictures."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    pictures: bool


def read_pages(document: PdfDocument) -> list[PageText]:
    """All pages of a document, from number 1."""
    pages = []
    for index in range(len(document)):
        page = document[index]
        pages.append(_read_page(page, index + 1))
        page.close()
    return pages


def _read_page(page: PdfPage, number: int) -> PageText:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    text_page = page.get_textpage()
    try:
        pieces = _pieces(text_page.raw, text_page.count_chars())
    finally:
        text_page.close()
    pictures = not pieces and any(True for _ in page.get_objects(filter=(FPDF_PAGEOBJ_IMAGE,), max_depth=3))
    width, height = page.get_size()
    return PageText(number, width, height, pieces, pictures)


def _pieces(text_page: object, count: int) -> list[Piece]:
    """The pieces of a page, from its letters."""
    from pypdfium2 import raw

    letters = _letters(text_page, count)
    edges = tuple(ctypes.c_double() for _ in range(4))
    left, right, bottom, top = edges

    def box(index: int) -> tuple[float, float, float, float]:
        raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
        return left.value, right.value, bottom.value, top.value

    pieces: list[Piece] = []
    words: list[tuple[int, int]] = []  # of one piece: first letter, last letter

    def close() -> None:
        if words:
            text = " ".join("".join(map(_letter, letters[first : last + 1])) for first, last in words)
            first = words[0][0]
            boxes = [box(first), box(words[0][1]), box(words[-1][0]), box(words[-1][1])]
            pieces.append(
                Piece(
                    text=printable(text).strip(),
                    left=min(b[0] for b in boxes),
                    bottom=min(b[2] for b in boxes),
                    right=max(b[1] for b in boxes),
                    top=max(b[3] for b in boxes),
                    size=round(_size(text_page, first), 1),
                    # A line that begins with a bold word is not a bold line.
                    bold=all(raw.FPDFText_GetFontWeight(text_page, i) >= _BOLD_WEIGHT for i in (first, words[-1][1])),
                )
            )
        words.clear()

    start: int | None = None
    for index in range(count + 1):
        letter = letters[index] if index < count else 10
        if letter not in _SPACES:
            start = index if start is None else start
            if letter not in _LINE_HYPHENS:
                continue
        if start is not None:
            # A space that the file itself holds is one between words.
            if words and raw.FPDFText_IsGenerated(text_page, start - 1) == 1:
                gap = box(start)[0] - box(words[-1][1])[1]
                if gap > _WIDE_GAP * _size(text_page, start):
                    close()
            words.append((start, index if letter in _LINE_HYPHENS else index - 1))
            start = None
        if letter in _LINE_ENDS:
            close()
    close()
    return [piece for piece in pieces if piece.text]


def _size(text_page: object, index: int) -> float:
    """How large a letter is shown: its font's size, times what the page makes of it."""
    from pypdfium2 import raw

    size = float(raw.FPDFText_GetFontSize(text_page, index))
    matrix = raw.FS_MATRIX()
    if raw.FPDFText_GetMatrix(text_page, index, matrix):
        scale: float = (matrix.b**2 + matrix.d**2) ** 0.5
        # Letters set at size 1 and scaled by the matrix: PDFium gives 1 and the matrix has the rest.
        if size <= 2 and scale > 2:
            return size * scale
    return size


def _letters(text_page: object, count: int) -> Sequence[int]:
    """The codes of a page's letters."""
    from pypdfium2 import raw

    buffer = (ctypes.c_ushort * (count + 1))()
    # All at once where each letter is one unit of UTF-16, else one by one.
    if raw.FPDFText_GetText(text_page, 0, count, buffer) == count + 1 and not any(0xD800 <= u < 0xE000 for u in buffer):
        return buffer[:count]
    return [raw.FPDFText_GetUnicode(text_page, index) for index in range(count)]


def _letter(code: int) -> str:
    """A letter by its code."""
    if code in _LINE_HYPHENS or code == 0xAD:
        return "-"
    return chr(code) if code < 0xD800 or 0xDFFF < code <= 0x10FFFF else ""
