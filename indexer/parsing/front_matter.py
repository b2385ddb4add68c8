"""YAML, read safely; and front matter, field by field: a slip in one costs that field alone, never the text below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

from indexer.parsing.text import printable
from knowledge.errors import SourceError

DEEPEST = 20
MOST_VALUES = 5_000
# libyaml's own reader, where it comes along; it builds nothing until its events have been looked at.
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "<<"
_FENCED = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# A field begins at the line's start with its name; what is indented, or an item of a list, goes on with it.
_FIELD = re.compile(r"([A-Za-z_][\w .-]{0,60}?)[ \t]*:(?=\s|$)")
_GOES_ON = re.compile(r"[ \t]|-(?=[ \t])|[\]}]|#|$")
_MOST_SHOWN = 60


def load_yaml(text: str, loader: type = _LOADER) -> object:
    """Return what a YAML text holds, as `plain` gives it: mappings, lists, texts, numbers, true, false and `None`.

    `loader` is one of PyYAML's two safe ones; its own (`yaml.SafeLoader`) is the stricter, libyaml's the faster.

    Raises:
        SourceError: It refers to other places of itself, or is too deep or too large to be filled in by a person.
        yaml.YAMLError: It is not YAML.
        ValueError: A number or a date in it is none.
    """
    _require_small(text, loader)
    return plain(yaml.load(text, Loader=loader))  # noqa: S506  # one of the two safe ones


def plain(value: object, depth: int = 0) -> object:
    """Return a copy that JSON can hold; texts without control characters, days and moments as text.

    Raises:
        SourceError: It is too deep.
    """
    if depth > DEEPEST:
        raise SourceError(_too_deep())
    if isinstance(value, Mapping):
        return {
            printable(key) if isinstance(key, str) else key: plain(inner, depth + 1) for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner, depth + 1) for inner in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return printable(str(value))


def _require_small(text: str, loader: type) -> None:
    depth = count = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent):
            name = str(event.anchor)[:40]
            raise SourceError(
                f"it repeats a part of itself by name (*{name}), which can be made to fill the memory; write the part "
                "out where it belongs"
            )
        if isinstance(event, yaml.ScalarEvent) and event.value == _MERGE and event.implicit[0]:
            raise SourceError(f"it merges parts of itself ({_MERGE}); write them out where they belong")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise SourceError(_too_deep())
        count += isinstance(event, yaml.NodeEvent)
        if count > MOST_VALUES:
            raise SourceError(f"it has more than {MOST_VALUES} values, which nobody fills in; leave the rest out")


def _too_deep() -> str:
    return f"it is nested more than {DEEPEST} levels deep; write it flat"


class FrontMatter(NamedTuple):
    """The fields that could be read, the text below them, and a line for each field that could not."""

    fields: Mapping[str, object]
    text: str
    problems: tuple[str, ...] = ()


def split_front_matter(text: str) -> FrontMatter:
    """Return a text's front matter and what stands below it; a text without front matter as it is.

    Raises:
        SourceError: Its front matter is made to fill the memory, or far too deep or large to be one.
    """
    try:
        post = frontmatter.loads(text, handler=_handler(text))
    except SourceError as error:
        raise SourceError(f"its front matter cannot be used: {error}") from None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        return _by_field(text)
    if not post.metadata:
        return FrontMatter({}, text)  # a text may also begin with a ruled line
    return FrontMatter(post.metadata, post.content)


class _YAML(YAMLHandler):
    """Front matter in YAML, looked at before anything is made of it."""

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        return cast(dict[str, Any], load_yaml(fm))


class _JSON(JSONHandler):
    """The same in JSON."""

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        return cast(dict[str, Any], plain(super().load(fm)))


def _handler(text: str) -> BaseHandler | None:
    # As the library will look at it: without this, a blank line above would lead past ours to its own.
    return frontmatter.detect_format(text.strip(), [_YAML(), _JSON()])


def _by_field(text: str) -> FrontMatter:
    """Return the fields of front matter that is not YAML as a whole, read one after the other."""
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
    """Yield the fields of a block as they are written, by name; no name for a line that is none."""
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
    """Return a field as YAML reads it alone; `None` where it cannot, or takes a template's `{{date}}` for a value."""
    try:
        read = load_yaml(written)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None
    return read if isinstance(read, dict) and len(read) == 1 else None
