"""Copies of a whole database: made while others write, checked, and held still while a file takes its place."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from knowledge.errors import StorageBusyError, StorageError
from knowledge.storage.sqlite.connection import in_words
from knowledge.storage.sqlite.migrations import applied, up_to_date

_HEADER = b"SQLite format 3\0"
_WAIT_SECONDS = 30.0
# Whoever uses the database goes on using it: there is no point in waiting for them.
_SHORT_SECONDS = 1.0
BESIDE = ("-wal", "-shm")


def is_database(path: Path) -> bool:
    """Return whether a file is a SQLite database with something in it, by its first bytes."""
    try:
        with path.open("rb") as file:
            return file.read(len(_HEADER)) == _HEADER
    except OSError:
        return False


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment into a file that is there and empty. Nobody who writes has to wait.

    Raises:
        StorageError: One of the two cannot be read or written.
        StorageBusyError: The disk is full.
    """
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS)) as held,
            closing(sqlite3.connect(target)) as made,
        ):
            # In one step: what is written meanwhile goes to the log, and neither delays nor changes the copy.
            held.backup(made)
            # One file, with no log beside it that could be left behind.
            made.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise in_words(error, source if _is_of_source(error) else target) from error


def problems_of_copy(path: Path) -> list[str]:
    """Open a database read-only and return everything that speaks against putting it in place, one line each."""
    if not is_database(path):
        return ["it is no SQLite database, or an empty one"]
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            names = applied(connection)
            if not names:
                return ["it is not a database of HALN Assistant, or was copied before its first tables were there"]
            try:
                up_to_date(connection)
            except StorageError as error:
                return [str(error)]
            found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            found += [
                f"a row of {row[0]} names something that does not exist"
                for row in connection.execute("PRAGMA foreign_key_check")
            ]
            return found
    except sqlite3.Error as error:
        return [f"it cannot be read ({error})"]


def counts_of(path: Path) -> dict[str, int]:
    """Return how many documents, members and questions a database holds; a table that is not there yet counts 0."""
    tables = ("documents", "members", "questions")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {
            table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) if table in present else 0
            for table in tables
        }


def key_fingerprints(path: Path) -> set[str]:
    """Return the fingerprints of the keys that a database was used with."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'hash_keys'").fetchone():
            return set()
        return {row[0] for row in connection.execute("SELECT fingerprint FROM hash_keys")}


def settle(path: Path) -> None:
    """Put everything into the one file of a database that nobody uses, and close its log."""
    with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    sync_file(path)


def sync_file(path: Path) -> None:
    """Bring a file, and its name in its folder, onto the disk."""
    for each, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY)):
        if os.name == "nt" and each.is_dir():
            continue
        descriptor = os.open(each, flags)
        try:
            os.fsync(descriptor)
        except OSError:  # a drive that cannot: what could be done is done
            return
        finally:
            os.close(descriptor)


def is_in_use(path: Path) -> bool:
    """Return whether anybody, in this process or another, has a database open."""
    try:
        with held_still(path):
            return False
    except StorageBusyError:
        return True


@contextmanager
def held_still(path: Path) -> Iterator[bool]:
    """Keep everybody else out of a database while the body runs; false where it is too damaged for that, or not there.

    Raises:
        StorageBusyError: Another process has it open.
    """
    if not is_database(path):
        yield False
        return
    with closing(sqlite3.connect(path, timeout=_SHORT_SECONDS, isolation_level=None)) as connection:
        yield _is_alone(connection, path)


def _is_alone(connection: sqlite3.Connection, path: Path) -> bool:
    """Lock a database for this connection alone; false where it is too damaged for that."""
    try:
        # A database with a log can give it up only when nobody else has it open.
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        if mode != "delete":
            raise _in_use(path)
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise _in_use(path) from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return False
        raise in_words(error, path) from error
    return True


def _in_use(path: Path) -> StorageBusyError:
    return StorageBusyError(
        f"{path} is in use. Stop the assistant (the bot, a chat, an indexing run) and restore again; nothing was "
        "changed."
    )


def _is_of_source(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
