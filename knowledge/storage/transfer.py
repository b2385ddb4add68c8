"""Moves everything from one database to another: from SQLite to PostgreSQL, or back.

A table is one transaction, and noted once it is there: what is begun again goes on with the next one. Nobody can write
to the source meanwhile. At the end both are counted and their rows compared by checksum.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from knowledge.errors import StorageError

if TYPE_CHECKING:
    import sqlite3

    from knowledge.storage.sqlite.connection import Connections

Progress = Callable[[str, int], None]
_NOTE = "transfer"
_AT_ONCE = 1000
# Tables that others fill by themselves come last, and what everything is begun by.
_LAST = ("document_arrivals", "changed_chunks", "library_states", "library", "hash_keys", "flags")
# Nothing is deleted from the audit: what is there already stays.
_APPEND_ONLY = ("review_events",)
# Tables that have rows from a database's first moment.
_BEGUN = {"flags", "hash_keys", "library", "library_states", "member_changes", "question_salt"}
_DIGEST_BYTES = 16


class Table(NamedTuple):
    """A table that was moved: how many rows, and a checksum of them that no order of rows changes."""

    name: str
    rows: int
    checksum: str


def transfer(source: Connections, target: Connections, progress: Progress = lambda *_: None) -> list[Table]:
    """Copy all rows into a database that is new, or was begun by this; return what was copied, table by table.

    Raises:
        StorageError: The target holds something else, or a table is not the same afterwards.
        StorageBusyError: Somebody writes to one of the two for longer than 30 seconds.
    """
    with source.write() as reader:
        uid = reader.execute("SELECT uid FROM library").fetchone()[0]
        done = _begun(target, uid)
        tables = _in_order(source, reader)
        for table in tables:
            if table not in done:
                _copy(source, target, reader, table, {"uid": uid, "done": [*done, table]})
                done.append(table)
                progress(table, len(tables))
        with target.write() as writer:
            target.adopt_numbers(writer, source.last_numbers(reader))
        target.index_words()
        moved = [_compared(source, target, reader, table) for table in tables]
    with target.write() as writer:
        writer.execute("DELETE FROM flags WHERE name = ?", [_NOTE])
    return moved


def require_room(source: Connections, target: Connections) -> None:
    """Accept a target that is new, or to which moving this source has begun; nothing is changed.

    Raises:
        StorageError: It holds something else.
    """
    with source.read() as connection:
        uid = connection.execute("SELECT uid FROM library").fetchone()[0]
    _begun(target, uid)


def _begun(target: Connections, uid: str) -> list[str]:
    """Return the tables that are there already.

    Raises:
        StorageError: The target is of another library, or in use.
    """
    with target.read() as connection:
        note = connection.execute("SELECT value FROM flags WHERE name = ?", [_NOTE]).fetchone()
        if note is not None:
            begun = json.loads(note[0])
            if begun["uid"] == uid:
                return list(begun["done"])
            raise StorageError("Another library is being moved into that database. Empty it, or choose another.")
        for table in sorted(target.references(connection).keys() - _BEGUN):
            if connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():
                raise StorageError(
                    f"There is something in that database already ({table}). If it is what you moved, that is done: "
                    "`haln index verify` looks at it. If not, empty it, or choose another."
                )
    return []


def _in_order(source: Connections, connection: sqlite3.Connection) -> list[str]:
    """Return the tables, each after those that it points at."""
    references = source.references(connection)
    waiting = [table for table in sorted(references) if table not in _LAST]
    # Documents of examples are accepted only when those are there.
    references["documents"] = {*references["documents"], "submissions"}
    ordered: list[str] = []
    while waiting:
        free = [table for table in waiting if not (references[table] - {table}) & set(waiting)]
        ordered += free
        waiting = [table for table in waiting if table not in free]
    return [*ordered, *_LAST]


def _copy(
    source: Connections, target: Connections, reader: sqlite3.Connection, table: str, note: Mapping[str, object]
) -> None:
    with target.write() as writer:
        target.defer_references(writer)  # a row may point at a later one of its table
        flags = target.truths(writer, table)
        if table not in _APPEND_ONLY:
            writer.execute(f'DELETE FROM "{table}"')
        for rows in _batches(source, reader, table):
            names = rows[0].keys()
            values = [
                [
                    bool(value) if name in flags and value is not None else value
                    for name, value in zip(names, row, strict=True)
                ]
                for row in rows
            ]
            target.insert(writer, table, names, values, some_are_there=table in _APPEND_ONLY)
        writer.execute(
            "INSERT INTO flags (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [_NOTE, json.dumps(note)],
        )


def _batches(connections: Connections, connection: sqlite3.Connection, table: str) -> Iterator[list[sqlite3.Row]]:
    """Yield a table's rows, but for the note of this, some at a time."""
    where = f" WHERE name <> '{_NOTE}'" if table == "flags" else ""
    yield from connections.streamed(connection, f'SELECT * FROM "{table}"{where}', _AT_ONCE)


def _compared(source: Connections, target: Connections, reader: sqlite3.Connection, table: str) -> Table:
    """Return what both hold of a table.

    Raises:
        StorageError: It is not the same.
    """
    wanted = _checked(source, reader, table)
    with target.read() as connection:
        found = _checked(target, connection, table)
    if wanted != found:
        raise StorageError(
            f"{table} is not the same in both databases ({wanted.rows} and {found.rows} rows). The old one is whole; "
            "somebody wrote to one of them meanwhile. Stop whatever uses them, empty the new one and begin again."
        )
    return wanted


def _checked(connections: Connections, connection: sqlite3.Connection, table: str) -> Table:
    count, total = 0, 0
    for rows in _batches(connections, connection, table):
        for row in rows:
            values = sorted((name, _plain(row[name])) for name in row.keys())  # noqa: SIM118 - a row, no mapping
            digest = hashlib.blake2b(json.dumps(values).encode(), digest_size=_DIGEST_BYTES).digest()
            total = (total + int.from_bytes(digest)) % 2 ** (8 * _DIGEST_BYTES)
        count += len(rows)
    return Table(table, count, f"{total:032x}")


def _plain(value: object) -> str | int | float | None:
    """Return a value as both databases give it: numbers for truth, hexadecimal digits for bytes."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return value if isinstance(value, int | float) else None
