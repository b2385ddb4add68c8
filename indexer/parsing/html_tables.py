"""Tables of web pages as rows of cells: cells that span columns or rows are filled in, layouts are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from indexer.parsing.rows import Row

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_SPANNED = 100
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def is_layout(table: HtmlElement) -> bool:
    """Return whether a table only places things: it holds tables or headings, or is one column wide."""
    if next(table.iterdescendants("table", *_HEADINGS), None) is not None:
        return True
    return all(len(row) < 2 for row in table.iter("tr")) and next(table.iter("th"), None) is None


def table_rows(table: HtmlElement, said: Callable[[HtmlElement], str]) -> list[Row]:
    """Return a table's rows; `said` gives the text of a cell. A cell over several rows is said in each of them."""
    rows: list[Row] = []
    below: dict[int, tuple[int, str]] = {}  # by column: for how many more rows a cell from above goes on, and its text
    for tr in table.iter("tr"):
        texts: list[str] = []
        heads: list[bool] = []
        for cell in tr.iterchildren("td", "th"):
            texts += _from_above(len(texts), below)
            text = said(cell)
            if text:
                heads.append(cell.tag == "th" or _is_bold(cell, text))
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            if down > 1:
                below[len(texts)] = (down - 1, text)
            texts += [text, *[""] * (across - 1)]
        texts += _from_above(len(texts), below)
        if texts:
            rows.append(Row(texts, bool(heads) and all(heads)))
    return rows


def _from_above(column: int, below: dict[int, tuple[int, str]]) -> Iterator[str]:
    """Yield the texts of cells above that go on from this column on."""
    while column in below:
        left, text = below.pop(column)
        if left > 1:
            below[column] = (left - 1, text)
        yield text
        column += 1


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), _MOST_SPANNED)) if value.isdigit() else 1


def _is_bold(cell: HtmlElement, text: str) -> bool:
    bold = "".join(" ".join(part.text_content().split()) for part in cell.iter("b", "strong"))
    return bold.replace(" ", "") == text.replace(" ", "")
