"""Connections to PostgreSQL that take the statements written for SQLite, lent to threads from a pool.

What may differ between the two is said here once: how values are marked in a statement, which types they come back
as, who waits for whom, and the server's errors in words that a person can act on.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg import errors
from psycopg.adapt import AdaptersMap, Loader
from psycopg.types.string import StrDumper
from psycopg_pool import ConnectionPool, PoolTimeout

from knowledge.errors import HalnError, StorageBusyError, StorageError
from knowledge.storage.postgres import words
from knowledge.storage.sqlite import maintenance
from knowledge.storage.sqlite.connection import Connections

if TYPE_CHECKING:
    from psycopg.abc import Buffer

    from knowledge.storage.sqlite.hash_key import HashKey

# As with SQLite: how long a writer waits for another, and one whose asker waits for an answer.
_PATIENCE_MS = 30_000
_IMPATIENT_MS = 500
_CONNECT_SECONDS = 10
# "HALN": the lock of those who must write alone.
_ALONE = 0x48414C4E
# Tables and columns of the house's own, of some types.
OWN_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
        USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_name NOT IN ('chunk_words', 'schema_steps')
      AND table_type = 'BASE TABLE' AND data_type IN ({types}) ORDER BY 1, ordinal_position
"""
_ANY = "'text', 'bigint', 'boolean', 'bytea'"
_REFERENCES = """
    SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""
_COUNTERS = """
    SELECT table_name, pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_identity = 'YES'
"""
_POINT_AT_MEMBERS = """
    SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute
        ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid = 'members'::regclass
"""
_MARKS = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|::|\?(\d*)|:([a-z_]+)|%")
# The server says by name what can be waited out: the lock, a deadlock that it broke, a full disk, too many of us.
_BUSY = (
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.QueryCanceled,
    errors.TooManyConnections,
    errors.CannotConnectNow,
    PoolTimeout,
)


def in_words(error: psycopg.Error) -> HalnError:
    """Turn an error of the server into one of ours that says what to do. Addresses and passwords are not in it."""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, errors.DiskFull):
        return StorageBusyError("The disk of the database's server is full. Nothing was lost; free some space there.")
    if isinstance(error, _BUSY):
        return StorageBusyError(f"The database is busy ({reason}). Nothing was lost; try again in a moment.")
    if isinstance(error, errors.InsufficientPrivilege):
        return StorageError(
            f"The account in HALN_DATABASE_URL may not do what is needed ({reason}). It must own the database; and an "
            "administrator has to run `CREATE EXTENSION vector` in it once."
        )
    if isinstance(error, psycopg.OperationalError):
        return StorageError(
            f"The database of HALN_DATABASE_URL cannot be reached ({reason}). Check that the server runs, and the "
            "address, the account and the password."
        )
    return StorageError(f"The database refused ({reason}).")


class _Text(StrDumper):
    """Writes texts as texts, whatever they are compared with; PostgreSQL keeps no null characters."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in obj else obj)


class _Number(Loader):
    """Reads what sums and means come as: whole numbers as such, others as floating point."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text or "N" in text else int(text)


class Row(tuple[Any, ...]):
    """A row whose values are found by place and by name, as SQLite's are."""

    _places: Mapping[str, int] = {}

    def keys(self) -> Sequence[str]:
        """Return the names of the columns."""
        return list(self._places)

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401 - as in `sqlite3.Row`
        """Return the value at a place or under a name."""
        return super().__getitem__(self._places[key] if isinstance(key, str) else key)


@lru_cache(maxsize=512)
def _row_of(names: tuple[str, ...]) -> type[Row]:
    return type("Row", (Row,), {"_places": {name: place for place, name in enumerate(names)}})


def _rows(cursor: psycopg.Cursor[Row]) -> type[Row]:
    return _row_of(tuple(column.name for column in cursor.description or ()))


@lru_cache(maxsize=2048)
def translated(statement: str) -> str:
    """Return a statement with its marks for values as psycopg writes them: `?`, `?1` and `:name` are known."""

    def mark(found: re.Match[str]) -> str:
        text = found.group()
        if text.startswith("?"):
            return f"%(v{found[1]})s" if found[1] else "%s"
        if found[2]:
            return f"%({found[2]})s"
        return text.replace("%", "%%")

    return _MARKS.sub(mark, statement)


def _marked(prepared: str, values: Sequence[object] | Mapping[str, object]) -> Sequence[object] | Mapping[str, object]:
    """Return values under the names that a statement has for them, where it numbers its marks."""
    if "%(v" not in prepared or isinstance(values, Mapping):
        return values
    return {f"v{place}": value for place, value in enumerate(values, start=1)}


class PostgresConnection:
    """A connection that is used as one of `sqlite3` is."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.raw = connection

    def execute(self, statement: str, values: Sequence[object] | Mapping[str, object] = ()) -> psycopg.Cursor[Row]:
        """Run one statement."""
        prepared = translated(statement)
        return self.raw.execute(cast("Any", prepared), _marked(prepared, values))

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> psycopg.Cursor[Row]:
        """Run one statement for each row of values."""
        cursor = self.raw.cursor()
        prepared = translated(statement)
        cursor.executemany(cast("Any", prepared), [_marked(prepared, values) for values in rows])
        return cursor

    @property
    def in_transaction(self) -> bool:
        """Return whether a transaction is open."""
        return self.raw.info.transaction_status != psycopg.pq.TransactionStatus.IDLE


class PostgresConnections(Connections):
    """Lends connections of one pool: to a thread the same one for as long as it works with it.

    `path` is where SQLite's file would be: beside it are the key and the journal of erasures.
    """

    hash_key: HashKey
    skip_locked = "FOR UPDATE SKIP LOCKED"

    def __init__(self, address: str, path: Path, most: int = 10) -> None:
        """Open the pool, which keeps as many connections as are used at once, `most` at most.

        Raises:
            StorageError: The server cannot be reached.
        """
        self.path = path
        self._mine = threading.local()
        adapters = AdaptersMap(psycopg.adapters)
        adapters.register_dumper(str, _Text)
        adapters.register_loader("numeric", _Number)
        self._options = {"autocommit": True, "row_factory": _rows, "context": _Context(adapters)}
        self.address = address
        try:
            # The pool would only say that it waited for too long.
            psycopg.connect(address, connect_timeout=_CONNECT_SECONDS).close()
        except psycopg.Error as error:
            raise in_words(error) from None  # the chained one may show the address
        self._pool = ConnectionPool(
            address,
            kwargs=self._options,
            configure=_be_patient,
            min_size=1,
            max_size=most,
            timeout=_PATIENCE_MS / 1000,
            open=True,
        )

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection, with errors in words."""
        held: PostgresConnection | None = getattr(self._mine, "connection", None)
        try:
            if held is not None:
                yield cast("sqlite3.Connection", held)
                return
            with self._pool.connection() as raw:
                self._mine.connection = held = PostgresConnection(cast("psycopg.Connection[Row]", raw))
                try:
                    yield cast("sqlite3.Connection", held)
                finally:
                    del self._mine.connection
        except psycopg.Error as error:
            raise in_words(error) from error

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[sqlite3.Connection]:
        """Open a transaction; see `Connections.write`."""
        with self.read() as lent:
            connection = cast("PostgresConnection", lent)
            if connection.in_transaction:
                self._wait_to_be(connection, alone=alone)
                yield lent
                return
            try:
                with connection.raw.transaction():
                    if (patience := getattr(self._mine, "impatient", _PATIENCE_MS)) < _PATIENCE_MS:
                        connection.execute(f"SET LOCAL lock_timeout = {patience}")
                    self._wait_to_be(connection, alone=alone)
                    yield lent
            finally:
                self._mine.alone = False

    def _wait_to_be(self, connection: PostgresConnection, *, alone: bool) -> None:
        if alone and not getattr(self._mine, "alone", False):
            connection.execute("SELECT pg_advisory_xact_lock(?)", [_ALONE])
            self._mine.alone = True

    @contextmanager
    def impatient(self, milliseconds: int = _IMPATIENT_MS) -> Iterator[None]:
        """Let this thread's writes wait for half a second, or so long, only while the body runs: then they raise."""
        before = getattr(self._mine, "impatient", _PATIENCE_MS)
        self._mine.impatient = min(before, milliseconds)
        try:
            yield
        finally:
            self._mine.impatient = before

    def empty_log(self) -> None:
        """Do nothing: what was deleted is the server's to overwrite, by VACUUM and by turning its log over."""

    def columns_of_people(self, connection: sqlite3.Connection) -> list[tuple[str, str]]:
        """Return the tables and columns that hold ids of people: by their name, or because they point at a member."""
        texts = [(row[0], row[1]) for row in connection.execute(OWN_COLUMNS.format(types="'text', 'bigint'"))]
        pointing = {(row[0], row[1]) for row in connection.execute(_POINT_AT_MEMBERS)}
        return [one for one in texts if one[1] in maintenance.PEOPLE or one in pointing or one == ("members", "id")]

    def defer_references(self, connection: sqlite3.Connection) -> None:
        """Let rows point at later ones of their table; what points at a member follows it by itself."""
        connection.execute("SET CONSTRAINTS ALL DEFERRED")

    def rename(self, connection: sqlite3.Connection, table: str, column: str, old: str, new: str) -> None:
        """Put a value in the place of another in a column; rows of which there is one with the new value stay."""
        for row in connection.execute(
            f'SELECT ctid FROM "{table}" WHERE CAST("{column}" AS TEXT) = ?', [old]
        ).fetchall():
            try:
                with cast("PostgresConnection", connection).raw.transaction():  # a part that can be undone alone
                    connection.execute(
                        f'UPDATE "{table}" SET "{column}" = ? WHERE ctid = CAST(? AS tid)', [new, row[0]]
                    )
            except errors.UniqueViolation:
                continue

    def references(self, connection: sqlite3.Connection) -> dict[str, set[str]]:
        """Return every table of the house's own with those that it points at."""
        found: dict[str, set[str]] = {row[0]: set() for row in connection.execute(OWN_COLUMNS.format(types=_ANY))}
        for table, other in connection.execute(_REFERENCES):
            found.get(table, set()).add(other)
        return found

    def streamed(self, connection: sqlite3.Connection, query: str, most: int) -> Iterator[list[sqlite3.Row]]:
        """Yield the rows of a query, `most` at a time, which the server keeps until then."""
        raw = cast("PostgresConnection", connection).raw
        with raw.transaction(), raw.cursor(name="streamed") as cursor:
            cursor.execute(cast("Any", query))
            while rows := cursor.fetchmany(most):
                yield cast("list[sqlite3.Row]", rows)

    def truths(self, connection: sqlite3.Connection, table: str) -> frozenset[str]:
        """Return the columns that hold true and false as such."""
        rows = connection.execute(OWN_COLUMNS.format(types="'boolean'"))
        return frozenset(row[1] for row in rows if row[0] == table)

    def last_numbers(self, connection: sqlite3.Connection) -> dict[str, int]:
        """Return the last number that was given out in each table that counts its rows."""
        return {
            table: connection.execute(f"SELECT last_value FROM {sequence}").fetchone()[0]
            for table, sequence in connection.execute(_COUNTERS).fetchall()
        }

    def adopt_numbers(self, connection: sqlite3.Connection, numbers: Mapping[str, int]) -> None:
        """Let no table give out a number up to the one that is named for it."""
        for table, sequence in connection.execute(_COUNTERS).fetchall():
            if numbers.get(table):
                connection.execute("SELECT setval(CAST(? AS regclass), ?)", [sequence, numbers[table]])

    def index_words(self, connection: sqlite3.Connection) -> None:
        """Index the words of chunks that were written past the library's store."""
        words.catch_up(connection)

    def release(self) -> None:
        """Do nothing: a thread holds a connection only while it works with it."""

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


def _be_patient(connection: psycopg.Connection[Any]) -> None:
    connection.execute(f"SET lock_timeout = {_PATIENCE_MS}")


class _Context:
    """Hands the adapters to psycopg."""

    connection = None

    def __init__(self, adapters: AdaptersMap) -> None:
        self.adapters = adapters
