"""Running headers and footers: what stands at the same edge of many pages, and page numbers."""

import re
from collections import Counter
from collections.abc import Sequence

from indexer.parsing.pdf.lines import PageText, Piece

# Of the page's height, where headers and footers stand.
_EDGE = 0.12
_SHARE_OF_PAGES = 0.25
_FEWEST_PAGES = 2
_MOST_WORDS = 16
_FEWEST_WORDS = 5
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?[|\-–—\s]*(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?[|\-–—\s]*$", re.I)


def without_margins(pages: Sequence[PageText]) -> list[PageText]:
    """The pages without running headers, footers and page numbers."""
    seen = Counter(
        key for page in pages for key in {_key(piece, page) for piece in page.pieces if _at_edge(piece, page)}
    )
    needed = max(_FEWEST_PAGES, _SHARE_OF_PAGES * len(pages))
    return [
        page._replace(
            pieces=[
                piece
                for piece in page.pieces
                if not (_at_edge(piece, page) and (_is_number(piece) or seen[_key(piece, page)] >= needed))
            ]
        )
        for page in pages
    ]


def _at_edge(piece: Piece, page: PageText) -> bool:
    """Whether a line stands where headers and footers do, and is no sentence: these are text wherever they stand."""
    if len(piece.text.split()) > _MOST_WORDS or (piece.text.endswith(".") and len(piece.text.split()) > _FEWEST_WORDS):
        return False
    return piece.bottom > page.height * (1 - _EDGE) or piece.top < page.height * _EDGE


def _is_number(piece: Piece) -> bool:
    return _PAGE_NUMBER.match(piece.text) is not None


def _key(piece: Piece, page: PageText) -> tuple[str, bool, int]:
    """What is the same of a header on every page: its words without numbers, its edge and its height there."""
    return _DIGITS.sub("#", piece.text.casefold()), piece.top > page.height / 2, round(piece.bottom / 6)
