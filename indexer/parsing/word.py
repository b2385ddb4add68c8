"""Word files (.docx): headings, paragraphs, lists and tables in order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexer.parsing.archives import check_archive
from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.parsed import Parsed
from indexer.parsing.rows import Row, row_lines
from indexer.parsing.table_spans import cap_word_spans
from indexer.parsing.text import printable
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.table import _Row as TableRow
    from docx.text.paragraph import Paragraph


def parse(content: bytes, known_title: str | None) -> Parsed:
    """A Word file. Word keeps no page numbers in it: a citation names its headings.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    check_archive(content)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(content))
        cap_word_spans(document)
        blocks = list(_blocks(document))
        properties = document.core_properties
        author, stated = properties.author or None, (properties.title or "").strip() or None
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, IndexError) as error:
        raise SourceError(f"it is damaged or not a Word file ({error}); open it in Word and save it again") from None
    title = known_title or stated
    if blocks and blocks[0].kind is BlockKind.HEADING and blocks[0].level <= 1:
        title, blocks = known_title or blocks[0].text, blocks[1:]
    # The name that the library which made the file gives to everybody is nobody's.
    return Parsed(title, {"author": author if author != "python-docx" else None}, blocks)


def _blocks(document: Document) -> Iterator[Block]:
    from docx.text.paragraph import Paragraph

    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            if block := _block(part):
                yield block
        else:
            yield from _rows(part)


def _block(paragraph: Paragraph) -> Block | None:
    text = " ".join(printable(paragraph.text).split())
    if not text:
        return None
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style == "Title":
        return Block(BlockKind.HEADING, text, 0)
    if style.startswith("Heading"):
        number = style.removeprefix("Heading").strip()
        return Block(BlockKind.HEADING, text, int(number) if number.isdigit() else 1)
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    return Block(BlockKind.ITEM if numbered or style.startswith("List") else BlockKind.PARAGRAPH, text)


def _rows(table: Table) -> Iterator[Block]:
    """A table's rows as items; a cell merged across columns is said once, one merged across rows in each of them."""
    rows = [_row(row) for row in table.rows]
    yield from (Block(BlockKind.ITEM, text) for text in row_lines(rows))


def _row(row: TableRow) -> Row:
    """A row; it names the columns when it is marked to be repeated on every page, or is bold as a whole."""
    cells = row.cells
    merged = [place > 0 and cell._tc is cells[place - 1]._tc for place, cell in enumerate(cells)]
    runs = [run for cell in cells for paragraph in cell.paragraphs for run in paragraph.runs if run.text.strip()]
    marked = row._tr.trPr is not None and row._tr.trPr.find(_REPEATED) is not None
    texts = ["".join(text.text or "" for text in cell._tc.iter(_TEXT)) for cell in cells]
    shown = ["" if again else " ".join(printable(text).split()) for text, again in zip(texts, merged, strict=True)]
    return Row(shown, marked or (bool(runs) and all(run.bold for run in runs)))


_REPEATED = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblHeader"
_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
