"""Each server's round-up of what is new, in SQLite: whether it is wanted, and when the last one was begun."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from knowledge.dates import stamp
from knowledge.domain.outbox import Message, channel_recipient
from knowledge.servers.types import Digest
from knowledge.storage.sqlite.outbox import enqueue

if TYPE_CHECKING:
    from knowledge.storage.sqlite.connection import Connections

_WANTED = (
    "FROM servers JOIN registered_servers USING (id) LEFT JOIN digests ON server_id = servers.id "
    "WHERE digest_channel IS NOT NULL"
)


class SQLiteDigests:
    """Implements `knowledge.servers.storage.protocols.Digests`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def digest(self, server_id: int) -> Digest:
        """How it stands with a server's round-up."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT * FROM digests WHERE server_id = ?", [server_id]).fetchone()
        return Digest.model_validate(dict(row)) if row else Digest(server_id=server_id)

    def pause(self, server_id: int, *, paused: bool) -> None:
        """Switch it off or on again."""
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO digests (server_id, paused) VALUES (?, ?) "
                "ON CONFLICT (server_id) DO UPDATE SET paused = excluded.paused",
                [server_id, paused],
            )

    def due(self, now: datetime, every: timedelta) -> list[int]:
        """Servers with a channel for it, not switched off, whose last one was begun so long ago."""
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT servers.id {_WANTED} AND NOT coalesce(paused, 0) AND coalesce(looked_at, '') <= ? "
                "ORDER BY servers.id",
                [(now - every).isoformat()],
            )
            return [row["id"] for row in rows]

    def begin(self, server_id: int, kind: str, data: dict[str, Any], now: datetime, every: timedelta) -> bool:
        """Note that one is begun now, and queue its message; see the protocol."""
        with self._connections.write() as connection:
            row = connection.execute(
                f"SELECT digest_channel, looked_at {_WANTED} AND servers.id = ? AND NOT coalesce(paused, 0)",
                [server_id],
            ).fetchone()
            if row is None or (row["looked_at"] or "") > (now - every).isoformat():
                return False
            connection.execute(
                "INSERT INTO digests (server_id, looked_at, number) VALUES (?, ?, 1) "
                "ON CONFLICT (server_id) DO UPDATE SET looked_at = excluded.looked_at, number = number + 1, "
                "missed_since = NULL",
                [server_id, now.isoformat()],
            )
            message = Message(recipient=channel_recipient(row["digest_channel"]), kind=kind, data=data)
            return enqueue(connection, message, stamp(now))

    def missed(self, server_id: int, since: str) -> None:
        """It was not delivered: the next one tells of what is new since then."""
        with self._connections.write() as connection:
            # One that was begun meanwhile may have been missed as well, in whatever order that is told.
            connection.execute(
                "UPDATE digests SET missed_since = min(coalesce(missed_since, ?1), ?1) WHERE server_id = ?2",
                [since, server_id],
            )
