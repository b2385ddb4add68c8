"""Connections to PostgreSQL that take the statements written for SQLite, lent to threads from a pool.

What may differ between the two is said here, in `statements` (how values are marked, which types they come back as)
and in `errors` (the server's, in words): who waits for whom, and what the server is asked about its own tables.
"""

from __future__ import annotations

import select
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool

from knowledge.domain.networks import MAIN
from knowledge.storage.postgres import row_security, words
from knowledge.storage.postgres.errors import in_words
from knowledge.storage.postgres.statements import PostgresConnection, Row, connection_options, written_tables
from knowledge.storage.sqlite import maintenance
from knowledge.storage.sqlite.connection import Connections

if TYPE_CHECKING:
    from knowledge.storage.sqlite.hash_key import HashKey

# As with SQLite: how long a writer waits for another, and one whose asker waits for an answer.
_PATIENCE_MS = 30_000
_IMPATIENT_MS = 500
# No statement of the house takes so long but for those about all rows, which say so: what does is stuck.
_STATEMENT_MS = 600_000
# What is relied on, and what a server, a database or an account may have by default in another way. Who waited for the
# lock of those who write alone has to see what the one before wrote; numbers have to come back as they were.
_SETTINGS = {
    "lock_timeout": str(_PATIENCE_MS),
    "statement_timeout": str(_STATEMENT_MS),
    "default_transaction_isolation": "read committed",
    "row_security": "on",
    "standard_conforming_strings": "on",
    "client_encoding": "UTF8",
    "extra_float_digits": "1",
}
# Tables and columns of the house's own, of some types.
OWN_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
        USING (table_schema, table_name)
    WHERE table_schema = current_schema()
      AND table_name NOT IN ('chunk_words', 'chunk_word_totals', 'written_words', 'schema_steps')
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
_TRIGGERS = """
    SELECT tgrelid::regclass::text, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class
        ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
"""
_POINT_AT_MEMBERS = """
    SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute
        ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid = 'members'::regclass
"""


class PostgresConnections(Connections):
    """Lends connections of one pool: to a thread the same one for as long as it works with it.

    `path` is where SQLite's file would be: beside it are the key and the journal of erasures.
    """

    hash_key: HashKey
    skip_locked = "FOR UPDATE SKIP LOCKED"
    held = "FOR KEY SHARE"

    def __init__(self, address: str, path: Path, network: str = MAIN, most: int = 10) -> None:
        """Open the pool, which keeps as many connections as are used at once, `most` at most.

        All of them are one network's for as long as they live: no other's thread is ever lent one.

        Raises:
            StorageError: The server cannot be reached.
        """
        self.path = path
        self.network = network
        self._alone = row_security.alone_key(network)
        self._mine = threading.local()
        self.written = set[str]()  # tables, since it was looked at last: see `PostgresStore.scrub`
        self.address = address
        options = connection_options(address)
        try:
            # The pool would only say that it waited for too long.
            psycopg.connect(address, **options).close()
        except psycopg.Error as error:
            raise in_words(error) from None  # the chained one may show the address
        self._pool = ConnectionPool(
            address,
            kwargs=options,
            configure=partial(_begin, network),
            check=self._require_open,
            min_size=1 if network == MAIN else 0,  # many networks are open, and few are at work
            max_size=most,
            timeout=_PATIENCE_MS / 1000,
            num_workers=1,
            open=True,
        )

    def _require_open(self, connection: psycopg.Connection[Any]) -> None:
        """Accept a connection that lay in the pool if the server has not ended it meanwhile, without asking the server.

        Whoever is lent one after the server was started anew would fail otherwise, once for each that lies there.

        Raises:
            OperationalError: The server has said something that nobody asked for; its goodbye, most likely.
        """
        if _has_input(connection.fileno()):
            connection.close()
            self._pool.drain()  # the others are older, and were ended with it
            raise psycopg.OperationalError("the server ended the connection")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection, with errors in words."""
        held: PostgresConnection | None = getattr(self._mine, "connection", None)
        try:
            if held is not None:
                yield cast("sqlite3.Connection", held)
                return
            with self._pool.connection() as raw:
                self._mine.connection = held = PostgresConnection(cast("psycopg.Connection[Row]", raw), self.written)
                try:
                    yield cast("sqlite3.Connection", held)
                finally:
                    held.settle()
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
            connection.execute("SELECT pg_advisory_xact_lock(?)", [self._alone])
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

    def written_with(self, connection: sqlite3.Connection, tables: set[str]) -> set[str]:
        """Return tables with those that follow them: by a reference, or a trigger."""
        follows = defaultdict[str, set[str]](set)
        for table, other in connection.execute(_REFERENCES).fetchall():
            follows[other].add(table)
        for table, body in connection.execute(_TRIGGERS).fetchall():
            follows[table] |= written_tables(body)
        found, waiting = set[str](), list(tables)
        while waiting:
            table = waiting.pop()
            if table not in found:
                found.add(table)
                waiting += follows[table]
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

    def insert(
        self,
        connection: sqlite3.Connection,
        table: str,
        names: Sequence[str],
        rows: Sequence[Sequence[object]],
        *,
        some_are_there: bool = False,
    ) -> None:
        """Write rows into a table; those that are there already, if `some_are_there`, stay as they are."""
        own = cast("PostgresConnection", connection)
        if some_are_there or row_security.is_protected(own.raw, table):  # the server copies nothing into these
            super().insert(connection, table, names, rows)
        else:
            own.copy(table, names, rows)

    def index_words(self) -> None:
        """Index the words of chunks that were written past the library's store, some in a transaction.

        Where none are indexed yet, the index over them is made at the end, which takes a part of the time.
        """
        with self.write() as connection:
            words.drop_index_if_empty(connection)
        last: int | None = 0
        while last is not None:
            with self.write() as connection:
                last = words.catch_up(connection, last)
        with self.write() as connection:
            cast("PostgresConnection", connection).take_any_time()
            words.make_index(connection)

    def protect(self, connection: sqlite3.Connection) -> None:
        """Let connections of other networks see nothing of this one's tables, whatever a statement asks for."""
        row_security.protect(cast("PostgresConnection", connection).raw, self.network)

    def release(self) -> None:
        """Do nothing: a thread holds a connection only while it works with it."""

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


def _begin(network: str, connection: psycopg.Connection[Any]) -> None:
    """Make a connection a network's: what it sees, and where names of tables lead. Without this it sees nothing."""
    settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _SETTINGS.items())
    connection.execute(f"SELECT {settings}")
    row_security.enter(connection, network)


def _has_input(descriptor: int) -> bool:
    """Return whether there is something to be read on a socket, without waiting."""
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([descriptor], [], [], 0)[0])
    # `select` knows descriptors up to 1,023 alone, and a bot for hundreds of networks has more.
    asked = select.poll()
    asked.register(descriptor, select.POLLIN)
    return bool(asked.poll(0))
