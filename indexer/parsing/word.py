"""Word files (.docx): headings, paragraphs, lists and tables in order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexer.parsing.archives import check_archive
from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.parsed import Parsed
from indexer.parsing.text import printable
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
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
    """A table's rows as items; a merged cell is said once."""
    for row in table.rows:
        cells = dict.fromkeys(cell._tc for cell in row.cells)
        texts = [" ".join(printable("".join(t.text or "" for t in tc.iter(_TEXT))).split()) for tc in cells]
        if line := " | ".join(filter(None, texts)):
            yield Block(BlockKind.ITEM, line)


_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
