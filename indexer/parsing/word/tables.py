"""Tables of a Word file: their cells in the columns where they stand, merged cells said in each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.parsing.word.names import REMOVED, WRAPPERS, W, number, switch, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_COLUMNS = 1000


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
