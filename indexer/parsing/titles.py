"""The title of a document from its first heading, which is then not repeated in its text."""

import re
from collections.abc import Sequence

from indexer.parsing.blocks import Block, BlockKind

_OUTERMOST = 1


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
