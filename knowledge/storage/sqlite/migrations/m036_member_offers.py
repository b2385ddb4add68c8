"""Step 36: what a match looks at of every member, small enough to be read of all of them. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the table; it is filled from the profiles with the first match."""
    connection.execute(
        """
        CREATE TABLE member_offers (
            member_id TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
            made_by TEXT NOT NULL,     -- model, topics and way of reading profiles: others make others
            change INTEGER NOT NULL,   -- of the members' row that it was made of; after another it is out of date
            sector TEXT,
            nation TEXT,
            offer BLOB NOT NULL        -- of what they do and offer: a scale (float32, little-endian), then int8
        )
        """
    )
