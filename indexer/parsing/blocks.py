"""Headings, paragraphs and list items: what every parser yields, and how they become sections."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from knowledge.domain.library import Section

# What is longer is a paragraph set in a heading's style.
_MOST_HEADING_WORDS = 40
_OUTERMOST = 1


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


def without_title(
    blocks: Sequence[Block], known_title: str | None, stated: str | None = None
) -> tuple[str | None, list[Block]]:
    """Return the title and the blocks without the heading that says it.

    `known_title` is what somebody said it is; it and a heading of the outermost level come before `stated`, what the
    file's properties say. A heading that says something else than the title stays, as do the headings of a document
    that has nothing but headings.
    """
    rest = list(blocks)
    first = rest[0] if rest and rest[0].kind is BlockKind.HEADING and rest[0].level <= _OUTERMOST else None
    if first is None:
        return known_title or stated, rest
    title = known_title or first.text
    if same_words(title, first.text) and _is_title(first, rest[1:]):
        rest = rest[1:]
    return title, rest


def same_words(one: str, other: str) -> bool:
    """Return whether two texts are the same but for case, spaces and punctuation."""
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()


def _is_title(first: Block, rest: Sequence[Block]) -> bool:
    """Return whether a document's first heading is no more than its title: it says so, or what follows needs none."""
    if first.level < _OUTERMOST and rest:
        return True
    others = [block for block in rest if block.kind is BlockKind.HEADING and block.level <= first.level]
    has_text = any(block.kind is not BlockKind.HEADING for block in rest)
    return has_text and (not others or rest[0].kind is BlockKind.HEADING)


class LeftOut(NamedTuple):
    """Text of a file that is not stored, and why: nothing is lost without a word.

    `reason` is a short group in plain words, in the plural where it can be, the same for all text of its kind:
    "menus", "repeated footers", "hidden text", "hidden slides". A `reason` may come several times.
    """

    reason: str
    text: str


class Parsed(NamedTuple):
    """A file as its parser read it.

    `title` is the file's own, `None` when it has none. `metadata` is what the file says of itself, raw values by the
    names of `knowledge.domain.library.Metadata` (and any others, which are passed over). `left_out` is the text that
    the parser passed over on purpose; what is in neither is missed. `problems` is a line for each field of
    `metadata` that the file has and that could not be read, with what to do about it.
    """

    title: str | None
    metadata: Mapping[str, object]
    blocks: list[Block]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[str, ...] = ()
