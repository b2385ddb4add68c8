"""Merged cells of tables, held to what their table can hold: a few bytes can claim a hundred million columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.html import HtmlElement

# Word makes no wider table.
_WORD_COLUMNS = 63
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD_SPANS = tuple(f"{_WORD}{name}" for name in ("gridSpan", "gridBefore", "gridAfter"))


def cap_word_spans(document: Document) -> None:
    """Hold every cell of a Word file to the columns that Word's tables can have."""
    for span in document.element.body.iter(*_WORD_SPANS):
        _cap(span, f"{_WORD}val", _WORD_COLUMNS)


def cap_html_spans(page: HtmlElement) -> None:
    """Hold every cell of a web page to the columns and rows that its table has."""
    for table in page.iter("table"):
        rows = list(table.iter("tr"))
        columns = max((sum(cell.tag in ("td", "th") for cell in row) for row in rows), default=1)
        for cell in table.iter("td", "th"):
            _cap(cell, "colspan", columns)
            _cap(cell, "rowspan", len(rows))


def _cap(element: HtmlElement, name: str, most: int) -> None:
    value = str(element.get(name) or "").strip()
    if value.isascii() and value.isdigit() and (len(value) > 9 or int(value) > most):
        element.set(name, str(most))
