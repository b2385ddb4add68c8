"""The askers of the log's questions, as keyed hashes of each question's own. Functions over a connection."""

import hashlib
import json
import sqlite3
from collections.abc import Collection

from knowledge.storage.sqlite.hash_key import HashKey


def asker_hash(key: HashKey, made_with: str, person: str) -> str:
    """Return what stands for somebody beside one card or question, so that nobody's can be joined by it."""
    # What is keyed is itself a hash: that is what earlier releases kept.
    return key.hashed(hashlib.sha256(f"{made_with}:{person}".encode("utf-8", "replace")).hexdigest())


def add_asker(connection: sqlite3.Connection, key: HashKey, question_id: str, person: str) -> None:
    """Note who asked a question."""
    connection.execute(
        "INSERT INTO question_askers (question_id, made_with, asker, key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [question_id, question_id, asker_hash(key, question_id, person), key.fingerprint],
    )


def copy_askers(connection: sqlite3.Connection, question_id: str, from_question: str) -> None:
    """Note of a question that it is those people's, too, whose another question is: it has the same words."""
    connection.execute(
        "INSERT INTO question_askers (question_id, made_with, asker, key) "
        "SELECT ?, made_with, asker, key FROM question_askers WHERE question_id = ? ON CONFLICT DO NOTHING",
        [question_id, from_question],
    )


def questions_of(connection: sqlite3.Connection, key: HashKey, person: str) -> list[str]:
    """Return the ids of somebody's questions, oldest first."""
    rows = connection.execute(
        "SELECT question_id, made_with, asker FROM question_askers JOIN questions ON questions.id = question_id "
        "WHERE key = ? ORDER BY asked_at, question_id",
        [key.fingerprint],
    )
    mine = (row[0] for row in rows.fetchall() if row[2] == asker_hash(key, row[1], person))
    return list(dict.fromkeys(mine))


def delete_questions(connection: sqlite3.Connection, ids: Collection[str]) -> dict[str, int]:
    """Delete questions with all that hangs on them; how many rows of each table went."""
    chosen, gone = json.dumps(list(ids)), dict[str, int]()
    # Who still waits for the answer to such a question was told that it is kept; now it is not.
    for table, column in (("follow_requests", "question_id"), ("cards", "question_id"), ("questions", "id")):
        deleted = connection.execute(
            f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", [chosen]
        )
        gone[table] = deleted.rowcount
    return gone


def unattributed(connection: sqlite3.Connection, key: HashKey) -> int:
    """Return of how many questions that members asked nobody can say any more who asked: from before it was noted."""
    row = connection.execute(
        "SELECT count(DISTINCT question_id) FROM question_askers WHERE key <> ?", [key.fingerprint]
    )
    return int(row.fetchone()[0])
