"""A document's styles: the size of what is read, the sizes of its headings, and how far apart its lines are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Self

from indexer.parsing.pdf.pieces import Piece

SENTENCE_END = re.compile(r"[.!?:;][\"'’”)\]]*$")
_HEADING_SIZE = 1.12
_LONGEST_LINE_WORDS = 18
_LONGEST_BOLD_WORDS = 12
# Of the size of the letters, from base to base: beyond this two lines are no neighbours where nothing else is known.
_USUAL_STEP = 1.69
# Where lines are known to be so far apart: a wider step begins a paragraph.
_WIDER_STEP = 1.2
# Triple spacing at most.
_LONGEST_STEP = 3.6
_SAME_SIZE = 0.6


class Styles(NamedTuple):
    """A document's sizes: that of what is read, those of its headings from the largest, and its lines' steps.

    `steps` has, by size, how many points the lines of a paragraph are apart from base to base.
    """

    body: float
    headings: tuple[float, ...]
    steps: Mapping[float, float]

    @classmethod
    def of(cls, pages: Sequence[Sequence[Piece]]) -> Self:
        """Return the styles of these pages' lines, each page's in reading order."""
        letters: Counter[float] = Counter()
        for piece in (piece for page in pages for piece in page):
            letters[piece.size] += len(piece.text)
        body = letters.most_common(1)[0][0] if letters else 10.0
        larger = sorted((size for size in letters if size >= body * _HEADING_SIZE), reverse=True)
        return cls(body, tuple(larger), _steps(pages))

    def level(self, piece: Piece) -> int | None:
        """Return the heading level of a line, or `None` when it is not one."""
        words = piece.text.split()
        if len(words) > _LONGEST_LINE_WORDS or not any(c.isalpha() for c in piece.text):
            return None
        if piece.size in self.headings:
            return 1 + self.headings.index(piece.size)
        ends = piece.text.endswith((".", ",", ";", ":"))
        if piece.bold and piece.size >= self.body and not ends and len(words) <= _LONGEST_BOLD_WORDS:
            return 1 + len(self.headings)
        return None

    def is_next_line(self, above: Piece, below: Piece, own: float = 0.0) -> bool:
        """Return whether a line follows another without a wider gap; the next column's first line does too.

        `own`: how far apart the lines of the paragraph are that it may belong to, 0 where that is not known.
        """
        step = above.bottom - below.bottom
        size = max(above.size, below.size)
        usual = self.steps.get(above.size, 0.0)
        if own > 0.0:
            usual = min(usual, own) if usual else own
        return step <= (max(_WIDER_STEP * usual, usual + 1.0) if usual else _USUAL_STEP * size)


def is_mid_sentence(above: Piece, below: Piece) -> bool:
    """Return whether a sentence goes on from one line to the next, however far apart they are set."""
    step = above.bottom - below.bottom
    return (
        not SENTENCE_END.search(above.text)
        and below.text[:1].islower()
        and abs(above.size - below.size) < _SAME_SIZE
        and above.is_beside(below)
        and step <= _LONGEST_STEP * max(above.size, below.size)
    )


def _steps(pages: Sequence[Sequence[Piece]]) -> dict[float, float]:
    """Return the usual step between lines of each size, as far as lines in the middle of sentences tell."""
    found: dict[float, list[float]] = {}
    for page in pages:
        for above, below in pairwise(page):
            if is_mid_sentence(above, below) and above.bottom - below.bottom > above.size / 2:
                found.setdefault(above.size, []).append(above.bottom - below.bottom)
    return {size: median(steps) for size, steps in found.items()}
