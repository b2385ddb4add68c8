"""The size of the library, and what keeps its files in order. Functions over an open connection."""

import secrets
import sqlite3
from pathlib import Path

from knowledge.storage.library_protocols import LibraryCounts

# Noted in the database: that text was deleted and has still to be overwritten; the value tells one note from the next.
_DUE = "scrub_due"
# Who reads an older state may take long; others must not wait for that to write.
_PATIENCE_MS = 1000
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
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {min(patience, _PATIENCE_MS)}")
    try:
        busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return busy == 0


def request_scrub(connection: sqlite3.Connection) -> None:
    """Note that deleted text has to be overwritten, so that it is even if this process is killed before."""
    connection.execute("INSERT OR REPLACE INTO flags (name, value) VALUES (?, ?)", [_DUE, secrets.token_hex(8)])


def scrub_due(connection: sqlite3.Connection) -> str | None:
    """Return the note that deleted text has to be overwritten; `None` where there is none."""
    row = connection.execute("SELECT value FROM flags WHERE name = ?", [_DUE]).fetchone()
    return row[0] if row else None


def scrub_done(connection: sqlite3.Connection, due: str | None) -> None:
    """Take back a note, unless a later one has taken its place."""
    connection.execute("DELETE FROM flags WHERE name = ? AND value = ?", [_DUE, due])
