"""Every method of every store asks the database at least once here, and nothing that it asks reaches another network.

The methods are found, not named: a store or a method that is added is called with values made for its types, and each
statement that comes of it is tried from another network like those of all tests here (`tried_from_elsewhere`).
"""

import dataclasses
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path

import numpy as np
from pydantic import BaseModel

import knowledge
from knowledge.domain import library as nouns
from knowledge.library import open_stores
from knowledge.storage import arrays
from knowledge.storage import source_protocols as sources
from knowledge.storage.postgres.connection import PostgresConnections
from knowledge.storage.postgres.statements import PostgresConnection
from knowledge.storage.sqlite.connection import ConnectedStore
from tests.contract.other_network import MARK, NUMBER

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
VECTOR = np.ones(4, dtype=np.float32)
# Names that modules import for their annotations alone.
SAID = {**vars(arrays), **vars(nouns), **vars(sources), "datetime": datetime, "Path": Path}
# These ask the database nothing.
SILENT = {
    "SQLiteAccountStore.hashed": "hashes",
    "SQLiteDigestStore.hashed": "hashes",
    "SQLiteMemberStore.atomically": "opens a transaction for others",
    "SQLiteQuestionStore.impatient": "tells how long to wait",
    "SQLiteQuestionStore.new_question_id": "makes an id",
    "SQLiteStore.one_state": "keeps what was read",
    "SQLiteStore.release": "closes a connection",
    "SQLiteStore.close": "closes all",
}


def made(kind, name=""):
    """Return a value of a type, as the rows have it that the other network is full of."""
    plain = {str: MARK, int: NUMBER, float: 0.5, bool: True, bytes: b"ours", datetime: NOW, date: NOW.date()}
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if kind is typing.Any or kind is object:
        return MARK
    if kind in plain:
        return plain[kind]
    if origin is typing.Annotated:
        return made(inside[0], name)
    if origin in (typing.Union, types.UnionType):
        return made(next(one for one in inside if one is not type(None)), name)
    if origin is not None and issubclass(origin, Mapping):
        return {made(inside[0]): made(inside[1])}
    if kind is np.ndarray or origin is np.ndarray:
        return np.array([1], dtype=np.int64) if "Ids" in name else VECTOR
    if origin is tuple:
        return (made(inside[0]),) if inside[-1] is ... else tuple(made(one) for one in inside)
    if origin is Callable or (origin is not None and issubclass(origin, Callable)):
        return lambda *_: made(inside[1])
    if origin is not None and issubclass(origin, Collection):
        return [made(inside[0])]
    if kind is timedelta:
        return timedelta(days=1)
    if kind is Path:
        return Path("nowhere")
    if issubclass(kind, Enum):
        return next(iter(kind))
    if issubclass(kind, BaseModel):
        fields = {field: made(one.annotation) for field, one in kind.model_fields.items() if one.is_required()}
        return kind.model_construct(**fields)
    if dataclasses.is_dataclass(kind) or issubclass(kind, tuple):
        hints = typing.get_type_hints(kind, localns=SAID)
        return kind(**{field: made(one) for field, one in hints.items()})
    raise TypeError(f"say in `made` how a {kind} is made")


def arguments(method):
    hints = typing.get_type_hints(inspect.unwrap(method), {**inspect.unwrap(method).__globals__, **SAID})
    parameters = inspect.signature(method).parameters.values()
    named = {one.name: made(hints.get(one.name, str), str(one.annotation)) for one in parameters}
    return (
        [value for name, value in named.items() if method_takes(method, name)],
        {name: value for name, value in named.items() if not method_takes(method, name)},
    )


def method_takes(method, name):
    return inspect.signature(method).parameters[name].kind is not inspect.Parameter.KEYWORD_ONLY


def reached(opened):
    """Yield the stores within an object, each once."""
    found, waiting = set(), [opened]
    while waiting:
        one = waiting.pop()
        if id(one) in found:
            continue
        found.add(id(one))
        if isinstance(one, ConnectedStore):
            yield one
        if isinstance(one, tuple):
            waiting += list(one)
        elif isinstance(one, ConnectedStore) or (
            type(one).__module__.startswith("knowledge.") and hasattr(one, "__dict__")
        ):
            waiting += list(vars(one).values())


def subclasses(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def use(method):
    """Call a method and take what it gives to the end."""
    positional, named = arguments(method)
    given = method(*positional, **named)
    if isinstance(given, AbstractContextManager):
        with given:
            pass
    elif isinstance(given, Iterator):
        list(given)


def test_every_method_of_every_store_is_asked(settings, monkeypatch):
    for module in pkgutil.walk_packages(knowledge.__path__, "knowledge."):
        if ".storage" in module.name and ".migrations" not in module.name:
            importlib.import_module(module.name)
    asked = []
    for name in ("execute", "executemany"):
        monkeypatch.setattr(PostgresConnection, name, counting(getattr(PostgresConnection, name), asked))
    for name in ("streamed", "networks_with"):
        monkeypatch.setattr(PostgresConnections, name, counting(getattr(PostgresConnections, name), asked))
    opened = open_stores(settings)
    stores = list(reached(opened))
    used = {kind for one in stores for kind in type(one).__mro__}
    unreached = {one.__name__ for one in subclasses(ConnectedStore)} - {one.__name__ for one in used}
    assert unreached == set()
    silent = {}
    for store in stores:
        for name, _ in inspect.getmembers(type(store), inspect.isfunction):
            owner = next(kind.__name__ for kind in type(store).__mro__ if name in vars(kind))
            if name.startswith("_") or f"{owner}.{name}" in SILENT:
                continue
            before, problem = len(asked), ""
            try:
                use(getattr(store, name))
            except Exception as error:  # noqa: BLE001 - it need not go well, but ask
                problem = repr(error)
            if len(asked) == before:
                silent[f"{owner}.{name}"] = problem
    opened.claims.close()
    opened.library.close()
    assert [f"{one}: {why}" for one, why in silent.items()] == []


def counting(execute, asked):
    def counted(self, statement, *values, **form):
        asked.append(statement)
        return execute(self, statement, *values, **form)

    return counted
