"""PowerPoint files (.pptx): a section a slide, with its number, its notes below its text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from indexer.parsing.archives import check_archive
from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.parsed import Parsed
from indexer.parsing.text import printable
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide


def parse(content: bytes, known_title: str | None) -> Parsed:
    """A slide deck. The title is the file's own, or that of the first slide.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    check_archive(content)
    import pptx
    from lxml.etree import LxmlError
    from pptx.exc import PythonPptxError

    try:
        deck = pptx.Presentation(io.BytesIO(content))
        slides = list(deck.slides)
        blocks = [block for number, slide in enumerate(slides, start=1) for block in _blocks(slide, number)]
        properties = deck.core_properties
        stated, author = (properties.title or "").strip(), (properties.author or "").strip()
        first = _title(slides[0]) if slides else None
    except (PythonPptxError, LxmlError, KeyError, ValueError, AttributeError, IndexError) as error:
        problem = f"it is damaged or not a PowerPoint file ({error})"
        raise SourceError(f"{problem}; open it in PowerPoint and save it again") from None
    # What PowerPoint calls every new deck is no title.
    title = stated if stated and stated != "PowerPoint Presentation" else first
    return Parsed(known_title or title, {"author": author or None}, blocks)


def _blocks(slide: Slide, number: int) -> Iterator[Block]:
    locator = f"slide {number}"
    title = _title(slide)
    if title:
        yield Block(BlockKind.HEADING, title, 1, locator)
    else:
        yield Block(BlockKind.HEADING, f"Slide {number}", 1, locator)
    heading = slide.shapes.title
    for text, item in _texts(_in_order(slide.shapes)):
        if heading is None or text != title:
            yield Block(BlockKind.ITEM if item else BlockKind.PARAGRAPH, text, 0, locator)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for paragraph in notes.paragraphs if notes is not None else ():
        if text := _clean(paragraph.text):
            yield Block(BlockKind.PARAGRAPH, text, 0, locator)


def _title(slide: Slide) -> str | None:
    shape = slide.shapes.title
    return _clean(shape.text_frame.text) or None if shape is not None else None


def _in_order(shapes: Iterable[BaseShape]) -> list[BaseShape]:
    """Shapes from top to bottom and left to right, as they are read; placeholders without a place come first."""
    return sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))


def _texts(shapes: Iterable[BaseShape]) -> Iterator[tuple[str, bool]]:
    """The paragraphs and table rows of shapes, each with whether it is an item of a list."""
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.shapes.group import GroupShape

    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _texts(_in_order(shape.shapes))
        elif isinstance(shape, GraphicFrame) and shape.has_table:
            for row in shape.table.rows:
                if line := " | ".join(filter(None, (_clean(cell.text_frame.text) for cell in row.cells))):
                    yield line, True
        elif shape.has_text_frame:
            frame = shape.text_frame  # type: ignore[attr-defined]  # declared by the shapes that have one
            lines = [text for paragraph in frame.paragraphs if (text := _clean(paragraph.text))]
            for text in lines:
                yield text, len(lines) > 1


def _clean(text: str) -> str:
    return " ".join(printable(text).split())
