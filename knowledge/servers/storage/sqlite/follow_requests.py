"""People who wait for an answer, members and visitors with a confirmed address, in SQLite."""

import sqlite3
from datetime import datetime, timedelta

from knowledge.dates import stamp
from knowledge.domain.ids import new_mail_member_id
from knowledge.domain.outbox import Message
from knowledge.servers.storage.follow_request_protocols import FollowRequests
from knowledge.servers.types import FollowAddress, FollowRequest
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.outbox import enqueue

# How long an address may be confirmed.
CONFIRMED_WITHIN = timedelta(days=1)
_ADDRESS = tuple(FollowAddress.model_fields)


class SQLiteFollowRequests(ConnectedStore, FollowRequests):
    """`FollowRequests` over one file; see there for what each method promises."""

    def wait(self, waiting: FollowRequest, now: datetime) -> bool:
        with self._connections.write() as connection:
            return _wait(connection, waiting, stamp(now))

    def stop_waiting(self, waiting: FollowRequest) -> bool:
        with self._connections.write() as connection:
            return _stop_waiting(connection, waiting)

    def waiting(self) -> list[FollowRequest]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT question_id, recipient FROM follow_requests WHERE NOT held "
                "ORDER BY since, question_id, recipient"
            )
            return [FollowRequest.model_validate(dict(row)) for row in rows]

    def waits(self, waiting: FollowRequest) -> bool:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT 1 FROM follow_requests WHERE question_id = ? AND recipient = ? AND NOT held",
                [waiting.question_id, waiting.recipient],
            ).fetchone()
        return row is not None

    def answer_waiting(self, waiting: FollowRequest, message: Message, now: datetime) -> bool:
        with self._connections.write() as connection:
            return _stop_waiting(connection, waiting) and enqueue(connection, message, stamp(now))

    def hold(self, waiting: FollowRequest, now: datetime) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO follow_requests (question_id, recipient, since, held) VALUES (?, ?, ?, true) "
                "ON CONFLICT (question_id, recipient) DO UPDATE SET since = excluded.since, held = excluded.held",
                [waiting.question_id, waiting.recipient, stamp(now)],
            )

    def held(self, recipient: str) -> list[str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT question_id FROM follow_requests WHERE recipient = ? AND held ORDER BY since, question_id",
                [recipient],
            )
            return [row[0] for row in rows]

    def add_address(self, email: str, question_id: str, now: datetime, most: int) -> FollowAddress | None:
        with self._connections.write() as connection:
            # One whose day is over counts for nothing, and its link opens nothing any more.
            connection.execute(
                "DELETE FROM follow_addresses WHERE email = ? AND confirmed_at IS NULL AND asked_at <= ?",
                [email, stamp(now - CONFIRMED_WITHIN)],
            )
            known = connection.execute(
                f"SELECT {', '.join(_ADDRESS)} FROM follow_addresses WHERE email = ? AND question_id = ?",
                [email, question_id],
            ).fetchone()
            if known is not None:
                connection.execute(
                    "UPDATE follow_addresses SET asked_at = ? WHERE recipient = ? AND confirmed_at IS NULL",
                    [stamp(now), known["recipient"]],
                )
                return FollowAddress.model_validate(dict(known))
            if (
                connection.execute("SELECT count(*) FROM follow_addresses WHERE email = ?", [email]).fetchone()[0]
                >= most
            ):
                return None
            made = FollowAddress(recipient=new_mail_member_id(), email=email, question_id=question_id)
            connection.execute(
                "INSERT INTO follow_addresses (recipient, email, question_id, asked_at) VALUES (?, ?, ?, ?)",
                [made.recipient, email, question_id, stamp(now)],
            )
        return made

    def address(self, recipient: str) -> FollowAddress | None:
        with self._connections.read() as connection:
            row = connection.execute(
                f"SELECT {', '.join(_ADDRESS)} FROM follow_addresses WHERE recipient = ?", [recipient]
            ).fetchone()
        return FollowAddress.model_validate(dict(row)) if row else None

    def confirm(self, recipient: str, now: datetime) -> bool:
        with self._connections.write() as connection:
            row = connection.execute(
                "SELECT question_id FROM follow_addresses WHERE recipient = ? "
                "AND (confirmed_at IS NOT NULL OR asked_at > ?)",
                [recipient, stamp(now - CONFIRMED_WITHIN)],
            ).fetchone()
            if row is None:
                return False
            connection.execute(
                "UPDATE follow_addresses SET confirmed_at = coalesce(confirmed_at, ?) WHERE recipient = ?",
                [stamp(now), recipient],
            )
            _wait(connection, FollowRequest(question_id=row[0], recipient=recipient), stamp(now))
        return True

    def forget_address(self, recipient: str) -> bool:
        with self._connections.write() as connection:
            for table in ("follow_requests", "outbox"):
                connection.execute(f"DELETE FROM {table} WHERE recipient = ?", [recipient])
            gone = connection.execute("DELETE FROM follow_addresses WHERE recipient = ?", [recipient])
            return gone.rowcount > 0

    def recipients_at(self, email: str) -> list[str]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT recipient FROM follow_addresses WHERE email = ?", [email])
            return [row[0] for row in rows]

    def expire(self, now: datetime) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM follow_requests WHERE question_id NOT IN (SELECT id FROM questions)")
            # Who was told, or waits for what is not kept any more, needs no address here.
            connection.execute(
                "DELETE FROM follow_addresses WHERE (confirmed_at IS NULL AND asked_at < ?) "
                "OR (confirmed_at IS NOT NULL AND recipient NOT IN (SELECT recipient FROM follow_requests) "
                "AND recipient NOT IN (SELECT recipient FROM outbox WHERE recipient IS NOT NULL AND done_at IS NULL))",
                [stamp(now - CONFIRMED_WITHIN)],
            )


def _wait(connection: sqlite3.Connection, waiting: FollowRequest, now: str) -> bool:
    added = connection.execute(
        "INSERT INTO follow_requests (question_id, recipient, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [waiting.question_id, waiting.recipient, now],
    )
    return added.rowcount > 0


def _stop_waiting(connection: sqlite3.Connection, waiting: FollowRequest) -> bool:
    deleted = connection.execute(
        "DELETE FROM follow_requests WHERE question_id = ? AND recipient = ?", [waiting.question_id, waiting.recipient]
    )
    return deleted.rowcount > 0
