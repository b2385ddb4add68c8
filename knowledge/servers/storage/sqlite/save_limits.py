"""Limits of "Save as example" for each person, and who does not want to be asked, in SQLite, as keyed hashes."""

import hashlib
import hmac
import sqlite3
from datetime import datetime

from knowledge.dates import stamp
from knowledge.servers.storage.protocols import SaveLimits
from knowledge.servers.types import SaveRefusal
from knowledge.storage.sqlite.connection import ConnectedStore

_ASKS, _IS_ASKED, _REFUSES = "asks", "is_asked", "refuses"


class SQLiteSaveLimits(ConnectedStore, SaveLimits):
    """`SaveLimits` over one file; see there for what each method promises."""

    def refusal(self, asker_id: int, author_id: int, since: datetime, most: int) -> SaveRefusal | None:
        with self._connections.read() as connection:
            if self._is_refused(connection, author_id):
                return SaveRefusal.NOT_WANTED
            for part, person, reason in (
                (_ASKS, asker_id, SaveRefusal.ASKED_ENOUGH),
                (_IS_ASKED, author_id, SaveRefusal.WAS_ASKED_ENOUGH),
            ):
                number = connection.execute(
                    "SELECT count(*) FROM save_request_counts WHERE person = ? AND part = ? AND asked_at > ?",
                    [self._hash(connection, part, person), part, stamp(since)],
                ).fetchone()[0]
                if number >= most:
                    return reason
        return None

    def count(self, asker_id: int, author_id: int, now: datetime) -> None:
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT INTO save_request_counts (person, part, asked_at) VALUES (?, ?, ?)",
                [
                    (self._hash(connection, part, person), part, stamp(now))
                    for part, person in ((_ASKS, asker_id), (_IS_ASKED, author_id))
                ],
            )

    def expire(self, before: datetime) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM save_request_counts WHERE asked_at <= ?", [stamp(before)])

    def refuse(self, user_id: int, *, refused: bool) -> None:
        change = "INSERT INTO save_request_refusals (person) VALUES (?) ON CONFLICT DO NOTHING"
        if not refused:
            change = "DELETE FROM save_request_refusals WHERE person = ?"
        with self._connections.write() as connection:
            connection.execute(change, [self._hash(connection, _REFUSES, user_id)])

    def refuses(self, user_id: int) -> bool:
        with self._connections.read() as connection:
            return self._is_refused(connection, user_id)

    def forget(self, user_id: int) -> int:
        with self._connections.write() as connection:
            return sum(
                connection.execute(
                    "DELETE FROM save_request_counts WHERE person = ?", [self._hash(connection, part, user_id)]
                ).rowcount
                for part in (_ASKS, _IS_ASKED)
            )

    def _is_refused(self, connection: sqlite3.Connection, user_id: int) -> bool:
        person = self._hash(connection, _REFUSES, user_id)
        found = connection.execute("SELECT 1 FROM save_request_refusals WHERE person = ?", [person]).fetchone()
        return found is not None

    def _hash(self, connection: sqlite3.Connection, part: str, user_id: int) -> str:
        """Return what tells a person in one part; neither joined with others nor undone without the key."""
        salt = bytes.fromhex(connection.execute("SELECT salt FROM question_salt").fetchone()[0])
        salted = hmac.new(salt, f"save {part}\0{user_id}".encode(), hashlib.sha256).hexdigest()
        return self._connections.hash_key.hashed(salted)
