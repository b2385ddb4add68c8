"""Letters to words, each with its place, size and direction, and without the marks of footnotes."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from indexer.parsing.pdf.letters import HYPHEN, LINE_ENDS, SPACES, Frame, Letters, letter
from indexer.parsing.text import is_mark, raised

# Of the letters' size: how far off the base of its word a letter stands that is raised or lowered, and how much smaller
# than its neighbours it then is.
_OFF_BASE = 0.12
_SMALLER = 0.9
_ADJACENT = 0.12
# An initial over several lines says nothing of how large its word is.
_INITIAL = 2.0
_SIGNS = re.compile(r"[\d*†‡§¶]")


class Break(IntEnum):
    """A break before a word: a space of the file's own, one that PDFium made up, or a line's end."""

    SPACE = 0
    GENERATED = 1
    LINE_END = 2


class Word(NamedTuple):
    """A word without spaces. `left` and `right` are along its line, `base` is across; points in its own direction.

    `shifted`: its last letter is raised or lowered, after which PDFium ends lines. `marks`: the footnotes' marks that
    were taken out of it.
    """

    text: str
    before: Break
    left: float
    right: float
    base: float
    size: float
    bold: bool
    degrees: int
    shifted: bool
    marks: str = ""

    @property
    def close(self) -> float:
        """Return how near, in points, the next letters stand when no space is between."""
        return _ADJACENT * self.size


@functools.cache
def frame_of(degrees: int) -> Frame:
    """Return the direction of reading of letters that are turned clockwise so far."""
    along, across = math.cos(math.radians(degrees)), -math.sin(math.radians(degrees))

    def turned(x: float, y: float) -> tuple[float, float]:
        return x * along + y * across, y * along - x * across

    return (lambda x, y: (x, y)) if degrees == 0 else turned


def words_of(letters: Letters) -> Iterator[Word]:
    """Yield the words of a page in the order of the file."""
    codes = letters.codes
    start: int | None = None
    ended = True
    previous = ""
    for index in range(len(codes) + 1):
        code = codes[index] if index < len(codes) else 10
        if code not in SPACES:
            start = index if start is None else start
            if code != HYPHEN:
                continue
        if start is not None:
            before = Break.LINE_END if ended else Break.SPACE
            if before is Break.SPACE and letters.is_generated(start - 1):
                before = Break.GENERATED
            word = _word(letters, start, index if code == HYPHEN else index - 1, before, previous)
            yield word
            previous, start, ended = word.text, None, False
        ended = ended or code in LINE_ENDS or code == HYPHEN


def _word(letters: Letters, first: int, last: int, before: Break, previous: str) -> Word:
    degrees = letters.degrees(first)
    frame = frame_of(degrees)
    left, base = letters.origin(first, frame)
    size = letters.size(first)
    text = "".join(map(letter, letters.codes[first : last + 1]))
    off = 0.0
    marks = ""
    if last > first:
        off = letters.origin(last, frame)[1] - base
        if abs(off) > _OFF_BASE * size or _SIGNS.search(text):
            text, marks, base, size = _without_marks(letters, first, last, frame, previous)
    return Word(
        text=text,
        before=before,
        left=left,
        right=letters.end(last, frame),
        base=base,
        size=size,
        bold=letters.is_bold(first) and letters.is_bold(last),
        degrees=degrees,
        shifted=abs(off) > _OFF_BASE * size,
        marks=marks,
    )


def _without_marks(
    letters: Letters, first: int, last: int, frame: Frame, previous: str
) -> tuple[str, str, float, float]:
    """Return a word's text without raised marks, these, and the base and size of what is not raised."""
    places = [(letters.origin(index, frame)[1], letters.size(index)) for index in range(first, last + 1)]
    usual = Counter(size for _, size in places).most_common(1)[0][0]
    largest = max(size for _, size in places if size <= _INITIAL * usual)
    base = min(height for height, size in places if _SMALLER * largest <= size <= largest)
    text, marks, run = "", "", ""
    for code, (height, size) in zip(letters.codes[first : last + 1], places, strict=True):
        if height - base > _OFF_BASE * largest and size <= largest:
            run += letter(code)
            continue
        if run:
            text, marks = _after_run(text, run, marks, previous)
            run = ""
        text += letter(code)
    if run:
        text, marks = _after_run(text, run, marks, previous)
    return text, marks, base, largest


def _after_run(text: str, run: str, marks: str, previous: str) -> tuple[str, str]:
    """Return the text and the marks after raised letters; a footnote's own number stands before its text, apart."""
    if not text and is_mark(run):
        return f"{run} ", marks
    said = raised(f"{previous} {text}", run)
    return text + said, marks + ("" if said else run)
