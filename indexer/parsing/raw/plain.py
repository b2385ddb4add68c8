"""The words of plain text, Markdown, captions and CSV files, as a reader sees them."""

import csv
import io
import re

from indexer.parsing.blocks import LeftOut
from indexer.parsing.raw.text import RawText
from indexer.parsing.text import decode

_TIME = re.compile(r"^\W{0,3}\d{1,3}(?::\d{2}){1,2}(?:[.,]\d{1,3})?\W{0,3}$")
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(?=[^\n]*:).*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_UNSEEN_MARKS = re.compile(
    r"<!--.*?-->|</?[a-zA-Z][^<>]{0,500}>|(?<=\])\([^()\s]*(?:\s+\"[^\"\n]*\")?\)|!\[[^\]\n]*\](?:\([^)\n]*\))?"
    r"|^\[[^\]\n]+\]:\s*\S+.*$|^[ \t]*(?:```|~~~)[^\n]*$",
    re.DOTALL | re.MULTILINE,
)
_ORDINAL = re.compile(r"^[ \t>]*\d{1,9}[.)][ \t]+", re.MULTILINE)
_TAG = re.compile(r"<[^>\n]{0,200}>")
_ARROW = "-->"
# Blocks of a WebVTT file that no viewer sees.
_UNSEEN_BLOCKS = ("WEBVTT", "NOTE", "STYLE", "REGION")
_DELIMITERS = ",;\t|"


def read_plain(content: bytes) -> RawText:
    """Return all lines of a text."""
    lines = decode(content).splitlines()
    times = [line for line in lines if _TIME.match(line)]
    return RawText(lines, [LeftOut("times", "\n".join(times))] if times else [])


def read_markdown(content: bytes) -> RawText:
    """Return all lines of a Markdown text."""
    text = _FRONT_MATTER.sub("", decode(content).replace("\r\n", "\n"), count=1)
    return RawText(_ORDINAL.sub("", _UNSEEN_MARKS.sub(" ", text)).splitlines(), [])


def read_captions(content: bytes) -> RawText:
    """Return the lines of all cues."""
    lines: list[str] = []
    for block in re.split(r"\n[ \t]*\n", decode(content).replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff\n ")):
        rows = block.strip("\n").split("\n")
        timed = next((number for number, row in enumerate(rows) if _ARROW in row), None)
        if timed is None and rows[0].startswith(_UNSEEN_BLOCKS):
            continue
        # What stands above the time is the cue's name.
        lines += [_TAG.sub("", row) for row in rows[0 if timed is None else timed + 1 :] if _ARROW not in row]
    return RawText(lines, [])


def read_delimited(content: bytes) -> RawText:
    """Return all cells, a line each."""
    text = decode(content)
    first_lines = "\n".join(text.splitlines()[:20])
    delimiter = max(_DELIMITERS, key=first_lines.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return RawText([cell for row in rows for cell in row if cell], [], formatted=True)
