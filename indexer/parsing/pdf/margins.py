"""Running headers and footers: what stands at the same edge of many pages, whatever it says, and page numbers."""

import re
from collections import Counter
from collections.abc import Sequence

from indexer.parsing.pdf.order import rows_of
from indexer.parsing.pdf.page_numbers import is_page_number, page_numbers
from indexer.parsing.pdf.pieces import PageText, Piece

# Of the page's height, where headers and footers stand.
_EDGE = 0.12
_SHARE_OF_PAGES = 0.25
_FEWEST_PAGES = 2
# A chapter's header stands on its pages only: on left pages, on right pages or on both.
_NEAR_PAGES = (-2, -1, 1, 2)
# "Why orchards . . . . . . 12": a line of a table of contents.
_LEADERS = re.compile(r"(?:\s?[.·…]){5,}\s*(?:\d{1,4}|[ivxlc]{1,6})?\s*$")
# A header that names each page's section says something else on each: it is told by its place, with white below it
# that is wider than between lines of text.
_SHARE_WITH_PLACE = 0.5
_FEWEST_WITH_PLACE = 4
_WHITE = 1.2
_MOST_WORDS = 16
_FEWEST_WORDS = 5
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")


def without_margins(pages: Sequence[PageText]) -> list[PageText]:
    """Return the pages without running headers and footers, page numbers and lines that lead to one."""
    keys = [{_key(piece, page) for piece in page.pieces if _at_edge(piece, page)} for page in pages]
    aside = Counter(said for page in pages for said in {_said(piece) for piece in page.aside})
    seen = Counter(key for page_keys in keys for key in page_keys)
    needed = max(_FEWEST_PAGES, _SHARE_OF_PAGES * len(pages))
    places = [_header_place(page) for page in pages]
    used = Counter(places)
    fewest = max(_FEWEST_WITH_PLACE, _SHARE_WITH_PLACE * len(pages))

    def is_margin(piece: Piece, page: PageText, position: int) -> bool:
        if _LEADERS.search(piece.text):
            return True
        if not _at_edge(piece, page):
            return False
        if places[position] is not None and used[places[position]] >= fewest and _place(piece) == places[position]:
            return True
        if is_page_number(piece.text):
            return False
        key = _key(piece, page)
        near = any(0 <= position + n < len(keys) and key in keys[position + n] for n in _NEAR_PAGES)
        return seen[key] >= needed or (near and _is_outermost(piece, page))

    margins = [
        {piece for piece in page.pieces if is_margin(piece, page, position)} for position, page in enumerate(pages)
    ]
    numbers = page_numbers(pages, margins, _EDGE)
    return [
        page._replace(
            pieces=[piece for piece in page.pieces if piece not in out and piece not in number],
            aside=[piece for piece in page.aside if aside[_said(piece)] < _FEWEST_PAGES],
        )
        for page, out, number in zip(pages, margins, numbers, strict=True)
    ]


def _said(piece: Piece) -> str:
    return _DIGITS.sub("#", piece.text.casefold())


def _header_place(page: PageText) -> tuple[int, float] | None:
    """Return height and size of a page's first line if it may be a header: short, no larger than text, white below."""
    rows = rows_of(page.pieces)
    if len(rows) < 3:
        return None
    first, second = rows[0], rows[1]
    size = Counter(piece.size for row in rows[1:] for piece in row).most_common(1)[0][0]
    white = min(piece.bottom for piece in first) - max(piece.top for piece in second)
    if not all(_at_edge(piece, page) and piece.size <= size for piece in first) or white < _WHITE * size:
        return None
    return _place(first[0])


def _place(piece: Piece) -> tuple[int, float]:
    return round(piece.bottom / 6), piece.size


def _is_outermost(piece: Piece, page: PageText) -> bool:
    """Return whether nothing but lines at the same height stands above it, or below it."""
    middle = (piece.top + piece.bottom) / 2
    others = [
        other for other in page.pieces if not other.bottom < middle < other.top and not is_page_number(other.text)
    ]
    return all(other.top < middle for other in others) or all(other.bottom > middle for other in others)


def _at_edge(piece: Piece, page: PageText) -> bool:
    """Return whether a line is where headers and footers are, and no sentence: sentences are text wherever they are."""
    if len(piece.text.split()) > _MOST_WORDS or (piece.text.endswith(".") and len(piece.text.split()) > _FEWEST_WORDS):
        return False
    return piece.bottom > page.height * (1 - _EDGE) or piece.top < page.height * _EDGE


def _key(piece: Piece, page: PageText) -> tuple[str, bool, int]:
    """Return what is the same of a header on every page: its words without numbers, its edge and its height there."""
    return _said(piece), piece.top > page.height / 2, round(piece.bottom / 6)
