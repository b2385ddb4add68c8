"""The outbox in SQLite: `OutboxStore` over one file."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from knowledge.dates import stamp
from knowledge.domain.ids import MAIL_MEMBER
from knowledge.domain.outbox import ABOUT_EXAMPLES, Message, QueuedMessage, Shards, next_attempt
from knowledge.storage.outbox_protocols import ALL_SHARDS, OutboxStore
from knowledge.storage.sqlite.connection import ConnectedStore, Connections

if TYPE_CHECKING:
    from knowledge.storage.claims import Claims

# A face that has not said anything for so long is gone; another may try. Short, so that whatever did arrive is still
# known to the receiving side by its nonce when it comes a second time.
LEASE = timedelta(minutes=2)
# What is true of messages about shared examples.
OF_EXAMPLES = f"kind LIKE '{ABOUT_EXAMPLES}%'"
_LONGEST_ERROR = 200
_LOOK_SECONDS = 1.0


def enqueue(connection: sqlite3.Connection, message: Message, now: str) -> bool:
    """Add a message; whether its key is new. The caller holds a write transaction."""
    return (
        connection.execute(
            "INSERT INTO outbox (key, recipient, kind, data, created_at, due_at, attempts) "
            "VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING",
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


class SQLiteOutboxStore(ConnectedStore, OutboxStore):
    """`OutboxStore` over one file; see there for what each method promises."""

    def __init__(self, connections: Connections, claims: Claims | None = None) -> None:
        """Work on an opened database. Without `claims`, what an ended process held is taken when its lease lapses."""
        super().__init__(connections)
        self._claims = claims
        self._look_again = 0.0

    def add(self, message: Message, now: datetime) -> bool:
        with self._connections.write() as connection:
            return enqueue(connection, message, stamp(now))

    def take(
        self,
        kinds: Collection[str],
        now: datetime,
        limit: int = 20,
        *,
        by_mail: bool | None = False,
        shards: Shards = ALL_SHARDS,
    ) -> list[QueuedMessage]:
        if not kinds:
            return []
        moment, lease = stamp(now), uuid.uuid4().hex
        if self._claims is not None:
            lease = f"{self._claims.present()}.{lease}"
            self._take_from_the_gone(self._claims)
        with self._connections.write(alone=False) as connection:
            # Only the first of each recipient: a later one must not overtake it, also while it waits to be retried.
            # Mostly none wait, and then 100,000 may within a second, which a server has not counted yet. A list of
            # kinds, and an earlier message as a value with its id in a sum, leave it no way but the next few in order
            # and the index by recipient: else it goes through all that wait.
            of_kinds = f"IN ({', '.join(f'?{place}' for place in range(7, 7 + len(kinds)))})"
            rows = connection.execute(
                f"""
                SELECT id, key, recipient, kind, data, attempts FROM outbox AS waits
                WHERE done_at IS NULL AND due_at <= ?1 AND (leased_until IS NULL OR leased_until < ?1)
                  AND kind {of_kinds}
                  AND (CAST(?4 AS BOOLEAN) IS NULL OR (substr(recipient, 1, length(?3)) = ?3) = ?4)
                  AND (?5 = 1 OR json_extract(data, '$.server_id') IS NULL
                       OR (CAST(json_extract(data, '$.server_id') AS BIGINT) >> 22) % ?5
                          IN (SELECT CAST(value AS BIGINT) FROM json_each(?6)))
                  AND (
                      SELECT earlier.id FROM outbox AS earlier
                      WHERE earlier.recipient = waits.recipient AND earlier.id + 0 < waits.id
                        AND earlier.done_at IS NULL
                        AND (earlier.attempts > 0 OR earlier.due_at <= ?1)
                        AND earlier.kind {of_kinds}
                      LIMIT 1
                  ) IS NULL
                ORDER BY id LIMIT ?2 {self._connections.skip_locked}
                """,
                [moment, limit, MAIL_MEMBER, by_mail, shards.count, json.dumps(shards.ids), *kinds],
            ).fetchall()
            connection.executemany(
                "UPDATE outbox SET lease = ?, leased_until = ?, attempts = attempts + 1 WHERE id = ?",
                [(lease, stamp(now + LEASE), row["id"]) for row in rows],
            )
        return [
            QueuedMessage(id=row["id"], message=_message(row), lease=lease, attempts=row["attempts"] + 1)
            for row in rows
        ]

    def networks_with_due(self, networks: Sequence[str], now: datetime) -> list[str]:
        # Also what is leased: whose process has ended is found out by `take`.
        due = "SELECT 1 FROM outbox WHERE done_at IS NULL AND due_at <= ?"
        return self._connections.networks_with(networks, due, [stamp(now)])

    def delivered(self, queued: QueuedMessage, now: datetime) -> None:
        self._finish(queued, now, None)

    def failed(self, queued: QueuedMessage, now: datetime, error: str, *, permanent: bool = False) -> None:
        if permanent:
            self._finish(queued, now, error)
            return
        with self._connections.write(alone=False) as connection:
            connection.execute(
                "UPDATE outbox SET lease = NULL, leased_until = NULL, due_at = ?, error = ? WHERE id = ? AND lease = ?",
                [stamp(next_attempt(now, queued.attempts)), error[:_LONGEST_ERROR], queued.id, queued.lease],
            )

    def waiting_for(self, recipient: str) -> list[Message]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT key, recipient, kind, data FROM outbox WHERE recipient = ? AND done_at IS NULL ORDER BY id",
                [recipient],
            )
            return [_message(row) for row in rows]

    def waiting(self) -> int:
        with self._connections.read() as connection:
            return int(connection.execute("SELECT count(*) FROM outbox WHERE done_at IS NULL").fetchone()[0])

    def overdue(self, before: datetime) -> int:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT count(*) FROM outbox WHERE done_at IS NULL AND due_at < ?", [stamp(before)]
            ).fetchone()
            return int(row[0])

    def _take_from_the_gone(self, claims: Claims) -> None:
        """Free the messages that were being delivered by processes that have ended; looked for once a second."""
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + _LOOK_SECONDS
        with self._connections.read() as connection:
            rows = connection.execute("SELECT DISTINCT lease FROM outbox WHERE lease LIKE '%.%' AND done_at IS NULL")
            holders = {str(row[0]).partition(".")[0] for row in rows.fetchall()}
        for holder in holders:
            if claims.is_gone(holder):
                with self._connections.write(alone=False) as connection:
                    connection.execute(
                        "UPDATE outbox SET lease = NULL, leased_until = NULL "
                        "WHERE done_at IS NULL AND substr(lease, 1, ?1) = ?2",
                        [len(holder) + 1, f"{holder}."],
                    )

    def _finish(self, queued: QueuedMessage, now: datetime, error: str | None) -> None:
        mine = [queued.id, queued.lease]
        with self._connections.write(alone=False) as connection:
            connection.execute("DELETE FROM outbox WHERE id = ? AND lease = ? AND key IS NULL", mine)
            connection.execute(
                "UPDATE outbox SET done_at = ?, error = ?, recipient = NULL, data = '{}', lease = NULL, "
                "leased_until = NULL WHERE id = ? AND lease = ?",
                [stamp(now), error[:_LONGEST_ERROR] if error else None, *mine],
            )


def _message(row: sqlite3.Row) -> Message:
    return Message(key=row["key"], recipient=row["recipient"], kind=row["kind"], data=json.loads(row["data"]))
