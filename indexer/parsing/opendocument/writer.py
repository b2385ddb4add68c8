"""Texts of LibreOffice Writer (.odt)."""

from __future__ import annotations

from indexer.parsing.opendocument.content import Content
from indexer.parsing.opendocument.package import Package
from indexer.parsing.parsed import Parsed
from indexer.parsing.titles import without_title


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return an OpenDocument text's headings, paragraphs and items; it keeps no page numbers.

    Raises:
        SourceError: It is damaged, protected, or made to exhaust the reader.
    """
    package = Package(content, "text")
    reader = Content(package)
    title, blocks = without_title(list(reader.blocks(package.body)), known_title, package.title)
    return Parsed(title, {"author": package.author}, blocks, tuple(reader.left_out))
