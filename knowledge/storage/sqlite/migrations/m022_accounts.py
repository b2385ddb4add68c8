"""Step 22: accounts of members who sign in by mail. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    for statement in _TABLES:
        connection.execute(statement)


_TABLES = (
    """
    CREATE TABLE accounts (
        member_id TEXT PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,   -- in small letters
        created_at TEXT NOT NULL,
        seen_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sign_in_links (
        token TEXT PRIMARY KEY,       -- keyed hash
        email TEXT NOT NULL,
        made_at TEXT NOT NULL,
        expires_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE web_sessions (
        visitor TEXT PRIMARY KEY,     -- keyed hash of the cookie
        member_id TEXT NOT NULL REFERENCES accounts (member_id) ON DELETE CASCADE,
        since TEXT NOT NULL,
        expires_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX web_sessions_by_member ON web_sessions (member_id)",
)
