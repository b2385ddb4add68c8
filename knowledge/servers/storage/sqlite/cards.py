"""Cards that show answers, and what members do with them, in SQLite."""

from datetime import datetime

from knowledge.dates import stamp
from knowledge.domain.outbox import Message
from knowledge.servers.storage.protocols import Cards, Interactions
from knowledge.servers.types import Card
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.outbox import enqueue
from knowledge.storage.sqlite.question_askers import asker_hash

_COLUMNS = tuple(Card.model_fields)

# Somebody looks at "thinking" meanwhile: after so long they are told to try again.
_FIRST_TIME_MS = 3000


class SQLiteCards(ConnectedStore, Cards):
    """`Cards` over one file; see there for what each method promises."""

    def save(self, card: Card, asker_id: int, now: datetime) -> bool:
        values = {**card.model_dump(), "asker": self._hash(card.id, asker_id), "created_at": now.isoformat()}
        with self._connections.write(alone=False) as connection:
            new = connection.execute(
                f"INSERT INTO cards ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)}) "
                "ON CONFLICT DO NOTHING",
                list(values.values()),
            ).rowcount
            if not new:
                connection.execute(
                    "UPDATE cards SET channel_id = ?, message_id = ?, question_message_id = ? WHERE id = ?",
                    [card.channel_id, card.message_id, card.question_message_id, card.id],
                )
        return new > 0

    def remove(self, card_id: str) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM cards WHERE id = ?", [card_id])

    def asked_by(self, card_id: str, user_id: int) -> bool:
        with self._connections.read() as connection:
            row = connection.execute("SELECT asker FROM cards WHERE id = ?", [card_id]).fetchone()
        return row is not None and row["asker"] == self._hash(card_id, user_id)

    def share(self, card: Card, user_id: int, now: datetime) -> bool:
        with self._connections.write() as connection:
            new = self.save(card, user_id, now)
            connection.execute(
                "INSERT INTO shared_answers (card_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", [card.id, user_id]
            )
        return new

    def shared_by(self, server_id: int, message_id: int) -> int | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT user_id FROM shared_answers JOIN cards ON cards.id = card_id "
                "WHERE server_id = ? AND message_id = ?",
                [server_id, message_id],
            ).fetchone()
        return int(row[0]) if row else None

    def card(self, card_id: str) -> Card | None:
        with self._connections.read() as connection:
            row = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM cards WHERE id = ?", [card_id]).fetchone()
        return Card.model_validate(dict(row)) if row else None

    def forget_message(self, message_id: int) -> None:
        with self._connections.read() as connection:
            # Most messages that are deleted were never ours: they need no write.
            found = connection.execute("SELECT 1 FROM cards WHERE message_id = ?", [message_id]).fetchone()
        if found:
            with self._connections.write() as connection:
                connection.execute("DELETE FROM cards WHERE message_id = ?", [message_id])

    def reply_to(self, message_id: int) -> Card | None:
        with self._connections.read() as connection:
            row = connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM cards WHERE question_message_id = ? AND message_id IS NOT NULL",
                [message_id],
            ).fetchone()
        return Card.model_validate(dict(row)) if row else None

    def detach(self, card_id: str, message: Message | None = None, now: datetime | None = None) -> None:
        with self._connections.write() as connection:
            connection.execute("UPDATE cards SET message_id = NULL, question_message_id = NULL WHERE id = ?", [card_id])
            if message is not None and now is not None:
                enqueue(connection, message, stamp(now))

    def expire(self, before: datetime) -> int:
        with self._connections.write() as connection:
            return connection.execute(
                "DELETE FROM cards WHERE created_at < ? AND question_id NOT IN (SELECT id FROM questions)",
                [before.isoformat()],
            ).rowcount

    def _hash(self, card_id: str, user_id: int) -> str:
        return asker_hash(self._connections.hash_key, card_id, str(user_id))


class SQLiteInteractions(ConnectedStore, Interactions):
    """`Interactions` over one file; see there for what each method promises."""

    def first_time(self, interaction_id: int, now: datetime) -> bool:
        with self._connections.impatient(_FIRST_TIME_MS), self._connections.write(alone=False) as connection:
            added = connection.execute(
                "INSERT INTO seen_interactions (id, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [interaction_id, now.isoformat()],
            )
            return added.rowcount > 0

    def expire(self, before: datetime) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM seen_interactions WHERE seen_at < ?", [before.isoformat()])
