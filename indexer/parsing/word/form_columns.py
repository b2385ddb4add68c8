"""Columns of a form's table that hold neither questions nor answers: numbers, and what says how to answer."""

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"(?:q(?:uestion)?[ .]*)?[a-z]?\d{1,2}[a-z]?(?:\.\d{1,2})?[.):]?", re.IGNORECASE)
_HINT_NAME = re.compile(
    r"guid(?:ance|e)\b.*|help(?: text)?|hints?|prompts?|instructions?|(?:max\w* )?word (?:limit|count)|max\w* words"
    r"|how to answer|what to (?:write|include)",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\(?(?:please|max\w*\b|up to|no more than|at most|e\.?g\.?|for example|\d+ words)\b",
    re.IGNORECASE,
)
# Fewer cells say nothing of their column.
_FEWEST = 2
# Of the cells of a column of hints, so many begin like one.
_HINTS = 0.8


def without_hints(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the rows of a table, as texts of cells, without the columns that number questions or help to answer them.

    A question and an answer are left in any case. Rows of fewer cells, which are merged, stay as they are.
    """
    width = max((len(row) for row in rows), default=0)
    whole = [row for row in rows if len(row) == width]
    columns = [[row[place].strip() for row in whole] for place in range(width)]
    # Numbers elsewhere than in front are something that is said.
    dropped = [
        place for place, column in enumerate(columns) if _is_hints(column) or (place == 0 and _is_numbers(column))
    ]
    if width - len(dropped) < 2:
        return [list(row) for row in rows]
    return [[text for place, text in enumerate(row) if len(row) < width or place not in dropped] for row in rows]


def _is_numbers(column: Sequence[str]) -> bool:
    body = [text for text in column[1:] if text]
    return len(body) >= _FEWEST and all(map(_NUMBER.fullmatch, body))


def _is_hints(column: Sequence[str]) -> bool:
    body = [text for text in column[1:] if text]
    if len(body) < _FEWEST:
        return False
    if _HINT_NAME.fullmatch(column[0]):
        return True
    return sum(_HINT.match(text) is not None for text in body) >= _HINTS * len(body)
