"""Step 26: who waits for an answer on any face; learning sets as they live; the coffee rota. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables; who waited for an answer until now waits on."""
    for statement in _TABLES:
        connection.execute(statement)


_MEMBER = "REFERENCES members (id) ON DELETE CASCADE"
_SET = "REFERENCES learning_sets (id) ON DELETE CASCADE"
_TABLES = (
    """
    CREATE TABLE follow_requests (
        question_id TEXT NOT NULL,
        recipient TEXT NOT NULL,      -- a member's id, or the random one of a row in follow_addresses
        since TEXT NOT NULL,
        held INTEGER NOT NULL DEFAULT 0, -- 1: no message could bring the answer, which this is; shown at the next use
        PRIMARY KEY (question_id, recipient)
    ) WITHOUT ROWID
    """,
    "INSERT INTO follow_requests (question_id, recipient, since) "
    "SELECT question_id, CAST(user_id AS TEXT), since FROM waiting",
    "DROP TABLE waiting",
    "CREATE INDEX follow_requests_by_recipient ON follow_requests (recipient)",
    # Of visitors who are nobody's member: deleted when they were told, or do not wait any more.
    """
    CREATE TABLE follow_addresses (
        recipient TEXT PRIMARY KEY,   -- random; what the links in mails name
        email TEXT NOT NULL,
        question_id TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        confirmed_at TEXT,            -- NULL: nobody has said yet that the address is theirs
        UNIQUE (email, question_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE learning_sets (
        id TEXT PRIMARY KEY,          -- random
        topic TEXT NOT NULL,
        first_question TEXT NOT NULL,
        server_id INTEGER,            -- NULL: by mail alone
        channel_id INTEGER,
        thread_id INTEGER,
        poll_id INTEGER,              -- the message with Discord's own poll of dates
        made_at TEXT NOT NULL,
        started_at TEXT,              -- NULL: proposed to a moderator, and no more
        meets_on TEXT,                -- a moment in UTC; NULL: no date is fixed
        asked_at TEXT,                -- when its members were asked for a closing note
        closed_at TEXT,
        draft TEXT                    -- the example that its closing note began
    ) WITHOUT ROWID
    """,
    f"""
    CREATE TABLE learning_set_members (
        set_id TEXT NOT NULL {_SET},
        member_id TEXT NOT NULL {_MEMBER},
        PRIMARY KEY (set_id, member_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX learning_set_members_by_member ON learning_set_members (member_id)",
    f"""
    CREATE TABLE learning_set_dates (
        set_id TEXT NOT NULL {_SET},
        day TEXT NOT NULL,            -- a moment in UTC
        PRIMARY KEY (set_id, day)
    ) WITHOUT ROWID
    """,
    f"""
    CREATE TABLE learning_set_votes (
        set_id TEXT NOT NULL {_SET},
        day TEXT NOT NULL,
        member_id TEXT NOT NULL {_MEMBER},
        PRIMARY KEY (set_id, day, member_id)
    ) WITHOUT ROWID
    """,
    f"""
    CREATE TABLE coffee_members (
        member_id TEXT PRIMARY KEY {_MEMBER},
        since TEXT NOT NULL,
        paused_until TEXT,            -- a day; NULL: takes part
        left_out TEXT                 -- the last month in which there was nobody for them
    ) WITHOUT ROWID
    """,
    # A row a month: whoever adds it draws the pairs, and nobody else does.
    "CREATE TABLE coffee_rounds (month TEXT PRIMARY KEY, drawn_at TEXT NOT NULL) WITHOUT ROWID",
    f"""
    CREATE TABLE coffee_pairs (
        month TEXT NOT NULL,
        member_id TEXT NOT NULL {_MEMBER},
        other TEXT NOT NULL {_MEMBER},
        PRIMARY KEY (month, member_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX coffee_pairs_by_member ON coffee_pairs (member_id)",
    "CREATE INDEX coffee_pairs_by_other ON coffee_pairs (other)",
)
