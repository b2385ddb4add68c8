"""Step 12: embeddings by another model, made while the present ones still answer. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the table. It is empty unless the library is being embedded anew."""
    connection.execute(
        """
        CREATE TABLE next_embeddings (
            model TEXT NOT NULL,          -- names the model and its weights
            hash TEXT NOT NULL,           -- as in embeddings
            vector BLOB NOT NULL,
            PRIMARY KEY (model, hash)
        )
        """
    )
