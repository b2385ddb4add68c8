"""Step 16: whose a question is, for as long as it is kept; hashes of people with a key that is not in this file.

Also who shared an answer in a channel, for moderators, and what still has to be overwritten. Released: never edited.
"""

import sqlite3
from datetime import UTC, datetime

from knowledge.storage.sqlite.hash_key import HashKey, database_file, key_beside


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables, and put keyed hashes in the place of those that could be undone."""
    for statement in _TABLES:
        connection.execute(statement)
    key = key_beside(database_file(connection))
    _key_hashes(connection, key)
    connection.execute(
        "INSERT INTO hash_keys (fingerprint, since) VALUES (?, ?)",
        [key.fingerprint, datetime.now(UTC).isoformat(timespec="milliseconds")],
    )
    # Who asked is known of a question by the cards that showed its answer; of the others nobody knows it any more.
    connection.execute(
        "INSERT OR IGNORE INTO question_askers (question_id, made_with, asker, key) "
        "SELECT question_id, cards.id, asker, ? FROM cards JOIN questions ON questions.id = question_id",
        [key.fingerprint],
    )
    connection.execute(
        "INSERT INTO question_askers (question_id, made_with, asker, key) "
        "SELECT id, '', '', '' FROM questions WHERE conversation IS NOT NULL "
        "AND id NOT IN (SELECT question_id FROM question_askers)"
    )


def _key_hashes(connection: sqlite3.Connection, key: HashKey) -> None:
    for table, column, length in (
        ("cards", "asker", 64),
        ("post_opt_outs", "person", 64),
        ("feedback", "voter", 32),
        ("questions", "conversation", 32),
        ("turns", "conversation", 32),
        ("conversation_people", "conversation", 32),
        ("conversation_people", "person", 32),
    ):
        found = connection.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()
        connection.executemany(
            f"UPDATE {table} SET {column} = ? WHERE {column} = ?",
            [(key.hashed(hashed)[:length], hashed) for (hashed,) in map(tuple, found)],
        )
    # Blocks of members who have left begin with a mark: no id does.
    left = connection.execute("SELECT DISTINCT blocked_id FROM member_blocks WHERE blocked_id LIKE '#%'").fetchall()
    connection.executemany(
        "UPDATE member_blocks SET blocked_id = ? WHERE blocked_id = ?",
        [(f"#{key.hashed(blocked[1:])}", blocked) for (blocked,) in map(tuple, left)],
    )


_TABLES = (
    # The keys that hashes were made with: what tells each from others, never the key itself.
    "CREATE TABLE hash_keys (fingerprint TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE question_askers (
        question_id TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
        made_with TEXT NOT NULL,      -- what the hash is made with besides the person; empty: nobody knows who asked
        asker TEXT NOT NULL,          -- keyed hash that differs from question to question
        key TEXT NOT NULL,            -- the key's fingerprint
        PRIMARY KEY (question_id, made_with)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE shared_answers (
        card_id TEXT PRIMARY KEY REFERENCES cards (id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL      -- who showed it to a channel without their name: moderators can find out
    ) WITHOUT ROWID
    """,
    # The audit stays as it is, but a reason, which is written to somebody about their work, can be taken out.
    "DROP TRIGGER review_events_stay",
    "CREATE TRIGGER review_events_stay BEFORE UPDATE ON review_events WHEN new.reason IS NOT NULL "
    "OR (new.id, new.submission_id, new.at, new.action, new.to_state, new.role, new.by_author, new.version) "
    "<> (old.id, old.submission_id, old.at, old.action, old.to_state, old.role, old.by_author, old.version) "
    "OR (new.from_state, new.actor, new.request_id) IS NOT (old.from_state, old.actor, old.request_id) "
    "BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END",
)
