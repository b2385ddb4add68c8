"""Opens the one database file with its schema up to date. Every store works on the connections that come of it."""

import contextlib
import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from knowledge.dates import stamp, utc_now
from knowledge.errors import StorageError
from knowledge.storage.sqlite.connection import BUSY_TIMEOUT_MS, Connections, in_words, open_file
from knowledge.storage.sqlite.hash_key import is_registered, key_beside, register
from knowledge.storage.sqlite.migrations import applied, migrate, up_to_date
from knowledge.storage.sqlite.private_files import close_to_others, make_private_file, make_private_folder

# A file is empty for the moment in which another process makes the database of it.
_MAKING_SECONDS = 2.0
_LOOK_SECONDS = 0.02
# The new file, and the log of it.
_ROOM_TO_VACUUM = 3
# "HALN": says to programs that look at SQLite files whose it is.
_APPLICATION_ID = 0x48414C4E
_BESIDE = ("", "-wal", "-shm")


def open_database(path: Path) -> Connections:
    """Return the database at `path`, made or brought up to date where needed. Only its owner may read it.

    Raises:
        StorageError: It cannot be opened, is damaged, empty or another program's, or was made by a newer version.
        StorageBusyError: Another process holds it for longer than 30 seconds.
    """
    connections = Connections(path)
    if not _is_made(path):
        _require_own(path)
        for name in _BESIDE:
            close_to_others(path.with_name(path.name + name))
    with connections.read() as connection:
        current = up_to_date(connection)
    if not current:
        with connections.write() as connection:
            if not up_to_date(connection):  # another process may have been quicker
                migrate(connection)
    connections.hash_key = key_beside(path)
    _register_key(connections)
    _let_shrink(connections)
    return connections


def _let_shrink(connections: Connections) -> None:
    """Write a database anew, once, that was made before it could give back space.

    Where somebody uses it or there is no room, that is tried at the next start; until then it keeps its size.
    """
    path = connections.path
    with connections.read() as connection:
        if connection.execute("PRAGMA auto_vacuum").fetchone()[0] or not os.access(path, os.W_OK):
            return
        if shutil.disk_usage(path.parent).free < _ROOM_TO_VACUUM * path.stat().st_size:
            return
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        with connections.impatient(), contextlib.suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")


def _register_key(connections: Connections) -> None:
    """Note the key where it is new to this database, as when a backup was restored without its own."""
    key = connections.hash_key
    with connections.read() as connection:
        known = is_registered(connection, key)
    if not known:
        with connections.write() as connection:
            if not is_registered(connection, key):
                register(connection, key, stamp(utc_now()))


def _is_made(path: Path) -> bool:
    """Make the file where there is none; return whether that was so. What cannot be made is said when it is opened."""
    try:
        make_private_folder(path.parent)
        return not path.exists() and _made(path)
    except (OSError, sqlite3.Error):
        return False


def _made(path: Path) -> bool:
    """Put a database without tables in its place; false where another process was quicker.

    It is begun under another name: a process that is killed here leaves no empty file where the database belongs.
    """
    begun = path.with_name(f".{path.name}-{os.getpid()}")
    begun.unlink(missing_ok=True)  # of a process that had this number and was killed
    make_private_file(begun)
    try:
        with closing(sqlite3.connect(begun)) as connection:
            # So that the file can give back what was deleted; it has to be said before there is anything in it.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        os.link(begun, path)
    except FileExistsError:
        return False
    except OSError:  # a drive without links
        return make_private_file(path)
    finally:
        begun.unlink(missing_ok=True)
    return True


def _require_own(path: Path) -> None:
    """Accept a database of the assistant before anything is changed in it.

    Raises:
        StorageError: It is empty, or another program's.
    """
    until = time.monotonic() + _MAKING_SECONDS
    while path.is_file() and path.stat().st_size == 0:
        if time.monotonic() > until:
            raise StorageError(
                f"{path} is empty (0 bytes), so it is no database of HALN Assistant. Put a backup in its place, or "
                "move it away to begin anew."
            )
        time.sleep(_LOOK_SECONDS)
    if not path.is_file():
        return
    try:
        writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000) if writable else open_file(path)
        try:
            table = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1").fetchone()
            # Without any table it is ours, of a process that was killed while it began.
            is_own = table is None or bool(applied(connection))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise in_words(error, path) from error
    if not is_own:
        raise StorageError(
            f"{path} is the database of another program (it has a table {table[0]}); nothing was changed in it. Move "
            "it away, or choose another folder with HALN_DATA_DIR or --data-dir."
        )
