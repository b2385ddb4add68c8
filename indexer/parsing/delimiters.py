"""Delimiter of a CSV file: the sign that gives most rows the same number of values."""

import csv
import io
from collections import Counter
from itertools import islice

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
