"""Cuts a section's text into units that can be quoted on their own: sentences, list items, attributed quotations.

Every unit is a verbatim slice of the text it was cut from.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sentencex import get_sentence_boundaries

_LIST_MARK = "- "
# A quotation with who said it stays whole: ‘...’ (Chief Executive, local council)   ‘...’ – HALN participant
_ATTRIBUTED = re.compile(r"^[‘“'\"].*(?:[’”'\"]\.?\s*(?:\([^()]{3,80}\)|[-–—]\s?.{3,80})[.\s]*)$", re.DOTALL)
_LONGEST_QUOTATION = 700
# No paragraph is longer. Where quotation marks never end, the time to find sentences grows with the square of this.
_LONGEST_LINE = 20_000


class Unit(NamedTuple):
    """A quotable slice `text[start:end]`. `lead` is the sentence that introduces the list that an item belongs to.

    `paragraph` is the number of its line; `item` says that the line is an item of a list.
    """

    start: int
    end: int
    text: str
    lead: str | None
    paragraph: int = 0
    item: bool = False


def split_units(text: str) -> list[Unit]:
    """Return the units of a normalised section text, in order."""
    units: list[Unit] = []
    lead: str | None = None
    position = 0
    for number, line in enumerate(text.split("\n")):
        start, position = position, position + len(line) + 1
        if not line.strip():
            continue
        if line.startswith(_LIST_MARK):
            offset = start + len(_LIST_MARK)
            body = line[len(_LIST_MARK) :]
            units += [unit._replace(lead=lead, paragraph=number, item=True) for unit in _sentences(body, offset)]
            continue
        sentences = _sentences(line, start)
        units += [unit._replace(paragraph=number) for unit in sentences]
        lead = sentences[-1].text if sentences and sentences[-1].text.endswith(":") else None
    return units


def _sentences(line: str, offset: int) -> list[Unit]:
    if _ATTRIBUTED.match(line) and len(line) <= _LONGEST_QUOTATION:
        return [_unit(line, 0, len(line), offset)]
    units: list[Unit] = []
    for start, end in _boundaries(line):
        if not line[start:end].strip():
            continue
        # A slice that is only closing punctuation or an attribution belongs to the sentence before it.
        if units and not re.search(r"\w{2}", line[start:end].split("(")[0]) and end - start < 100:
            previous = units.pop()
            units.append(_unit(line, previous.start - offset, end, offset))
        else:
            units.append(_unit(line, start, end, offset))
    return units


def _boundaries(line: str) -> Iterator[tuple[int, int]]:
    """Yield where sentences start and end; together they are the whole line."""
    start = 0
    while start < len(line):
        end = start + _LONGEST_LINE
        if end < len(line):
            end = line.rfind(" ", start, end) + 1 or end
        # sentencex gives character offsets.
        for boundary in get_sentence_boundaries("en", line[start:end]):
            yield start + boundary["start_index"], start + boundary["end_index"]
        start = end


def _unit(line: str, start: int, end: int, offset: int) -> Unit:
    piece = line[start:end]
    start += len(piece) - len(piece.lstrip())
    text = piece.strip()
    return Unit(offset + start, offset + start + len(text), text, None)
