"""The tables of a sheet: rows that stand together, parted where two tables stand side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.parsing.sheet_rows import SheetRow, is_number

# A table has at least a column of things and one of what is said of them.
_FEWEST_COLUMNS = 2


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
