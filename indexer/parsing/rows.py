"""Tables within a text: each row reads without the others, its values with the names of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.html import HtmlElement


# A name of a column is short; a table of whole sentences in its first row is a layout.
_MOST_NAME_WORDS = 6
_FEWEST_NAMED = 3
_MOST_HEADER_ROWS = 3
# Word makes no wider table.
_WORD_COLUMNS = 63
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD_SPANS = tuple(f"{_WORD}{name}" for name in ("gridSpan", "gridBefore", "gridAfter"))


class Row(NamedTuple):
    """The cells of a row, empty ones too; `heads` when the document itself sets the row apart as the columns' names.

    `bold` are the places of cells that are bold as a whole: labels, where the cell beside them is not. `wide`: one of
    several cells reaches over more than one column.
    """

    cells: Sequence[str]
    heads: bool = False
    bold: frozenset[int] = frozenset()
    wide: bool = False


def row_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the rows as lines: "Year: 2022/23; Started: 38" below column names, "2022/23 | 38" where there are none."""
    filled = [row for row in rows if any(row.cells)]
    start = _titles(filled)
    for row in filled[:start]:
        yield from filter(None, row.cells)
    names, below = _names(filled[start:])
    for row in filled[start + below :]:
        said = sum(map(bool, row.cells))
        # A row of another width, or of one cell across the table, is not under these columns.
        if names and len(row.cells) == len(names) and said > 1:
            yield named(names, row.cells)
        else:
            yield labelled(row)


def named(names: Sequence[str], values: Sequence[str]) -> str:
    """Return a row as text: "Organisation: Sample Trust; Jobs: 40"."""
    width = len(names)
    pairs = (f"{names[i].rstrip(':')}: {v}" if i < width and names[i] else v for i, v in enumerate(values) if v)
    return "; ".join(pairs)


def joined_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one name for each column from several rows of names: "2024, Women".

    A name of an upper row reaches over the empty cells to its right below which there is a name.
    """
    names = []
    last = rows[-1]
    above = ["" for _ in rows]
    for place in range(max(map(len, rows))):
        parts: list[str] = []
        for depth, row in enumerate(rows):
            cell = row[place] if place < len(row) else ""
            if cell:
                above[depth:] = [cell, *("" for _ in above[depth + 1 :])]
            elif row is not last and place < len(last) and last[place]:
                cell = above[depth]
            if cell and cell not in parts:
                parts.append(cell)
        names.append(", ".join(parts))
    return names


def _titles(rows: Sequence[Row]) -> int:
    """Return how many of the first rows are one cell across a wider table: its titles."""
    count = 0
    if max((len(row.cells) for row in rows), default=0) > 1:
        while count < len(rows) - 2 and sum(map(bool, rows[count].cells)) == 1:
            count += 1
    return count


def _names(rows: Sequence[Row]) -> tuple[Sequence[str] | None, int]:
    """Return the names of the columns and how many rows they take; `None` and 0 where no row names them."""
    if _are_groups(rows):
        return joined_names([row.cells for row in rows[:2]]), 2
    if not _has_names(rows):
        return None, 0
    heads = 1
    while heads < len(rows) and heads < _MOST_HEADER_ROWS and rows[0].heads and rows[heads].heads:
        heads += 1
    # A table that is bold throughout says nothing of its second row.
    if heads == len(rows) or (heads < len(rows) and rows[heads].heads):
        heads = 1
    return joined_names([row.cells for row in rows[:heads]]), heads


def _are_groups(rows: Sequence[Row]) -> bool:
    """Return whether the first row names groups of the columns that the second names, and figures stand below them."""
    if len(rows) < _FEWEST_NAMED or not rows[0].wide or len(rows[0].cells) != len(rows[1].cells):
        return False
    if sum(map(bool, rows[1].cells)) < 2 or any(any(c.isdigit() for c in cell) for cell in rows[1].cells):
        return False
    return any(any(c.isdigit() for c in cell) for row in rows[2:] for cell in row.cells)


def _has_names(rows: Sequence[Row]) -> bool:
    """Return whether the first row names the columns: it says so, or its form leaves little doubt."""
    if len(rows) < 2 or len(rows[0].cells) < 2:
        return False
    first, body = rows[0], rows[1:]
    if first.heads:
        return sum(map(bool, first.cells)) > 1
    # Two columns may as well be a name and its value in every row.
    if len(first.cells) < _FEWEST_NAMED or len(set(first.cells)) < len(first.cells) or not all(first.cells):
        return False
    if any(any(c.isdigit() for c in cell) or len(cell.split()) > _MOST_NAME_WORDS for cell in first.cells):
        return False
    return all(len(row.cells) == len(first.cells) for row in body) and any(
        all(any(c.isdigit() for c in cell) for cell in column if cell) and any(column)
        for column in zip(*(row.cells for row in body), strict=True)
    )


def labelled(row: Row) -> str:
    """Return a row without column names: a label with its values ("Lead: Sample Trust"), else bars between."""
    parts: list[str] = []
    label = ""
    said = [(place, cell) for place, cell in enumerate(row.cells) if cell]
    for position, (place, cell) in enumerate(said):
        following = said[position + 1][0] if position + 1 < len(said) else None
        if following is not None and not label and _is_label(row, place, cell, following):
            label = cell.rstrip(": ")
        else:
            parts.append(f"{label}: {cell}" if label else cell)
            label = ""
    return " | ".join(parts)


def _is_label(row: Row, place: int, cell: str, following: int) -> bool:
    short = len(cell.split()) <= 2 * _MOST_NAME_WORDS
    return short and (cell.endswith(":") or (place in row.bold and following not in row.bold))


def cap_word_spans(document: Document) -> None:
    """Hold every cell of a Word file to the columns that Word's tables can have."""
    for span in document.element.body.iter(*_WORD_SPANS):
        _cap(span, f"{_WORD}val", _WORD_COLUMNS)


def cap_html_spans(page: HtmlElement) -> None:
    """Hold every cell of a web page to the columns and rows that its table has."""
    for table in page.iter("table"):
        rows = list(table.iter("tr"))
        columns = max((sum(cell.tag in ("td", "th") for cell in row) for row in rows), default=1)
        for cell in table.iter("td", "th"):
            _cap(cell, "colspan", columns)
            _cap(cell, "rowspan", len(rows))


def _cap(element: HtmlElement, name: str, most: int) -> None:
    value = str(element.get(name) or "").strip()
    if value.isascii() and value.isdigit() and (len(value) > 9 or int(value) > most):
        element.set(name, str(most))
