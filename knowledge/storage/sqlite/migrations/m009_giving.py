"""Step 9: where shared examples were given, the cards that moderators see, and who is asked to share a message."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables of giving and reviewing on a server."""
    for statement in _TABLES:
        connection.execute(statement)


_TABLES = (
    # The server whose moderators review it. What is not named here (the command line, imports) is for every server's.
    """
    CREATE TABLE example_places (
        submission_id TEXT PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE,
        server_id INTEGER NOT NULL
    )
    """,
    "CREATE INDEX example_places_by_server ON example_places (server_id)",
    """
    CREATE TABLE review_cards (
        submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
        channel_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL,
        PRIMARY KEY (submission_id, channel_id)
    ) WITHOUT ROWID
    """,
    # Somebody's wish that another member's message be an example. Nothing of the message is kept, nor who wished it.
    """
    CREATE TABLE example_requests (
        id TEXT PRIMARY KEY,          -- random
        message_id INTEGER NOT NULL UNIQUE,
        channel_id INTEGER NOT NULL,
        server_id INTEGER,
        author_id INTEGER,            -- NULL once answered
        state TEXT NOT NULL,          -- asked, reached, unreachable, agreed, refused
        asked_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX example_requests_by_author ON example_requests (author_id)",
)
