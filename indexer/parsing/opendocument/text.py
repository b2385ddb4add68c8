"""Paragraphs and cells of an OpenDocument file: the words that are shown, and the boxes and notes that hang on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.parsing.blocks import LeftOut
from indexer.parsing.opendocument.package import DRAW, OFFICE, TABLE, TEXT, Package

if TYPE_CHECKING:
    from lxml.etree import _Element


_MOST = 16_384
_GROUPS = frozenset(f"{TABLE}{name}" for name in ("table-row-group", "table-rows"))
_HIDDEN = frozenset({f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"})
_MOST_SPACES = 100


@dataclass(frozen=True)
class OdfCell:
    """A cell with its first column, the columns and rows it covers, and how often it stands side by side."""

    element: _Element
    column: int
    span: int
    rows: int
    times: int = 1


@dataclass(frozen=True)
class OdfRow:
    """A row. `heads`: it is repeated on each page. `times`: how often it comes, one below another."""

    cells: tuple[OdfCell, ...]
    heads: bool
    hidden: bool
    times: int


def table_rows(table: _Element) -> list[OdfRow]:
    """Return the rows of a table, those in groups and headers too."""
    return [_row(element, heads=heads) for element, heads in _rows(table, heads=False)]


def whole(element: _Element, name: str) -> int:
    """Return a count that an element of a table gives, 1 where it gives none."""
    text = element.get(f"{TABLE}{name}") or "1"
    return max(1, int(text)) if text.isdigit() and len(text) < 8 else 1


def is_hidden(element: _Element) -> bool:
    """Return whether a row or column is collapsed or filtered out."""
    return element.get(f"{TABLE}visibility") in ("collapse", "filter")


def _rows(element: _Element, *, heads: bool) -> Iterator[tuple[_Element, bool]]:
    for child in element:
        if child.tag == f"{TABLE}table-row":
            yield child, heads
        elif child.tag == f"{TABLE}table-header-rows":
            yield from _rows(child, heads=True)
        elif child.tag in _GROUPS:
            yield from _rows(child, heads=heads)


def _row(element: _Element, *, heads: bool) -> OdfRow:
    cells: list[OdfCell] = []
    column = 0
    for child in element:
        if child.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        times = whole(child, "number-columns-repeated")
        if child.tag == f"{TABLE}table-cell" and len(child) and column < _MOST:
            span = min(whole(child, "number-columns-spanned"), _MOST)
            rows = whole(child, "number-rows-spanned")
            cells.append(OdfCell(child, column, span, rows, min(times, _MOST)))
        elif child.tag == f"{TABLE}table-cell" and column < _MOST and times == 1:
            cells.append(OdfCell(child, column, 1, 1))
        column += times
    return OdfRow(tuple(cells), heads, is_hidden(element), whole(element, "number-rows-repeated"))


@dataclass
class OdfParagraph:
    """The text of a paragraph, breaks as line ends; `bold`: all of it is."""

    text: str = ""
    bold: bool = False
    boxes: list[_Element] = field(default_factory=list)
    notes: list[_Element] = field(default_factory=list)


def read_paragraph(element: _Element, package: Package, left_out: list[LeftOut]) -> OdfParagraph:
    """Return a `text:p` or `text:h` without what is hidden; `left_out` grows by that, and by comments."""
    style = package.style("paragraph", element.get(f"{TEXT}style-name"))
    reader = _Reader(package, left_out)
    hidden = style.hides_text or _is_hidden_paragraph(element)
    reader.read(element, bold=style.is_bold, hidden=hidden)
    paragraph = reader.paragraph
    paragraph.text = "".join(reader.pieces)
    paragraph.bold = reader.bold and not reader.plain
    if text := " ".join("".join(reader.hidden).split()):
        left_out.append(LeftOut("hidden text", text))
    return paragraph


def _is_hidden_paragraph(element: _Element) -> bool:
    mark = element.find(f"{TEXT}hidden-paragraph")
    return mark is not None and mark.get(f"{TEXT}is-hidden") == "true"


class _Reader:
    """Goes through what a paragraph is made of."""

    def __init__(self, package: Package, left_out: list[LeftOut]) -> None:
        self.paragraph = OdfParagraph()
        self.pieces: list[str] = []
        self.hidden: list[str] = []
        self.bold = False
        self.plain = False
        self._package = package
        self._left_out = left_out

    def read(self, element: _Element, *, bold: bool, hidden: bool) -> None:
        self._say(element.text, bold=bold, hidden=hidden)
        for child in element:
            if isinstance(child.tag, str):
                self._part(child, bold=bold, hidden=hidden)
            self._say(child.tail, bold=bold, hidden=hidden)

    def _say(self, text: str | None, *, bold: bool, hidden: bool) -> None:
        if not text:
            return
        # Line ends in the file are spaces to a reader; breaks are elements.
        text = text.replace("\n", " ")
        (self.hidden if hidden else self.pieces).append(text)
        if not hidden and text.strip():
            self.bold, self.plain = self.bold or bold, self.plain or not bold

    def _part(self, part: _Element, *, bold: bool, hidden: bool) -> None:
        tag = part.tag
        if tag == f"{TEXT}s":
            count = part.get(f"{TEXT}c") or "1"
            self.pieces.append(" " * (min(int(count), _MOST_SPACES) if count.isdigit() else 1))
        elif tag == f"{TEXT}tab":
            self.pieces.append(" ")
        elif tag == f"{TEXT}line-break":
            self.pieces.append("\n")
        elif tag == f"{TEXT}note":
            body = part.find(f"{TEXT}note-body")
            if body is not None and not hidden:
                self.paragraph.notes.append(body)
        elif tag == f"{OFFICE}annotation":
            said = (" ".join("".join(p.itertext()).split()) for p in part.iter(f"{TEXT}p"))
            if text := " ".join(filter(None, said)):
                self._left_out.append(LeftOut("comments", text))
        elif tag in _HIDDEN:
            self.hidden.append(part.get(f"{TEXT}string-value") or "".join(part.itertext()))
        elif tag == f"{TEXT}ruby":
            base = part.find(f"{TEXT}ruby-base")
            self.read(base if base is not None else part, bold=bold, hidden=hidden)
        elif tag.startswith(DRAW) and tag != f"{DRAW}a":
            self.paragraph.boxes.append(part)
        else:
            style = self._package.style("text", part.get(f"{TEXT}style-name"))
            weight = style.is_bold if part.get(f"{TEXT}style-name") else bold
            self.read(part, bold=weight or bold, hidden=hidden or style.hides_text)
