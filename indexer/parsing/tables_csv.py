"""CSV files: a row becomes a line that reads without the others, each value with its column's name."""

import csv
import io

from indexer.parsing.parsed import Parsed
from indexer.parsing.tables import table_blocks
from indexer.parsing.text import decode
from knowledge.errors import SourceError

_DELIMITERS = ",;\t|"


def parse(content: bytes, known_title: str | None) -> Parsed:
    """A CSV file, its values separated by commas, semicolons, tabs or bars.

    Raises:
        SourceError: It is not text, or not CSV.
    """
    text = decode(content)
    first_lines = "\n".join(text.splitlines()[:20])
    delimiter = max(_DELIMITERS, key=first_lines.count)
    try:
        blocks = list(table_blocks(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)))
    except csv.Error as error:
        raise SourceError(f"it is not a CSV file that can be read ({error}); save it again as CSV") from None
    return Parsed(known_title, {}, blocks)
