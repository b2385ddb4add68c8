"""Hidden and merged cells of an Excel sheet, read from its part of the workbook: the reader of values tells none."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from indexer.parsing.sheet_rows import SheetLayout

if TYPE_CHECKING:
    from lxml.etree import _Element

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MOST_COLUMNS = 16_384
_MOST_MERGED = 100_000


def sheet_layout(archive: zipfile.ZipFile, part: str) -> SheetLayout:
    """Return the layout of the sheet in that part of a workbook; nothing hidden or merged where there is none.

    Raises:
        SourceError: The part is not well-formed.
    """
    from lxml import etree

    from knowledge.errors import SourceError

    rows: set[int] = set()
    columns: set[int] = set()
    merged: list[tuple[int, int, int, int]] = []
    tags = [f"{space}{name}" for space in (_S, _STRICT) for name in ("row", "col", "mergeCell")]
    try:
        with archive.open(part.lstrip("/")) as stream:
            position = 0
            for _, element in etree.iterparse(
                stream, tag=tags, resolve_entities=False, no_network=True, huge_tree=False
            ):
                name = element.tag.rpartition("}")[2]
                if name == "row":
                    position = _whole(element.get("r")) or position + 1
                    if _is_hidden(element, "ht"):
                        rows.add(position)
                elif name == "col" and _is_hidden(element, "width"):
                    last = min(_whole(element.get("max")), _MOST_COLUMNS)
                    columns.update(range(max(1, _whole(element.get("min"))), last + 1))
                elif name == "mergeCell" and len(merged) < _MOST_MERGED and (area := _area(element.get("ref") or "")):
                    merged.append(area)
                element.clear(keep_tail=False)
    except KeyError:
        return SheetLayout()
    except etree.XMLSyntaxError as error:
        raise SourceError(f"it is not well-formed XML ({error})") from None
    return SheetLayout(frozenset(rows), frozenset(columns), tuple(merged))


def _is_hidden(element: _Element, size: str) -> bool:
    return element.get("hidden") in ("1", "true") or element.get(size) in ("0", "0.0")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else 0


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """Return the rows and columns of a range: "B2:C2" as (2, 2, 2, 3)."""
    match = _RANGE.fullmatch(reference)
    if match is None:
        return None
    top, left = int(match[2]), _column(match[1])
    bottom, right = int(match[4] or match[2]), _column(match[3] or match[1])
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
