"""YAML front matter, field by field: a slip in one costs that field and no other, and never the text below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import frontmatter
import yaml

_FENCED = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# A field begins at the line's start with its name; what is indented, or an item of a list, goes on with it.
_FIELD = re.compile(r"([A-Za-z_][\w .-]{0,60}?)[ \t]*:(?=\s|$)")
_GOES_ON = re.compile(r"[ \t]|-(?=[ \t])|[\]}]|#|$")
_MOST_SHOWN = 60


class FrontMatter(NamedTuple):
    """The fields that could be read, the text below them, and a line for each field that could not."""

    fields: Mapping[str, object]
    text: str
    problems: tuple[str, ...] = ()


def split_front_matter(text: str) -> FrontMatter:
    """Return a text's front matter and what stands below it; a text without front matter as it is."""
    try:
        post = frontmatter.loads(text)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        return _by_field(text)
    if not post.metadata:
        return FrontMatter({}, text)  # a text may also begin with a ruled line
    return FrontMatter(post.metadata, post.content)


def _by_field(text: str) -> FrontMatter:
    """Front matter that is not YAML as a whole, read one field after the other."""
    fenced = _FENCED.match(text)
    if fenced is None:
        return FrontMatter({}, text)
    fields: dict[str, object] = {}
    problems: list[str] = []
    strays = 0
    for name, written in _fields(fenced[1]):
        if not name:
            strays += 1
            problems.append(f'"{_shown(written)}" in its front matter is no field; write a name, a colon and a value')
        elif (value := _value(written)) is None:
            said = _shown(written.split(":", 1)[1])
            problems.append(f'{name} cannot be read ("{said}"); put its value between quotation marks')
        else:
            fields |= value
    spaced = any(" " in name for name, _ in _fields(fenced[1]))
    prose = not fields and (spaced or not fenced[1].split("\n", 1)[0].strip())
    if prose or strays > len(fields):
        return FrontMatter({}, text)  # words between ruled lines
    return FrontMatter(fields, text[fenced.end() :], tuple(problems))


def _shown(written: str) -> str:
    said = " ".join(written.split())
    return said if len(said) <= _MOST_SHOWN else f"{said[:_MOST_SHOWN]}..."


def _fields(block: str) -> Iterator[tuple[str, str]]:
    """The fields of a block as they are written, by name; no name for a line that is none."""
    name = ""
    lines: list[str] = []
    for line in block.splitlines():
        begins = _FIELD.match(line)
        if begins:
            if lines:
                yield name, "\n".join(lines)
            name, lines = begins[1], [line]
        elif name and _GOES_ON.match(line):
            lines.append(line)
        elif line.strip() and not line.lstrip().startswith("#"):
            yield "", line
    if lines:
        yield name, "\n".join(lines)


def _value(written: str) -> dict[str, object] | None:
    """A field as YAML reads it alone; `None` where it cannot, or reads a template's mark (`{{date}}`) as a value."""
    try:
        read = yaml.safe_load(written)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None
    return read if isinstance(read, dict) and len(read) == 1 else None
