"""The size of the library, and whether its parts agree. Functions over an open connection."""

import sqlite3
from pathlib import Path

from knowledge.storage.protocols import LibraryCounts


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
    found = [
        f"database: {row[0]}" for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"
    ]
    for row in connection.execute("SELECT id FROM documents WHERE id NOT IN (SELECT document_id FROM chunks)"):
        found.append(f"document {row[0]} has no chunks")
    for row in connection.execute("SELECT id FROM chunks WHERE document_id NOT IN (SELECT id FROM documents)"):
        found.append(f"chunk {row[0]} belongs to no document")
    for row in connection.execute("SELECT id FROM chunks WHERE embedding_hash NOT IN (SELECT hash FROM embeddings)"):
        found.append(f"chunk {row[0]} has no embedding")
    dimension = connection.execute("SELECT dimension FROM library").fetchone()[0]
    for row in connection.execute("SELECT hash FROM embeddings WHERE length(vector) <> 4 * ?", [dimension]):
        found.append(f"embedding {row[0][:12]} has the wrong length")
    try:
        connection.execute("INSERT INTO chunks_fts (chunks_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        found.append("the full text does not agree with the chunks")
    return found


def rebuild_full_text(connection: sqlite3.Connection) -> None:
    """Make the full-text index anew from the chunks."""
    connection.execute("INSERT INTO chunks_fts (chunks_fts) VALUES ('rebuild')")
