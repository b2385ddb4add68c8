"""Tables of contents: lines that name a page each. They repeat every heading and say nothing about it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from indexer.parsing.pdf.order import PageText, Piece, rows_of

_TITLE = re.compile(r"^(?:table of )?contents(?: page)?$|^(?:in this (?:report|document)|cynnwys)$", re.I)
_POINTS = re.compile(r"(?:^|\s)(\d{1,4}|[ivxlc]{1,6})$", re.I)
_FEWEST_ROWS = 3
_FIRST_ROWS = 4
_SHARE_OF_ROWS = 0.5
_SHARE_RISING = 0.8
_SHARE_GOING_ON = 0.9
# Numbering may begin after a cover, or go on from an earlier volume.
_NUMBERING_SLACK = 40


def without_contents(pages: Sequence[PageText]) -> list[PageText]:
    """Return the pages without what a table of contents says, from its title on over as many pages as it takes."""
    kept: list[PageText] = []
    reached: int | None = None
    for page in pages:
        rows = rows_of(page.pieces)
        title = next((at for at, row in enumerate(rows) if _TITLE.match(_text(row))), None)
        if reached is not None and title is None:
            # A running header may stand above, and a long entry has its number on the next line.
            goes_on = any(_points(row) for row in rows[:_FIRST_ROWS])
            reached = _last_page_named(rows, len(pages), reached) if goes_on else None
            title = 0
        else:
            reached = None if title is None else _last_page_named(rows[title:], len(pages), 0)
        if reached is not None:
            page = page._replace(pieces=[piece for row in rows[:title] for piece in row])
        kept.append(page)
    return kept


def _last_page_named(rows: Sequence[Sequence[Piece]], pages: int, least: int) -> int | None:
    """Return the last page that a table of contents names, or `None` where these rows are none.

    In one, most rows end with the number of a page, in rising order from `least` on. A header's own page number may
    be among them.
    """
    ends = [end for row in rows if (end := _points(row))]
    numbers = [int(end) for end in ends if end.isdigit()]
    last = max(numbers, default=least)
    if len(ends) < max(_FEWEST_ROWS, _SHARE_OF_ROWS * len(rows)) or last > pages + _NUMBERING_SLACK:
        return None
    rising = sum(one <= other for one, other in pairwise(numbers))
    going_on = sum(number >= least for number in numbers)
    enough = rising >= _SHARE_RISING * (len(numbers) - 1) and going_on >= _SHARE_GOING_ON * len(numbers)
    return last if enough else None


def _points(row: Sequence[Piece]) -> str | None:
    match = _POINTS.search(_text(row))
    return match[1] if match else None


def _text(row: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in row)
