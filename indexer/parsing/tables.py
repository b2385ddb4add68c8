"""Excel workbooks (.xlsx, .xlsm): each sheet that is shown under its name, its rows as they read alone."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from indexer.parsing.archives import check_archive
from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed
from indexer.parsing.cells import Formatted, shown
from indexer.parsing.drawings import keep_one_alternative, paragraph_lines
from indexer.parsing.sheet_rows import sheet_layout, visible_rows
from indexer.parsing.table_blocks import sheet_blocks
from indexer.parsing.text import printable
from indexer.parsing.xml import parse_xml
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell


_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_COMMENT = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}comment"
# Enough of a hidden sheet to say what was left out.
_MOST_HIDDEN_ROWS = 10_000


def drawn_blocks(archive: zipfile.ZipFile, part: str, left_out: list[LeftOut]) -> Iterator[Block]:
    """Yield a paragraph for each line of a sheet's boxes; `left_out` grows by its comments.

    Raises:
        SourceError: A part is not well-formed XML.
    """
    for kind, target in _related(archive, part.lstrip("/")):
        if kind == "drawing":
            root = parse_xml(archive.read(target))
            keep_one_alternative(root)
            yield from (Block(BlockKind.PARAGRAPH, line) for line in paragraph_lines(root))
        elif kind == "comments":
            comments = parse_xml(archive.read(target)).iter(_COMMENT)
            texts = (" ".join(printable("".join(comment.itertext())).split()) for comment in comments)
            left_out += (LeftOut("comments", text) for text in texts if text)


def _related(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str]]:
    """Yield the parts that a part refers to, by the last word of the kind of relationship."""
    folder, name = posixpath.split(part)
    names = set(archive.namelist())
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in names:
        return
    for relationship in parse_xml(archive.read(listed)).iter(_RELATIONSHIP):
        target = relationship.get("Target") or ""
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if path in names:
            yield (relationship.get("Type") or "").rpartition("/")[2], path


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return an Excel file's rows. Formulas count with the value that was saved with them; macros are never run.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    check_archive(content)
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    left_out: list[LeftOut] = []
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            blocks = list(_blocks(book, archive, left_out))
        stated = (book.properties.title or "").strip() or None
        book.close()
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError) as error:
        raise SourceError(f"it is damaged or not an Excel file ({error}); open it in Excel and save it again") from None
    return Parsed(known_title or stated, {}, blocks, tuple(left_out))


def _blocks(book: Workbook, archive: zipfile.ZipFile, left_out: list[LeftOut]) -> Iterator[Block]:
    several = sum(sheet.sheet_state == "visible" for sheet in book.worksheets) > 1
    for sheet in book.worksheets:
        # What a sheet claims its size to be may be every cell there can be.
        sheet.reset_dimensions()
        if sheet.sheet_state != "visible":
            left_out += _hidden(sheet.title, sheet.iter_rows(max_row=_MOST_HIDDEN_ROWS, values_only=True))
            continue
        # The reader of values keeps the place of its part to itself.
        seen = visible_rows(map(_values, sheet.iter_rows()), sheet_layout(archive, sheet._worksheet_path))
        left_out += seen.left_out
        yield from sheet_blocks(seen.rows, sheet.title if several else None)
        yield from drawn_blocks(archive, sheet._worksheet_path, left_out)


def _hidden(title: str, rows: Iterable[Iterable[object]]) -> Iterator[LeftOut]:
    """Yield the text of a hidden sheet, after its name."""
    text = " ".join(filter(None, (shown(value) for row in rows for value in row)))
    yield LeftOut("hidden sheets", f"{title} {text}".strip())


def _values(cells: Iterable[ReadOnlyCell | EmptyCell]) -> list[object]:
    """Return the values of a row, with the format that says how the sheet shows them and whether they are bold."""
    return [_value(cell) if cell.value is not None else None for cell in cells]


def _value(cell: ReadOnlyCell) -> object:
    bold = bool(cell.font.bold) if cell.has_style else False
    if isinstance(cell.value, int | float | date):
        return Formatted(cell.value, cell.number_format or "", bold)
    return Formatted(cell.value, "", True) if bold else cell.value
