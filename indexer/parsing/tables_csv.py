"""CSV and TSV files: a row becomes a line that reads without the others, each value with its column's name."""

import csv
import io

from indexer.parsing.delimiters import delimiter_of
from indexer.parsing.parsed import Parsed
from indexer.parsing.table_blocks import table_blocks
from indexer.parsing.text import decode
from knowledge.errors import SourceError


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
