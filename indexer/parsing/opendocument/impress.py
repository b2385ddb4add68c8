"""Slides of LibreOffice Impress (.odp): a section a slide, its notes below its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed
from indexer.parsing.opendocument.content import ContentReader
from indexer.parsing.opendocument.package import DRAW, PRESENTATION, SVG, TEXT, Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_FURNITURE = frozenset({"page-number", "footer", "header", "date-time"})
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0353}


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return a slide deck's slides. The title is the file's own, or that of the first slide.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    package = Package(content, "presentation")
    reader = ContentReader(package)
    blocks: list[Block] = []
    first: str | None = None
    for number, slide in enumerate(package.body.iterchildren(f"{DRAW}page"), start=1):
        if package.style("drawing-page", slide.get(f"{DRAW}style-name")).hides_slide:
            said = [" ".join("".join(p.itertext()).split()) for p in slide.iter(f"{TEXT}p")]
            reader.left_out.append(LeftOut("hidden slides", " ".join([f"slide {number}:", *filter(None, said)])))
            continue
        title = next((_said(shape) for shape in slide if _class(shape) == "title" and _said(shape)), None)
        first = first or title
        blocks += _slide(reader, slide, number, title)
    return Parsed(known_title or package.title or first, {"author": package.author}, blocks, tuple(reader.left_out))


def _slide(reader: ContentReader, slide: _Element, number: int, title: str | None) -> Iterator[Block]:
    blocks: list[Block] = []
    for shape in sorted(slide, key=_place):
        kind = _class(shape)
        if kind in _FURNITURE:
            reader.leave("slide footers", shape)
        elif shape.tag == f"{PRESENTATION}notes":
            continue
        elif kind != "title" or _said(shape) != title:
            blocks += reader.element(shape)
    for notes in slide.iterchildren(f"{PRESENTATION}notes"):
        for shape in notes:
            if _class(shape) in _FURNITURE:
                reader.leave("slide footers", shape)
            else:
                blocks += reader.element(shape)
    locator = f"slide {number}"
    if title or blocks:
        yield Block(BlockKind.HEADING, title or f"Slide {number}", 1, locator)
    # What is a heading by its style within a slide is a line of it.
    for block in blocks:
        kind_of_block = BlockKind.PARAGRAPH if block.kind is BlockKind.HEADING else block.kind
        yield Block(kind_of_block, block.text, 0, locator)


def _class(shape: _Element) -> str | None:
    kind: str | None = shape.get(f"{PRESENTATION}class")
    return kind


def _said(shape: _Element) -> str:
    return " ".join(" ".join("".join(p.itertext()) for p in shape.iter(f"{TEXT}p")).split())


def _place(shape: _Element) -> tuple[float, float]:
    """Return the place from the top and from the left, in centimetres; what has no place comes first."""
    return _length(shape.get(f"{SVG}y")), _length(shape.get(f"{SVG}x"))


def _length(text: str | None) -> float:
    try:
        return float((text or "")[:-2]) * _CENTIMETRES.get((text or "")[-2:], 1.0)
    except ValueError:
        return 0.0
