"""The words of an Excel file: the value of every cell of every sheet, hidden ones too."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from indexer.parsing.parsed import LeftOut
from indexer.parsing.raw.text import RawText
from indexer.parsing.xml import refuse_entities

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEETS = re.compile(r"^xl/worksheets/[^/]+\.xml$")
_COMMENTS = re.compile(r"^xl/(?:comments[^/]*|threadedComments/[^/]+)\.xml$")
_SHARED = "xl/sharedStrings.xml"
_TRUTH = {"1": "TRUE", "0": "FALSE"}
_PHONETIC = f"{_SHEET}rPh"


def read(content: bytes) -> RawText:
    """Return all cells, a line each; a number is as it is stored, whatever its format shows."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        shared = list(_strings(archive.open(_SHARED), "si")) if _SHARED in names else []
        lines = [value for name in names if _SHEETS.match(name) for value in _cells(archive.open(name), shared)]
        notes = [text for name in names if _COMMENTS.match(name) for text in _strings(archive.open(name), "text")]
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
