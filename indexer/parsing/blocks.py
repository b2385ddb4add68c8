"""Headings, paragraphs and list items: what every parser yields, and how they become sections."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from knowledge.domain.library import Section


class BlockKind(StrEnum):
    """What a block is."""

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
    """Sections by heading path and locator; headings without text of their own give none."""
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

    for block in blocks:
        if block.locator != locator:
            close()
            locator = block.locator
        if block.kind is BlockKind.HEADING:
            close()
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, block.text))
        elif block.kind is BlockKind.ITEM:
            lines.append(("\n" if previous is not BlockKind.HEADING else "") + f"- {block.text}")
        else:
            lines.append(f"\n\n{block.text}")
        previous = block.kind
    close()
    return tuple(sections)
