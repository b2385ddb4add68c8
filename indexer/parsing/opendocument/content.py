"""The content of an OpenDocument file as blocks: headings, paragraphs, lists, tables, boxes and notes in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed, without_title
from indexer.parsing.lines import one_line, split_lines
from indexer.parsing.opendocument.package import DRAW, OFFICE, TABLE, TEXT, Package
from indexer.parsing.opendocument.text import OdfParagraph, read_paragraph, table_rows
from indexer.parsing.rows import Row, row_lines

if TYPE_CHECKING:
    from lxml.etree import _Element


_TITLE = "Title"
_HEADING = re.compile(r"Heading (\d)$")
# Lists that a program makes of a text's own headings, captions and words.
_INDEXES = frozenset(
    f"{TEXT}{name}"
    for name in (
        "table-of-content",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
        "alphabetical-index",
    )
)
_LISTS = frozenset({f"{TEXT}list", f"{TEXT}numbered-paragraph"})
_HOLDERS = frozenset({f"{TEXT}section", f"{TEXT}bibliography", f"{TEXT}index-body"})
_PICTURES = frozenset(f"{DRAW}{name}" for name in ("image", "object", "object-ole", "plugin", "applet"))
_LAYOUT_WORDS = 60


class ContentReader:
    """Reads the content of an element; `left_out` grows by the text that is passed over."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._notes = 0
        self.left_out: list[LeftOut] = []

    def blocks(self, parent: _Element, *, item: bool = False) -> Iterator[Block]:
        """Yield the blocks of an element's children; `item`: they stand in a list, the first as its item."""
        for element in parent:
            for block in self.element(element, item=item):
                yield block
                item = item and block.kind is not BlockKind.ITEM

    def element(self, element: _Element, *, item: bool = False) -> Iterator[Block]:
        """Yield the blocks of one element."""
        tag = element.tag
        if not isinstance(tag, str):
            return  # a comment in the XML
        if tag in (f"{TEXT}p", f"{TEXT}h"):
            yield from self._paragraph(element, item=item)
        elif tag in _LISTS:
            for entry in element:
                yield from self.blocks(entry, item=True)
        elif tag in _INDEXES:
            self.leave("tables of contents", element)
        elif tag == f"{TEXT}tracked-changes":
            for deletion in element.iter(f"{TEXT}deletion"):
                self.leave("tracked deletions", deletion)
        elif tag == f"{TEXT}section" and element.get(f"{TEXT}display") == "none":
            self.leave("hidden text", element)
        elif tag == f"{TABLE}table":
            yield from self.table(element)
        elif tag in _HOLDERS or (tag.startswith(DRAW) and tag not in _PICTURES):
            yield from self.blocks(element)

    def leave(self, reason: str, element: _Element) -> None:
        """Note the text of an element as left out."""
        said = (" ".join("".join(p.itertext()).split()) for p in element.iter(f"{TEXT}p", f"{TEXT}h"))
        if text := " ".join(filter(None, said)):
            self.left_out.append(LeftOut(reason, text))

    def table(self, element: _Element) -> Iterator[Block]:
        """Yield a table's rows; those of a table with one column, or that lays out a page, as what stands in them."""
        rows = table_rows(element)
        cells = [cell.element for row in rows for cell in row.cells]
        words = sum(len("".join(cell.itertext()).split()) for cell in cells)
        headed = any(cell.find(f"{TEXT}h") is not None and len(cell) > 1 for cell in cells)
        if all(len(row.cells) <= 1 for row in rows) or headed or (len(rows) == 1 and words > _LAYOUT_WORDS):
            for cell in cells:
                yield from self.blocks(cell)
            return
        after: list[Block] = []
        above: dict[int, tuple[str, int]] = {}
        lines: list[Row] = []
        for position, row in enumerate(rows):
            texts = [""] * max((cell.column + cell.span for cell in row.cells), default=0)
            texts += [""] * (max((c + 1 for c, (_, last) in above.items() if last >= position), default=0) - len(texts))
            bold = set()
            for column, (text, last) in above.items():
                if last >= position:
                    texts[column] = text
            for cell in row.cells:
                texts[cell.column], is_bold = self._cell(cell.element, after)
                above[cell.column] = texts[cell.column], position + cell.rows - 1
                if is_bold:
                    bold.add(cell.column)
            said = {place for place, text in enumerate(texts) if text}
            heads = row.heads or (bool(said) and said <= bold)
            if heads and len(said) > 1:
                for cell in row.cells:
                    texts[cell.column : cell.column + cell.span] = [texts[cell.column]] * cell.span
            wide = len(said) > 1 and any(cell.span > 1 for cell in row.cells)
            lines.append(Row(texts, heads, frozenset(bold), wide))
        yield from (Block(BlockKind.ITEM, line) for line in row_lines(lines))
        yield from after

    def _cell(self, cell: _Element, after: list[Block]) -> tuple[str, bool]:
        """Return a cell's text, its paragraphs apart, and whether it is bold; tables in it follow the outer one."""
        nested = list(cell.iter(f"{TEXT}p", f"{TEXT}h"))
        inner = {p for table in cell.iter(f"{TABLE}table") for p in table.iter(f"{TEXT}p", f"{TEXT}h")}
        for table in cell.iterchildren(f"{TABLE}table"):
            after += self.table(table)
        lines: list[str] = []
        bold = True
        for element in nested:
            if element in inner or next(element.iterancestors(f"{TEXT}note", f"{OFFICE}annotation"), None) is not None:
                continue
            paragraph = self._read(element)
            lines += split_lines(paragraph.text)
            bold = bold and (paragraph.bold or not paragraph.text.strip())
            after += self._after(paragraph)
        return one_line(lines), bold and bool(lines)

    def _read(self, element: _Element) -> OdfParagraph:
        return read_paragraph(element, self._package, self.left_out)

    def _paragraph(self, element: _Element, *, item: bool) -> Iterator[Block]:
        paragraph = self._read(element)
        lines = split_lines(paragraph.text)
        level = self._level(element)
        if lines and level is not None:
            yield Block(BlockKind.HEADING, " ".join(lines), level)
        elif lines and item:
            yield Block(BlockKind.ITEM, one_line(lines))
        else:
            yield from (Block(BlockKind.PARAGRAPH, line) for line in lines)
        yield from self._after(paragraph)

    def _after(self, paragraph: OdfParagraph) -> Iterator[Block]:
        """Yield the boxes and notes that hang on a paragraph."""
        for box in paragraph.boxes:
            yield from self.blocks(box)
        for note in paragraph.notes:
            self._notes += 1
            if said := one_line(block.text for block in self.blocks(note)):
                yield Block(BlockKind.PARAGRAPH, f"Note {self._notes}: {said}")

    def _level(self, element: _Element) -> int | None:
        """Return a heading's level, 0 for a title; `None` for text."""
        style = self._package.style("paragraph", element.get(f"{TEXT}style-name"))
        if _TITLE in style.names:
            return 0
        if element.tag == f"{TEXT}h":
            level = element.get(f"{TEXT}outline-level") or "1"
            return int(level) if level.isdigit() and 0 < int(level) < 100 else 1
        return next((int(match[1]) for name in style.names if (match := _HEADING.match(name))), None)


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return an OpenDocument text's headings, paragraphs and items; it keeps no page numbers.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    package = Package(content, "text")
    reader = ContentReader(package)
    title, blocks = without_title(list(reader.blocks(package.body)), known_title, package.title)
    return Parsed(title, {"author": package.author}, blocks, tuple(reader.left_out))
