"""The nouns of a page's layout: a piece of a line, and a page with its pieces."""

from collections.abc import Sequence
from typing import NamedTuple, Self


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
