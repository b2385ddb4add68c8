"""Step 24: digests of members' own choice, addresses that mail comes back from, servers' digests once a month.

Released: never edited.
"""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables and add the column."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_STATEMENTS = (
    """
    CREATE TABLE digest_choices (
        member_id TEXT PRIMARY KEY,
        frequency TEXT NOT NULL,
        means TEXT NOT NULL,
        email TEXT,                          -- confirmed by its owner; NULL: that of the member's account
        chosen_at TEXT NOT NULL,
        looked_at TEXT NOT NULL,             -- when the last one was begun, at first when it was chosen
        number INTEGER NOT NULL DEFAULT 0,   -- how many were begun
        handed INTEGER NOT NULL DEFAULT 0,   -- the number of the last one that a mail server was given
        missed_since TEXT
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE failed_addresses (
        address TEXT PRIMARY KEY,            -- keyed hash
        failures INTEGER NOT NULL,
        latest TEXT NOT NULL,
        off_since TEXT                       -- NULL: it is still sent to
    ) WITHOUT ROWID
    """,
    "ALTER TABLE digests ADD COLUMN monthly INTEGER NOT NULL DEFAULT 0",
)
