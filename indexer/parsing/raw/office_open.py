"""The words of Word, PowerPoint and Excel files, from the text elements of their parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from indexer.parsing.blocks import LeftOut
from indexer.parsing.raw.text import RawText
from indexer.parsing.xml import parse_xml, refuse_entities

if TYPE_CHECKING:
    from lxml.etree import _Element


_PARTS = re.compile(
    r"^(?:word/(?:document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml"
    r"|ppt/(?:slides|notesSlides|comments)/[^/]+\.xml|(?:word|ppt)/(?:charts/chart|diagrams/data)[^/]*\.xml)$"
)
# Parts that are not read as the document's text, with what is said of them where they are not kept.
_ASIDE_PARTS = (
    (re.compile(r"^word/(?:header|footer)"), "headers and footers"),
    (re.compile(r"/comments"), "comments"),
    (re.compile(r"/charts/"), "charts"),
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_SLIDE_COMMENTS = "http://schemas.openxmlformats.org/presentationml/2006/main"
_TEXT = {f"{{{_WORD}}}t", f"{{{_DRAWING}}}t", f"{{{_MATHS}}}t", f"{{{_SLIDE_COMMENTS}}}text"}
_DELETED = f"{{{_WORD}}}delText"
_SPACE = {f"{{{_WORD}}}{tag}" for tag in ("tab", "br", "cr")} | {f"{{{_DRAWING}}}br"}
_PARAGRAPH = {f"{{{_WORD}}}p", f"{{{_DRAWING}}}p", f"{{{_CHART}}}pt"}
_NAMES = f"{{{_CHART}}}strCache"
# Slide numbers and dates, which a program fills in.
_FIELD = f"{{{_DRAWING}}}fld"
# The same text once more, for older programs.
_AGAIN = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEETS = re.compile(r"^xl/worksheets/[^/]+\.xml$")
_SHEET_COMMENTS = re.compile(r"^xl/(?:comments[^/]*|threadedComments/[^/]+)\.xml$")
_SHARED = "xl/sharedStrings.xml"
_TRUTH = {"1": "TRUE", "0": "FALSE"}
_PHONETIC = f"{_SHEET}rPh"


def read_office(content: bytes) -> RawText:
    """Return all text of a document or deck, a paragraph a line."""
    lines: list[str] = []
    aside: list[LeftOut] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not _PARTS.match(name):
                continue
            root = parse_xml(archive.read(name))
            part = "".join(_text(root)).splitlines()
            lines += part
            aside += [LeftOut(reason, "\n".join(part)) for pattern, reason in _ASIDE_PARTS if pattern.search(name)]
            aside += [LeftOut("tracked deletions", node.text or "") for node in root.iter(_DELETED)]
            aside += [LeftOut("slide numbers", "".join(map(str, field.itertext()))) for field in root.iter(_FIELD)]
    return RawText(lines, [text for text in aside if text.text.strip()])


def _text(root: _Element) -> Iterator[str]:
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag in _PARAGRAPH:
            yield "\n"
        elif event == "end":
            continue
        elif tag == _AGAIN:
            walk.skip_subtree()
        elif tag in _TEXT or tag == _DELETED:
            yield element.text or ""
        elif tag in _SPACE:
            yield " "
        elif tag == _NAMES:
            yield "\n" + "\n".join(map(str, element.itertext())) + "\n"


def read_workbook(content: bytes) -> RawText:
    """Return all cells, a line each; a number is as it is stored, whatever its format shows."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        shared = list(_strings(archive.open(_SHARED), "si")) if _SHARED in names else []
        lines = [value for name in names if _SHEETS.match(name) for value in _cells(archive.open(name), shared)]
        notes = [text for name in names if _SHEET_COMMENTS.match(name) for text in _strings(archive.open(name), "text")]
    aside = [LeftOut("comments", "\n".join(notes))] if notes else []
    return RawText([*lines, *notes], aside, formatted=True)


def _cells(stream: IO[bytes], shared: list[str]) -> Iterator[str]:
    for cell in _elements(stream, "c"):
        kind = cell.get("t")
        if kind == "inlineStr":
            yield "".join(cell.itertext(f"{_SHEET}t"))
            continue
        value = cell.findtext(f"{_SHEET}v")
        if value is None:
            continue
        if kind == "s":
            yield shared[int(value)] if int(value) < len(shared) else ""
        elif kind == "b":
            yield _TRUTH.get(value, value)
        else:
            yield value if kind in ("str", "e") else "0"


def _strings(stream: IO[bytes], tag: str) -> Iterator[str]:
    for element in _elements(stream, tag):
        texts = (node for node in element.iter(f"{_SHEET}t") if node.getparent().tag != _PHONETIC)
        yield "".join(node.text or "" for node in texts)


def _elements(stream: IO[bytes], tag: str) -> Iterator:  # type: ignore[type-arg]  # of lxml's elements
    """Yield the elements of that name, one after the other; what was read is let go of."""
    from lxml import etree

    with stream:
        refuse_entities(stream.read(4096))
        stream.seek(0)
        for _, element in etree.iterparse(stream, tag=f"{_SHEET}{tag}", resolve_entities=False, no_network=True):
            yield element
            element.clear(keep_tail=True)
