"""Cards in SQLite."""

import hashlib
from datetime import datetime

from knowledge.dates import stamp
from knowledge.domain.outbox import Message
from knowledge.servers.types import Card
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.outbox import enqueue

_COLUMNS = tuple(Card.model_fields)


class SQLiteCards:
    """Implements `knowledge.servers.storage.protocols.Cards`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def save(self, card: Card, asker_id: int, now: datetime) -> bool:
        """Remember a card, or where it came to be shown; see the protocol."""
        values = {**card.model_dump(), "asker": asker_of(card.id, asker_id), "created_at": now.isoformat()}
        with self._connections.write() as connection:
            new = connection.execute(
                f"INSERT OR IGNORE INTO cards ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})",
                list(values.values()),
            ).rowcount
            if not new:
                connection.execute(
                    "UPDATE cards SET channel_id = ?, message_id = ?, question_message_id = ? WHERE id = ?",
                    [card.channel_id, card.message_id, card.question_message_id, card.id],
                )
        return new > 0

    def remove(self, card_id: str) -> None:
        """Forget a card that came to be shown nowhere."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM cards WHERE id = ?", [card_id])

    def asked_by(self, card_id: str, user_id: int) -> bool:
        """Whether that person asked what the card answers."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT asker FROM cards WHERE id = ?", [card_id]).fetchone()
        return row is not None and row["asker"] == asker_of(card_id, user_id)

    def card(self, card_id: str) -> Card | None:
        """The card with that id."""
        with self._connections.read() as connection:
            row = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM cards WHERE id = ?", [card_id]).fetchone()
        return Card.model_validate(dict(row)) if row else None

    def forget_message(self, message_id: int) -> None:
        """A message is gone, and the card on it."""
        with self._connections.read() as connection:
            # Most messages that are deleted were never ours: they need no write.
            found = connection.execute("SELECT 1 FROM cards WHERE message_id = ?", [message_id]).fetchone()
        if found:
            with self._connections.write() as connection:
                connection.execute("DELETE FROM cards WHERE message_id = ?", [message_id])

    def reply_to(self, message_id: int) -> Card | None:
        """Return the card of the answer that is shown in reply to a message; see the protocol."""
        with self._connections.read() as connection:
            row = connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM cards WHERE question_message_id = ? AND message_id IS NOT NULL",
                [message_id],
            ).fetchone()
        return Card.model_validate(dict(row)) if row else None

    def detach(self, card_id: str, message: Message | None = None, now: datetime | None = None) -> None:
        """Note that a card is shown no more; see the protocol."""
        with self._connections.write() as connection:
            connection.execute("UPDATE cards SET message_id = NULL, question_message_id = NULL WHERE id = ?", [card_id])
            if message is not None and now is not None:
                enqueue(connection, message, stamp(now))

    def expire(self, before: datetime) -> int:
        """Forget the cards from before a moment; how many there were."""
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM cards WHERE created_at < ?", [before.isoformat()]).rowcount


def asker_of(card_id: str, user_id: int) -> str:
    """Tells the asker of one card, and differs from card to card, so that nobody's questions can be joined by it."""
    return hashlib.sha256(f"{card_id}:{user_id}".encode()).hexdigest()
