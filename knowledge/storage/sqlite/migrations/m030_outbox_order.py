"""Step 30: waiting messages in their order, so that the next few are read alone. Released: never edited."""

import sqlite3

INDEX = "CREATE INDEX outbox_next ON outbox (id) WHERE done_at IS NULL"


def apply(connection: sqlite3.Connection) -> None:
    """Add the index."""
    connection.execute(INDEX)
