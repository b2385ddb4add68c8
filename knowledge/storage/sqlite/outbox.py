"""The outbox in SQLite: `OutboxStore` over one file."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from knowledge.domain.outbox import Message, QueuedMessage, next_attempt, stamp
from knowledge.storage.sqlite.connection import Connections

# A face that has not said anything for so long is gone; another may try.
LEASE = timedelta(minutes=10)
_LONGEST_ERROR = 200


def enqueue(connection: sqlite3.Connection, message: Message, now: str) -> bool:
    """Add a message; whether its key is new. The caller holds a write transaction."""
    return (
        connection.execute(
            "INSERT OR IGNORE INTO notices (key, recipient, kind, data, created_at, due_at, attempts) "
            "VALUES (?, ?, ?, ?, ?, ?, 0)",
            [
                message.key,
                message.recipient,
                message.kind,
                json.dumps(message.data, ensure_ascii=False),
                now,
                message.not_before or now,
            ],
        ).rowcount
        > 0
    )


class SQLiteOutboxStore:
    """Implements `knowledge.storage.example_protocols.OutboxStore`; see there for what each method promises."""

    def __init__(self, connections: Connections) -> None:
        """Work on an opened database (see `open_database`)."""
        self._connections = connections

    def take(self, kinds: Collection[str], now: datetime, limit: int = 20) -> list[QueuedMessage]:
        """Lease the messages that are due, the oldest of each recipient first."""
        moment, lease = stamp(now), uuid.uuid4().hex
        with self._connections.write() as connection:
            # Only the first of each recipient: a later one must not overtake it, also while it waits to be retried.
            rows = connection.execute(
                """
                SELECT seq, key, recipient, kind, data, attempts FROM notices AS first
                WHERE done_at IS NULL AND due_at <= ? AND (leased_until IS NULL OR leased_until < ?)
                  AND kind IN (SELECT value FROM json_each(?))
                  AND seq = (SELECT min(seq) FROM notices WHERE recipient = first.recipient AND done_at IS NULL
                             AND kind IN (SELECT value FROM json_each(?)))
                ORDER BY seq LIMIT ?
                """,
                [moment, moment, json.dumps(list(kinds)), json.dumps(list(kinds)), limit],
            ).fetchall()
            connection.executemany(
                "UPDATE notices SET lease = ?, leased_until = ?, attempts = attempts + 1 WHERE seq = ?",
                [(lease, stamp(now + LEASE), row["seq"]) for row in rows],
            )
        return [
            QueuedMessage(
                message=Message(
                    key=row["key"], recipient=row["recipient"], kind=row["kind"], data=json.loads(row["data"])
                ),
                lease=lease,
                attempts=row["attempts"] + 1,
            )
            for row in rows
        ]

    def delivered(self, waiting: QueuedMessage, now: datetime) -> None:
        """It reached its recipient: what it said is deleted, its key stays."""
        self._finish(waiting, now, None)

    def failed(self, waiting: QueuedMessage, now: datetime, error: str, *, permanent: bool = False) -> None:
        """It did not: try again later, or never."""
        if permanent:
            self._finish(waiting, now, error)
            return
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE notices SET lease = NULL, leased_until = NULL, due_at = ?, error = ? "
                "WHERE key = ? AND lease = ?",
                [
                    stamp(next_attempt(now, waiting.attempts)),
                    error[:_LONGEST_ERROR],
                    waiting.message.key,
                    waiting.lease,
                ],
            )

    def add(self, message: Message, now: datetime) -> bool:
        """Add a message; whether its key is new."""
        with self._connections.write() as connection:
            return enqueue(connection, message, stamp(now))

    def waiting_for(self, recipient: str) -> list[Message]:
        """The messages to somebody that are neither delivered nor given up, oldest first."""
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT key, recipient, kind, data FROM notices WHERE recipient = ? AND done_at IS NULL ORDER BY seq",
                [recipient],
            )
            return [Message(**{**dict(row), "data": json.loads(row["data"])}) for row in rows]

    def waiting(self) -> int:
        """How many messages are neither delivered nor given up."""
        with self._connections.read() as connection:
            return int(connection.execute("SELECT count(*) FROM notices WHERE done_at IS NULL").fetchone()[0])

    def _finish(self, waiting: QueuedMessage, now: datetime, error: str | None) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE notices SET done_at = ?, error = ?, recipient = NULL, data = '{}', lease = NULL, "
                "leased_until = NULL WHERE key = ? AND lease = ?",
                [stamp(now), error[:_LONGEST_ERROR] if error else None, waiting.message.key, waiting.lease],
            )
