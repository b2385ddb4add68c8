"""Removals of networks that have begun and are not finished, in the register: what is cut off is gone on with.

Whoever reads the register no longer sees such a network. What it showed stays noted until the other libraries are rid
of it, and until its backup is made the removal can be taken back.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from knowledge.dates import stamp
from knowledge.domain.library import Noun

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import datetime

    from knowledge.storage.sqlite.connection import Connections

_NAME = "network_removals"
_TABLE = f"""
    CREATE TABLE IF NOT EXISTS {_NAME} (
        network TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        added_at TEXT NOT NULL,
        servers TEXT NOT NULL,  -- numbers, with a comma between
        began_at TEXT NOT NULL,  -- ISO 8601, UTC
        backup TEXT  -- NULL until one is complete; empty where there was nothing to back up
    )
"""


class UnfinishedRemoval(Noun):
    """A removal: the servers that the register had for the network, and its last backup.

    `backup` is a file's path; `None` until one is complete, and empty where there was nothing to back up.
    """

    servers: tuple[int, ...]
    backup: str | None


class BegunRemoval(Noun):
    """The name of a network whose removal is not finished, and when that began (ISO 8601, UTC)."""

    network: str
    began_at: str


class NetworkRemovals:
    """The unfinished removals in a register."""

    def __init__(self, connections: Connections | None) -> None:
        """Work on a register's connections; `None` stands for an installation that has none."""
        self._connections = connections

    def unfinished(self, name: str) -> UnfinishedRemoval | None:
        """Return the removal of a network; `None` where none has begun."""
        if self._connections is None:
            return None
        with self._writing() as connection:
            return _find(connection, name)

    def all(self) -> list[BegunRemoval]:
        """Return the removals that are not finished, the oldest first; nothing is written for that."""
        if self._connections is None:
            return []
        with self._connections.read() as connection:
            if _NAME not in self._connections.references(connection):  # made before there was this table
                return []
            rows = connection.execute(f"SELECT network, began_at FROM {_NAME} ORDER BY began_at, network").fetchall()
        return [BegunRemoval(network=row[0], began_at=row[1]) for row in rows]

    def begin(self, name: str, now: datetime) -> UnfinishedRemoval | None:
        """Take a network and its servers out of the register, and note that; what has begun already stays as it is.

        `None`: there is no such network.
        """
        with self._writing() as connection:
            network = connection.execute("SELECT title, added_at FROM networks WHERE name = ?", [name]).fetchone()
            if network is not None:
                rows = connection.execute(
                    "SELECT server_id FROM network_servers WHERE network = ? ORDER BY 1", [name]
                ).fetchall()
                connection.execute(
                    "INSERT INTO network_removals (network, title, added_at, servers, began_at) "
                    "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    [name, network[0], network[1], ",".join(str(row[0]) for row in rows), stamp(now)],
                )
                connection.execute("DELETE FROM network_servers WHERE network = ?", [name])
                connection.execute("DELETE FROM networks WHERE name = ?", [name])
            return _find(connection, name)

    def note_backup(self, name: str, file: str) -> None:
        """Note that the last backup is complete; an empty text says that there was nothing to back up."""
        with self._writing() as connection:
            connection.execute("UPDATE network_removals SET backup = ? WHERE network = ?", [file, name])

    def cancel(self, name: str) -> None:
        """Put a network back as it was, unless its backup is complete: then something of it may be gone."""
        with self._writing() as connection:
            row = connection.execute(
                "SELECT title, added_at, servers FROM network_removals WHERE network = ? AND backup IS NULL", [name]
            ).fetchone()
            if row is None:
                return
            connection.execute(
                "INSERT INTO networks (name, title, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [name, row[0], row[1]],
            )
            for server_id in _numbers(row[2]):
                connection.execute(
                    "INSERT INTO network_servers (server_id, network) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [server_id, name],
                )
            connection.execute("DELETE FROM network_removals WHERE network = ?", [name])

    def finish(self, name: str) -> None:
        """Forget a network that is gone, with what it showed and was shown."""
        with self._writing() as connection:
            connection.execute("DELETE FROM network_shares WHERE ? IN (network, shared_with)", [name])
            connection.execute("DELETE FROM network_removals WHERE network = ?", [name])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Begin a transaction; registers that were made before there was this table get it."""
        if self._connections is None:
            raise ValueError("there is no register")
        with self._connections.write() as connection:
            connection.execute(_TABLE)
            self._connections.protect(connection)
            yield connection


def _find(connection: sqlite3.Connection, name: str) -> UnfinishedRemoval | None:
    row = connection.execute("SELECT servers, backup FROM network_removals WHERE network = ?", [name]).fetchone()
    return None if row is None else UnfinishedRemoval(servers=tuple(_numbers(row[0])), backup=row[1])


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",") if one]
