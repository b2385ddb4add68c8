"""Step 8: when each document came in, and each server's round-up of what is new."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the column and the table."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_STATEMENTS = (
    # ISO 8601, UTC, as all moments; NULL: before this was noted, which is old enough.
    "ALTER TABLE document_ids ADD COLUMN given_at TEXT",
    """
    CREATE TABLE digests (
        server_id INTEGER PRIMARY KEY,
        paused INTEGER NOT NULL DEFAULT 0,  -- 1: a moderator switched it off
        looked_at TEXT,                     -- when it was last begun, whether or not there was anything to say
        number INTEGER NOT NULL DEFAULT 0   -- how often it was begun
    )
    """,
)
