"""The servers that the operator has registered, in SQLite."""

import json
from collections.abc import Collection
from datetime import datetime

from knowledge.dates import stamp
from knowledge.servers.storage.protocols import ServerRegister
from knowledge.servers.types import RegisteredBy, RegisteredServer
from knowledge.storage.sqlite.connection import ConnectedStore

_ADD = "INSERT OR IGNORE INTO registered_servers (id, registered_by, registered_at) VALUES (?, ?, ?)"


class SQLiteServerRegister(ConnectedStore, ServerRegister):
    """`ServerRegister` over one file; see there for what each method promises."""

    def all(self) -> list[RegisteredServer]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT * FROM registered_servers ORDER BY id")
            return [RegisteredServer.model_validate(dict(row)) for row in rows]

    def has(self, server_id: int) -> bool:
        with self._connections.read() as connection:
            found = connection.execute("SELECT 1 FROM registered_servers WHERE id = ?", [server_id]).fetchone()
        return found is not None

    def add(self, server_id: int, by: RegisteredBy, now: datetime) -> bool:
        with self._connections.write() as connection:
            return connection.execute(_ADD, [server_id, by, stamp(now)]).rowcount > 0

    def remove(self, server_id: int) -> bool:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM registered_servers WHERE id = ?", [server_id]).rowcount > 0

    def follow_setting(self, server_ids: Collection[int], now: datetime) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "DELETE FROM registered_servers WHERE registered_by = ? AND id NOT IN (SELECT value FROM json_each(?))",
                [RegisteredBy.SETTING, json.dumps(list(server_ids))],
            )
            connection.executemany(_ADD, [(one, RegisteredBy.SETTING, stamp(now)) for one in server_ids])
