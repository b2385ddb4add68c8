"""Gives everything of one account to another: what is kept under its id, in every table."""

import sqlite3

from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.hash_key import HashKey
from knowledge.storage.sqlite.question_askers import asker_hash

# These are made anew by hand below.
_APART = ("members", "accounts", "web_sessions", "former_accounts", "example_people")


def join(connections: Connections, connection: sqlite3.Connection, former_id: str, member_id: str) -> None:
    """Move what one id owns to another. The caller holds a write transaction."""
    email = connection.execute("SELECT email FROM accounts WHERE member_id = ?", [former_id]).fetchone()
    # A profile and what points at it change together.
    connections.defer_references(connection)
    connections.rename(connection, "members", "id", former_id, member_id)
    for table, column in connections.columns_of_people(connection):
        if table not in _APART:
            connections.rename(connection, table, column, former_id, member_id)
            # What the other has already, and there can be once only.
            connection.execute(f'DELETE FROM "{table}" WHERE CAST("{column}" AS TEXT) = ?', [former_id])
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
    _move_questions(connection, connections.hash_key, former_id, member_id)
    connection.execute("UPDATE former_accounts SET member_id = ? WHERE member_id = ?", [member_id, former_id])
    connection.execute("DELETE FROM accounts WHERE member_id = ?", [former_id])
    if email is not None:
        connection.execute(
            "UPDATE accounts SET email = coalesce(?, email) WHERE member_id = ?", [email["email"], member_id]
        )
    connection.execute(
        "INSERT INTO former_accounts (former_id, member_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [former_id, member_id],
    )


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
    connection.execute(
        "INSERT INTO example_bans (person, since) SELECT ?, since FROM example_bans WHERE person = ? "
        "ON CONFLICT (person) DO UPDATE SET since = excluded.since",
        [kept["ref"], former["ref"]],
    )
    connection.execute("DELETE FROM example_bans WHERE person = ?", [former["ref"]])
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
                "UPDATE question_askers SET asker = ? WHERE question_id = ? AND made_with = ? AND asker = ?",
                [asker_hash(key, made_with, member_id), question_id, made_with, asker],
            )
