"""The result that every parser gives back."""

from collections.abc import Mapping
from typing import NamedTuple

from indexer.parsing.blocks import Block


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
