"""Connections: one a thread, write transactions, and SQLite's errors put into words a person can act on."""

import logging
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from knowledge.errors import HalnError, StorageBusyError, StorageError
from knowledge.storage.sqlite import maintenance
from knowledge.storage.sqlite.hash_key import HashKey
from knowledge.storage.sqlite.private_files import make_private_folder

BUSY_TIMEOUT_MS = 30_000
# Somebody waits for an answer: what is to be kept of it can be written later.
_IMPATIENT_MS = 500
_TRY_AGAIN_SECONDS = 0.01
_BUSY = "{path} is being written by somebody else. Nothing was lost; try again in a moment."
_NOT_WRITABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)
_log = logging.getLogger(__name__)


def in_words(error: sqlite3.Error, path: Path) -> HalnError:
    """Turn an error of SQLite into one of ours that says what to do."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageBusyError(_BUSY.format(path=path))
    if primary == sqlite3.SQLITE_FULL:
        return StorageBusyError(f"The disk that holds {path} is full. Nothing was lost; free some space and try again.")
    if primary in (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_IOERR,
    ):
        return StorageError(
            f"{path} cannot be opened or written ({error}). Check that the folder exists, that you may write in it "
            "and that the disk has space, or choose another with HALN_DATA_DIR or --data-dir."
        )
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return StorageError(
            f"{path} is damaged or is not a HALN Assistant database ({error}). Put a backup in its place, or move it "
            "away and index your sources again."
        )
    return StorageError(f"{path}: the database refused ({error}).")


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Put the database into WAL mode, which it keeps.

    SQLite does not wait for the lock that the change takes, so programs that start at once have to try again.
    """
    give_up = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() > give_up:
                raise
            time.sleep(_TRY_AGAIN_SECONDS)


def open_file(path: Path) -> sqlite3.Connection:
    """Open a database in autocommit; one that cannot be written, nor its folder, for reading as it is.

    Raises:
        sqlite3.Error: It cannot be opened at all.
    """
    # Transactions are opened explicitly in `write`. Threads keep to their own connection; only `close` touches those
    # of others.
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False)
    try:
        _keep_a_log(connection)
        connection.execute("SELECT name FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in _NOT_WRITABLE or not path.is_file():
            raise
        _log.warning("%s cannot be written: questions are answered from it, and nothing is kept.", path)
        # Nobody here can change it, so nothing has to be locked.
        address = f"{path.resolve().as_uri()}?immutable=1"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("SELECT name FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
    return connection


class _Held:
    """A thread's connection, closed when the thread ends: threads that live briefly leave no open file behind."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Connections:
    """Opens a connection for each thread that asks, and closes them all.

    `hash_key` is the key of the hashes that stand for people; it is there once the schema is up to date.
    """

    hash_key: HashKey
    # What a query of rows to take on ends with, so that nobody else takes them: here nobody else can.
    skip_locked = ""
    # What a query of a row that others will point at ends with, so that nobody deletes it before the transaction ends.
    held = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: weakref.WeakSet[_Held] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def get(self) -> sqlite3.Connection:
        """Return this thread's connection.

        Raises:
            StorageError: The file cannot be opened.
        """
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            held = _Held(self._open())
            self._local.held = held
            with self._lock:
                self._all.add(held)
        return held.connection

    def _open(self) -> sqlite3.Connection:
        try:
            make_private_folder(self.path.parent)
        except OSError as error:
            raise StorageError(
                f"The data directory {self.path.parent} cannot be made ({error.strerror}). Choose a folder that you "
                "may write in with HALN_DATA_DIR or --data-dir."
            ) from None
        try:
            connection = open_file(self.path)
            try:
                # FULL: a commit that was acknowledged survives a power cut too, not only a killed process.
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                # Deleted text is overwritten. The full text needs an option of its own for that: see the migrations.
                connection.execute("PRAGMA secure_delete = ON")
            except sqlite3.Error:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise in_words(error, self.path) from error
        connection.row_factory = sqlite3.Row
        return connection

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend this thread's connection, with errors in words."""
        try:
            yield self.get()
        except sqlite3.Error as error:
            raise in_words(error, self.path) from error

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[sqlite3.Connection]:  # noqa: ARG002 - a server asks
        """Open a transaction that holds the write lock from its start; it is rolled back on any error.

        Here one writes at a time. `alone` false: what is written would stay right if others wrote at once, as long as
        each statement is one step; a server lets them.

        Within another of this thread it is a part of that one, and is on disk when that one is.
        """
        with self.read() as connection:
            if connection.in_transaction:
                yield connection
                return
            with self._turn(connection):
                # IMMEDIATE: a deferred transaction that reads first cannot wait for the lock when it comes to write.
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:  # an interrupt too must leave no open transaction; it is raised on
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise

    @contextmanager
    def _turn(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Take turns with this process's other threads, as patiently as the connection is.

        SQLite lets who waits ask again by chance, up to ten times a second: of many threads one might never be lucky.
        """
        patience = connection.execute("PRAGMA busy_timeout").fetchone()[0] / 1000
        if not self._writing.acquire(timeout=patience):
            raise StorageBusyError(_BUSY.format(path=self.path))
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def impatient(self, milliseconds: int = _IMPATIENT_MS) -> Iterator[None]:
        """Let this thread's writes wait for half a second, or so long, only while the body runs: then they raise."""
        with self.read() as connection:
            before = connection.execute("PRAGMA busy_timeout").fetchone()[0]
            connection.execute(f"PRAGMA busy_timeout = {min(before, milliseconds)}")
            try:
                yield
            finally:
                connection.execute(f"PRAGMA busy_timeout = {before}")

    def empty_log(self) -> None:
        """Write the log into the database and cut it off where nobody reads an older state: it holds what was deleted.

        Raises:
            StorageBusyError: Somebody does.
        """
        with self.read() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def columns_of_people(self, connection: sqlite3.Connection) -> list[tuple[str, str]]:
        """Return the tables and columns that hold ids of people."""
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        own = [row[0] for row in tables if not row[0].startswith((*maintenance.FULL_TEXT, "sqlite_", "_sqlite"))]
        return [(table, column) for table in own for column in maintenance.columns_of_people(connection, table)]

    def defer_references(self, connection: sqlite3.Connection) -> None:
        """Let what points at a row be changed after the row, within the transaction."""
        connection.execute("PRAGMA defer_foreign_keys = ON")

    def rename(self, connection: sqlite3.Connection, table: str, column: str, old: str, new: str) -> None:
        """Put a value in the place of another in a column; rows of which there is one with the new value stay."""
        connection.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = ? WHERE "{column}" = ?', [new, old])

    # -- what a move to another sort of database asks for: see `knowledge.storage.transfer`

    def references(self, connection: sqlite3.Connection) -> dict[str, set[str]]:
        """Return every table of the house's own with those that it points at."""
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        own = [name for name in names if not name.startswith((*maintenance.FULL_TEXT, "sqlite_", "_sqlite", "vocab"))]
        return {
            name: {row["table"] for row in connection.execute(f'PRAGMA foreign_key_list("{name}")')} for name in own
        }

    def streamed(
        self, connection: sqlite3.Connection, query: str, most: int, values: Sequence[object] = ()
    ) -> Iterator[list[sqlite3.Row]]:
        """Yield the rows of a query, `most` at a time."""
        cursor = connection.execute(query, values)
        while rows := cursor.fetchmany(most):
            yield rows

    def truths(self, connection: sqlite3.Connection, table: str) -> frozenset[str]:  # noqa: ARG002
        """Return the columns that hold true and false as such: here none do, they have 1 and 0."""
        return frozenset()

    def last_numbers(self, connection: sqlite3.Connection) -> dict[str, int]:
        """Return the last number that was given out in each table that counts its rows."""
        return {row[0]: row[1] for row in connection.execute("SELECT name, seq FROM sqlite_sequence")}

    def adopt_numbers(self, connection: sqlite3.Connection, numbers: Mapping[str, int]) -> None:
        """Let no table give out a number up to the one that is named for it."""
        for table, number in numbers.items():
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, number])

    def insert(
        self,
        connection: sqlite3.Connection,
        table: str,
        names: Sequence[str],
        rows: Sequence[Sequence[object]],
        *,
        some_are_there: bool = False,  # noqa: ARG002 - a server writes many faster where none are
    ) -> None:
        """Write rows into a table; those that are there already, if `some_are_there`, stay as they are."""
        columns, marks = ", ".join(names), ", ".join("?" for _ in names)
        connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING', rows)

    def index_words(self) -> None:
        """Do nothing: words are indexed as chunks are written."""

    def protect(self, connection: sqlite3.Connection) -> None:
        """Let connections of other networks see nothing of this database: a file is one network's alone."""

    def networks_with(self, networks: Sequence[str], query: str, values: Sequence[object]) -> list[str]:  # noqa: ARG002
        """Return the networks of the installation in which a query finds something, or may.

        Files are not asked in one go: here it is all of them.
        """
        return list(networks)

    def release(self) -> None:
        """Close this thread's connection; it gets another one when it asks again."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is not None:
            del self._local.held
            with self._lock:
                self._all.discard(held)
            held.connection.close()

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for held in list(self._all):
                held.connection.close()
            self._all.clear()
        self._local = threading.local()


class ConnectedStore:
    """A store on an opened database (see `open_database`)."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
