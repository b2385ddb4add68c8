"""YAML from strangers: refused before anything is made of it unless it is small, flat and says each thing once."""

from collections.abc import Mapping

import yaml

from indexer.parsing.text import printable
from knowledge.errors import SourceError

DEEPEST = 20
MOST_VALUES = 5_000
# libyaml's own reader, where it comes along; it builds nothing until its events have been looked at.
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "<<"


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
