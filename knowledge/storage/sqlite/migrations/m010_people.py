"""Step 10: what members do to meet (searches, where they asked, forms under way), and whose a conversation is.

Who left their forum posts out is kept as a salted hash from here on, so that the wish outlives the id. Released: never
edited.
"""

import hashlib
import hmac
import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables, and put hashes in the place of ids."""
    for statement in _TABLES:
        connection.execute(statement)
    salt = bytes.fromhex(connection.execute("SELECT salt FROM question_salt").fetchone()[0])
    ids = [row[0] for row in connection.execute("SELECT user_id FROM post_opt_outs")]
    connection.execute("DROP TABLE post_opt_outs")
    connection.execute("CREATE TABLE post_opt_outs (person TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany(
        "INSERT INTO post_opt_outs (person) VALUES (?)",
        [(hmac.new(salt, f"posts\0{user_id}".encode(), hashlib.sha256).hexdigest(),) for user_id in ids],
    )


_TABLES = (
    # A search for peers, so that its pages and buttons work after a restart.
    """
    CREATE TABLE peer_searches (
        id TEXT PRIMARY KEY,          -- random
        member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
        topic TEXT NOT NULL,
        sector TEXT,
        nation TEXT,
        different TEXT,
        made_at TEXT NOT NULL         -- ISO 8601, UTC, as all moments here
    )
    """,
    "CREATE INDEX peer_searches_by_member ON peer_searches (member_id)",
    # Where a request was made: there, in a private thread, the two can meet.
    """
    CREATE TABLE introduction_places (
        introduction_id TEXT PRIMARY KEY REFERENCES introductions (id) ON DELETE CASCADE,
        server_id INTEGER NOT NULL,
        channel_id INTEGER NOT NULL,
        thread_id INTEGER             -- once there is one
    ) WITHOUT ROWID
    """,
    # What was typed into a form and refused, so that it can be mended.
    """
    CREATE TABLE form_drafts (
        member TEXT NOT NULL,
        form TEXT NOT NULL,
        fields TEXT NOT NULL,         -- JSON object
        kept_at TEXT NOT NULL,
        PRIMARY KEY (member, form)
    ) WITHOUT ROWID
    """,
    # Whose a conversation is, for as long as it is remembered; both as salted hashes.
    """
    CREATE TABLE conversation_people (
        conversation TEXT NOT NULL,
        person TEXT NOT NULL,
        latest TEXT NOT NULL,
        PRIMARY KEY (conversation, person)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX conversation_people_by_person ON conversation_people (person)",
    # 1: the asker was told of this reply.
    "ALTER TABLE peer_question_routes ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
)
