"""Units that are not quoted like others: rows of tables, and sentences that only say that something follows."""

import re

from knowledge.language.sentences import Unit
from knowledge.types import Chunk

_ANNOUNCES = re.compile(
    r"\b(?:two|three|four|five|six|seven|several|some|a (?:few|number of)|many|various|the following)"
    r"\s+(?:[\w-]+\s+){0,3}(?:things|points|lessons|reasons|ways|problems|challenges|barriers|obstacles|steps|findings|themes|factors"
    r"|mistakes|issues|difficulties)\b",
    re.IGNORECASE,
)
_MOST_ANNOUNCING_WORDS = 14


def is_row(chunk: Chunk) -> bool:
    """Whether a chunk holds rows of a table, each a unit of its own that goes on with none."""
    return chunk.locator is not None and re.match(r"rows? \d", chunk.locator) is not None


def announces(unit: Unit) -> bool:
    """Whether a unit only says that something follows, as "The trust tried three things" does."""
    short = len(unit.text.split()) <= _MOST_ANNOUNCING_WORDS
    # After a colon stands what was announced.
    return short and not re.search(r"[:;–]\s", unit.text) and _ANNOUNCES.search(unit.text) is not None
