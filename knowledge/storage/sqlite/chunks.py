"""Chunks, their vectors and their full text in SQLite."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from knowledge.domain.library import Chunk, Filters
from knowledge.domain.vocabulary import Measured
from knowledge.storage.library_protocols import LexicalMatches
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.documents import DOCUMENT_COLUMNS, NUMBERS, metadata_of

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Keys, Scores, Vectors

# BM25 weights of title, headings and text: a word in a title says more of what a chunk is about than one inside it.
FIELD_WEIGHTS = (2.0, 2.0, 1.0)
_SHOWN = "documents.duplicate_of IS NULL"
EVERYTHING = "true"


class SQLiteChunks(ConnectedStore):
    """Chunks, their vectors and their words, of `LibraryStore`."""

    def chunks(self, ids: Collection[int]) -> dict[int, Chunk]:
        with self._connections.read() as connection:
            found = select_chunks(connection, f"chunks.id IN {NUMBERS}", [json.dumps([int(i) for i in ids])])
            return {chunk.id: chunk for chunk in found}

    def document_chunks(self, document_id: str) -> list[Chunk]:
        with self._connections.read() as connection:
            return select_chunks(connection, "document_id = ?", [document_id])

    def short_documents(self, document_ids: Collection[str], most_chunks: int) -> dict[str, str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                """
                WITH short AS (
                    SELECT document_id FROM chunks WHERE document_id IN (SELECT value FROM json_each(?))
                    GROUP BY document_id HAVING count(*) <= ?
                )
                SELECT chunks.document_id, text FROM chunks JOIN short ON short.document_id = chunks.document_id
                ORDER BY chunks.document_id, ordinal
                """,
                [json.dumps(sorted(document_ids)), most_chunks],
            )
            parts: dict[str, list[str]] = {}
            for document_id, text in rows:
                parts.setdefault(document_id, []).append(text)
        return {document_id: " ".join(texts) for document_id, texts in parts.items()}

    def upcoming(self, now: datetime, limit: int) -> list[Chunk] | None:
        with self._connections.read() as connection:
            if not connection.execute("SELECT EXISTS (SELECT 1 FROM documents WHERE starts IS NOT NULL)").fetchone()[0]:
                return None
            moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            # A day is over when it is over, a moment at once: each is compared with as much of now as it says itself.
            ends = "coalesce(documents.ends, documents.starts)"
            over = f"{ends} >= substr(?, 1, length({ends}))"
            rows = connection.execute(
                "SELECT chunks.id FROM documents JOIN chunks ON chunks.document_id = documents.id AND ordinal = 0 "
                f"WHERE starts IS NOT NULL AND {_SHOWN} AND {over} ORDER BY starts, documents.id LIMIT ?",
                [moment, limit],
            )
            ids = [row[0] for row in rows]
            found = self.chunks(ids)
            return [found[chunk_id] for chunk_id in ids]

    def chunk_ids(self, filters: Filters | None = None) -> Ids:
        import numpy as np  # a fifth of a second to import, and looking at the library's size needs none of it

        with self._connections.read() as connection:
            condition, values = filter_condition(connection, filters)
            source = (
                "chunks" if condition == EVERYTHING else "chunks JOIN documents ON documents.id = chunks.document_id"
            )
            rows = connection.execute(f"SELECT chunks.id FROM {source} WHERE {condition} ORDER BY chunks.id", values)
            return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def changed_chunks(self, version: str) -> Ids | None:
        import numpy as np

        text, _, change = version.partition("-")
        generation = int(text) if text.isdecimal() else -1
        with self._connections.read() as connection:
            known = "SELECT 1 FROM library_states WHERE generation = ? AND change = ?"
            if connection.execute(known, [generation, change]).fetchone() is None:
                return None
            rows = connection.execute(
                "SELECT DISTINCT chunk_id FROM changed_chunks WHERE generation >= ? ORDER BY chunk_id", [generation]
            )
            return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def chunk_texts(self, ids: Ids | None = None) -> Iterator[tuple[int, str, str, str]]:
        with self._connections.read() as connection:
            among, values = _among(ids)
            cursor = connection.cursor()
            cursor.row_factory = None
            yield from cursor.execute(
                "SELECT chunks.id, chunks.title, headings, text FROM chunks "
                f"JOIN documents ON documents.id = document_id WHERE {_SHOWN}{among} ORDER BY chunks.id",
                values,
            )

    def chunk_keys(self, ids: Ids | None = None) -> tuple[Ids, Keys]:
        import numpy as np

        with self._connections.read() as connection:
            among, values = _among(ids)
            rows = connection.execute(
                "SELECT chunks.id, substr(embedding_hash, 1, 16) FROM chunks "
                f"JOIN documents ON documents.id = document_id WHERE {_SHOWN}{among} ORDER BY chunks.id",
                values,
            ).fetchall()
            ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
            return ids, np.fromiter((int(row[1], 16) for row in rows), dtype=np.uint64, count=len(rows))

    def embeddings(self, chunk_ids: Sequence[int] | Ids) -> tuple[Ids, Vectors]:
        import numpy as np

        with self._connections.read() as connection:
            rows = connection.execute(
                f"""
                SELECT chunks.id, vector FROM chunks JOIN embeddings ON embeddings.hash = chunks.embedding_hash
                WHERE chunks.id IN {NUMBERS} ORDER BY chunks.id
                """,
                [json.dumps([int(i) for i in chunk_ids])],
            ).fetchall()
            found = np.array([row[0] for row in rows], dtype=np.int64)
            if not rows:
                return found, np.empty((0, 0), dtype=np.float32)
            matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(rows), -1)
            return found, matrix.astype(np.float32, copy=False)

    def document_vectors(self, document_id: str) -> Vectors:
        import numpy as np

        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT vector FROM chunks JOIN embeddings ON embeddings.hash = chunks.embedding_hash "
                "WHERE document_id = ? ORDER BY ordinal",
                [document_id],
            ).fetchall()
            if not rows:
                return np.empty((0, 0), dtype=np.float32)
            return np.frombuffer(b"".join(row[0] for row in rows), dtype="<f4").reshape(len(rows), -1)

    def known_embeddings(self, hashes: Collection[str]) -> set[str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT hash FROM embeddings WHERE hash IN (SELECT value FROM json_each(?))",
                [json.dumps(list(hashes))],
            )
            return {row[0] for row in rows}

    def embedding_hashes(self, document_id: str) -> list[str]:
        with self._connections.read() as connection:
            query = "SELECT embedding_hash FROM chunks WHERE document_id = ? ORDER BY ordinal"
            return [row[0] for row in connection.execute(query, [document_id])]

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        with self._connections.read() as connection:
            condition, _ = filter_condition(connection, None)
            join = "JOIN chunks ON chunks.id = chunks_fts.rowid JOIN documents ON documents.id = chunks.document_id"
            source = "chunks_fts" if condition == EVERYTHING else f"chunks_fts {join}"
            query = f"SELECT count(*) FROM {source} WHERE chunks_fts MATCH ? AND {condition}"
            return {term: connection.execute(query, [quote(term)]).fetchone()[0] for term in dict.fromkeys(terms)}

    def holds_word(self, word: str) -> bool:
        with self._connections.read() as connection:
            query = "SELECT 1 FROM chunk_words WHERE chunk_words MATCH ? LIMIT 1"
            # The table knows no order of words, so it is asked for each part that full text cuts a word into.
            parts = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in word).split()
            return all(connection.execute(query, [quote(part)]).fetchone() for part in parts)

    def phrase_scores(self, phrase: str) -> tuple[Ids, Scores]:
        import numpy as np

        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT rowid, -bm25(chunks_fts, {', '.join(map(str, FIELD_WEIGHTS))}) FROM chunks_fts "
                "WHERE chunks_fts MATCH ? ORDER BY rowid",
                [quote(phrase)],
            ).fetchall()
            ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
            return ids, np.fromiter((row[1] for row in rows), dtype=np.float32, count=len(rows))

    def vocabulary(self) -> dict[str, int]:
        with self._connections.read() as connection:
            return {row[0]: row[1] for row in connection.execute("SELECT term, doc FROM vocabulary")}


def _among(ids: Ids | None) -> tuple[str, list[object]]:
    """Return a condition that a chunk is one of these, with its values; nothing where all are meant."""
    if ids is None:
        return "", []
    return f" AND chunks.id IN {NUMBERS}", [json.dumps(ids.tolist())]


def select_chunks(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Chunk]:
    """Return chunks with their documents' metadata, in reading order, restricted by a condition with bound values."""
    rows = connection.execute(
        f"""
        SELECT chunks.id, document_id, ordinal, headings, text, locator, {DOCUMENT_COLUMNS}
        FROM chunks JOIN documents ON documents.id = chunks.document_id
        WHERE {where} ORDER BY document_id, ordinal
        """,
        values,
    )
    found = []
    for row in rows:
        # By place, all at once: by name, each value is looked for among thirty.
        chunk_id, document, ordinal, headings, text, locator, *metadata = row
        found.append(
            Chunk(
                id=chunk_id,
                document_id=document,
                ordinal=ordinal,
                heading_path=tuple(headings.split("\n")) if headings else (),
                text=text,
                metadata=metadata_of(tuple(metadata)),
                locator=locator,
            )
        )
    return found


def filter_condition(connection: sqlite3.Connection, filters: Filters | None) -> tuple[str, list[object]]:
    """Return a condition over `documents` with its values; `EVERYTHING` when nothing is restricted.

    A document that is shown in another's place (a near-duplicate) keeps that one out of every search.
    """
    hidden = connection.execute("SELECT EXISTS (SELECT 1 FROM documents WHERE duplicate_of IS NOT NULL)").fetchone()[0]
    parts: list[str] = [_SHOWN] if hidden else []
    values: list[object] = []
    if filters is None or filters.empty:
        return parts[0] if parts else EVERYTHING, values
    for column in ("kind", "level", "nation", "outcome", "evidence", "stage"):
        if (value := getattr(filters, column)) is not None:
            parts.append(f"documents.{column} = ?")
            values.append(str(value))
    if filters.pillar is not None:
        parts.append("EXISTS (SELECT 1 FROM json_each(documents.pillars) WHERE value = ?)")
        values.append(str(filters.pillar))
    if filters.measured is Measured.INDICATOR:
        parts.append("documents.measured <> '[]'")
    elif filters.measured is Measured.BASELINE:
        parts.append("EXISTS (SELECT 1 FROM json_each(documents.measured) WHERE value ->> 'baseline' IS NOT NULL)")
    return " AND ".join(parts), values


def quote(term: str) -> str:
    """Return a term as an FTS5 string: whatever it holds is text to be searched, never an operator."""
    return '"' + term.replace("\0", "").replace('"', '""') + '"'


def lexical_search(
    connection: sqlite3.Connection,
    terms: Sequence[str],
    limit: int,
    filters: Filters | None,
) -> LexicalMatches:
    """Return chunks that hold any of the terms, best first, and the statistics of scores over all chunks searched."""
    if not terms:
        return LexicalMatches([], 0.0, 0.0)
    condition, values = filter_condition(connection, filters)
    join = "JOIN chunks ON chunks.id = chunks_fts.rowid JOIN documents ON documents.id = chunks.document_id"
    rows = connection.execute(
        f"""
        WITH matches AS MATERIALIZED (
            SELECT chunks_fts.rowid AS id, -bm25(chunks_fts, {", ".join(map(str, FIELD_WEIGHTS))}) AS score
            FROM chunks_fts {"" if condition == EVERYTHING else join} WHERE chunks_fts MATCH ? AND {condition}
        )
        SELECT id, score, sum(score) OVER () AS total, sum(score * score) OVER () AS squares
        FROM matches ORDER BY score DESC, id LIMIT ?
        """,
        [" OR ".join(quote(term) for term in terms), *values, limit],
    ).fetchall()
    if not rows:
        return LexicalMatches([], 0.0, 0.0)
    size = connection.execute(
        f"SELECT count(*) FROM chunks JOIN documents ON documents.id = document_id WHERE {condition}", values
    ).fetchone()[0]
    mean = rows[0]["total"] / size
    variance = max(0.0, rows[0]["squares"] / size - mean * mean)
    return LexicalMatches([(row["id"], row["score"]) for row in rows], mean, variance**0.5)
