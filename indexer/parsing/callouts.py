"""Case studies set in boxes on a page lose their box when the page is saved as text. This gives them a heading back.

The running text announces a box ("Case study 2 describes ..."); the box follows that paragraph and ends with where to
ask for more ("For further information please contact ..."). The heading is made of the announced number and the first
name in the box, nothing is invented.
"""

import re
from collections.abc import Sequence

from indexer.parsing.blocks import Block, BlockKind

_ANNOUNCED = re.compile(r"\bcase study (\d+)\b", re.IGNORECASE)
_BOX_END = re.compile(r"^for (?:further|more) information\b", re.IGNORECASE)
_BOX_HEADINGS = re.compile(r"^(?:advice to others|key learning|what next|top tips)$", re.IGNORECASE)
_LONGEST_BOX = 40
_NAME = re.compile(
    r"\b(?!(?:As|The|In|At|A|An|This|These|For|Since|With|Our|Their|From)\b)[A-Z][\w’'&-]*"
    r"(?:(?:,? (?:and|of|the|for|&) | |, )(?:\([A-Z]{2,}\)|[A-Z][\w’'&-]*))+"
)
_LONGEST_NAME = 80


def with_callouts(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with a heading before each announced case study, and the interrupted one again after it."""
    result: list[Block] = []
    enclosing: Block | None = None
    position = 0
    while position < len(blocks):
        block = blocks[position]
        result.append(block)
        position += 1
        if block.kind is BlockKind.HEADING:
            enclosing = block
            continue
        announced = _ANNOUNCED.search(block.text)
        end = _box_end(blocks, position) if announced and block.kind is BlockKind.PARAGRAPH else None
        if announced is None or end is None:
            continue
        box = blocks[position:end]
        result.append(Block(BlockKind.HEADING, _heading(announced.group(1), box), 1))
        result += [Block(b.kind, b.text, 2) if b.kind is BlockKind.HEADING else b for b in box]
        if enclosing is not None and end < len(blocks) and blocks[end].kind is not BlockKind.HEADING:
            result.append(enclosing)
        position = end
    return result


def _box_end(blocks: Sequence[Block], start: int) -> int | None:
    """Return the position after the box that starts at `start`; `None` when no box can be told from the text around."""
    for position in range(start, min(len(blocks), start + _LONGEST_BOX)):
        block = blocks[position]
        if block.kind is BlockKind.HEADING and not _BOX_HEADINGS.match(block.text):
            return None
        if block.kind is BlockKind.PARAGRAPH and _BOX_END.match(block.text):
            return position + 1
    return None


def _heading(number: str, box: Sequence[Block]) -> str:
    name = _NAME.search(box[0].text)
    if name is None or len(name.group()) > _LONGEST_NAME:
        return f"Case study {number}"
    return f"Case study {number}: {name.group()}"
