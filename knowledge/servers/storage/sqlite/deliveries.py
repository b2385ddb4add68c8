"""Interactions seen, members who wait and the outbox, in SQLite."""

import json
import sqlite3
from datetime import datetime

from knowledge.servers.types import FollowRequest, Outgoing
from knowledge.storage.sqlite.connection import Connections


class SQLiteDeliveries:
    """Implements `knowledge.servers.storage.protocols.Deliveries`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def first_time(self, interaction_id: int, now: datetime) -> bool:
        """Whether this interaction was not seen before: true once only."""
        with self._connections.write() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO seen_interactions (id, seen_at) VALUES (?, ?)", [interaction_id, now.isoformat()]
            )
            return added.rowcount > 0

    def expire(self, before: datetime) -> None:
        """Forget interactions that were seen before a moment, and who waits for a question that is not kept."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM seen_interactions WHERE seen_at < ?", [before.isoformat()])
            connection.execute("DELETE FROM waiting WHERE question_id NOT IN (SELECT id FROM questions)")

    def wait(self, waiting: FollowRequest, now: datetime) -> bool:
        """Remember who wants to be told; false when that was remembered before."""
        with self._connections.write() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO waiting (question_id, user_id, since) VALUES (?, ?, ?)",
                [waiting.question_id, waiting.user_id, now.isoformat()],
            )
            return added.rowcount > 0

    def stop_waiting(self, waiting: FollowRequest) -> bool:
        """Forget it; whether it was there."""
        with self._connections.write() as connection:
            return _stop_waiting(connection, waiting)

    def waiting(self) -> list[FollowRequest]:
        """Everybody who waits, the longest first."""
        with self._connections.read() as connection:
            rows = connection.execute("SELECT question_id, user_id FROM waiting ORDER BY since, question_id, user_id")
            return [FollowRequest.model_validate(dict(row)) for row in rows]

    def answer_waiting(self, waiting: FollowRequest, payload: dict[str, object], now: datetime) -> bool:
        """Forget that they wait, and queue the message for them; see the protocol."""
        with self._connections.write() as connection:
            if not _stop_waiting(connection, waiting):
                return False
            queue_message(connection, payload, now, user_id=waiting.user_id)
            return True

    def queue(
        self, payload: dict[str, object], now: datetime, *, user_id: int | None = None, channel_id: int | None = None
    ) -> int:
        """Queue a message to a person or into a channel; its id."""
        with self._connections.write() as connection:
            return queue_message(connection, payload, now, user_id=user_id, channel_id=channel_id)

    def due(self, now: datetime) -> list[Outgoing]:
        """What may be sent now, in order; at most one for each receiver."""
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT * FROM outbox WHERE due_at <= ? AND id IN "
                "(SELECT min(id) FROM outbox GROUP BY user_id, channel_id) ORDER BY id",
                [now.isoformat()],
            ).fetchall()
        return [
            Outgoing(
                id=row["id"],
                user_id=row["user_id"],
                channel_id=row["channel_id"],
                payload=json.loads(row["payload"]),
                attempts=row["attempts"],
            )
            for row in rows
        ]

    def sent(self, outgoing_id: int) -> None:
        """It was sent, or can never be: forget it."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM outbox WHERE id = ?", [outgoing_id])

    def failed(self, outgoing_id: int, again_at: datetime) -> None:
        """It could not be sent now; try again later."""
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE id = ?",
                [again_at.isoformat(), outgoing_id],
            )


def _stop_waiting(connection: sqlite3.Connection, waiting: FollowRequest) -> bool:
    deleted = connection.execute(
        "DELETE FROM waiting WHERE question_id = ? AND user_id = ?", [waiting.question_id, waiting.user_id]
    )
    return deleted.rowcount > 0


def queue_message(
    connection: sqlite3.Connection,
    payload: dict[str, object],
    now: datetime,
    *,
    user_id: int | None = None,
    channel_id: int | None = None,
) -> int:
    """Queue a message within a write transaction; its id."""
    added = connection.execute(
        "INSERT INTO outbox (user_id, channel_id, payload, due_at) VALUES (?, ?, ?, ?)",
        [user_id, channel_id, json.dumps(payload, ensure_ascii=False), now.isoformat()],
    )
    return int(added.lastrowid or 0)
