"""Key figures: a number set large with a few words below or beside it reads as one sentence."""

import re
from collections.abc import Sequence

from indexer.parsing.pdf.order import Piece

_LARGER = 1.5
# Of the body's size, the largest that a caption has: larger words beside a number are a chapter's name.
_CAPTION_SIZE = 1.35
_MOST_LINES = 6
# Of the number's size, how far below or beside it its words begin.
_BELOW = 0.9
_BESIDE = 2.0
# Of the caption's size, how far apart its lines are.
_LINE_GAP = 0.9
_NUMBER = re.compile(
    r"^[~≈<>+\-–x×]?\s?[£$€]?\d[\d,.]*\s?(?:%|per cent|k|m|bn|million|billion|thousand|x|st|nd|rd|th)?\+?"
    r"(?:\s?(?:in|of|out of|to|–|-|/)\s?[£$€]?\d[\d,.]*%?)?$",
    re.IGNORECASE,
)


def with_captions(pieces: Sequence[Piece], body: float) -> list[Piece]:
    """Return the pieces with each key figure and its caption made one, where the text's size is `body` points."""
    figures = [piece for piece in pieces if is_figure(piece, body)]
    taken: set[int] = set()
    whole: dict[int, Piece] = {}
    for figure in figures:
        free = [
            piece
            for piece in pieces
            if piece.size <= _CAPTION_SIZE * body and id(piece) not in taken and not is_figure(piece, body)
        ]
        caption = _below(figure, free) or _beside(figure, free)
        if caption and len(caption) <= _MOST_LINES:
            taken.update(id(line) for line in caption)
            whole[id(figure)] = _one(figure, caption)
    return [whole.get(id(piece), piece) for piece in pieces if id(piece) not in taken]


def is_figure(piece: Piece, body: float) -> bool:
    """Return whether a line is a number set larger than the text around it."""
    return piece.size >= _LARGER * body and _NUMBER.match(piece.text) is not None


def _below(figure: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    lines: list[Piece] = []
    reach = figure.bottom + figure.size * 0.2
    for piece in sorted(pieces, key=lambda p: -p.top):
        if piece.top > reach or not piece.is_beside(figure):
            continue
        room = _LINE_GAP * piece.size if lines else _BELOW * figure.size
        if reach - piece.top > room or (lines and abs(piece.size - lines[0].size) > 0.5):
            break
        lines.append(piece)
        reach = piece.bottom + 0.1
    return lines


def _beside(figure: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    near = [
        piece
        for piece in pieces
        if figure.bottom - piece.size < (piece.bottom + piece.top) / 2 < figure.top + piece.size
        and 0 <= piece.left - figure.right < _BESIDE * figure.size
    ]
    begin = min((piece.left for piece in near), default=0.0)
    return sorted((piece for piece in near if piece.left - begin < piece.size), key=lambda p: -p.top)


def _one(figure: Piece, caption: Sequence[Piece]) -> Piece:
    everything = [figure, *caption]
    return Piece(
        text=" ".join(piece.text for piece in everything),
        left=min(piece.left for piece in everything),
        bottom=min(piece.bottom for piece in everything),
        right=max(piece.right for piece in everything),
        top=max(piece.top for piece in everything),
        size=caption[0].size,
        bold=False,
        whole=True,
    )
