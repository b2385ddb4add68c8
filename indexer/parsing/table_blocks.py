"""A sheet's rows as blocks: each reads without the others, each value with its column's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.rows import Row, labelled, named
from indexer.parsing.sheet_rows import SheetRow, is_number, visible_rows
from indexer.parsing.table_structure import Names, bands, find_names, may_name, side_by_side

# Short rows share a section up to this many words: a chunk of three words is found for nothing.
_SECTION_WORDS = 60
_MOST_TITLE_WORDS = 12
# What stands above a table and is not what it is about.
_NO_TITLE = re.compile(
    r"(?:(?:back|return|go) to|contents$|index$|printed|exported|(?:last )?updated|as (?:at|of)|source|notes?|draft)\b",
    re.IGNORECASE,
)


def table_blocks(rows: Iterable[Sequence[object]], sheet: str | None = None) -> Iterator[Block]:
    """Yield the blocks of a sheet whose rows have these values, below its name.

    Raises:
        SourceError: There are more rows than anybody would read.
    """
    yield from sheet_blocks(visible_rows(rows).rows, sheet)


def sheet_blocks(rows: Sequence[SheetRow], sheet: str | None = None) -> Iterator[Block]:
    """Yield the blocks of a sheet's rows: its tables one after the other, their titles above them."""
    if sheet and rows:
        yield Block(BlockKind.HEADING, sheet, 1)
    tables = _Tables(max((len(row.said) for row in rows), default=0))
    for band in bands(rows):
        for place, part in side_by_side(band):
            yield from tables.read(place, part)
    yield from tables.rest()


class _Tables:
    """Goes through the parts of a sheet; a part without names of its own goes on with the table above it."""

    def __init__(self, width: int) -> None:
        self._width = width
        # The names of the last table that begins in a column, by that column's place.
        self._names: dict[int, list[str]] = {}
        self._lines: list[tuple[int, str]] = []
        # Rows that stand alone: titles, or names of the columns, of what follows them; and where they begin.
        self._alone: list[tuple[int, SheetRow]] = []

    def read(self, place: int, rows: Sequence[SheetRow]) -> Iterator[Block]:
        """Yield the blocks of rows that stand together, the first column being at `place` of the sheet."""
        if self._alone and self._alone[-1][0] == place and _names_what_follows(self._alone[-1][1], rows):
            rows = [self._alone.pop()[1], *rows]
        if self._width > 1 and _is_alone(rows):
            self._alone += ((place, row) for row in rows)
            return
        alone, self._alone = [row for _, row in self._alone], []
        known = self._names.get(place)
        names = find_names(rows)
        if names is not None and known is not None and not _is_new(names, rows, known):
            names = None
        if names is None:
            yield from self._titles(alone) if known is None else self._rows(place, alone, known)
            yield from self._rows(place, rows, known)
            return
        yield from self._titles([*alone, *rows[: names.first]])
        self._names[place] = names.names
        yield from self._rows(place, rows[names.end :], names.names)

    def rest(self) -> Iterator[Block]:
        """Yield what is still waiting."""
        for place, row in self._alone:
            known = self._names.get(place)
            yield from self._titles([row]) if known is None else self._rows(place, [row], known)
        yield from self._flush()

    def _rows(self, place: int, rows: Sequence[SheetRow], names: list[str] | None) -> Iterator[Block]:
        for position, row in enumerate(rows):
            if position and _begins_another(rows, position):
                yield from self.read(place, rows[position:])
                return
            if names is not None and row.cells[: len(names)] == names:
                continue  # the names once more, as on every printed page
            line = _line(row, names)
            words = sum(len(text.split()) for _, text in self._lines)
            if self._lines and words + len(line.split()) > _SECTION_WORDS:
                yield from self._flush()
            self._lines.append((row.number, line))

    def _titles(self, rows: Sequence[SheetRow]) -> Iterator[Block]:
        """Yield what stands above a table: its title as a heading, the rest as it is."""
        yield from self._flush()
        texts = [(row.number, row.cells[place]) for row in rows for place in row.said]
        title = next((text for _, text in texts if _is_title(text)), None)
        if title is not None:
            number = next(number for number, text in texts if text == title)
            yield Block(BlockKind.HEADING, title, 2, f"row {number}")
        for number, text in texts:
            if text != title:
                yield Block(BlockKind.PARAGRAPH, text, 0, f"row {number}")

    def _flush(self) -> Iterator[Block]:
        """Put neighbouring rows under one locator."""
        if self._lines:
            first, last = self._lines[0][0], self._lines[-1][0]
            locator = f"row {first}" if first == last else f"rows {first}–{last}"
            yield from (Block(BlockKind.ITEM, text, 0, locator) for _, text in self._lines)
            self._lines = []


def _line(row: SheetRow, names: Sequence[str] | None) -> str:
    # A single cell in the first column is a note or the name of a part of the table.
    if names is None or (row.said == [0] and sum(map(bool, names)) > 1):
        pair = len(row.said) == 2 and row.said[0] == 0 and not is_number(row.cells[0])
        if names is None and pair and len(row.cells) <= 2:
            return f"{row.cells[0].rstrip(': ')}: {row.cells[row.said[1]]}"
        return labelled(Row(row.cells, bold=row.bold))
    return named(names, row.cells)


def _is_title(text: str) -> bool:
    return len(text.split()) <= _MOST_TITLE_WORDS and not is_number(text) and not _NO_TITLE.match(text)


def _is_alone(rows: Sequence[SheetRow]) -> bool:
    """Return whether rows belong to what follows: single cells, or one row that may be names of columns."""
    if all(len(row.said) == 1 for row in rows):
        return True
    return len(rows) == 1 and len(rows[0].said) > 1 and may_name(rows[0])


def _names_what_follows(alone: SheetRow, rows: Sequence[SheetRow]) -> bool:
    """Return whether a row above a blank one names the columns below it: they have no names, and no more columns."""
    width = max(len(row.said) for row in rows)
    if len(alone.said) < max(width, 2) or any(place not in alone.said for row in rows for place in row.said):
        return False
    own = find_names(rows)
    return own is None or not _counts_below(rows[own.first : own.end], rows[own.end :])


def _is_new(names: Names, rows: Sequence[SheetRow], known: Sequence[str]) -> bool:
    """Return whether rows that could name columns do so, where the table above them has names that would do as well."""
    head, below = rows[names.first : names.end], rows[names.end :]
    if names.names == list(known) or len(names.names) != len(known):
        return True
    bold = all(set(row.said) <= row.bold for row in head)
    return (bold and not all(set(row.said) <= row.bold for row in below)) or _counts_below(head, below)


def _counts_below(head: Sequence[SheetRow], below: Sequence[SheetRow]) -> bool:
    """Return whether there are numbers below words."""
    worded = {place for row in head for place in row.said if not is_number(row.cells[place])}
    return any(is_number(row.cells[place]) for row in below for place in row.said if place in worded)


def _begins_another(rows: Sequence[SheetRow], position: int) -> bool:
    """Return whether another table begins at a row in the midst of rows: names of columns, with or without a title."""
    here = position
    if len(rows[here].said) == 1 and here + 1 < len(rows):
        here += 1
    if here + 1 >= len(rows) or len(rows[here].said) < 2 or not may_name(rows[here]):
        return False
    head, before, below = rows[here], rows[position - 1], rows[here + 1]
    if set(head.said) <= head.bold and not set(before.said) <= before.bold and not set(below.said) <= below.bold:
        return True
    counted = [p for p in below.said if is_number(below.cells[p]) and p in head.said]
    return bool(counted) and all(p < len(before.cells) and is_number(before.cells[p]) for p in counted)
