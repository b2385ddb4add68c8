"""The words of a CSV file: those of every cell."""

import csv
import io

from indexer.parsing.raw.text import RawText
from indexer.parsing.text import decode

_DELIMITERS = ",;\t|"


def read(content: bytes) -> RawText:
    """Return all cells, a line each."""
    text = decode(content)
    first_lines = "\n".join(text.splitlines()[:20])
    delimiter = max(_DELIMITERS, key=first_lines.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return RawText([cell for row in rows for cell in row if cell], [], formatted=True)
