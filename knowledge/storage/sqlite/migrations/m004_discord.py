"""Step 4: servers and what goes on in them: settings, cards, forum posts, subscriptions and what is still to be sent.

Ids are Discord's snowflakes. Released: never edited again.
"""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables of the servers."""
    for statement in _TABLES:
        connection.execute(statement)


_TABLES = (
    """
    CREATE TABLE servers (
        id INTEGER PRIMARY KEY,
        moderator_role INTEGER,
        review_channel INTEGER,
        digest_channel INTEGER,
        language TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE forums (
        channel_id INTEGER PRIMARY KEY,
        server_id INTEGER NOT NULL,
        replies INTEGER NOT NULL,     -- 1: a new post gets one reply
        searchable INTEGER NOT NULL   -- 1: posts are found as similar discussions
    )
    """,
    "CREATE INDEX forums_by_server ON forums (server_id)",
    """
    CREATE TABLE cards (
        id TEXT PRIMARY KEY,          -- random
        question_id TEXT NOT NULL,
        server_id INTEGER,            -- NULL in a direct message
        channel_id INTEGER NOT NULL,
        message_id INTEGER,
        asker TEXT NOT NULL,          -- hash that differs from card to card
        shared INTEGER NOT NULL,
        created_at TEXT NOT NULL      -- ISO 8601, UTC, as everywhere below
    )
    """,
    "CREATE INDEX cards_by_message ON cards (message_id)",
    "CREATE INDEX cards_by_time ON cards (created_at)",
    """
    CREATE TABLE posts (
        thread_id INTEGER PRIMARY KEY,
        server_id INTEGER NOT NULL,
        forum_id INTEGER NOT NULL,
        author_id INTEGER NOT NULL,
        title TEXT NOT NULL,
        model TEXT NOT NULL,          -- what made the embedding
        vector BLOB NOT NULL,         -- float32, little-endian, unit length
        solved_message_id INTEGER
    )
    """,
    "CREATE INDEX posts_by_server ON posts (server_id)",
    "CREATE INDEX posts_by_author ON posts (author_id)",
    "CREATE TABLE post_opt_outs (user_id INTEGER PRIMARY KEY)",
    # Threads that were taken on, so that each gets at most one reply.
    "CREATE TABLE claimed_threads (thread_id INTEGER PRIMARY KEY, claimed_at TEXT NOT NULL)",
    "CREATE TABLE seen_interactions (id INTEGER PRIMARY KEY, seen_at TEXT NOT NULL)",
    "CREATE INDEX seen_interactions_by_time ON seen_interactions (seen_at)",
    """
    CREATE TABLE waiting (
        question_id TEXT NOT NULL,
        user_id INTEGER NOT NULL,
        since TEXT NOT NULL,
        PRIMARY KEY (question_id, user_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        user_id INTEGER,
        channel_id INTEGER,
        payload TEXT NOT NULL,        -- JSON
        due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        CHECK ((user_id IS NULL) <> (channel_id IS NULL))
    )
    """,
)
