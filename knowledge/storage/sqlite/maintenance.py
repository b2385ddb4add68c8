"""The size of the library, and what keeps its files in order. Functions over an open connection."""

import sqlite3
from pathlib import Path

from knowledge.storage.library_protocols import LibraryCounts

FULL_TEXT = ("chunks_fts", "chunk_words")


def counts(connection: sqlite3.Connection, path: Path) -> LibraryCounts:
    """The size of the library."""
    library = connection.execute("SELECT generation, last_change FROM library").fetchone()
    kinds = connection.execute("SELECT kind, count(*) FROM documents GROUP BY kind ORDER BY kind").fetchall()

    def count(table: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    return LibraryCounts(
        documents=count("documents"),
        chunks=count("chunks"),
        embeddings=count("embeddings"),
        generation=library["generation"],
        bytes=path.stat().st_size,
        by_kind={row[0]: row[1] for row in kinds},
        last_change=library["last_change"],
    )


def rebuild_full_text(connection: sqlite3.Connection) -> None:
    """Make the full-text indexes anew from the chunks."""
    for index in FULL_TEXT:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def merge_full_text(connection: sqlite3.Connection) -> None:
    """Write the full-text indexes anew without the words of deleted text, whose old pages are overwritten.

    SQLite before 3.42 cannot delete words from an index at once: it notes that they are gone, and drops them when it
    merges the parts that hold them.
    """
    for index in FULL_TEXT:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def empty_log(connection: sqlite3.Connection) -> bool:
    """Move the write-ahead log into the database and cut it off; false where another reader still needs it."""
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return busy == 0
