"""Headings, paragraphs and list items: what every parser yields, and how they become sections."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from knowledge.domain.library import Section

# What is longer is a paragraph set in a heading's style.
_MOST_HEADING_WORDS = 40


class BlockKind(StrEnum):
    """A kind of block."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


class Block(NamedTuple):
    """A piece of a document. `level` counts for headings only: 1 is the outermost. `locator` is the section's."""

    kind: BlockKind
    text: str
    level: int = 0
    locator: str | None = None


def to_sections(blocks: Iterable[Block]) -> tuple[Section, ...]:
    """Return sections by heading path and locator. A heading that has nothing below it is a paragraph of its own."""
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    previous: BlockKind | None = None
    locator: str | None = None

    def close() -> None:
        text = "".join(lines).strip()
        if text:
            headings = tuple(heading for _, heading in path)
            sections.append(Section(heading_path=headings, text=text, locator=locator))
        lines.clear()

    for block, level in _with_levels(list(blocks)):
        if block.locator != locator:
            close()
            locator = block.locator
        if level is not None and path and path[-1][0] >= level:
            close()
            while path and path[-1][0] >= level:
                path.pop()
        if block.kind is BlockKind.HEADING:
            close()
            path.append((block.level, block.text))
        elif block.kind is BlockKind.ITEM:
            lines.append(("\n" if previous is not BlockKind.HEADING else "") + f"- {block.text}")
        else:
            lines.append(f"\n\n{block.text}")
        previous = block.kind
    close()
    return tuple(sections)


def _with_levels(blocks: Sequence[Block]) -> Iterator[tuple[Block, int | None]]:
    """Yield each block with the level from which on it ends headings; bare and very long headings as paragraphs."""
    for position, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING:
            yield block, None
            continue
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        bare = following is None or (following.kind is BlockKind.HEADING and following.level <= block.level)
        if bare or len(block.text.split()) > _MOST_HEADING_WORDS:
            yield block._replace(kind=BlockKind.PARAGRAPH, level=0), block.level
        else:
            yield block, block.level
