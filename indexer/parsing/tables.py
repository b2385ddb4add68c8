"""Spreadsheets: a row becomes a line that reads without the others, each value with its column's name."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from indexer.parsing.archives import check_archive
from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.cells import Formatted, shown
from indexer.parsing.parsed import Parsed
from indexer.parsing.rows import named
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

# Short rows share a section up to this many words: a chunk of three words is found for nothing.
_SECTION_WORDS = 60
_MOST_ROWS = 200_000


def parse(content: bytes, known_title: str | None) -> Parsed:
    """An Excel file (.xlsx), each sheet under its name. Formulas count with the value that was saved with them.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    check_archive(content)
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        several = len(sheets) > 1
        for sheet in sheets:
            # What a sheet claims its size to be may be every cell there can be.
            sheet.reset_dimensions()
        blocks = [
            block
            for sheet in sheets
            for block in table_blocks(map(_values, sheet.iter_rows()), sheet.title if several else None)
        ]
        stated = (book.properties.title or "").strip() or None
        book.close()
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError) as error:
        raise SourceError(f"it is damaged or not an Excel file ({error}); open it in Excel and save it again") from None
    return Parsed(known_title or stated, {}, blocks)


def table_blocks(rows: Iterable[Sequence[object]], sheet: str | None = None) -> Iterator[Block]:
    """The rows of a table whose first row with more than one value names the columns.

    Raises:
        SourceError: There are more rows than anybody would read.
    """
    names: list[str] | None = None
    waiting: list[tuple[int, str]] = []
    if sheet:
        yield Block(BlockKind.HEADING, sheet, 1)
    for number, row in enumerate(rows, start=1):
        if number > _MOST_ROWS:
            raise SourceError(f"it has more than {_MOST_ROWS} rows; save the part that people ask about on its own")
        values = [shown(value) for value in row]
        if not any(values):
            continue
        if names is None:
            if sum(map(bool, values)) == 1 and len(values) > 1:  # a title above the table
                yield Block(BlockKind.PARAGRAPH, next(filter(None, values)), 0, f"row {number}")
            else:
                names = values
            continue
        line = named(names, values)
        if waiting and sum(len(text.split()) for _, text in waiting) + len(line.split()) > _SECTION_WORDS:
            yield from _section(waiting)
            waiting = []
        waiting.append((number, line))
    yield from _section(waiting)


def _values(cells: Iterable[ReadOnlyCell | EmptyCell]) -> list[object]:
    """The values of a row, numbers and days with the format that says how the sheet shows them."""
    values = ((cell.value, cell) for cell in cells)
    return [
        Formatted(value, cell.number_format or "") if isinstance(value, int | float | date) else value
        for value, cell in values
    ]


def _section(rows: Sequence[tuple[int, str]]) -> Iterator[Block]:
    """Neighbouring rows under one locator."""
    if rows:
        first, last = rows[0][0], rows[-1][0]
        locator = f"row {first}" if first == last else f"rows {first}–{last}"
        yield from (Block(BlockKind.ITEM, text, 0, locator) for _, text in rows)
