"""Step 2: the question log, feedback on answers, and the turns of conversations. No name or id of a person is in it."""

import secrets
import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables of questions."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO question_salt (salt) VALUES (?)", [secrets.token_hex(32)])


_TABLES = (
    # Keys of voters and conversations are kept as hashes with this salt.
    "CREATE TABLE question_salt (salt TEXT NOT NULL)",
    """
    CREATE TABLE questions (
        id TEXT PRIMARY KEY,          -- random and unguessable: who has it may see the answer
        asked_at TEXT NOT NULL,       -- ISO 8601, UTC
        question TEXT NOT NULL,       -- as typed
        answer TEXT NOT NULL,         -- JSON, the whole of it, so that any face can show it again
        answered INTEGER NOT NULL,
        reason TEXT,
        conversation TEXT             -- hash
    )
    """,
    "CREATE INDEX questions_by_time ON questions (asked_at)",
    "CREATE INDEX questions_by_conversation ON questions (conversation) WHERE conversation IS NOT NULL",
    """
    CREATE TABLE feedback (
        question_id TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
        voter TEXT NOT NULL,          -- hash that differs from question to question: votes cannot be joined by it
        helpful INTEGER NOT NULL,
        reason TEXT,
        given_at TEXT NOT NULL,
        PRIMARY KEY (question_id, voter)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE turns (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation TEXT NOT NULL,   -- hash
        asked_at TEXT NOT NULL,
        question TEXT NOT NULL,       -- as typed
        understood TEXT NOT NULL,     -- as a question that stands alone
        topic TEXT NOT NULL,          -- what it is about, for the next follow-up
        answered INTEGER NOT NULL,
        documents TEXT NOT NULL,      -- JSON list of the ids of the cited documents
        shown TEXT NOT NULL           -- JSON list of hashes of the quotes shown, so that "more" repeats none
    )
    """,
    "CREATE INDEX turns_by_conversation ON turns (conversation, id)",
    "CREATE INDEX turns_by_time ON turns (asked_at)",
)
