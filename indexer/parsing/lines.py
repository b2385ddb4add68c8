"""Lines that a break sets apart within a paragraph or a cell: joined where a sentence goes on, else apart."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.parsing.text import printable

_ENDS = (".", ";", ":", ",", "!", "?", "–", "-", "/", "&")


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
