"""What every parser gives back."""

from collections.abc import Mapping
from typing import NamedTuple

from indexer.parsing.blocks import Block


class Parsed(NamedTuple):
    """A file as its parser read it.

    `title` is the file's own, `None` when it has none. `metadata` is what the file says of itself, raw values by the
    names of `knowledge.domain.library.Metadata` (and any others, which are passed over).
    """

    title: str | None
    metadata: Mapping[str, object]
    blocks: list[Block]
