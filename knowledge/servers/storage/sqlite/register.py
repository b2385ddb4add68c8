"""The servers that the operator has registered, in SQLite."""

import json
from collections.abc import Collection
from datetime import datetime

from knowledge.dates import stamp
from knowledge.servers.types import RegisteredBy, RegisteredServer
from knowledge.storage.sqlite.connection import Connections

_ADD = "INSERT OR IGNORE INTO registered_servers (id, registered_by, registered_at) VALUES (?, ?, ?)"


class SQLiteServerRegister:
    """Implements `knowledge.servers.storage.protocols.ServerRegister`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def all(self) -> list[RegisteredServer]:
        """Return them, by id."""
        with self._connections.read() as connection:
            rows = connection.execute("SELECT * FROM registered_servers ORDER BY id")
            return [RegisteredServer.model_validate(dict(row)) for row in rows]

    def has(self, server_id: int) -> bool:
        """Return whether a server is registered."""
        with self._connections.read() as connection:
            found = connection.execute("SELECT 1 FROM registered_servers WHERE id = ?", [server_id]).fetchone()
        return found is not None

    def add(self, server_id: int, by: RegisteredBy, now: datetime) -> bool:
        """Register a server; whether it was not before."""
        with self._connections.write() as connection:
            return connection.execute(_ADD, [server_id, by, stamp(now)]).rowcount > 0

    def remove(self, server_id: int) -> bool:
        """Take a server out; whether it was in."""
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM registered_servers WHERE id = ?", [server_id]).rowcount > 0

    def follow_setting(self, server_ids: Collection[int], now: datetime) -> None:
        """Register what a setting names, and take out what it alone named before."""
        with self._connections.write() as connection:
            connection.execute(
                "DELETE FROM registered_servers WHERE registered_by = ? AND id NOT IN (SELECT value FROM json_each(?))",
                [RegisteredBy.SETTING, json.dumps(list(server_ids))],
            )
            connection.executemany(_ADD, [(one, RegisteredBy.SETTING, stamp(now)) for one in server_ids])
