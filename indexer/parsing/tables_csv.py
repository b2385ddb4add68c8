"""CSV and TSV files: a row becomes a line that reads without the others, each value with its column's name."""

import csv
import io
from collections import Counter
from itertools import islice

from indexer.parsing.blocks import Parsed
from indexer.parsing.table_blocks import table_blocks
from indexer.parsing.text import decode
from knowledge.errors import SourceError

# In the order in which they are believed where several would do.
_DELIMITERS = "\t;|,"
_LOOKED_AT_ROWS = 100
_LOOKED_AT = 200_000


def delimiter_of(text: str) -> tuple[str, str]:
    """Return the delimiter of a CSV text, and the text without a first line that only names it (`sep=;`)."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        return first.strip()[-1], rest
    sample = text[:_LOOKED_AT]
    best = max(_DELIMITERS, key=lambda mark: _evenness(sample, mark))
    return (best if _evenness(sample, best) > 0 else ","), text


def _evenness(sample: str, delimiter: str) -> float:
    """Return the share of rows that have as many values as most have; 0 where most have one."""
    try:
        rows = islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _LOOKED_AT_ROWS)
        counts = [len(row) for row in rows if any(map(str.strip, row))]
    except csv.Error:
        return 0.0
    several = Counter(count for count in counts if count > 1)
    if not several:
        return 0.0
    return several.most_common(1)[0][1] / len(counts)


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return a CSV file's rows, its values separated by commas, semicolons, tabs or bars.

    Raises:
        SourceError: It is not text, or not CSV.
    """
    delimiter, text = delimiter_of(decode(content))
    try:
        blocks = list(table_blocks(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)))
    except csv.Error as error:
        raise SourceError(f"it is not a CSV file that can be read ({error}); save it again as CSV") from None
    return Parsed(known_title, {}, blocks)
