"""Step 14: one outbox in the place of two. What waits keeps its order, due time, attempts, lease and identity.

Released: never edited.
"""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the table, carry over what both held, and drop them."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_STATEMENTS = (
    "ALTER TABLE outbox RENAME TO old_outbox",
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT UNIQUE,              -- stays when the rest is deleted, so that nothing is said twice; or NULL
        recipient TEXT,               -- a member's id, 'moderators' or 'channel:' and its id; NULL once over
        kind TEXT NOT NULL,
        data TEXT NOT NULL,           -- JSON object; empty once over
        created_at TEXT NOT NULL,     -- ISO 8601, UTC, as all moments here
        due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL,    -- how often it was taken
        lease TEXT,
        leased_until TEXT,
        done_at TEXT,                 -- delivered or given up
        error TEXT,                   -- why it was given up, or failed last
        CHECK (recipient IS NOT NULL OR done_at IS NOT NULL)
    )
    """,
    # The id stays: a message that has no key is recognised by it, should an earlier attempt have arrived after all.
    """
    INSERT INTO outbox (id, recipient, kind, data, created_at, due_at, attempts)
    SELECT id, coalesce(CAST(user_id AS TEXT), 'channel:' || channel_id), coalesce(json_extract(payload, '$.kind'), ''),
           json_remove(payload, '$.kind'), strftime('%Y-%m-%dT%H:%M:%f+00:00', due_at),
           strftime('%Y-%m-%dT%H:%M:%f+00:00', due_at), attempts
    FROM old_outbox ORDER BY id
    """,
    """
    INSERT INTO outbox (
        id, key, recipient, kind, data, created_at, due_at, attempts, lease, leased_until, done_at, error
    )
    SELECT seq + (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'old_outbox'),
           key, recipient, kind, data, created_at, due_at, attempts, lease, leased_until, done_at, error
    FROM notices ORDER BY seq
    """,
    # No id is given out a second time, also where the latest messages are delivered and gone.
    "DELETE FROM sqlite_sequence WHERE name = 'outbox'",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', coalesce(sum(seq), 0) FROM sqlite_sequence "
    "WHERE name IN ('old_outbox', 'notices')",
    "DROP TABLE old_outbox",
    "DROP TABLE notices",
    "CREATE INDEX outbox_waiting ON outbox (recipient, id) WHERE done_at IS NULL",
)
