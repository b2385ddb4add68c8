"""Step 13: what became of a file's words; when and why a location was left away. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the table and add the columns."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_STATEMENTS = (
    """
    CREATE TABLE text_coverage (
        document_id TEXT PRIMARY KEY REFERENCES documents (id),
        coverage TEXT NOT NULL        -- JSON: words read and kept, what was left out and why
    ) WITHOUT ROWID
    """,
    # When a person removed the document there, ISO 8601 in UTC; NULL: before this was noted.
    "ALTER TABLE withdrawn ADD COLUMN removed_at TEXT",
    # Of what was read there, to know it under another name.
    "ALTER TABLE withdrawn ADD COLUMN digest TEXT",
    # The document whose new edition stands elsewhere; NULL: it was removed.
    "ALTER TABLE withdrawn ADD COLUMN replaced_by TEXT",
)
