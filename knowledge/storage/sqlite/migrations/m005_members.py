"""Step 5: members, their embeddings, introductions, blocks and questions passed to peers. Released: never edited."""

import secrets
import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables of members. Whatever belongs to a member goes with them (ON DELETE CASCADE)."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO member_changes (latest, salt) VALUES (0, ?)", [secrets.token_hex(16)])


_MEMBER = "REFERENCES members (id) ON DELETE CASCADE"
_TABLES = (
    # One row. `latest` grows with each change of a profile or of who may be found: caches catch up by it. `salt` keeps
    # who is blocked after that person has left, without keeping who they were.
    "CREATE TABLE member_changes (latest INTEGER NOT NULL, salt TEXT NOT NULL)",
    """
    CREATE TABLE members (
        id TEXT PRIMARY KEY,
        profile TEXT NOT NULL,        -- JSON, as the noun
        findable INTEGER NOT NULL,
        paused INTEGER NOT NULL,
        consent TEXT NOT NULL,        -- version of the text that was agreed to
        consented_at TEXT NOT NULL,   -- ISO 8601, UTC, as all moments here
        joined_at TEXT NOT NULL,
        active_at TEXT NOT NULL,
        most_requests INTEGER,        -- a month; NULL: the usual number
        waiting INTEGER NOT NULL,     -- 1: wants to be told when somebody fits
        change INTEGER NOT NULL       -- of member_changes, when this row was last changed
    )
    """,
    "CREATE INDEX members_by_change ON members (change)",
    "CREATE INDEX members_by_activity ON members (active_at)",
    f"""
    CREATE TABLE member_embeddings (
        member_id TEXT PRIMARY KEY {_MEMBER},
        model TEXT NOT NULL,          -- what built them
        made_of TEXT NOT NULL,        -- hash of the texts that the model saw
        texts INTEGER NOT NULL,       -- how many rows
        vectors BLOB NOT NULL         -- float16, little-endian, one row a text
    )
    """,
    # Texts that are no member's: the lines of the topics. Embedded once for each model.
    """
    CREATE TABLE topic_embeddings (
        hash TEXT NOT NULL,
        model TEXT NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (hash, model)
    ) WITHOUT ROWID
    """,
    f"""
    CREATE TABLE introductions (
        id TEXT PRIMARY KEY,          -- random
        seeker TEXT NOT NULL {_MEMBER},
        other TEXT NOT NULL {_MEMBER},
        topic TEXT NOT NULL,
        state TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        answered_at TEXT
    )
    """,
    "CREATE INDEX introductions_by_seeker ON introductions (seeker, asked_at)",
    "CREATE INDEX introductions_by_other ON introductions (other, asked_at)",
    # What a member said when asked how an introduction went.
    f"""
    CREATE TABLE introduction_answers (
        introduction_id TEXT NOT NULL REFERENCES introductions (id) ON DELETE CASCADE,
        member_id TEXT NOT NULL {_MEMBER},
        kind TEXT NOT NULL,
        answer INTEGER NOT NULL,      -- 1: yes
        answered_at TEXT NOT NULL,
        PRIMARY KEY (introduction_id, member_id, kind)
    ) WITHOUT ROWID
    """,
    # What a face has said already, so that nothing is said twice.
    f"""
    CREATE TABLE member_notices (
        key TEXT NOT NULL,
        member_id TEXT NOT NULL {_MEMBER},
        said_at TEXT NOT NULL,
        PRIMARY KEY (member_id, key)
    ) WITHOUT ROWID
    """,
    # Confidential: shown to the member who keeps the list and to nobody else, moderators included.
    f"""
    CREATE TABLE member_blocks (
        member_id TEXT NOT NULL {_MEMBER},
        blocked_id TEXT NOT NULL,     -- once that member has left: a salted hash of it
        since TEXT NOT NULL,
        PRIMARY KEY (member_id, blocked_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX member_blocks_by_blocked ON member_blocks (blocked_id)",
    f"""
    CREATE TABLE peer_questions (
        id TEXT PRIMARY KEY,          -- random
        asker TEXT NOT NULL {_MEMBER},
        question TEXT NOT NULL,
        named INTEGER NOT NULL,       -- 0: those who are asked do not learn who asks
        asked_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX peer_questions_by_asker ON peer_questions (asker)",
    f"""
    CREATE TABLE peer_question_routes (
        question_id TEXT NOT NULL REFERENCES peer_questions (id) ON DELETE CASCADE,
        member_id TEXT NOT NULL {_MEMBER},
        sent_at TEXT NOT NULL,
        reply TEXT,
        replied_at TEXT,
        helpful INTEGER,              -- what the asker says: NULL not yet, 1 yes
        may_share INTEGER NOT NULL DEFAULT 0, -- 1: its author agrees that it becomes an example
        passed_on INTEGER NOT NULL DEFAULT 0, -- 1: it did
        PRIMARY KEY (question_id, member_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX peer_question_routes_by_member ON peer_question_routes (member_id, sent_at)",
)
