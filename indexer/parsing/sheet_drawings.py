"""Text that lies over an Excel sheet: boxes and shapes, which are read, and comments, which are named."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator

from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.drawings import keep_one_alternative, paragraph_lines
from indexer.parsing.parsed import LeftOut
from indexer.parsing.text import printable
from indexer.parsing.xml import parse_xml

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_COMMENT = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}comment"


def drawn_blocks(archive: zipfile.ZipFile, part: str, left_out: list[LeftOut]) -> Iterator[Block]:
    """Yield a paragraph for each line of a sheet's boxes; `left_out` grows by its comments.

    Raises:
        SourceError: A part is not well-formed XML.
    """
    for kind, target in _related(archive, part.lstrip("/")):
        if kind == "drawing":
            root = parse_xml(archive.read(target))
            keep_one_alternative(root)
            yield from (Block(BlockKind.PARAGRAPH, line) for line in paragraph_lines(root))
        elif kind == "comments":
            comments = parse_xml(archive.read(target)).iter(_COMMENT)
            texts = (" ".join(printable("".join(comment.itertext())).split()) for comment in comments)
            left_out += (LeftOut("comments", text) for text in texts if text)


def _related(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str]]:
    """Yield the parts that a part refers to, by the last word of the kind of relationship."""
    folder, name = posixpath.split(part)
    names = set(archive.namelist())
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in names:
        return
    for relationship in parse_xml(archive.read(listed)).iter(_RELATIONSHIP):
        target = relationship.get("Target") or ""
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if path in names:
            yield (relationship.get("Type") or "").rpartition("/")[2], path
