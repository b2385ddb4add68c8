"""The size of the library, and whether its parts agree. Functions over an open connection."""

import sqlite3
from pathlib import Path

from knowledge.storage.protocols import LibraryCounts

_FULL_TEXT = ("chunks_fts", "chunk_words")


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


def problems(connection: sqlite3.Connection) -> list[str]:
    """Every disagreement between documents, chunks, full text and embeddings, one line each."""
    dimension = connection.execute("SELECT dimension FROM library").fetchone()[0]
    checks: tuple[tuple[str, list[object], str], ...] = (
        ("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'", [], "database: {}"),
        (
            "SELECT id FROM documents WHERE id NOT IN (SELECT document_id FROM chunks) AND sections <> '[]'",
            [],
            "document {} has no chunks",
        ),
        (
            "SELECT id FROM chunks WHERE document_id NOT IN (SELECT id FROM documents)",
            [],
            "chunk {} belongs to no document",
        ),
        (
            "SELECT id FROM chunks WHERE embedding_hash NOT IN (SELECT hash FROM embeddings)",
            [],
            "chunk {} has no embedding",
        ),
        (
            "SELECT substr(hash, 1, 12) FROM embeddings WHERE length(vector) <> 4 * ?",
            [dimension],
            "embedding {} has the wrong length",
        ),
    )
    found = [line.format(row[0]) for query, values, line in checks for row in connection.execute(query, values)]
    for index in _FULL_TEXT:
        try:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise  # busy, say: that is no disagreement
            found.append(f"the full text ({index}) does not agree with the chunks")
    return found


def rebuild_full_text(connection: sqlite3.Connection) -> None:
    """Make the full-text indexes anew from the chunks."""
    for index in _FULL_TEXT:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def merge_full_text(connection: sqlite3.Connection) -> None:
    """Write the full-text indexes anew without the words of deleted text, whose old pages are overwritten.

    SQLite before 3.42 cannot delete words from an index at once: it notes that they are gone, and drops them when it
    merges the parts that hold them.
    """
    for index in _FULL_TEXT:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def empty_log(connection: sqlite3.Connection) -> bool:
    """Move the write-ahead log into the database and cut it off; false where another reader still needs it."""
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return busy == 0
