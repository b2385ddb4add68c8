"""PowerPoint files (.pptx): a section a slide, with its number, its notes below its text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from indexer.parsing.archives import check_archive
from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.drawings import keep_one_alternative, paragraph_lines
from indexer.parsing.parsed import LeftOut, Parsed
from indexer.parsing.slide_shapes import clean, shape_blocks
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide

# What PowerPoint calls every new deck, and what decks inherit from the form they were made with, is no title.
_NO_TITLE = re.compile(r"powerpoint presentation$|.*\btemplate\b", re.IGNORECASE)


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
        blocks = [block for number, slide in enumerate(slides, 1) for block in _blocks(slide, number, left_out)]
        properties = deck.core_properties
        stated, author = (properties.title or "").strip(), (properties.author or "").strip()
        first = next((_title(slide) for slide in slides if not _is_hidden(slide)), None)
    except (PythonPptxError, LxmlError, KeyError, ValueError, AttributeError, IndexError) as error:
        problem = f"it is damaged or not a PowerPoint file ({error})"
        raise SourceError(f"{problem}; open it in PowerPoint and save it again") from None
    title = stated if stated and not _NO_TITLE.match(stated) else first or stated or None
    return Parsed(known_title or title, {"author": author or None}, blocks, tuple(left_out))


def _blocks(slide: Slide, number: int, left_out: list[LeftOut]) -> Iterator[Block]:
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
