"""Lines in reading order to headings, list items and paragraphs, told by their size, weight and spacing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.pdf.lines import Piece

_HEADING_SIZE = 1.12
_LONGEST_HEADING_WORDS = 18
_NEW_PARAGRAPH_GAP = 0.75
_SHORT_LINE = 0.8
_INDENT = 8.0
_BULLET = re.compile(r"^\s*(?:[•▪◦‣·●■–\-\u2022\uf0b7\uf0a7]|o(?=\s[A-Z]))\s*(?=\S)")
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;][\"'’”)\]]*$")
# Words that keep their hyphen when a line ends after it.
_COMPOUND = re.compile(r"^(?:self|non|co|re|pre|post|anti|well|long|short|high|low|multi|cross|inter|place)$", re.I)


class Styles(NamedTuple):
    """A document's sizes: that of what is read, and those of its headings from the largest."""

    body: float
    headings: tuple[float, ...]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Self:
        """The sizes of these lines."""
        letters: Counter[float] = Counter()
        for piece in pieces:
            letters[piece.size] += len(piece.text)
        body = letters.most_common(1)[0][0] if letters else 10.0
        larger = sorted((size for size in letters if size >= body * _HEADING_SIZE), reverse=True)
        return cls(body, tuple(larger))

    def level(self, piece: Piece) -> int | None:
        """The heading level of a line, or `None` when it is not one."""
        words = piece.text.split()
        if len(words) > _LONGEST_HEADING_WORDS or not any(c.isalpha() for c in piece.text):
            return None
        if piece.size in self.headings:
            return 1 + self.headings.index(piece.size)
        ends = piece.text.endswith((".", ",", ";", ":"))
        if piece.bold and piece.size >= self.body and not ends and len(words) <= 12:
            return 1 + len(self.headings)
        return None


def blocks_of(pieces: Sequence[Piece], styles: Styles, locator: str) -> Iterator[Block]:
    """One page's lines, in reading order, as blocks."""
    width = _usual_width(pieces)
    kind, level, lines = BlockKind.PARAGRAPH, 0, list[Piece]()

    def closed() -> Iterator[Block]:
        if lines:
            text = ""
            for line in lines:
                text = join(text, line.text) if text else line.text
            text = _BULLET.sub("", text) if kind is BlockKind.ITEM else text
            if text.strip():
                yield Block(kind, text.strip(), level, locator)
        lines.clear()

    for piece in pieces:
        heading = styles.level(piece)
        if heading is not None:
            if not (kind is BlockKind.HEADING and level == heading and lines and _near(lines[-1], piece)):
                yield from closed()
            kind, level = BlockKind.HEADING, heading
        elif _BULLET.match(piece.text) or _NUMBERED.match(piece.text):
            yield from closed()
            kind, level = BlockKind.ITEM, 0
        elif kind is BlockKind.HEADING or not lines or _begins_paragraph(lines, piece, kind, width):
            yield from closed()
            kind, level = BlockKind.PARAGRAPH, 0
        lines.append(piece)
    yield from closed()


def join(text: str, line: str) -> str:
    """A line put behind a text; a word that was cut at the line's end is whole again."""
    if text.endswith("-") and len(text) > 1 and text[-2].isalpha() and line[:1].islower():
        stem = re.split(r"[\s\-]", text[:-1])[-1]
        return text + line if _COMPOUND.match(stem) else text[:-1] + line
    return text + line if text.endswith(("-", "/", "–")) and line[:1].isalnum() else f"{text} {line}"


def continues(before: Block, after: Block) -> bool:
    """Whether a page's first block goes on with the last one of the page before."""
    if before.kind is BlockKind.HEADING or after.kind is not BlockKind.PARAGRAPH:
        return False
    return not _SENTENCE_END.search(before.text) and (after.text[:1].islower() or before.text.endswith("-"))


def _begins_paragraph(lines: Sequence[Piece], piece: Piece, kind: BlockKind, width: float) -> bool:
    last = lines[-1]
    if not _near(last, piece):
        return True
    # The second line of a hanging paragraph is set in as well; it is the line after that tells.
    if piece.left - last.left > _INDENT and len(lines) > 1 and kind is BlockKind.PARAGRAPH:
        return True
    if kind is BlockKind.ITEM:
        return piece.left < lines[0].left - 1
    short = last.right - min(line.left for line in lines) < _SHORT_LINE * width
    return short and bool(_SENTENCE_END.search(last.text))


def _near(above: Piece, below: Piece) -> bool:
    """Whether a line follows another without a wider gap; the next column's first line does too."""
    gap = above.bottom - below.top
    return gap < _NEW_PARAGRAPH_GAP * max(above.size, below.size)


def _usual_width(pieces: Sequence[Piece]) -> float:
    widths = sorted(piece.right - piece.left for piece in pieces)
    return widths[int(len(widths) * 0.75)] if widths else 0.0
