"""The data kept under one person's id, in SQLite: to export and to erase."""

import json
import sqlite3
from datetime import datetime

from knowledge.domain.ids import discord_number
from knowledge.servers.storage.protocols import Members
from knowledge.servers.storage.sqlite.posts import opted_out
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.hash_key import HashKey
from knowledge.storage.sqlite.outbox import OF_EXAMPLES
from knowledge.storage.sqlite.question_askers import asker_hash, delete_questions, questions_of, unattributed

_KEPT = {
    "forum_posts": """
        SELECT thread_id, server_id, forum_id, title FROM posts WHERE author_id = :number ORDER BY thread_id
    """,
    "waiting_for": "SELECT question_id, since FROM follow_requests WHERE recipient = :text ORDER BY since, question_id",
    "messages_on_their_way": f"""
        SELECT kind, data, due_at FROM outbox WHERE recipient = :text AND NOT {OF_EXAMPLES} ORDER BY id
    """,
    "answers_shared": """
        SELECT server_id, channel_id, message_id, created_at AS shared_at
        FROM shared_answers JOIN cards ON cards.id = card_id WHERE user_id = :number ORDER BY created_at, cards.id
    """,
    "forms": "SELECT form, fields, kept_at FROM form_drafts WHERE member = :text ORDER BY form",
}
_FORGET = (
    "DELETE FROM posts WHERE author_id = :number",
    "DELETE FROM follow_requests WHERE recipient = :text",
    "DELETE FROM outbox WHERE recipient = :text",
    "DELETE FROM form_drafts WHERE member = :text",
)


class SQLiteMembers(ConnectedStore, Members):
    """`Members` over one file; see there for what each method promises."""

    def export(self, user_id: int | str) -> dict[str, object]:
        with self._connections.read() as connection:
            rows = {
                name: [dict(row) for row in connection.execute(query, _ids(user_id))] for name, query in _KEPT.items()
            }
            found: dict[str, object] = {**rows}
            found["messages_on_their_way"] = [
                {
                    "payload": json.dumps({"kind": row["kind"], **json.loads(row["data"])}, ensure_ascii=False),
                    "due_at": row["due_at"],
                }
                for row in rows["messages_on_their_way"]
            ]
            found["library_questions"] = [
                {"asked_at": row["asked_at"], "question": row["question"], "answered": bool(row["answered"])}
                for question_id in self._questions(connection, user_id)
                for row in connection.execute(
                    "SELECT asked_at, question, answered FROM questions WHERE id = ?", [question_id]
                )
            ]
            return {**found, "posts_left_out": opted_out(connection, self._connections.hash_key, user_id)}

    def forget(self, user_id: int | str) -> dict[str, int]:
        with self._connections.write() as connection:
            removed = {
                statement.split()[2]: connection.execute(statement, _ids(user_id)).rowcount for statement in _FORGET
            }
            for table, count in delete_questions(connection, self._questions(connection, user_id)).items():
                removed[table] = removed.get(table, 0) + count
            # Cards of answers that are not kept any more: they expire a little later.
            left = list(_cards(connection, self._connections.hash_key, user_id))
            connection.executemany("DELETE FROM cards WHERE id = ?", [(card,) for card in left])
            removed["cards"] += len(left)
        return {table: count for table, count in removed.items() if count}

    def hashed_traces(self, user_id: int | str) -> dict[str, int]:
        """Return how many rows of each table are this person's by their hash alone; see the protocol."""
        with self._connections.read() as connection:
            found = {
                "questions": len(self._questions(connection, user_id)),
                "cards": len(_cards(connection, self._connections.hash_key, user_id)),
            }
        return {table: count for table, count in found.items() if count}

    def unattributed(self) -> int:
        """Return of how many questions that members asked it is not known any more whose they are."""
        with self._connections.read() as connection:
            return unattributed(connection, self._connections.hash_key)

    def keep_form(self, user_id: int, form: str, fields: dict[str, list[str]], now: datetime) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO form_drafts (member, form, fields, kept_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (member, form) DO UPDATE SET fields = excluded.fields, kept_at = excluded.kept_at",
                [str(user_id), form, json.dumps(fields, ensure_ascii=False), now.isoformat()],
            )

    def form(self, user_id: int, form: str) -> dict[str, list[str]] | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT fields FROM form_drafts WHERE member = ? AND form = ?", [str(user_id), form]
            ).fetchone()
        return None if row is None else json.loads(row["fields"])

    def drop_form(self, user_id: int, form: str) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM form_drafts WHERE member = ? AND form = ?", [str(user_id), form])

    def expire_forms(self, before: datetime) -> int:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM form_drafts WHERE kept_at < ?", [before.isoformat()]).rowcount

    def _questions(self, connection: sqlite3.Connection, user_id: int | str) -> list[str]:
        """Return the ids of the questions that somebody asked, whatever became of the messages with the answers."""
        key = self._connections.hash_key
        shown = _cards(connection, key, user_id).values()
        return list(dict.fromkeys([*questions_of(connection, key, str(user_id)), *shown]))


def _ids(user_id: int | str) -> dict[str, object]:
    """Return an id as columns of numbers and of texts have it; members by mail have no number."""
    text = str(user_id)
    return {"text": text, "number": discord_number(text)}


def _cards(connection: sqlite3.Connection, key: HashKey, user_id: int | str) -> dict[str, str]:
    """Return the cards of somebody's answers with their questions: only a card's own hash says so."""
    rows = connection.execute("SELECT id, question_id, asker FROM cards ORDER BY created_at, id").fetchall()
    return {row["id"]: row["question_id"] for row in rows if row["asker"] == asker_hash(key, row["id"], str(user_id))}
