"""Rows of a CSV file or an Excel workbook by their column names, however untidy the sheet is around them."""

import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from indexer.parsing.sheet_rows import SheetLayout, sheet_layout
from indexer.parsing.tables_csv import delimiter_of
from indexer.sandbox import Limits, Sandbox
from knowledge.errors import SourceError
from knowledge.examples.export import unescaped

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_EXCEL = frozenset({".xlsx", ".xlsm"})
# Titles, logos and notes stand above the header in many sheets, but not a page of them.
_HEADER_WITHIN = 30
_MOST_ROWS = 50_000
# A workbook is a zip file; one that unpacks to more than this is no list of examples.
_MOST_UNPACKED = 500_000_000
# A sheet of fifty thousand rows is read for a while, and by nobody but the operator.
LIMITS = Limits(seconds=60.0, waiting_seconds=120.0)


class SheetRecord(NamedTuple):
    """A row that holds something: its number as the spreadsheet program shows it, and its cells by column name."""

    number: int
    cells: dict[str, str]


def read_rows(path: Path, columns: Collection[str], max_bytes: int, sheet: str | None = None) -> list[SheetRecord]:
    """Read rows as `read_rows_bytes` does, in a process of their own: whoever made the file may mean no good.

    Raises:
        SourceError: It cannot be read or costs too much to read, or no row names the columns.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise SourceError(f"{path} has {size / 1e6:.0f} MB; HALN_MAX_FILE_MB allows {max_bytes / 1e6:.0f}.")
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}).") from None
    with Sandbox(LIMITS) as sandbox:
        return [SheetRecord(*row) for row in sandbox.rows(str(path), content, tuple(columns), sheet)]


def read_rows_bytes(
    name: str, content: bytes, columns: Collection[str], sheet: str | None = None, most_unpacked: int = _MOST_UNPACKED
) -> list[SheetRecord]:
    """Return the rows below the first row that has all of `columns` (case and spaces do not count).

    Column names are given back as in `columns`. Rows without any text are left out. It is read in this process; what
    unpacks to more than `most_unpacked` bytes is refused.

    Raises:
        SourceError: It cannot be read, or no row names the columns; the message says which are missing.
    """
    path = PurePath(name)
    excel = path.suffix.lower() in _EXCEL
    sheets = _workbook(path, content, sheet, most_unpacked) if excel else {path.name: _csv_rows(content)}
    best: set[str] = set()
    for rows in sheets.values():
        numbered = list(itertools.islice(enumerate(rows, start=1), _MOST_ROWS + 1))
        if len(numbered) > _MOST_ROWS:
            raise SourceError(f"{path} has more than {_MOST_ROWS} rows. Split it.")
        for position, (_, cells) in enumerate(numbered[:_HEADER_WITHIN]):
            found = _header(cells, columns)
            if len(found) == len(set(columns)):
                return list(_named(numbered[position + 1 :], found))
            best = max(best, set(found.values()), key=len)
    absent = ", ".join(sorted(set(columns) - best))
    raise SourceError(f"{path}: no row has all the columns of the mapping; missing: {absent}.")


def _header(cells: Sequence[str], columns: Collection[str]) -> dict[int, str]:
    """Return column names by position for the cells that name one; of two that do, the first counts."""
    wanted = {_key(name): name for name in columns}
    found: dict[int, str] = {}
    for position, cell in enumerate(cells):
        name = wanted.get(_key(cell))
        if name is not None and name not in found.values():
            found[position] = name
    return found


def _named(numbered: Iterable[tuple[int, Sequence[str]]], header: dict[int, str]) -> Iterator[SheetRecord]:
    for number, cells in numbered:
        named = {name: cells[i].strip() if i < len(cells) else "" for i, name in header.items()}
        if any(named.values()):
            yield SheetRecord(number, named)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    delimiter, text = delimiter_of(_decoded(content))
    csv.field_size_limit(1_000_000)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [unescaped(cell) for cell in cells]
    except csv.Error as error:
        raise SourceError(f"It is not CSV that can be read ({error}).") from None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:8192]:
        raise SourceError("It is not a CSV file. Save the sheet as CSV in UTF-8, or as an Excel workbook (.xlsx).")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what Excel saves as plain CSV


def _workbook(path: PurePath, content: bytes, sheet: str | None, most_unpacked: int) -> dict[str, Iterator[list[str]]]:
    # A tenth of a second to import, and CSV needs none of it.
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > most_unpacked:
                raise SourceError(f"{path} unpacks to more than {most_unpacked / 1e6:.0f} MB; that is no list of rows.")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        raise SourceError(f"{path} is not an Excel workbook that can be read ({type(error).__name__}).") from None
    # A sheet that was hidden is read only by its name.
    names = [sheet] if sheet else [each.title for each in book.worksheets if each.sheet_state == "visible"]
    if sheet and sheet not in book.sheetnames:
        raise SourceError(f"{path} has no sheet named {sheet}; it has {', '.join(book.sheetnames)}.")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        layouts = {name: sheet_layout(packed, book[name]._worksheet_path) for name in names}
    return {name: _sheet_rows(path, book[name], layouts[name]) for name in names}


def _sheet_rows(path: PurePath, sheet: "Worksheet", layout: SheetLayout) -> Iterator[list[str]]:
    """Yield the rows of a sheet, blank where hidden; a cell merged over rows is said in each that says more."""
    above = {(top, left): "" for top, left, bottom, _ in layout.merged if bottom > top}
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_cell(value) for value in row]
            for top, left, bottom, _ in layout.merged:
                if top <= number <= bottom and left <= len(cells) and (top, left) in above:
                    if number == top:
                        above[top, left] = cells[left - 1]
                    elif any(cells):
                        cells[left - 1] = cells[left - 1] or above[top, left]
            yield [] if number in layout.hidden_rows else cells
    except (SyntaxError, ValueError, KeyError, zlib.error, zipfile.BadZipFile) as error:  # SyntaxError: of its XML
        raise SourceError(f"{path}: its sheet {sheet.title} is damaged ({type(error).__name__}).") from None


def _cell(value: object) -> str:
    """Return a cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)
