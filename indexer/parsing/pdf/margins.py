"""Running headers and footers: lines at the same edge of many pages, whatever they say, and page numbers."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from indexer.parsing.pdf.order import PageText, Piece, rows_of

# A number much larger than the page's text is said, not counted.
_FIGURE = 1.3
_NUMBER = re.compile(r"^(?:page\s*)?[|\-–—\s]*(\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?[|\-–—\s]*$", re.I)
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


def is_page_number(text: str) -> bool:
    """Return whether a line can say which page it is on, and nothing else."""
    return _NUMBER.match(text) is not None


def page_numbers(pages: Sequence[PageText], margins: Sequence[Collection[Piece]], edge: float) -> list[set[Piece]]:
    """Return the page numbers of each page.

    `margins` has each page's running headers and footers, `edge` is the share of the height where these stand.
    """
    found = [
        [piece for piece in page.pieces if _may_count(piece, page, kept, edge)]
        for page, kept in zip(pages, margins, strict=True)
    ]
    # Numbering begins anywhere, but goes up with the pages.
    steps = Counter(
        step for page, numbers in zip(pages, found, strict=True) for step in {_step(piece, page) for piece in numbers}
    )
    alone = sum(map(bool, found)) == 1

    def counts(piece: Piece, page: PageText) -> bool:
        step = _step(piece, page)
        return step is None or step == 0 or steps[step] > 1 or (alone and len(pages) == 1)

    return [{piece for piece in numbers if counts(piece, page)} for page, numbers in zip(pages, found, strict=True)]


def _may_count(piece: Piece, page: PageText, margins: Collection[Piece], edge: float) -> bool:
    """Return whether a number stands alone, or beside a running header, with nothing but these beyond it."""
    if not is_page_number(piece.text) or (page.height * edge < piece.top and piece.bottom < page.height * (1 - edge)):
        return False
    text = [other for other in page.pieces if other is not piece and other not in margins]
    usual = Counter(size for other in text for size in [other.size] * len(other.text)).most_common(1)
    if usual and piece.size > _FIGURE * usual[0][0]:
        return False
    row = next(row for row in rows_of([piece, *text]) if piece in row)
    above = any(other.bottom > piece.top for other in text)
    below = any(other.top < piece.bottom for other in text)
    return len(row) == 1 and not (above and below)


def _step(piece: Piece, page: PageText) -> int | None:
    """Return how far a number is ahead of its page's place in the file; `None` for one that calls itself a page's."""
    match = _NUMBER.match(piece.text)
    return int(piece.text) - page.number if match and piece.text.isdigit() else None


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
