"""Step 29: whose a document is that another network shows. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the title of the network; NULL for a network's own documents."""
    connection.execute("ALTER TABLE documents ADD COLUMN shared_by TEXT")
