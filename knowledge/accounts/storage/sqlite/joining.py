"""Gives everything of one account to another: what is kept under its id, in every table."""

import sqlite3

from knowledge.storage.sqlite.hash_key import HashKey
from knowledge.storage.sqlite.maintenance import FULL_TEXT, columns_of_people
from knowledge.storage.sqlite.question_askers import asker_hash

# These are made anew by hand below.
_APART = ("members", "accounts", "web_sessions", "former_accounts", "example_people")


def join(connection: sqlite3.Connection, key: HashKey, former_id: str, member_id: str) -> None:
    """Move what one id owns to another. The caller holds a write transaction."""
    email = connection.execute("SELECT email FROM accounts WHERE member_id = ?", [former_id]).fetchone()
    # A profile and what points at it change together.
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("UPDATE OR IGNORE members SET id = ? WHERE id = ?", [member_id, former_id])
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if not table.startswith((*FULL_TEXT, "sqlite_", "_sqlite")) and table not in _APART:
            for column in columns_of_people(connection, table):
                _move(connection, table, column, former_id, member_id)
    # Nobody is introduced to themselves, nor blocks or asks themselves.
    connection.execute("DELETE FROM introductions WHERE seeker = other")
    connection.execute("DELETE FROM member_blocks WHERE member_id = blocked_id")
    connection.execute(
        "DELETE FROM peer_question_routes WHERE member_id = ?1 "
        "AND question_id IN (SELECT id FROM peer_questions WHERE asker = ?1)",
        [member_id],
    )
    connection.execute("DELETE FROM members WHERE id = ?", [former_id])
    connection.execute("UPDATE member_changes SET latest = latest + 1")
    connection.execute("UPDATE members SET change = (SELECT latest FROM member_changes) WHERE id = ?", [member_id])
    _move_examples(connection, former_id, member_id)
    _move_questions(connection, key, former_id, member_id)
    connection.execute("UPDATE former_accounts SET member_id = ? WHERE member_id = ?", [member_id, former_id])
    connection.execute("DELETE FROM accounts WHERE member_id = ?", [former_id])
    if email is not None:
        connection.execute(
            "UPDATE accounts SET email = coalesce(?, email) WHERE member_id = ?", [email["email"], member_id]
        )
    connection.execute(
        "INSERT OR IGNORE INTO former_accounts (former_id, member_id) VALUES (?, ?)", [former_id, member_id]
    )


def _move(connection: sqlite3.Connection, table: str, column: str, former_id: str, member_id: str) -> None:
    connection.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = ? WHERE "{column}" = ?', [member_id, former_id])
    # What the other has already, and there can be once only.
    connection.execute(f'DELETE FROM "{table}" WHERE "{column}" = ?', [former_id])


def _move_examples(connection: sqlite3.Connection, former_id: str, member_id: str) -> None:
    former = connection.execute("SELECT ref, name FROM example_people WHERE member = ?", [former_id]).fetchone()
    kept = connection.execute("SELECT ref FROM example_people WHERE member = ?", [member_id]).fetchone()
    if former is None:
        return
    if kept is None:
        connection.execute("UPDATE example_people SET member = ? WHERE ref = ?", [member_id, former["ref"]])
        return
    for column in ("author", "claimed_by"):
        connection.execute(f"UPDATE submissions SET {column} = ? WHERE {column} = ?", [kept["ref"], former["ref"]])
    connection.execute("UPDATE OR REPLACE example_bans SET person = ? WHERE person = ?", [kept["ref"], former["ref"]])
    connection.execute(
        "UPDATE example_people SET name = coalesce(name, ?) WHERE ref = ?", [former["name"], kept["ref"]]
    )
    # What stands in the audit is not rewritten: there it is somebody who is not known any more.
    connection.execute("UPDATE example_people SET member = NULL, name = NULL WHERE ref = ?", [former["ref"]])


def _move_questions(connection: sqlite3.Connection, key: HashKey, former_id: str, member_id: str) -> None:
    """Note whose questions are: of that there are hashes only, another one for each question."""
    rows = connection.execute(
        "SELECT question_id, made_with, asker FROM question_askers WHERE key = ?", [key.fingerprint]
    ).fetchall()
    for question_id, made_with, asker in rows:
        if asker == asker_hash(key, made_with, former_id):
            connection.execute(
                "UPDATE OR REPLACE question_askers SET asker = ? WHERE question_id = ? AND made_with = ? AND asker = ?",
                [asker_hash(key, made_with, member_id), question_id, made_with, asker],
            )
