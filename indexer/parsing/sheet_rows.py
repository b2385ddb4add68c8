"""Rows of a sheet as a reader sees them: without what is hidden, merged cells said in each row they reach over."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from indexer.parsing.blocks import LeftOut
from indexer.parsing.cells import Formatted, shown
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element


_MOST_ROWS = 200_000
_NUMBER = re.compile(r"[-+(]*[£$€]?\s?[-+]?\d[\d,. ]*(?:%|[kmb]n?)?\)?", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d(?:\s?[/–-]\s?\d{2,4})?"
    rf"|(?:\d{{1,2}} )?{_MONTH}\.?(?:[ -]\d{{2,4}})?|\d{{1,2}}/\d{{1,2}}/\d{{2,4}})",
    re.IGNORECASE,
)
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MOST_COLUMNS = 16_384
_MOST_MERGED = 100_000


@dataclass(frozen=True)
class SheetLayout:
    """The hidden and merged cells of a sheet. Rows and columns count from 1; a merge is (top, left, bottom, right)."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass
class SheetRow:
    """A row that says something, under its number in the sheet.

    `spans` are cells that reach over others to their right: the first place to the last. `bold` are places too.
    """

    number: int
    cells: list[str]
    bold: frozenset[int] = frozenset()
    spans: dict[int, int] = field(default_factory=dict)

    def part(self, first: int, last: int) -> SheetRow:
        """Return the row between two places, which become the first and the last."""
        return SheetRow(
            self.number,
            self.cells[first : last + 1],
            frozenset(place - first for place in self.bold if first <= place <= last),
            {a - first: min(b, last) - first for a, b in self.spans.items() if first <= a <= last},
        )

    @property
    def said(self) -> list[int]:
        """Return the places of the cells that say something."""
        return [place for place, cell in enumerate(self.cells) if cell]


class SheetRows(NamedTuple):
    """The rows of a sheet that say something, and what was hidden in it."""

    rows: list[SheetRow]
    left_out: list[LeftOut]


def visible_rows(rows: Iterable[Sequence[object]], layout: SheetLayout | None = None) -> SheetRows:
    """Return a sheet's rows without those that are blank or hidden, and without hidden columns.

    Raises:
        SourceError: There are more rows than anybody would read.
    """
    layout = layout or SheetLayout()
    read: dict[int, SheetRow] = {}
    for number, values in enumerate(rows, start=1):
        cells = [shown(value) for value in values]
        if not any(cells):
            continue
        if len(read) >= _MOST_ROWS:
            raise SourceError(f"it has more than {_MOST_ROWS} rows; save the part that people ask about on its own")
        bold = (place for place, value in enumerate(values) if isinstance(value, Formatted) and value.bold)
        read[number] = SheetRow(number, cells, frozenset(bold))
    _say_merged(read, layout)
    left_out = list(_hidden(read, layout))
    kept = [_without_columns(row, layout.hidden_columns) for n, row in read.items() if n not in layout.hidden_rows]
    return SheetRows([row for row in kept if any(row.cells)], left_out)


def is_number(cell: str) -> bool:
    """Return whether a cell is a number, an amount or a share, and no year."""
    return bool(_NUMBER.fullmatch(cell)) and not is_period(cell)


def is_period(cell: str) -> bool:
    """Return whether a cell is a year, a month or a day, which may name a column as well as be its value."""
    return bool(_PERIOD.fullmatch(cell))


def _say_merged(read: dict[int, SheetRow], layout: SheetLayout) -> None:
    """Put a merged cell's text into each row that says something besides, and note the columns it reaches over."""
    for top, left, bottom, right in layout.merged:
        origin = read.get(top)
        text = origin.cells[left - 1] if origin is not None and left <= len(origin.cells) else ""
        if not text:
            continue
        # A cell whose own column is hidden shows in the next one that is not.
        place = next((n for n in range(left, right + 1) if n not in layout.hidden_columns), left) - 1
        for number in range(top, bottom + 1) if bottom - top < len(read) else [n for n in read if top <= n <= bottom]:
            row = read.get(number)
            if row is None:
                continue
            row.cells += [""] * (place + 1 - len(row.cells))
            row.cells[place] = row.cells[place] or text
            if right - 1 > place:
                row.spans[place] = right - 1


def _hidden(read: dict[int, SheetRow], layout: SheetLayout) -> Iterator[LeftOut]:
    rows = [cell for number, row in read.items() if number in layout.hidden_rows for cell in row.cells]
    columns = [
        cell
        for number, row in read.items()
        if number not in layout.hidden_rows
        for place, cell in enumerate(row.cells, start=1)
        if place in layout.hidden_columns
    ]
    for reason, cells in (("hidden rows", rows), ("hidden columns", columns)):
        if text := " ".join(filter(None, cells)):
            yield LeftOut(reason, text)


def _without_columns(row: SheetRow, hidden: frozenset[int]) -> SheetRow:
    if not hidden:
        return row
    places = [place for place in range(len(row.cells)) if place + 1 not in hidden]
    new = {old: place for place, old in enumerate(places)}

    def last(old: int) -> int:
        return sum(place <= old for place in places) - 1 if old < len(row.cells) else old - len(hidden)

    return SheetRow(
        row.number,
        [row.cells[place] for place in places],
        frozenset(new[place] for place in row.bold if place in new),
        {new[a]: last(b) for a, b in row.spans.items() if a in new and last(b) > new[a]},
    )


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
