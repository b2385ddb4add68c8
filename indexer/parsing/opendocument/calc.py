"""Sheets of LibreOffice Calc (.ods): each that is shown under its name, its rows as they read alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block, LeftOut, Parsed
from indexer.parsing.cells import Formatted
from indexer.parsing.lines import one_line, split_lines
from indexer.parsing.opendocument.content import ContentReader
from indexer.parsing.opendocument.package import OFFICE, TABLE, TEXT, Package
from indexer.parsing.opendocument.text import OdfCell, OdfRow, is_hidden, read_paragraph, table_rows, whole
from indexer.parsing.sheet_rows import SheetLayout, visible_rows
from indexer.parsing.table_blocks import sheet_blocks
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_ROWS = 200_000
_COLUMN_GROUPS = frozenset(f"{TABLE}{n}" for n in ("table-column-group", "table-columns", "table-header-columns"))


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return an OpenDocument sheet's rows, each cell as the sheet shows it.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    package = Package(content, "spreadsheet")
    reader = _Sheets(package)
    tables = list(package.body.iterchildren(f"{TABLE}table"))
    shown = [t for t in tables if not package.style("table", t.get(f"{TABLE}style-name")).hides_sheet]
    blocks: list[Block] = []
    for table in tables:
        name = table.get(f"{TABLE}name") or ""
        if table not in shown:
            said = (" ".join("".join(p.itertext()).split()) for p in table.iter(f"{TEXT}p"))
            reader.left_out.append(LeftOut("hidden sheets", " ".join(filter(None, [name, *said]))))
            continue
        blocks += reader.read(table, name if len(shown) > 1 else None)
    return Parsed(known_title or package.title, {"author": package.author}, blocks, tuple(reader.left_out))


class _Sheets:
    """Reads sheets; `left_out` grows by what is hidden in them."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.left_out: list[LeftOut] = []

    def read(self, table: _Element, name: str | None) -> Iterator[Block]:
        values: list[list[object]] = []
        merged: list[tuple[int, int, int, int]] = []
        hidden: set[int] = set()
        for row in table_rows(table):
            cells = self._values(row)
            # Blank rows to the sheet's end are written as one that comes a million times.
            times = row.times if any(cell is not None for cell in cells) else min(row.times, 2)
            if len(values) + times > _MOST_ROWS:
                raise SourceError(f"it has more than {_MOST_ROWS} rows; save the part that people ask about on its own")
            for _ in range(times):
                values.append(list(cells))
                number = len(values)
                merged += (_area(number, cell) for cell in row.cells if cell.span > 1 or cell.rows > 1)
                if row.hidden:
                    hidden.add(number)
        layout = SheetLayout(frozenset(hidden), frozenset(_hidden_columns(table)), tuple(merged))
        seen = visible_rows(values, layout)
        self.left_out += seen.left_out
        yield from sheet_blocks(seen.rows, name)
        # Text boxes float over a sheet.
        for shapes in table.iterchildren(f"{TABLE}shapes"):
            content = ContentReader(self._package)
            yield from content.blocks(shapes)
            self.left_out += content.left_out

    def _values(self, row: OdfRow) -> list[object]:
        said = [cell for cell in row.cells if len(cell.element)]
        values: list[object] = [None] * max((cell.column + cell.times for cell in said), default=0)
        for cell in said:
            values[cell.column : cell.column + cell.times] = [self._value(cell.element)] * cell.times
        return values

    def _value(self, cell: _Element) -> object:
        """Return a cell as it is shown: a day that is shown in figures as a day, whose order nobody need guess."""
        paragraphs = [read_paragraph(p, self._package, self.left_out) for p in cell.iterchildren(f"{TEXT}p")]
        for note in cell.iterchildren(f"{OFFICE}annotation"):
            if text := " ".join("".join(p.itertext()) for p in note.iter(f"{TEXT}p")):
                self.left_out.append(LeftOut("comments", text))
        text = one_line(line for paragraph in paragraphs for line in split_lines(paragraph.text))
        style = self._package.style("table-cell", cell.get(f"{TABLE}style-name"))
        bold = style.is_bold or (bool(text) and all(paragraph.bold for paragraph in paragraphs))
        day = cell.get(f"{OFFICE}date-value")
        if day and text and not any(c.isalpha() for c in text):
            try:
                return Formatted(date.fromisoformat(day[:10]), "", bold)
            except ValueError:
                pass  # no such day: as it is shown
        return Formatted(text, "", bold) if text else None


def _area(number: int, cell: OdfCell) -> tuple[int, int, int, int]:
    return number, cell.column + 1, number + cell.rows - 1, cell.column + cell.span


def _hidden_columns(table: _Element) -> Iterator[int]:
    """Yield the numbers of columns that are not shown, counted from 1."""
    number = 1
    for column in _columns(table):
        times = whole(column, "number-columns-repeated")
        if is_hidden(column):
            yield from range(number, number + min(times, 20_000))
        number += times


def _columns(element: _Element) -> Iterator[_Element]:
    for child in element:
        if child.tag == f"{TABLE}table-column":
            yield child
        elif child.tag in _COLUMN_GROUPS:
            yield from _columns(child)
