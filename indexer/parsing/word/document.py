"""A Word file as a whole: its title, its author, its body, and the parts of it that are named but not read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from indexer.parsing.archives import check_archive
from indexer.parsing.blocks import Block, LeftOut, Parsed, without_title
from indexer.parsing.drawings import keep_one_alternative
from indexer.parsing.rows import cap_word_spans
from indexer.parsing.transcripts import transcript
from indexer.parsing.word.body import Body
from indexer.parsing.word.paragraphs import ParagraphReader
from indexer.parsing.word.styles import Styles, W
from indexer.parsing.xml import parse_xml
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.parts.document import DocumentPart
    from lxml.etree import _Element

_NOTES = {"footnotes": "footnote", "endnotes": "endnote"}
_UNREAD = {"header": "headers and footers", "footer": "headers and footers", "comments": "comments"}


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return a Word file's headings, paragraphs and items. It keeps no page numbers: a citation names its headings.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    check_archive(content)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(content))
        cap_word_spans(document)
        blocks, left_out = _read(document)
        properties = document.core_properties
        author, stated = properties.author or None, (properties.title or "").strip() or None
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, IndexError) as error:
        raise SourceError(f"it is damaged or not a Word file ({error}); open it in Word and save it again") from None
    # The name that the library which made the file gives to everybody is nobody's.
    metadata = {"author": author if author != "python-docx" else None}
    # Teams saves what was said in a meeting as a Word file.
    if timed := transcript("\n".join(block.text for block in blocks), known_title or stated):
        return timed._replace(metadata=metadata, left_out=(*timed.left_out, *left_out))
    title, blocks = without_title(blocks, known_title, stated)
    return Parsed(title, metadata, blocks, tuple(left_out))


def _read(document: Document) -> tuple[list[Block], list[LeftOut]]:
    part = document.part
    root = document.element
    keep_one_alternative(root)
    reader = ParagraphReader(Styles(document.styles.element))

    def related(relationship: str) -> bytes | None:
        found = part.rels.get(relationship)
        return None if found is None or found.is_external else found.target_part.blob

    body = Body(reader, _notes(part), related)
    blocks = list(body.blocks(root.body))
    return blocks, [*body.left_out, *_unread(part)]


def _notes(part: DocumentPart) -> dict[tuple[str, str], _Element]:
    """Return the footnotes and endnotes by kind and id."""
    found: dict[tuple[str, str], _Element] = {}
    for name, root in _related(part, _NOTES):
        keep_one_alternative(root)
        found |= {(_NOTES[name], note.get(f"{W}id") or ""): note for note in root.iter(f"{W}{_NOTES[name]}")}
    return found


def _unread(part: DocumentPart) -> list[LeftOut]:
    """Return the text of parts that stand beside the document: on every page, or in its margin."""
    left = []
    for name, root in _related(part, _UNREAD):
        keep_one_alternative(root)
        paragraphs = ("".join(text.text or "" for text in p.iter(f"{W}t")) for p in root.iter(f"{W}p"))
        if text := " ".join(" ".join(paragraphs).split()):
            left.append(LeftOut(_UNREAD[name], text))
    return left


def _related(part: DocumentPart, names: dict[str, str]) -> list[tuple[str, _Element]]:
    """Return the parts of these kinds that the document refers to, parsed; a copy each, which may be changed."""
    found = []
    for relationship in part.rels.values():
        name = relationship.reltype.rpartition("/")[2]
        if name in names and not relationship.is_external:
            found.append((name, parse_xml(relationship.target_part.blob)))
    return found
