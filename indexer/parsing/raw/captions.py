"""The words of captions: without their times, numbers, tags and settings."""

import re

from indexer.parsing.raw.text import RawText
from indexer.parsing.text import decode

_TAG = re.compile(r"<[^>\n]{0,200}>")
_ARROW = "-->"
# Blocks of a WebVTT file that no viewer sees.
_UNSEEN = ("WEBVTT", "NOTE", "STYLE", "REGION")


def read(content: bytes) -> RawText:
    """Return the lines of all cues."""
    lines: list[str] = []
    for block in re.split(r"\n[ \t]*\n", decode(content).replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff\n ")):
        rows = block.strip("\n").split("\n")
        timed = next((number for number, row in enumerate(rows) if _ARROW in row), None)
        if timed is None and rows[0].startswith(_UNSEEN):
            continue
        # What stands above the time is the cue's name.
        lines += [_TAG.sub("", row) for row in rows[0 if timed is None else timed + 1 :] if _ARROW not in row]
    return RawText(lines, [])
