"""How often "Save as example" is used on whom, and who does not want to be asked, in SQLite. Nobody is named in it."""

import hashlib
import hmac
import sqlite3
from datetime import datetime

from knowledge.dates import stamp
from knowledge.servers.types import SaveRefusal
from knowledge.storage.sqlite.connection import Connections

_ASKS, _IS_ASKED, _REFUSES = "asks", "is_asked", "refuses"


class SQLiteSaveLimits:
    """Implements `knowledge.servers.storage.review_protocols.SaveLimits`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def refusal(self, asker_id: int, author_id: int, since: datetime, most: int) -> SaveRefusal | None:
        """Return why somebody may not be asked; see the protocol."""
        with self._connections.read() as connection:
            if _refuses(connection, author_id):
                return SaveRefusal.NOT_WANTED
            for part, person, reason in (
                (_ASKS, asker_id, SaveRefusal.ASKED_ENOUGH),
                (_IS_ASKED, author_id, SaveRefusal.WAS_ASKED_ENOUGH),
            ):
                number = connection.execute(
                    "SELECT count(*) FROM save_request_counts WHERE person = ? AND part = ? AND asked_at > ?",
                    [_hash(connection, part, person), part, stamp(since)],
                ).fetchone()[0]
                if number >= most:
                    return reason
        return None

    def count(self, asker_id: int, author_id: int, now: datetime) -> None:
        """Note that one asked the other."""
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT INTO save_request_counts (person, part, asked_at) VALUES (?, ?, ?)",
                [
                    (_hash(connection, part, person), part, stamp(now))
                    for part, person in ((_ASKS, asker_id), (_IS_ASKED, author_id))
                ],
            )

    def expire(self, before: datetime) -> None:
        """Forget what was asked before a moment."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM save_request_counts WHERE asked_at <= ?", [stamp(before)])

    def refuse(self, user_id: int, *, refused: bool) -> None:
        """Note that somebody does not want to be asked, or does again."""
        change = "INSERT OR IGNORE INTO save_request_refusals (person) VALUES (?)"
        if not refused:
            change = "DELETE FROM save_request_refusals WHERE person = ?"
        with self._connections.write() as connection:
            connection.execute(change, [_hash(connection, _REFUSES, user_id)])

    def refuses(self, user_id: int) -> bool:
        """Return whether somebody does not want to be asked."""
        with self._connections.read() as connection:
            return _refuses(connection, user_id)

    def forget(self, user_id: int) -> int:
        """Forget how often somebody asked and was asked; how many rows."""
        with self._connections.write() as connection:
            return sum(
                connection.execute(
                    "DELETE FROM save_request_counts WHERE person = ?", [_hash(connection, part, user_id)]
                ).rowcount
                for part in (_ASKS, _IS_ASKED)
            )


def _refuses(connection: sqlite3.Connection, user_id: int) -> bool:
    person = _hash(connection, _REFUSES, user_id)
    return connection.execute("SELECT 1 FROM save_request_refusals WHERE person = ?", [person]).fetchone() is not None


def _hash(connection: sqlite3.Connection, part: str, user_id: int) -> str:
    """Tells a person in one part, and cannot be joined with the other parts."""
    salt = bytes.fromhex(connection.execute("SELECT salt FROM question_salt").fetchone()[0])
    return hmac.new(salt, f"save {part}\0{user_id}".encode(), hashlib.sha256).hexdigest()
