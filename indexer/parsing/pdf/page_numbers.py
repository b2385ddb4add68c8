"""Page numbers: numbers that stand alone at the edge of a page and count the pages. A cell of a table is none."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from indexer.parsing.pdf.order import rows_of
from indexer.parsing.pdf.pieces import PageText, Piece

# A number much larger than the page's text is said, not counted.
_FIGURE = 1.3
_NUMBER = re.compile(r"^(?:page\s*)?[|\-–—\s]*(\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?[|\-–—\s]*$", re.I)


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
