"""Lines in reading order to headings, list items and paragraphs, told by their size, weight and spacing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Self

from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.pdf.order import Piece

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
_LONGEST_HEADING_WORDS = 25
_FEWEST_SENTENCE_WORDS = 8
_NEW_HEADING_GAP = 0.75
_SHORT_LINE = 0.8
_INDENT = 8.0
_BULLET = re.compile(r"^\s*(?:[•▪◦‣·●■–\-\u2022\uf0b7\uf0a7]|o(?=\s[A-Z]))\s*(?=\S)")
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
# Words that keep their hyphen when a line ends after it.
_COMPOUND = re.compile(r"^(?:self|non|co|re|pre|post|anti|well|long|short|high|low|multi|cross|inter|place)$", re.I)


class LetterSizes(NamedTuple):
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


def blocks_of(pieces: Sequence[Piece], styles: LetterSizes, locator: str) -> Iterator[Block]:
    """Yield one page's lines, in reading order, as blocks. A heading's own lines stay apart, for `kept_as_text`."""
    width = _usual_width(pieces)
    room = max((piece.right for piece in pieces), default=0.0)
    kind, level, lines = BlockKind.PARAGRAPH, 0, list[Piece]()

    def closed() -> Iterator[Block]:
        if kind is BlockKind.HEADING and lines:
            yield _heading(lines, level, locator, room)
        elif lines:
            text = ""
            for line in lines:
                text = join(text, line.text) if text else line.text
            text = _BULLET.sub("", text) if kind is BlockKind.ITEM else text
            if text.strip():
                yield Block(kind, text.strip(), level, locator)
        lines.clear()

    for piece in pieces:
        heading = None if piece.whole else styles.level(piece)
        if heading is not None:
            if not (kind is BlockKind.HEADING and level == heading and lines and _near(lines[-1], piece)):
                yield from closed()
            kind, level = BlockKind.HEADING, heading
        elif _BULLET.match(piece.text) or _NUMBERED.match(piece.text):
            yield from closed()
            kind, level = BlockKind.ITEM, 0
        elif kind is BlockKind.HEADING or not lines or _begins_paragraph(lines, piece, kind, width, styles):
            yield from closed()
            kind, level = BlockKind.PARAGRAPH, 0
        lines.append(piece)
    yield from closed()


def kept_as_text(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with large lines that head nothing as paragraphs: larger letters alone make no heading."""
    for position, block in enumerate(blocks):
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        if block.kind is not BlockKind.HEADING:
            yield block
        elif following is None or (following.kind is BlockKind.HEADING and following.level <= block.level):
            for line in block.text.split("\n"):
                yield Block(BlockKind.PARAGRAPH, line, 0, block.locator)
        else:
            yield block._replace(text=" ".join(block.text.split("\n")))


def _heading(lines: Sequence[Piece], level: int, locator: str, room: float) -> Block:
    """Return large lines as a heading, or a paragraph where they say more than one would. `room` is where lines end."""
    text = lines[0].text
    for above, line in pairwise(lines):
        # A line that had room for the next word was ended by its author.
        next_word = (len(line.text.split(maxsplit=1)[0]) + 1) * line.size / 2
        ended = above.right + next_word < room and not line.text[:1].islower()
        text = f"{text}\n{line.text}" if ended else join(text, line.text)
    words = text.split()
    told = SENTENCE_END.search(text) and len(words) > _FEWEST_SENTENCE_WORDS
    if told or len(words) > _LONGEST_HEADING_WORDS:
        return Block(BlockKind.PARAGRAPH, " ".join(words), 0, locator)
    return Block(BlockKind.HEADING, text, level, locator)


def join(text: str, line: str) -> str:
    """Return a line put behind a text; a word that was cut at the line's end is whole again."""
    if text.endswith("-") and len(text) > 1 and text[-2].isalpha() and line[:1].islower():
        stem = re.split(r"[\s\-]", text[:-1])[-1]
        return text + line if _COMPOUND.match(stem) else text[:-1] + line
    return text + line if text.endswith(("-", "/", "–")) and line[:1].isalnum() else f"{text} {line}"


def continues(before: Block, after: Block) -> bool:
    """Return whether a page's first block goes on with the last one of the page before."""
    if before.kind is BlockKind.HEADING or after.kind is not BlockKind.PARAGRAPH:
        return False
    return not SENTENCE_END.search(before.text) and (after.text[:1].islower() or before.text.endswith("-"))


def _begins_paragraph(lines: Sequence[Piece], piece: Piece, kind: BlockKind, width: float, styles: LetterSizes) -> bool:
    last = lines[-1]
    if piece.whole or last.whole:
        return True
    if is_mid_sentence(last, piece) or _in_row(last, piece):
        return False
    own = lines[0].bottom - lines[1].bottom if len(lines) > 1 else 0.0
    if not styles.is_next_line(last, piece, own):
        return True
    # The second line of a hanging paragraph is set in as well; it is the line after that tells.
    if piece.left - last.left > _INDENT and len(lines) > 1 and kind is BlockKind.PARAGRAPH:
        return True
    if kind is BlockKind.ITEM:
        return piece.left < lines[0].left - 1
    short = last.right - min(line.left for line in lines) < _SHORT_LINE * width
    return short and bool(SENTENCE_END.search(last.text))


def _in_row(last: Piece, piece: Piece) -> bool:
    """Return whether a piece stands on the right of another: a cell of its row, or what was filled in after a label."""
    return last.bottom < (piece.bottom + piece.top) / 2 < last.top and piece.left >= last.right


def _near(above: Piece, below: Piece) -> bool:
    """Return whether a large line follows another without a wider gap."""
    gap = above.bottom - below.top
    return gap < _NEW_HEADING_GAP * max(above.size, below.size)


def _usual_width(pieces: Sequence[Piece]) -> float:
    widths = sorted(piece.right - piece.left for piece in pieces)
    return widths[int(len(widths) * 0.75)] if widths else 0.0
