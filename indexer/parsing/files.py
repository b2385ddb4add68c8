"""One file to title, front matter and sections."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import NamedTuple

from indexer.parsing.blocks import Block, BlockKind, to_sections
from indexer.parsing.markdown import markdown_blocks, split_front_matter
from indexer.parsing.plain import first_heading, plain_blocks
from knowledge.errors import SourceError
from knowledge.types import Section

_MARKDOWN = frozenset({".md", ".markdown"})
_PLAIN = frozenset({".txt", ".text"})
SUPPORTED_SUFFIXES = _MARKDOWN | _PLAIN


class ParsedFile(NamedTuple):
    """What a file says. `title` is its own, or its name when it has none."""

    title: str
    front_matter: Mapping[str, object]
    sections: tuple[Section, ...]


def parse_file(name: str, content: bytes, known_title: str | None = None) -> ParsedFile:
    """Parse a file's bytes as Markdown or plain text, by its name's ending.

    `known_title` is its title when somebody said it, e.g. in a catalogue.

    Raises:
        SourceError: The bytes are not text, or there is none in them.
    """
    path = PurePath(name)
    suffix = path.suffix.lower()
    text = _decode(content)
    front_matter: Mapping[str, object] = {}
    if suffix in _MARKDOWN:
        front_matter, body = split_front_matter(text)
        stated = known_title or front_matter.get("title")
        blocks = markdown_blocks(body)
        title, blocks = _title_of(blocks, str(stated) if stated else None)
    else:
        title = known_title or first_heading(text)
        blocks = plain_blocks(text, title)
    sections = to_sections(blocks)
    if not sections:
        raise SourceError("there is no text in it")
    return ParsedFile((title or path.stem.replace("-", " ").replace("_", " "))[:300], front_matter, sections)


def _title_of(blocks: list[Block], stated: str | None) -> tuple[str | None, list[Block]]:
    """The title, and the blocks without the heading that carries it."""
    if blocks and blocks[0].kind is BlockKind.HEADING and blocks[0].level == 1:
        return stated or blocks[0].text, blocks[1:]
    return stated, blocks


def _decode(content: bytes) -> str:
    """The bytes as text without control characters.

    Raises:
        SourceError: They are not text.
    """
    encoding = "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content[:8192]:
        raise SourceError("it is not a text file")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # What Windows programs save when they do not save UTF-8. Five bytes have no meaning in it.
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise SourceError("it is not a text file") from None
    if sum(not (c.isprintable() or c.isspace()) for c in text[:8192]) > len(text[:8192]) * 0.05:
        raise SourceError("it is not a text file")
    return "".join(c if c.isprintable() or c in "\n\t\r" else " " for c in text)
