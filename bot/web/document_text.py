"""A document's text as blocks of a page: headings, paragraphs and lists, with one passage marked."""

from collections.abc import Sequence
from typing import NamedTuple

from knowledge.answering.in_document import Place
from knowledge.domain.library import Section

# About ten printed pages: more on one page is slow on a phone.
MOST_ON_A_PAGE = 30_000
_ITEM = "- "
_HIGHEST, _LOWEST = 2, 6


class Piece(NamedTuple):
    """A stretch of a block's text, and whether it belongs to the passage; `first` where the passage begins."""

    text: str
    marked: bool
    first: bool = False


class Block(NamedTuple):
    """A heading (with its `level` in HTML and its `locator`), a paragraph, or the items of a list."""

    kind: str
    items: tuple[tuple[Piece, ...], ...]
    level: int = 0
    locator: str | None = None


class Part(NamedTuple):
    """One page of a document's text: `number` of `pages`, from 1."""

    blocks: tuple[Block, ...]
    number: int
    pages: int


def part_of(sections: Sequence[Section], place: Place | None, number: int | None) -> Part:
    """Return the wanted page of a text, or the one that the passage is on."""
    pages = _pages(sections)
    if number is None and place is not None:
        number = next((n for n, page in enumerate(pages, 1) if place.section in page), 1)
    number = min(max(number or 1, 1), len(pages))
    blocks: list[Block] = []
    path: tuple[str, ...] = sections[pages[number - 2][-1]].heading_path if number > 1 and pages[number - 2] else ()
    for index in pages[number - 1]:
        section = sections[index]
        blocks += _headings(section, path)
        path = section.heading_path
        here = place if place is not None and place.section == index else None
        blocks += _text(section.text, here)
    return Part(tuple(blocks), number, len(pages))


def _pages(sections: Sequence[Section]) -> list[list[int]]:
    """Return the numbers of the sections of each page; a section is never broken."""
    pages: list[list[int]] = [[]]
    length = 0
    for number, section in enumerate(sections):
        if pages[-1] and length + len(section.text) > MOST_ON_A_PAGE:
            pages.append([])
            length = 0
        pages[-1].append(number)
        length += len(section.text)
    return pages


def _headings(section: Section, before: tuple[str, ...]) -> list[Block]:
    """Return the headings that begin with this section: those of its path that the one before had not."""
    same = 0
    while same < min(len(before), len(section.heading_path)) and before[same] == section.heading_path[same]:
        same += 1
    new = section.heading_path[same:]
    return [
        Block(
            "heading",
            ((Piece(heading, marked=False),),),
            min(_HIGHEST + same + depth, _LOWEST),
            section.locator if depth == len(new) - 1 else None,
        )
        for depth, heading in enumerate(new)
        if heading.strip()
    ]


def _text(text: str, place: Place | None) -> list[Block]:
    blocks: list[Block] = []
    items: list[tuple[Piece, ...]] = []
    at, begun = 0, False
    for line in text.split("\n"):
        start = at + (len(_ITEM) if line.startswith(_ITEM) else 0)
        found = _pieces(text, start, at + len(line), place, begun=begun)
        begun = begun or any(piece.marked for piece in found)
        at += len(line) + 1
        if items and not line.startswith(_ITEM):
            blocks.append(Block("list", tuple(items)))
            items = []
        if not line.strip():
            continue
        if line.startswith(_ITEM):
            items.append(found)
        else:
            blocks.append(Block("paragraph", (found,)))
    return [*blocks, Block("list", tuple(items))] if items else blocks


def _pieces(text: str, start: int, end: int, place: Place | None, *, begun: bool) -> tuple[Piece, ...]:
    """Return a line in pieces, those of the passage marked."""
    if place is None or place.end <= start or place.start >= end:
        return (Piece(text[start:end], marked=False),)
    first, last = max(start, place.start), min(end, place.end)
    found = (
        Piece(text[start:first], marked=False),
        Piece(text[first:last], marked=True, first=not begun),
        Piece(text[last:end], marked=False),
    )
    return tuple(piece for piece in found if piece.text)
