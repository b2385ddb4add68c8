"""Lines that a break sets apart within a paragraph or a cell: joined where a sentence goes on, else apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.parsing.text import printable

_ENDS = (".", ";", ":", ",", "!", "?", "–", "-", "/", "&")
# Programs wrap at 66 to 78 characters; some at 100.
_SHORTEST_WRAP = 50
_LONGEST_WRAP = 105
_OWN_LINE = re.compile(r"^\s*(?:[•▪◦‣·*\-–+]|\d{1,2}[.)]|[A-Za-z][.)])\s+|^[=\-_*#~]{3,}\s*$")


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, cleaned; one that goes on in small letters is joined with the line before it."""
    lines: list[str] = []
    for raw in text.replace("\r", "\n").replace("\v", "\n").split("\n"):
        line = " ".join(printable(raw).split())
        if not line:
            continue
        if lines and line[0].islower() and lines[-1][-1] not in ".;:!?":
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return lines


def one_line(lines: Iterable[str]) -> str:
    """Return lines or paragraphs in one line, apart: "Hire locally; Open gardens"."""
    text = ""
    for line in filter(None, lines):
        text += (" " if text.endswith(_ENDS) else "; " if text else "") + line
    return text


def unwrapped(text: str) -> str:
    """Return a text whose wrapped lines are joined; lines that were ended on purpose stay as they are."""
    lines = [line.rstrip() for line in text.splitlines()]
    widest = max((len(line) for line in lines), default=0)
    if widest > _LONGEST_WRAP:
        return text  # its paragraphs are lines already
    joined: list[str] = []
    previous = ""
    for line in lines:
        goes_on = bool(previous) and bool(line.strip()) and not _OWN_LINE.match(line)
        if goes_on and _was_full(previous, line, widest):
            joined[-1] = f"{joined[-1]} {line.strip()}"
        else:
            joined.append(line)
        previous = line
    return "\n".join(joined)


def _was_full(line: str, following: str, widest: int) -> bool:
    """Return whether the first word of the next line would not have fitted on the line, which is why it was wrapped."""
    first = following.split()[0]
    return (
        widest >= _SHORTEST_WRAP and len(line) + 1 + len(first) > min(widest, 78) - 2 and not _OWN_LINE.fullmatch(line)
    )
