"""The words of a text file: all of it. Lines that are nothing but a time belong to a transcript's player."""

import re

from indexer.parsing.parsed import LeftOut
from indexer.parsing.raw.text import RawText
from indexer.parsing.text import decode

_TIME = re.compile(r"^\W{0,3}\d{1,3}(?::\d{2}){1,2}(?:[.,]\d{1,3})?\W{0,3}$")


def read(content: bytes) -> RawText:
    """Return all lines of a text."""
    lines = decode(content).splitlines()
    times = [line for line in lines if _TIME.match(line)]
    return RawText(lines, [LeftOut("times", "\n".join(times))] if times else [])
