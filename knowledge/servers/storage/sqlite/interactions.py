"""Interactions seen, and members who wait for an answer, in SQLite."""

import sqlite3
from datetime import datetime

from knowledge.dates import stamp
from knowledge.domain.outbox import Message
from knowledge.servers.types import FollowRequest
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.outbox import enqueue


class SQLiteInteractions:
    """Implements `knowledge.servers.storage.protocols.Interactions`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def first_time(self, interaction_id: int, now: datetime) -> bool:
        """Return whether this interaction was not seen before: true once only."""
        with self._connections.write() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO seen_interactions (id, seen_at) VALUES (?, ?)", [interaction_id, now.isoformat()]
            )
            return added.rowcount > 0

    def expire(self, before: datetime) -> None:
        """Forget interactions that were seen before a moment."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM seen_interactions WHERE seen_at < ?", [before.isoformat()])


class SQLiteFollowRequests:
    """Implements `knowledge.servers.storage.protocols.FollowRequests`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

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
        """Return everybody who waits, the longest first."""
        with self._connections.read() as connection:
            rows = connection.execute("SELECT question_id, user_id FROM waiting ORDER BY since, question_id, user_id")
            return [FollowRequest.model_validate(dict(row)) for row in rows]

    def answer_waiting(self, waiting: FollowRequest, message: Message, now: datetime) -> bool:
        """Forget that they wait, and queue the message for them; see the protocol."""
        with self._connections.write() as connection:
            return _stop_waiting(connection, waiting) and enqueue(connection, message, stamp(now))

    def expire(self) -> None:
        """Forget who waits for a question that is not kept."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM waiting WHERE question_id NOT IN (SELECT id FROM questions)")


def _stop_waiting(connection: sqlite3.Connection, waiting: FollowRequest) -> bool:
    deleted = connection.execute(
        "DELETE FROM waiting WHERE question_id = ? AND user_id = ?", [waiting.question_id, waiting.user_id]
    )
    return deleted.rowcount > 0
