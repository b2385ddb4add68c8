"""The body of a Word file as blocks: paragraphs and tables in order, boxes and notes after their paragraph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block, BlockKind, LeftOut
from indexer.parsing.drawings import drawing_lines
from indexer.parsing.lines import one_line
from indexer.parsing.rows import Row, row_lines
from indexer.parsing.word.paragraphs import Paragraph, ParagraphReader
from indexer.parsing.word.styles import REMOVED, WRAPPERS, W, number, switch, value

if TYPE_CHECKING:
    from lxml.etree import _Element


_MOST_COLUMNS = 1000
# A single row of cells as long as this lays out a page; it does not compare.
_LAYOUT_WORDS = 60

Notes = Mapping[tuple[str, str], "_Element"]
# A cell's text, and whether all of it is bold.
_CellText = tuple[str, bool]


@dataclass(frozen=True)
class Cell:
    """A cell with the columns it covers; `above`: it goes on with the cell above it."""

    element: _Element
    column: int
    span: int
    above: bool


@dataclass(frozen=True)
class TableRow:
    """A row; `repeated`: it is marked to stand on every page, as the names of columns do."""

    element: _Element
    cells: tuple[Cell, ...]
    repeated: bool
    hidden: bool


def table_rows(table: _Element) -> list[TableRow]:
    """Return the rows of a `w:tbl` without those that tracked changes take away."""
    return [row for element in _within(table, f"{W}tr") if (row := _row(element)) is not None]


def _row(element: _Element) -> TableRow | None:
    properties = element.find(f"{W}trPr")
    if properties is not None and any(properties.find(tag) is not None for tag in REMOVED):
        return None
    column = min(number(value(properties, "gridBefore")) or 0, _MOST_COLUMNS)
    cells: list[Cell] = []
    for cell in _within(element, f"{W}tc"):
        about = cell.find(f"{W}tcPr")
        if about is not None and about.find(f"{W}cellDel") is not None:
            continue
        span = max(1, min(number(value(about, "gridSpan")) or 1, _MOST_COLUMNS))
        merge = None if about is None else about.find(f"{W}vMerge")
        above = merge is not None and merge.get(f"{W}val") != "restart"
        cells.append(Cell(cell, column, span, above))
        column += span
    return TableRow(element, tuple(cells), bool(switch(properties, "tblHeader")), bool(switch(properties, "hidden")))


def _within(element: _Element, tag: str) -> Iterator[_Element]:
    """Yield the rows of a table or cells of a row, also those in content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS or child.tag == f"{W}sdt":
            yield from _within(child, tag)


class Body:
    """Reads the content of a document, a box, a cell or a note.

    `notes` are the elements of notes by kind and id; `part` gives the bytes of a related part, `None` where it is not
    there.
    """

    def __init__(self, reader: ParagraphReader, notes: Notes, part: Callable[[str], bytes | None]) -> None:
        self._reader = reader
        self._notes = notes
        self._part = part
        self._noted: dict[tuple[str, str], int] = {}

    @property
    def left_out(self) -> list[LeftOut]:
        """Return the text that was passed over so far."""
        return self._reader.left_out

    def blocks(self, parent: _Element) -> Iterator[Block]:
        """Yield the blocks of an element's children."""
        waiting: Paragraph | None = None
        for element in _content(parent, self.left_out):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
                continue
            paragraph = self._reader.read(element)
            if waiting is not None:
                paragraph = _continued(waiting, paragraph)
            waiting = paragraph if paragraph.continued else None
            if waiting is None:
                yield from self._paragraph(paragraph)
        if waiting is not None:
            yield from self._paragraph(waiting)

    def _paragraph(self, paragraph: Paragraph) -> Iterator[Block]:
        yield from self._text(paragraph)
        for kind, relationship in paragraph.drawings:
            part = self._part(relationship)
            if part is not None:
                yield from (Block(BlockKind.ITEM, line) for line in drawing_lines(kind, part))
        for box in paragraph.boxes:
            yield from self.blocks(box)
        yield from self._note_blocks(paragraph.notes)

    def _text(self, paragraph: Paragraph) -> Iterator[Block]:
        lines = paragraph.lines
        if not lines:
            return
        if paragraph.contents:
            self.left_out.append(LeftOut("tables of contents", " ".join(lines)))
        elif paragraph.level is not None:
            yield Block(BlockKind.HEADING, " ".join(lines), paragraph.level)
        elif paragraph.item:
            yield Block(BlockKind.ITEM, one_line(lines))
        else:
            yield from (Block(BlockKind.PARAGRAPH, line) for line in lines)

    def _note_blocks(self, references: list[tuple[str, str]]) -> Iterator[Block]:
        """Yield the notes that a paragraph refers to, each once, in their order."""
        for reference in references:
            note = self._notes.get(reference)
            if note is None or reference in self._noted:
                continue
            self._noted[reference] = 1 + sum(kind == reference[0] for kind, _ in self._noted)
            said = one_line(block.text for block in self.blocks(note))
            name = "Note" if reference[0] == "footnote" else "Endnote"
            if said:
                yield Block(BlockKind.PARAGRAPH, f"{name} {self._noted[reference]}: {said}")

    def _table(self, table: _Element) -> Iterator[Block]:
        rows = self._seen(table_rows(table))
        if all(len(row.cells) <= 1 for row in rows) or self._is_layout(rows):
            for row in rows:
                for cell in row.cells:
                    yield from self.blocks(cell.element)
            return
        after: list[Block] = []
        above: dict[int, _CellText] = {}
        yield from (Block(BlockKind.ITEM, line) for line in row_lines([self._row(row, above, after) for row in rows]))
        yield from after

    def _seen(self, rows: list[TableRow]) -> list[TableRow]:
        for row in rows:
            if row.hidden and (text := " ".join(part.text or "" for part in row.element.iter(f"{W}t"))):
                self.left_out.append(LeftOut("hidden rows", text))
        return [row for row in rows if not row.hidden]

    def _is_layout(self, rows: list[TableRow]) -> bool:
        """Return whether a table places parts of a page: a cell has a heading and more, or its row is long texts."""
        quiet = ParagraphReader(self._reader.styles)
        for cell in (cell.element for row in rows for cell in row.cells):
            paragraphs = [quiet.read(p) for p in cell.iterchildren(f"{W}p")]
            if len(paragraphs) > 1 and any(p.level is not None and p.lines for p in paragraphs):
                return True
        words = sum(len((text.text or "").split()) for row in rows for text in row.element.iter(f"{W}t"))
        return len(rows) == 1 and words > _LAYOUT_WORDS

    def _row(self, row: TableRow, above: dict[int, _CellText], after: list[Block]) -> Row:
        """Return a row's texts by column; it names the columns when it is marked to be repeated, or is bold as a whole.

        `above` are the cells that may reach down into it, by column; it is brought up to this row.
        """
        texts = [""] * max((cell.column + cell.span for cell in row.cells), default=0)
        bold: set[int] = set()
        for cell in row.cells:
            if not cell.above:
                above[cell.column] = self._cell(cell.element, after)
            texts[cell.column], is_bold = above.get(cell.column, ("", False))
            if is_bold:
                bold.add(cell.column)
        said = {place for place, text in enumerate(texts) if text}
        heads = row.repeated or (bool(said) and said <= bold)
        if heads:
            _spread(texts, row.cells)
        return Row(texts, heads, frozenset(bold), len(said) > 1 and any(cell.span > 1 for cell in row.cells))

    def _cell(self, cell: _Element, after: list[Block]) -> _CellText:
        """Return a cell's text, its paragraphs apart, and whether it is bold; tables in it follow the outer one."""
        lines: list[str] = []
        bold = True
        for element in _content(cell, self.left_out):
            if element.tag == f"{W}tbl":
                after += self._table(element)
                continue
            paragraph = self._reader.read(element)
            lines += paragraph.lines
            bold = bold and (paragraph.bold or paragraph.level is not None or not paragraph.lines)
            paragraph.level, paragraph.text = None, ""
            after += self._paragraph(paragraph)
        return one_line(lines), bold and bool(lines)


def _spread(texts: list[str], cells: tuple[Cell, ...]) -> None:
    """Say a name of columns in each column it covers, where others stand beside it."""
    if len([cell for cell in cells if texts[cell.column]]) > 1:
        for cell in cells:
            texts[cell.column : cell.column + cell.span] = [texts[cell.column]] * cell.span


def _continued(first: Paragraph, second: Paragraph) -> Paragraph:
    """Join two paragraphs between which the end was deleted."""
    second.text = first.text + second.text
    second.boxes = first.boxes + second.boxes
    second.notes = first.notes + second.notes
    second.drawings = first.drawings + second.drawings
    if first.text.strip():
        second.level, second.item = first.level, first.item
    return second


def _content(parent: _Element, left_out: list[LeftOut]) -> Iterator[_Element]:
    """Yield the paragraphs and tables of an element, also those in content controls and tracked insertions."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag == f"{W}sdt" and switch(child, "sdtPr/showingPlcHdr"):
            if text := " ".join(part.text or "" for part in child.iter(f"{W}t")):
                left_out.append(LeftOut("prompts of empty form fields", text))
        elif child.tag in WRAPPERS or child.tag == f"{W}sdt":
            yield from _content(child, left_out)
        elif child.tag in REMOVED and (text := " ".join(part.text or "" for part in child.iter(f"{W}t"))):
            left_out.append(LeftOut("tracked deletions", text))
