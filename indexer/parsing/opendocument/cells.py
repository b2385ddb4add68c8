"""Tables of OpenDocument files: their rows and cells in the columns where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.parsing.opendocument.names import TABLE

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST = 16_384
_GROUPS = frozenset(f"{TABLE}{name}" for name in ("table-row-group", "table-rows"))


@dataclass(frozen=True)
class Cell:
    """A cell with its first column, the columns and rows it covers, and how often it stands side by side."""

    element: _Element
    column: int
    span: int
    rows: int
    times: int = 1


@dataclass(frozen=True)
class TableRow:
    """A row. `heads`: it is repeated on each page. `times`: how often it comes, one below another."""

    cells: tuple[Cell, ...]
    heads: bool
    hidden: bool
    times: int


def table_rows(table: _Element) -> list[TableRow]:
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


def _row(element: _Element, *, heads: bool) -> TableRow:
    cells: list[Cell] = []
    column = 0
    for child in element:
        if child.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        times = whole(child, "number-columns-repeated")
        if child.tag == f"{TABLE}table-cell" and len(child) and column < _MOST:
            span = min(whole(child, "number-columns-spanned"), _MOST)
            rows = whole(child, "number-rows-spanned")
            cells.append(Cell(child, column, span, rows, min(times, _MOST)))
        elif child.tag == f"{TABLE}table-cell" and column < _MOST and times == 1:
            cells.append(Cell(child, column, 1, 1))
        column += times
    return TableRow(tuple(cells), heads, is_hidden(element), whole(element, "number-rows-repeated"))
