"""PowerPoint files (.pptx): a section a slide, with its number, its notes below its text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from indexer.parsing.archives import check_archive
from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed
from indexer.parsing.drawings import drawing_lines, keep_one_alternative, paragraph_lines, related_parts
from indexer.parsing.lines import one_line, split_lines
from indexer.parsing.rows import Row, row_lines
from indexer.parsing.text import printable
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from pptx.opc.package import XmlPart
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import Table, _Cell


# Two columns in a table's usual form, with a figure in the first row, are names and values without names above them.
_FEWEST_NAMED = 3
# What PowerPoint calls every new deck, and what decks inherit from the form they were made with, is no title.
_NO_TITLE = re.compile(r"powerpoint presentation$|.*\btemplate\b", re.IGNORECASE)


def shape_blocks(part: XmlPart, shapes: Iterable[BaseShape], left_out: list[LeftOut]) -> Iterator[Block]:
    """Yield the blocks of shapes; `left_out` grows by what is hidden, and by dates, numbers and footers of slides."""
    from pptx.shapes.group import GroupShape

    for shape in _in_order(shapes):
        if reason := _unread(shape):
            if text := " ".join(paragraph_lines(shape._element)):
                left_out.append(LeftOut(reason, text))
        elif isinstance(shape, GroupShape):
            yield from shape_blocks(part, shape.shapes, left_out)
        else:
            yield from _blocks(part, shape)


def clean(text: str) -> str:
    """Return a text in one line, without control characters."""
    return " ".join(printable(text).split())


def _blocks(part: XmlPart, shape: BaseShape) -> Iterator[Block]:
    from pptx.shapes.graphfrm import GraphicFrame

    if isinstance(shape, GraphicFrame) and shape.has_table:
        yield from (Block(BlockKind.ITEM, line) for line in row_lines(list(_rows(shape.table))))
    elif shape.has_text_frame:
        frame = shape.text_frame  # type: ignore[attr-defined]  # declared by the shapes that have one
        paragraphs = [lines for p in frame.paragraphs if (lines := split_lines(p.text))]
        kind = BlockKind.ITEM if len(paragraphs) > 1 else BlockKind.PARAGRAPH
        for lines in paragraphs:
            if kind is BlockKind.ITEM:
                yield Block(kind, one_line(lines))
            else:
                yield from (Block(kind, line) for line in lines)
    for kind_of_drawing, relationship in related_parts(shape._element):
        if relationship in part.rels and not part.rels[relationship].is_external:
            blob = part.rels[relationship].target_part.blob
            yield from (Block(BlockKind.ITEM, line) for line in drawing_lines(kind_of_drawing, blob))


def _rows(table: Table) -> Iterator[Row]:
    """Yield a table's rows: a cell merged across is said once, one merged down in each row; names in each column."""
    cells = [list(row.cells) for row in table.rows]
    texts = [[one_line(split_lines(cell.text_frame.text)) for cell in row] for row in cells]
    for top, row in enumerate(cells):
        for left, cell in enumerate(row):
            if not cell.is_merge_origin:
                continue
            heads = top == 0 and table.first_row
            for down in range(top, min(top + cell.span_height, len(texts))):
                for across in range(left, min(left + (cell.span_width if heads else 1), len(texts[down]))):
                    texts[down][across] = texts[top][left]
    first = texts[0] if texts else []
    plain = len(first) >= _FEWEST_NAMED or not any(any(c.isdigit() for c in cell) for cell in first)
    across_all = len(set(filter(None, first))) <= 1
    for number, said in enumerate(texts):
        bold = frozenset(place for place, cell in enumerate(cells[number]) if said[place] and _is_bold(cell))
        heads = number == 0 and table.first_row and plain and not across_all
        wide = not across_all and any(cell.is_merge_origin and cell.span_width > 1 for cell in cells[number])
        yield Row(list(dict.fromkeys(said)) if number == 0 and across_all else said, heads, bold, wide)


def _is_bold(cell: _Cell) -> bool:
    runs = [run for paragraph in cell.text_frame.paragraphs for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.font.bold for run in runs)


def _unread(shape: BaseShape) -> str | None:
    """Return why a shape is not read; `None` for one that is."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    properties = shape._element.xpath("./*/p:cNvPr[@hidden='1' or @hidden='true']")
    if properties:
        return "hidden shapes"
    if not shape.is_placeholder:
        return None
    furniture = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER)
    return "slide footers" if shape.placeholder_format.type in furniture else None


def _in_order(shapes: Iterable[BaseShape]) -> list[BaseShape]:
    """Return shapes from top to bottom and left to right, as they are read; placeholders without a place come first."""
    return sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return a slide deck's slides. The title is the file's own, or that of the first slide.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    check_archive(content)
    import pptx
    from lxml.etree import LxmlError
    from pptx.exc import PythonPptxError

    left_out: list[LeftOut] = []
    try:
        deck = pptx.Presentation(io.BytesIO(content))
        slides = list(deck.slides)
        for slide in slides:
            keep_one_alternative(slide._element)
        blocks = [block for number, slide in enumerate(slides, 1) for block in _slide_blocks(slide, number, left_out)]
        properties = deck.core_properties
        stated, author = (properties.title or "").strip(), (properties.author or "").strip()
        first = next((_title(slide) for slide in slides if not _is_hidden(slide)), None)
    except (PythonPptxError, LxmlError, KeyError, ValueError, AttributeError, IndexError) as error:
        problem = f"it is damaged or not a PowerPoint file ({error})"
        raise SourceError(f"{problem}; open it in PowerPoint and save it again") from None
    title = stated if stated and not _NO_TITLE.match(stated) else first or stated or None
    return Parsed(known_title or title, {"author": author or None}, blocks, tuple(left_out))


def _slide_blocks(slide: Slide, number: int, left_out: list[LeftOut]) -> Iterator[Block]:
    if _is_hidden(slide):
        notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        said = [*paragraph_lines(slide._element), *(clean(p.text) for p in (notes.paragraphs if notes else ()))]
        left_out.append(LeftOut("hidden slides", " ".join([f"slide {number}:", *filter(None, said)])))
        return
    title, heading = _title(slide), slide.shapes.title
    # Shapes are made anew each time they are asked for; their elements stay.
    shapes: Iterable[BaseShape] = slide.shapes
    others = [shape for shape in shapes if heading is None or shape._element is not heading._element]
    blocks = [*shape_blocks(slide.part, others, left_out), *_notes(slide)]
    locator = f"slide {number}"
    if title or blocks:
        yield Block(BlockKind.HEADING, title or f"Slide {number}", 1, locator)
    yield from (block._replace(locator=locator) for block in blocks)


def _notes(slide: Slide) -> Iterator[Block]:
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for paragraph in notes.paragraphs if notes is not None else ():
        if text := clean(paragraph.text):
            yield Block(BlockKind.PARAGRAPH, text)


def _title(slide: Slide) -> str | None:
    shape = slide.shapes.title
    return clean(shape.text_frame.text) or None if shape is not None else None


def _is_hidden(slide: Slide) -> bool:
    return slide._element.get("show") in ("0", "false")
