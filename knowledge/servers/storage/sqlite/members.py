"""Everything that is kept under one person's id, in SQLite: to export and to erase."""

import json
import sqlite3
from datetime import datetime

from knowledge.servers.storage.protocols import Members
from knowledge.servers.storage.sqlite.cards import asker_of
from knowledge.servers.storage.sqlite.posts import opted_out
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.outbox import OF_EXAMPLES

_KEPT = {
    "forum_posts": "SELECT thread_id, server_id, forum_id, title FROM posts WHERE author_id = ? ORDER BY thread_id",
    "waiting_for": "SELECT question_id, since FROM waiting WHERE user_id = ? ORDER BY since",
    "messages_on_their_way": f"""
        SELECT kind, data, due_at FROM outbox WHERE recipient = CAST(? AS TEXT) AND NOT {OF_EXAMPLES} ORDER BY id
    """,
    "forms": "SELECT form, fields, kept_at FROM form_drafts WHERE member = CAST(? AS TEXT) ORDER BY form",
}
_FORGET = (
    "DELETE FROM posts WHERE author_id = ?",
    "DELETE FROM waiting WHERE user_id = ?",
    "DELETE FROM outbox WHERE recipient = CAST(? AS TEXT)",
    "DELETE FROM form_drafts WHERE member = CAST(? AS TEXT)",
)


class SQLiteMembers(ConnectedStore, Members):
    """`Members` over one file; see there for what each method promises."""

    def export(self, user_id: int) -> dict[str, object]:
        with self._connections.read() as connection:
            rows = {name: [dict(row) for row in connection.execute(query, [user_id])] for name, query in _KEPT.items()}
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
                for question_id in dict.fromkeys(_cards(connection, user_id).values())
                for row in connection.execute(
                    "SELECT asked_at, question, answered FROM questions WHERE id = ?", [question_id]
                )
            ]
            return {**found, "posts_left_out": opted_out(connection, user_id)}

    def forget(self, user_id: int) -> dict[str, int]:
        with self._connections.write() as connection:
            removed = {statement.split()[2]: connection.execute(statement, [user_id]).rowcount for statement in _FORGET}
            cards = _cards(connection, user_id)
            questions = json.dumps(list(cards.values()))
            # Who still waits for the answer to such a question was told that it is kept; now it is not.
            for table, column in (("waiting", "question_id"), ("cards", "question_id"), ("questions", "id")):
                gone = connection.execute(
                    f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", [questions]
                )
                removed[table] = removed.get(table, 0) + gone.rowcount
        return {table: count for table, count in removed.items() if count}

    def keep_form(self, user_id: int, form: str, fields: dict[str, list[str]], now: datetime) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO form_drafts (member, form, fields, kept_at) VALUES (?, ?, ?, ?)",
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


def _cards(connection: sqlite3.Connection, user_id: int) -> dict[str, str]:
    """Return the questions that somebody asked, by the card that answers each: only a card's own hash says so."""
    rows = connection.execute("SELECT id, question_id, asker FROM cards ORDER BY created_at").fetchall()
    return {row["id"]: row["question_id"] for row in rows if row["asker"] == asker_of(row["id"], user_id)}
