"""Cards in SQLite."""

from datetime import datetime

from knowledge.servers.types import Card
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.question_askers import asker_hash

_COLUMNS = tuple(Card.model_fields)


class SQLiteCards:
    """Implements `knowledge.servers.storage.protocols.Cards`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def save(self, card: Card, asker_id: int, now: datetime) -> bool:
        """Remember a card, or where it came to be shown; see the protocol."""
        values = {**card.model_dump(), "asker": self._hash(card.id, asker_id), "created_at": now.isoformat()}
        with self._connections.write() as connection:
            new = connection.execute(
                f"INSERT OR IGNORE INTO cards ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})",
                list(values.values()),
            ).rowcount
            if not new:
                connection.execute(
                    "UPDATE cards SET channel_id = ?, message_id = ? WHERE id = ?",
                    [card.channel_id, card.message_id, card.id],
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
        return row is not None and row["asker"] == self._hash(card_id, user_id)

    def share(self, card: Card, user_id: int, now: datetime) -> bool:
        """Remember a card that a member shows to a channel without their name; see the protocol."""
        with self._connections.write() as connection:
            new = self.save(card, user_id, now)
            connection.execute(
                "INSERT OR IGNORE INTO shared_answers (card_id, user_id) VALUES (?, ?)", [card.id, user_id]
            )
        return new

    def shared_by(self, server_id: int, message_id: int) -> int | None:
        """Who had the card on that message shown to a channel."""
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT user_id FROM shared_answers JOIN cards ON cards.id = card_id "
                "WHERE server_id = ? AND message_id = ?",
                [server_id, message_id],
            ).fetchone()
        return int(row[0]) if row else None

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

    def expire(self, before: datetime) -> int:
        """Forget the cards from before a moment; how many there were."""
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM cards WHERE created_at < ?", [before.isoformat()]).rowcount

    def _hash(self, card_id: str, user_id: int) -> str:
        return asker_hash(self._connections.hash_key, card_id, str(user_id))
