"""Pieces of a page, and their reading order: cut into columns and bands, each read from top to bottom (XY-cut)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

# Points. Columns stand further apart than words; a band of white is taller than the space between lines.
_COLUMN_GAP = 9.0
_FEWEST_LINES = 3
# Of a column's width, what its lines take up in the middle: prose fills its column, the cells of a table do not.
_PROSE_SHARE = 0.6
_DEEPEST = 24


class Piece(NamedTuple):
    """A line of text, or the part of one in one column. Points, from the page's lower left corner.

    `bottom` and `top` are those of its size, whatever letters it has: lines of one size are told apart by them alone.
    `whole`: it is a paragraph by itself.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    whole: bool = False

    def moved(self, along: float, up: float) -> Self:
        """Return the piece moved by so many points."""
        return self._replace(
            left=self.left + along, right=self.right + along, bottom=self.bottom + up, top=self.top + up
        )

    def is_beside(self, other: Self) -> bool:
        """Return whether two pieces share some of their width: one can stand above the other in one column."""
        return min(self.right, other.right) - max(self.left, other.left) > 0


class PageText(NamedTuple):
    """A page's pieces in the order of the file, its height and width in points, and whether it shows pictures.

    `aside` has the pieces that are set in another direction than the page, such as tabs at its edge, each with places
    of its own direction; `marks` the footnotes' marks that were taken out of the text.
    """

    number: int
    width: float
    height: float
    pieces: list[Piece]
    pictures: bool
    aside: Sequence[Piece] = ()
    marks: tuple[str, ...] = ()


def in_reading_order(pieces: Sequence[Piece], depth: int = 0) -> list[Piece]:
    """Return the pieces as a person reads them: column by column where there are columns, else line by line."""
    if len(pieces) < 2 * _FEWEST_LINES or depth > _DEEPEST:
        return _by_line(pieces)
    if columns := _columns(pieces):
        left, right = columns
        return in_reading_order(left, depth + 1) + in_reading_order(right, depth + 1)
    if not _has_columns(pieces):
        return _by_line(pieces)
    bands = _split(pieces, lambda p: (-p.top, -p.bottom), 0.5)
    if bands is None:
        return _by_line(pieces)
    upper, lower = bands
    return in_reading_order(upper, depth + 1) + in_reading_order(lower, depth + 1)


def rows_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return rows from top to bottom, each with the pieces beside each other from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: -p.top):
        middle = (piece.top + piece.bottom) / 2
        row = rows[-1] if rows else []
        if row and row[0].bottom < middle < row[0].top:
            row.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda p: p.left) for row in rows]


def _by_line(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for row in rows_of(pieces) for piece in row]


def _has_columns(pieces: Sequence[Piece]) -> bool:
    """Return whether pieces stand beside each other anywhere: else there is nothing to cut."""
    ordered = sorted(pieces, key=lambda p: -p.top)
    return any(
        below.top > above.bottom + (above.top - above.bottom) / 2
        and (below.left > above.right + _COLUMN_GAP / 2 or above.left > below.right + _COLUMN_GAP / 2)
        for i, above in enumerate(ordered)
        for below in ordered[i + 1 : i + 4]
    )


def _columns(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]] | None:
    """Return two columns of prose with white between them, or `None`."""
    cut = _split(pieces, lambda p: (p.left, p.right), _COLUMN_GAP)
    if cut is None or any(len(side) < _FEWEST_LINES for side in cut):
        return None
    # Of three columns, two stand on one side of the cut.
    return cut if all(_is_prose(side) or _columns(side) for side in cut) else None


def _is_prose(side: Sequence[Piece]) -> bool:
    width = max(p.right for p in side) - min(p.left for p in side)
    shares = sorted((p.right - p.left) / width for p in side)
    words = sorted(len(p.text.split()) for p in side)
    return shares[len(shares) // 2] >= _PROSE_SHARE and words[len(words) // 2] >= 3


def _split(
    pieces: Sequence[Piece], span: Callable[[Piece], tuple[float, float]], least: float
) -> tuple[list[Piece], list[Piece]] | None:
    """Return the pieces before and after the widest gap of at least `least` along an axis, or `None`."""
    ordered = sorted(pieces, key=span)
    reach, widest, cut = span(ordered[0])[1], least, 0
    for position, piece in enumerate(ordered[1:], start=1):
        start, end = span(piece)
        if start - reach > widest:
            widest, cut = start - reach, position
        reach = max(reach, end)
    return (ordered[:cut], ordered[cut:]) if cut else None
