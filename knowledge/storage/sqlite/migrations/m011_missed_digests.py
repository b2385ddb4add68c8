"""Step 11: since when a server's round-ups were not delivered, so that the next one makes it good.

Released: never edited.
"""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the column. NULL: the last one was delivered, had nothing to say, or is on its way."""
    connection.execute("ALTER TABLE digests ADD COLUMN missed_since TEXT")  # ISO 8601, UTC
