"""Words to pieces of lines, each in one column, with its place, size and weight; and the pages that hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from indexer.parsing.pdf.fields import field_pieces
from indexer.parsing.pdf.letters import Letters
from indexer.parsing.pdf.order import PageText, Piece
from indexer.parsing.pdf.words import Break, Word, frame_of, words_of
from indexer.parsing.text import is_mark, raised, without_raised_signs

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

# A gap this wide, in sizes of the letters, is the space between columns or cells, never one between words.
_WIDE_GAP = 1.8
# Of the letters' size, above and below the base of a line.
_ABOVE, _BELOW = 0.72, 0.22
_SAME_BASE = 0.1
_RAISED = 0.12
_SMALLER = 0.95
_CLOSING = frozenset(".,;:!?)]”’")


class _Line(NamedTuple):
    """A piece in its own direction, and how far that is turned clockwise."""

    piece: Piece
    degrees: int


def read_pages(document: PdfDocument) -> list[PageText]:
    """Return all pages of a document, from number 1, with the values of its form's fields."""
    document.init_forms()
    pages = []
    for index in range(len(document)):
        page = document[index]
        pages.append(_read_page(page, index + 1))
        page.close()
    return pages


def _read_page(page: PdfPage, number: int) -> PageText:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    text_page = page.get_textpage()
    marks: list[str] = []
    try:
        lines = list(_lines(Letters(text_page.raw, text_page.count_chars()), marks))
    finally:
        text_page.close()
    turned = Counter[int]()
    for line in lines:
        turned[line.degrees] += len(line.piece.text)
    main = turned.most_common(1)[0][0] if turned else 0
    frame = frame_of(main)
    left, bottom, right, top = page.get_cropbox()
    corners = [frame(x, y) for x in (left, right) for y in (bottom, top)]
    begin, low = min(c[0] for c in corners), min(c[1] for c in corners)
    width, height = max(c[0] for c in corners) - begin, max(c[1] for c in corners) - low
    pieces = [line.piece.moved(-begin, -low) for line in lines if line.degrees == main]
    pieces += [piece.moved(-begin, -low) for piece in field_pieces(page, pieces, frame)]
    pictures = not pieces and any(True for _ in page.get_objects(filter=(FPDF_PAGEOBJ_IMAGE,), max_depth=3))
    return PageText(
        number=number,
        width=width,
        height=height,
        pieces=pieces,
        pictures=pictures,
        aside=[line.piece for line in lines if line.degrees != main],
        marks=tuple(marks),
    )


def _lines(letters: Letters, marks: list[str]) -> Iterator[_Line]:
    """Yield the pieces of a page, from its letters; the marks of footnotes that they carried are added to `marks`."""
    words: list[Word] = []
    for word in words_of(letters):
        if words and _is_off_line(word, words):
            said = raised(_text(words), word.text) if word.base > words[0].base else word.text
            if not said:
                marks.append(word.text)
            words[-1] = words[-1]._replace(text=words[-1].text + said, right=word.right, shifted=True)
            continue
        if word.marks:
            marks.append(word.marks)
        if words and not _goes_on(words, word):
            yield _line(words)
            words = []
        words.append(word)
    if words:
        yield _line(words)


def _goes_on(words: Sequence[Word], word: Word) -> bool:
    """Return whether a word belongs to the piece before it."""
    last = words[-1]
    gap = word.left - last.right
    if word.degrees != last.degrees:
        return False
    if word.before is Break.LINE_END:
        # PDFium ends a line after a raised letter.
        level = abs(word.base - words[0].base) < _SAME_BASE * words[0].size
        return last.shifted and level and -last.close < gap < _WIDE_GAP * word.size / 2
    # A space that the file itself holds is one between words.
    return word.before is Break.SPACE or gap <= _WIDE_GAP * word.size


def _is_off_line(word: Word, words: Sequence[Word]) -> bool:
    """Return whether a word is what stands raised or lowered right behind the words before it."""
    last = words[-1]
    size = words[0].size
    off = word.base - words[0].base
    return (
        word.degrees == last.degrees
        and (word.size < _SMALLER * size or is_mark(word.text))
        and (_RAISED * size < off < size or -size / 2 < off < -_RAISED * size)
        and -last.close < word.left - last.right < (size / 2 if is_mark(word.text) else last.close)
    )


def _text(words: Sequence[Word]) -> str:
    text = words[0].text
    for last, word in pairwise(words):
        close = word.left - last.right < last.close or word.text[0] in _CLOSING
        text += word.text if word.before is Break.LINE_END and close else f" {word.text}"
    return text


def _line(words: Sequence[Word]) -> _Line:
    letters = Counter[float]()
    for word in words:
        letters[round(word.size, 1)] += len(word.text)
    # A large number, or an initial, before the words of a line does not make all of it large.
    size = letters.most_common(1)[0][0]
    piece = Piece(
        text=without_raised_signs(_text(words)).strip(),
        left=words[0].left,
        bottom=words[0].base - _BELOW * size,
        right=max(word.right for word in words),
        top=words[0].base + _ABOVE * size,
        size=size,
        # A line that begins with a bold word is not a bold line.
        bold=words[0].bold and words[-1].bold,
    )
    return _Line(piece, words[0].degrees)
