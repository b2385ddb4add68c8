"""The words of OpenDocument files (.odt, .odp, .ods): every text node of the body."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexer.parsing.blocks import LeftOut
from indexer.parsing.raw.text import RawText
from indexer.parsing.xml import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPH = (f"{_TEXT}p", f"{_TEXT}h")
_SPACE = (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break")
_ASIDE = {f"{_OFFICE}annotation": "comments", f"{_TEXT}tracked-changes": "tracked deletions"}
# Who wrote a comment or changed a text, and when.
_UNSEEN = (f"{_DUBLIN_CORE}creator", f"{_DUBLIN_CORE}date", f"{_OFFICE}binary-data", f"{_OFFICE}forms")


def read_open_document(content: bytes) -> RawText:
    """Return all text of a document, a paragraph or cell a line."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = parse_xml(archive.read("content.xml"))
        styles = parse_xml(archive.read("styles.xml")) if "styles.xml" in archive.namelist() else None
    body = root.find(f"{_OFFICE}body")
    text = "".join(_text(root if body is None else body))
    aside = [LeftOut(_ASIDE[str(part.tag)], "".join(_text(part))) for part in root.iter(*_ASIDE)]
    running = [] if styles is None else list(styles.iter(f"{_STYLE}header", f"{_STYLE}footer"))
    edges = "\n".join("".join(_text(part)) for part in running)
    if edges.strip():
        aside.append(LeftOut("headers and footers", edges))
    return RawText([*text.splitlines(), *edges.splitlines()], aside)


def _text(root: _Element) -> Iterator[str]:
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _UNSEEN or not isinstance(tag, str):
                walk.skip_subtree()
                continue
            if tag in _PARAGRAPH:
                yield "\n"
            elif tag in _SPACE:
                yield " "
            yield element.text or ""
        else:
            if tag in _PARAGRAPH:
                yield "\n"
            if element is not root:
                yield element.tail or ""
