"""Step 15: how long a document is true, what takes its place, and for which stage it is. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the columns. They are empty for every document until it is read again."""
    for column in ("stage", "true_as_of", "review_by", "superseded_by"):
        connection.execute(f"ALTER TABLE documents ADD COLUMN {column} TEXT")
