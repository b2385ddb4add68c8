"""Places of given examples, review cards and requests to share a message, in SQLite."""

from datetime import datetime

from knowledge.dates import stamp
from knowledge.domain.outbox import Message
from knowledge.servers.storage.protocols import ReviewStore
from knowledge.servers.types import Cardless, ReviewCard, SaveRequest
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.outbox import enqueue

_REQUESTS = "SELECT id, message_id, channel_id, server_id, author_id, state FROM example_requests"

_WAITING_HERE = """
    FROM submissions LEFT JOIN example_places AS place ON place.submission_id = id
    WHERE state IN ('submitted', 'in_review') AND coalesce(place.server_id, ?1) = ?1
"""


class SQLiteReviews(ConnectedStore, ReviewStore):
    """`ReviewStore` over one file; see there for what each method promises."""

    def place(self, submission_id: str) -> int | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT server_id FROM example_places WHERE submission_id = ?", [submission_id]
            ).fetchone()
        return int(row[0]) if row else None

    def set_place(self, submission_id: str, server_id: int) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO example_places (submission_id, server_id) "
                "SELECT id, ? FROM submissions WHERE id = ? ON CONFLICT DO NOTHING",
                [server_id, submission_id],
            )

    def elsewhere(self, server_id: int) -> set[str]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT submission_id FROM example_places WHERE server_id <> ?", [server_id])
            return {row[0] for row in rows}

    def review_channels(self) -> dict[int, int]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT id, review_channel FROM servers JOIN registered_servers USING (id) "
                "WHERE review_channel IS NOT NULL"
            )
            return {row[0]: row[1] for row in rows}

    def cards(self, submission_id: str) -> list[ReviewCard]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT * FROM review_cards WHERE submission_id = ? ORDER BY channel_id", [submission_id]
            )
            return [ReviewCard.model_validate(dict(row)) for row in rows]

    def messages_in(self, channel_id: int) -> dict[str, int]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT submission_id, message_id FROM review_cards WHERE channel_id = ?", [channel_id]
            )
            return {row[0]: row[1] for row in rows}

    def keep_card(self, card: ReviewCard) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO review_cards (submission_id, channel_id, message_id) "
                "SELECT id, ?, ? FROM submissions WHERE id = ? "
                "ON CONFLICT (submission_id, channel_id) DO UPDATE SET message_id = excluded.message_id",
                [card.channel_id, card.message_id, card.submission_id],
            )

    def forget_card(self, card: ReviewCard) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "DELETE FROM review_cards WHERE submission_id = ? AND channel_id = ?",
                [card.submission_id, card.channel_id],
            )

    def without_card(self, server_id: int, channel_id: int, limit: int) -> list[Cardless]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"""
                SELECT id AS submission_id, version,
                       (SELECT max(message_id) FROM review_cards WHERE submission_id = id) AS last_card
                {_WAITING_HERE} AND id NOT IN (SELECT submission_id FROM review_cards WHERE channel_id = ?2)
                ORDER BY state_since, id LIMIT ?3
                """,
                [server_id, channel_id, limit],
            )
            return [Cardless.model_validate(dict(row)) for row in rows]

    def left_behind(self, server_id: int, channel_id: int) -> list[ReviewCard]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"""
                SELECT * FROM review_cards
                WHERE submission_id IN (SELECT id {_WAITING_HERE})
                  AND submission_id IN (SELECT submission_id FROM review_cards WHERE channel_id = ?2)
                  AND channel_id NOT IN (SELECT review_channel FROM servers WHERE review_channel IS NOT NULL)
                ORDER BY message_id
                """,
                [server_id, channel_id],
            )
            return [ReviewCard.model_validate(dict(row)) for row in rows]

    def ask(self, request: SaveRequest, message: Message, now: datetime) -> bool:
        values = request.model_dump() | {"asked_at": stamp(now)}
        with self._connections.write() as connection:
            connection.execute(
                "DELETE FROM example_requests WHERE message_id = ? AND state = 'unreachable'", [request.message_id]
            )
            added = connection.execute(
                f"INSERT INTO example_requests ({', '.join(values)}) "
                f"VALUES ({', '.join('?' for _ in values)}) ON CONFLICT DO NOTHING",
                list(values.values()),
            )
            return added.rowcount > 0 and enqueue(connection, message, stamp(now))

    def request(self, request_id: str) -> SaveRequest | None:
        with self._connections.read() as connection:
            row = connection.execute(f"{_REQUESTS} WHERE id = ?", [request_id]).fetchone()
        return SaveRequest.model_validate(dict(row)) if row else None

    def reached(self, request_id: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE example_requests SET state = 'reached' WHERE id = ? AND state = 'asked'", [request_id]
            )

    def agree(self, request_id: str) -> bool:
        with self._connections.write() as connection:
            noted = connection.execute(
                "UPDATE example_requests SET state = 'agreed' WHERE id = ? AND author_id IS NOT NULL", [request_id]
            )
            return noted.rowcount > 0

    def answered(self, request_id: str, state: str) -> bool:
        with self._connections.write() as connection:
            noted = connection.execute(
                "UPDATE example_requests SET state = ?, author_id = NULL "
                "WHERE id = ? AND author_id IS NOT NULL AND (state <> 'agreed' OR ? = 'agreed')",
                [state, request_id, state],
            )
            return noted.rowcount > 0

    def asked_of(self, user_id: int) -> list[SaveRequest]:
        with self._connections.read() as connection:
            rows = connection.execute(f"{_REQUESTS} WHERE author_id = ? ORDER BY asked_at, id", [user_id])
            return [SaveRequest.model_validate(dict(row)) for row in rows]

    def forget(self, user_id: int) -> int:
        with self._connections.write() as connection:
            return connection.execute(
                "UPDATE example_requests SET author_id = NULL, state = 'refused' WHERE author_id = ?", [user_id]
            ).rowcount
