"""Tables within a text: each row reads without the others, its values with the names of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# A name of a column is short; a table of whole sentences in its first row is a layout.
_MOST_NAME_WORDS = 6
_FEWEST_NAMED = 3


class Row(NamedTuple):
    """The cells of a row, empty ones too; `heads` when the document itself sets the row apart as the columns' names."""

    cells: Sequence[str]
    heads: bool = False


def row_lines(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as lines: "Year: 2022/23; Started: 38" below a header row, "2022/23 | 38" where there is none."""
    filled = [row for row in rows if any(row.cells)]
    names = filled[0].cells if _has_names(filled) else None
    for row in filled[1:] if names else filled:
        said = sum(map(bool, row.cells))
        # A row of another width, or of one cell across the table, is not under these columns.
        if names and len(row.cells) == len(names) and said > 1:
            yield named(names, row.cells)
        else:
            yield " | ".join(filter(None, row.cells))


def named(names: Sequence[str], values: Sequence[str]) -> str:
    """A row as text: "Organisation: Sample Trust; Jobs: 40"."""
    width = len(names)
    pairs = (f"{names[i].rstrip(':')}: {v}" if i < width and names[i] else v for i, v in enumerate(values) if v)
    return "; ".join(pairs)


def _has_names(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: it says so, or its form leaves little doubt."""
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
