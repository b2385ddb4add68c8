"""Step 20: who asks, and who does not want to be asked, to share a message, hashed with a key that is not in this file.

Released: never edited.
"""

import sqlite3

from knowledge.storage.sqlite.hash_key import database_file, key_beside


def apply(connection: sqlite3.Connection) -> None:
    """Put keyed hashes in the place of those that could be undone with the salt, which is in this file."""
    key = key_beside(database_file(connection))
    for table in ("save_request_counts", "save_request_refusals"):
        found = [row[0] for row in connection.execute(f"SELECT DISTINCT person FROM {table}")]
        connection.executemany(
            f"UPDATE {table} SET person = ? WHERE person = ?", [(key.hashed(salted), salted) for salted in found]
        )
