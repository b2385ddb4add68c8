"""Opens the one database file with its schema up to date. Every store works on the connections that come of it."""

from pathlib import Path

from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.migrations import migrate, up_to_date


def open_database(path: Path) -> Connections:
    """The database at `path`, made or brought up to date where needed.

    Raises:
        StorageError: It cannot be opened, is damaged, or was made by a newer version.
        StorageBusyError: Another process holds it for longer than 30 seconds.
    """
    connections = Connections(path)
    with connections.read() as connection:
        current = up_to_date(connection)
    if not current:
        with connections.write() as connection:
            if not up_to_date(connection):  # another process may have been quicker
                migrate(connection)
    return connections
