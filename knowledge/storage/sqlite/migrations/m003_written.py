"""Step 3: what a language model cost, day by day, so that the daily limit holds over restarts and processes."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the table of spending."""
    connection.execute(
        """
        CREATE TABLE spending (
            day TEXT PRIMARY KEY,     -- ISO 8601, UTC
            tokens INTEGER NOT NULL   -- given and got back, those reserved for calls under way included
        ) WITHOUT ROWID
        """
    )
