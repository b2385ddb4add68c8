"""Structure of a sheet: its separate tables, and the rows of each that name its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.parsing.rows import joined_names
from indexer.parsing.sheet_rows import SheetRow, is_number, is_period

# Titles, logos and notes stand above the names in many sheets, but not a page of them.
_WITHIN = 30
_FILLED_SHARE = 0.6
_MOST_ROWS_OF_NAMES = 3
_MOST_NAME_WORDS = 30
_TITLE_WORDS = 3
_DATED = re.compile(r"[a-z]{3,} (?:\d{1,2} )?[A-Z][a-z]{2,8} (?:19|20)\d\d$")
# A table has at least a column of things and one of what is said of them.
_FEWEST_COLUMNS = 2


class Names(NamedTuple):
    """The rows `first` to `end` (not included) of a table name its columns: `names`, by place."""

    first: int
    end: int
    names: list[str]


def find_names(rows: Sequence[SheetRow]) -> Names | None:
    """Return the names of the columns among a table's first rows; `None` where values come first, or only labels."""
    width = max((len(row.said) for row in rows), default=0)
    for position, row in enumerate(rows[:_WITHIN]):
        if len(row.said) < max(2, _FILLED_SHARE * width):
            continue
        if not may_name(row) or position + 1 >= len(rows):
            return None
        if len(row.said) == width == 2 and _are_labels(rows[position:]):
            return None
        if len(row.said) < width and _is_fuller(rows[position + 1], row, width) and position + 2 < len(rows):
            continue
        first = position
        while first > 0 and position - first < _MOST_ROWS_OF_NAMES - 1 and _groups(rows[first - 1], rows[first]):
            first -= 1
        end = position + 1
        while end - first < _MOST_ROWS_OF_NAMES and end + 1 < len(rows) and _goes_on(rows[end - 1 : end + 2]):
            end += 1
        return Names(first, end, joined_names([_spread(row) for row in rows[first:end]]))
    return None


def _is_fuller(below: SheetRow, row: SheetRow, width: int) -> bool:
    """Return whether the row below can name every column, and this one is no more than a title and a date."""
    if len(below.said) < width or not set(row.said) <= set(below.said) or not may_name(below):
        return False
    if set(row.said) <= row.bold and not set(below.said) <= below.bold:
        return False
    cells = [row.cells[place] for place in row.said]
    apart = row.said != list(range(row.said[0], row.said[-1] + 1))
    long = any(len(cell.split()) >= _TITLE_WORDS for cell in cells)
    return (apart and long) or any(is_period(cell) or _DATED.search(cell) for cell in cells[1:])


def may_name(row: SheetRow) -> bool:
    """Return whether cells can be names of columns: words, or years and months beside words or an empty corner."""
    cells = [row.cells[place] for place in row.said]
    if any(is_number(cell) or len(cell.split()) > _MOST_NAME_WORDS for cell in cells):
        return False
    return any(not is_period(cell) for cell in cells) or (not row.cells[0] and len(cells) > 1)


def _groups(row: SheetRow, below: SheetRow) -> bool:
    """Return whether a row names groups of the columns that the row below it names."""
    if not row.said or (not may_name(row) and not all(is_period(row.cells[place]) for place in row.said)):
        return False
    corner = below.said[0]
    named = [below.cells[place] for place in below.said]
    repeats = len(set(named)) < len(named)
    if row.said[0] > corner:
        wide = any(last > first for first, last in row.spans.items())
        periods = all(is_period(below.cells[place]) for place in below.said if place >= row.said[0])
        return wide or repeats or len(row.said) > 1 or periods
    # What reaches over the first column is a title; groups begin to the right of it.
    return corner not in row.spans and any(last > first for first, last in row.spans.items())


def _goes_on(rows: Sequence[SheetRow]) -> bool:
    """Return whether the second row names parts of the columns that the first names, the third being values."""
    above, row, following = rows
    if not row.said or not may_name(row) or any(is_number(row.cells[place]) for place in row.said):
        return False
    wide = {place for first, last in above.spans.items() for place in range(first, last + 1) if last > first}
    if wide:
        own = [place for place in row.said if place >= len(above.cells) or row.cells[place] != above.cells[place]]
        return bool(own) and all(place in wide for place in own)
    gaps = [place for place in row.said if place >= len(above.cells) or not above.cells[place]]
    values = any(is_number(following.cells[place]) for place in following.said)
    return bool(gaps) and not row.cells[0] and bool(above.cells[0]) and values and above.said[0] == 0


def _spread(row: SheetRow) -> list[str]:
    """Return the row's cells with those that reach over columns said in each of them."""
    cells = list(row.cells)
    for first, last in row.spans.items():
        last = min(last, first + 1000)
        cells += [""] * (last + 1 - len(cells))
        cells[first : last + 1] = [cells[first]] * (last + 1 - first)
    return cells


def _are_labels(rows: Sequence[SheetRow]) -> bool:
    """Return whether the rows of two columns are each a label and its value: no row of them names the columns."""
    pairs = [row for row in rows if len(row.said) == 2 and (row is rows[0] or row.cells != rows[0].cells)]
    first, second = pairs[0].said
    if sum(row.cells[row.said[0]].endswith(":") for row in pairs) > len(pairs) / 2:
        return True
    if all(first in row.bold for row in pairs) and not any(second in row.bold for row in pairs):
        return True
    if {first, second} <= pairs[0].bold:
        return False
    # Values of one column are of one kind; those of a form are of many.
    numbers = sum(is_number(row.cells[row.said[1]]) or is_period(row.cells[row.said[1]]) for row in pairs[1:])
    words = [row.cells[row.said[1]] for row in pairs[1:]]
    together = all(len(row.said) == 2 for row in rows)
    return together and len(words) > 2 and 0.2 <= numbers / len(words) <= 0.8


def bands(rows: Sequence[SheetRow]) -> Iterator[list[SheetRow]]:
    """Yield rows that follow each other without a blank one."""
    band: list[SheetRow] = []
    for row in rows:
        if band and row.number > band[-1].number + 1:
            yield band
            band = []
        band.append(row)
    if band:
        yield band


def side_by_side(band: Sequence[SheetRow]) -> Iterator[tuple[int, list[SheetRow]]]:
    """Yield the tables that stand beside each other in a band, each with the place of its first column."""
    edges = _edges(band)
    for first, last in edges:
        part = [row.part(first, last) for row in band]
        yield first, [row for row in part if any(row.cells)]


def _edges(band: Sequence[SheetRow]) -> list[tuple[int, int]]:
    """Return the first and last column of each table."""
    used = sorted({place for row in band for place in row.said})
    groups: list[tuple[int, int]] = []
    for place in used:
        if groups and place == groups[-1][1] + 1:
            groups[-1] = (groups[-1][0], place)
        else:
            groups.append((place, place))
    edges = groups[:1]
    for group in groups[1:]:
        if _are_two(band, edges[-1], group):
            edges.append(group)
        else:
            edges[-1] = (edges[-1][0], group[1])
    return edges


def _are_two(band: Sequence[SheetRow], one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether the columns of two groups are two tables, and not one with an empty column in it."""
    if min(one[1] - one[0], other[1] - other[0]) + 1 < _FEWEST_COLUMNS:
        return False
    pairs = [(row.part(*one), row.part(*other)) for row in band]
    full = [(a, b) for a, b in pairs if max(len(a.said), len(b.said)) >= _FEWEST_COLUMNS]
    if len(full) < 2:
        return False
    both = [bool(a.said) and bool(b.said) for a, b in full]
    # One ends, or begins, before the other, and stays so.
    if not all(both) and any(both):
        start, end = both.index(True), len(both) - both[::-1].index(True)
        if all(both[start:end]):
            return True
    first, second = next(((a, b) for a, b in full if a.said and b.said), full[0])
    if first.cells[0] and second.cells[0] and first.cells[0].casefold() == second.cells[0].casefold():
        return True
    if any(a.said == [0] and b.said == [0] for a, b in pairs):
        return True  # each has its title
    return all(_has_keys_and_values([pair[side] for pair in full]) for side in (0, 1))


def _has_keys_and_values(rows: Sequence[SheetRow]) -> bool:
    """Return whether the first column tells things apart by words, and another one counts them."""
    keys = [row.cells[0] for row in rows]
    if not all(keys) or len(set(keys)) < len(keys) or any(is_number(key) for key in keys):
        return False
    return any(is_number(cell) for row in rows[1:] for cell in row.cells[1:] if cell)
