"""Step 17: the servers that the operator has registered, and who was asked to share a message, and may be again.

Released: never edited.
"""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables. Servers that were set up before there was a register are taken into it."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_STATEMENTS = (
    """
    CREATE TABLE registered_servers (
        id INTEGER PRIMARY KEY,
        registered_by TEXT NOT NULL,  -- setting, command, owner, earlier
        registered_at TEXT NOT NULL   -- ISO 8601, UTC
    )
    """,
    """
    INSERT INTO registered_servers (id, registered_by, registered_at)
    SELECT id, 'earlier', strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')
    FROM (SELECT id FROM servers UNION SELECT server_id FROM forums)
    """,
    # Of "Save as example", for a day, so that there can be limits. A person is a salted hash.
    """
    CREATE TABLE save_request_counts (
        person TEXT NOT NULL,
        part TEXT NOT NULL,           -- asks, is_asked
        asked_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX save_request_counts_by_person ON save_request_counts (person, part)",
    # Who does not want to be asked again, as a salted hash.
    "CREATE TABLE save_request_refusals (person TEXT PRIMARY KEY) WITHOUT ROWID",
)
