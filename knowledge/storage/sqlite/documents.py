"""Documents in SQLite: saving one with its chunks, removing it, looking it up. Functions over an open connection."""

from __future__ import annotations

import functools
import json
import sqlite3
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from knowledge.dates import stamp, utc_now
from knowledge.domain.library import Acronym, Document, Metadata, NewChunk, Section, StoredDocument, TextCoverage

if TYPE_CHECKING:
    from datetime import datetime

    from knowledge.storage.arrays import Vectors
    from knowledge.storage.source_protocols import Origin

_METADATA_COLUMNS = tuple(Metadata.model_fields)
# Kept as JSON.
_LISTS = ("pillars", "measured")
_ABOUT_A_DOCUMENT = ("acronyms", "sketches", "proposals", "text_coverage")
_ABOUT_A_LOCATION = ("origins", "decisions")
# A list of numbers, handed over as JSON.
NUMBERS = "(SELECT CAST(value AS BIGINT) FROM json_each(?))"
# An index that is further behind compares everything.
_STATES_KNOWN = 1000
DOCUMENT_COLUMNS = ", ".join(f"documents.{column}" for column in _METADATA_COLUMNS)


def touch(connection: sqlite3.Connection) -> None:
    """Begin the next generation of the library's content; the oldest of those whose changes are known is forgotten."""
    connection.execute(
        "UPDATE library SET generation = generation + 1, change = ?, last_change = ?",
        [uuid.uuid4().hex, stamp(utc_now())],
    )
    connection.execute(
        "INSERT INTO library_states (generation, change) SELECT generation, change FROM library WHERE true "
        "ON CONFLICT (generation) DO UPDATE SET change = excluded.change"
    )
    # A number, so that a server knows how few rows it is about and does not go through all.
    oldest = connection.execute("SELECT generation FROM library").fetchone()[0] - _STATES_KNOWN
    for table in ("library_states", "changed_chunks"):
        connection.execute(f"DELETE FROM {table} WHERE generation < ?", [oldest])


def metadata_from(row: sqlite3.Row) -> Metadata:
    """Return the metadata columns of a row as a noun."""
    return metadata_of(tuple(row[column] for column in _METADATA_COLUMNS))


@functools.lru_cache(maxsize=4096)
def metadata_of(row: tuple[object, ...]) -> Metadata:
    """Return values of `DOCUMENT_COLUMNS`, in order, as a noun: nobody changes it, and it is asked for often."""
    values: dict[str, Any] = dict(zip(_METADATA_COLUMNS, row, strict=True))
    for column in _LISTS:
        values[column] = json.loads(values[column])
    return Metadata.model_validate(values)


def select_documents(connection: sqlite3.Connection, where: str, *values: object) -> list[StoredDocument]:
    """Return documents by id, restricted by a condition with bound values."""
    rows = connection.execute(
        f"""
        SELECT documents.id, location, content_hash, updated_at, {DOCUMENT_COLUMNS},
               (SELECT count(*) FROM chunks WHERE document_id = documents.id) AS chunk_count
        FROM documents WHERE {where} ORDER BY documents.id
        """,
        values,
    )
    return [
        StoredDocument(
            id=row["id"],
            location=row["location"],
            metadata=metadata_from(row),
            content_hash=row["content_hash"],
            chunk_count=row["chunk_count"],
            updated_at=row["updated_at"],
        )
        for row in rows
    ]


def arrivals_since(connection: sqlite3.Connection, moment: datetime) -> list[tuple[str, StoredDocument]]:
    """Return documents that came in since a moment, and when, the latest first, without those shown as another."""
    since = stamp(moment)
    rows = connection.execute(
        "SELECT id, given_at FROM document_ids WHERE given_at >= ? ORDER BY given_at DESC, id", [since]
    )
    given = {row["id"]: row["given_at"] for row in rows}
    shown = "documents.duplicate_of IS NULL AND documents.id IN (SELECT value FROM json_each(?))"
    found = {document.id: document for document in select_documents(connection, shown, json.dumps(list(given)))}
    return [(moment, found[document_id]) for document_id, moment in given.items() if document_id in found]


def sections_of(connection: sqlite3.Connection, document_id: str) -> tuple[Section, ...]:
    """Return the sections as they were loaded."""
    row = connection.execute("SELECT sections FROM documents WHERE id = ?", [document_id]).fetchone()
    return tuple(Section.model_validate(section) for section in json.loads(row["sections"])) if row else ()


def save(
    connection: sqlite3.Connection,
    document: Document,
    content_hash: str,
    chunks: Sequence[NewChunk],
    acronyms: Collection[Acronym],
    origin: Origin | None = None,
    source_id: int | None = None,
) -> None:
    """Insert or update the document at its location. The caller holds a write transaction; the vectors are stored."""
    found = connection.execute("SELECT id FROM documents WHERE location = ?", [document.location]).fetchone()
    document_id: str = found["id"] if found else _fresh_id(connection, document.suggested_id)
    metadata = document.metadata.model_dump(mode="json")
    for column in _LISTS:
        metadata[column] = json.dumps(metadata[column], ensure_ascii=False)
    row = {
        "id": document_id,
        "location": document.location,
        **metadata,
        "title_order": document.metadata.title.casefold(),
        "sections": json.dumps(
            [section.model_dump(exclude_none=True) for section in document.sections], ensure_ascii=False
        ),
        "content_hash": content_hash,
        "updated_at": stamp(utc_now()),
    }
    connection.execute(
        f"INSERT INTO documents ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)}) ON CONFLICT (id) DO UPDATE "
        f"SET {', '.join(f'{column} = excluded.{column}' for column in row if column != 'id')}",
        list(row.values()),
    )
    replace_chunks(connection, document_id, chunks)
    connection.execute("DELETE FROM acronyms WHERE document_id = ?", [document_id])
    connection.executemany(
        "INSERT INTO acronyms (short, long, stated, document_id) VALUES (?, ?, ?, ?)",
        [(acronym.short, acronym.long, acronym.stated, document_id) for acronym in acronyms],
    )
    set_coverage(connection, document.location, document.coverage)
    if origin is not None:
        set_origins(connection, [origin])
    if source_id is not None:
        connection.execute(
            "INSERT INTO source_documents (source_id, location) SELECT id, ? FROM sources WHERE id = ? "
            "ON CONFLICT DO NOTHING",
            [document.location, source_id],
        )


def remove(connection: sqlite3.Connection, document_id: str) -> bool:
    """Delete a document, its chunks, their full text and the embeddings nobody else uses; whether it was there."""
    rows = connection.execute("SELECT id FROM chunks WHERE document_id = ?", [document_id])
    _delete_chunks(connection, [row[0] for row in rows])
    for table in _ABOUT_A_DOCUMENT:
        connection.execute(f"DELETE FROM {table} WHERE document_id = ?", [document_id])
    # What was hidden behind it is seen again, until it is studied anew.
    connection.execute("UPDATE documents SET duplicate_of = NULL, studied = NULL WHERE duplicate_of = ?", [document_id])
    for table in _ABOUT_A_LOCATION:
        connection.execute(
            f"DELETE FROM {table} WHERE location = (SELECT location FROM documents WHERE id = ?)", [document_id]
        )
    return connection.execute("DELETE FROM documents WHERE id = ?", [document_id]).rowcount > 0


def set_coverage(connection: sqlite3.Connection, location: str, coverage: TextCoverage | None) -> None:
    """Note what became of the words of the file that a document was read from, or that nobody counted them."""
    connection.execute(
        "DELETE FROM text_coverage WHERE document_id = (SELECT id FROM documents WHERE location = ?)", [location]
    )
    if coverage is not None:
        connection.execute(
            "INSERT INTO text_coverage (document_id, coverage) SELECT id, ? FROM documents WHERE location = ?",
            [coverage.model_dump_json(), location],
        )


def set_origins(connection: sqlite3.Connection, origins: Iterable[Origin]) -> None:
    """Note what was read, by location."""
    connection.executemany(
        "INSERT INTO origins (location, digest, etag, last_modified) VALUES (?, ?, ?, ?) ON CONFLICT (location) "
        "DO UPDATE SET digest = excluded.digest, etag = excluded.etag, last_modified = excluded.last_modified",
        [(origin.location, origin.digest, origin.etag, origin.last_modified) for origin in origins],
    )


def add_embeddings(connection: sqlite3.Connection, vectors: Mapping[str, Vectors]) -> None:
    """Store vectors by content hash; one that is there already stays as it is."""
    connection.executemany(
        "INSERT INTO embeddings (hash, vector) VALUES (?, ?) ON CONFLICT DO NOTHING",
        ((key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()),
    )


def _fresh_id(connection: sqlite3.Connection, suggested: str) -> str:
    """Return the suggested id, with a number behind it if it was ever given out before; recorded as given out."""
    candidate, number = suggested, 1
    while connection.execute("SELECT 1 FROM document_ids WHERE id = ?", [candidate]).fetchone():
        number += 1
        candidate = f"{suggested}-{number}"
    connection.execute("INSERT INTO document_ids (id, given_at) VALUES (?, ?)", [candidate, stamp(utc_now())])
    return candidate


def replace_chunks(connection: sqlite3.Connection, document_id: str, chunks: Sequence[NewChunk]) -> None:
    """Keep the rows (and ids) of chunks that did not change, delete those that are gone, insert the new ones."""
    title: str = connection.execute("SELECT title FROM documents WHERE id = ?", [document_id]).fetchone()[0]
    old: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row in connection.execute(
        "SELECT id, headings, text, embedding_hash FROM chunks WHERE document_id = ? ORDER BY ordinal",
        [document_id],
    ):
        old[row["headings"], row["text"], row["embedding_hash"]].append(row["id"])
    for chunk in chunks:
        headings = "\n".join(chunk.heading_path)
        if same := old[headings, chunk.text, chunk.embedding_hash]:
            connection.execute(
                "UPDATE chunks SET ordinal = ?, locator = ? WHERE id = ?", [chunk.ordinal, chunk.locator, same.pop(0)]
            )
        else:
            connection.execute(
                "INSERT INTO chunks (document_id, ordinal, title, headings, text, embedding_hash, locator) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [document_id, chunk.ordinal, title, headings, chunk.text, chunk.embedding_hash, chunk.locator],
            )
    _delete_chunks(connection, [chunk_id for ids in old.values() for chunk_id in ids])
    connection.execute("UPDATE chunks SET title = ? WHERE document_id = ? AND title <> ?", [title, document_id, title])


def _delete_chunks(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Delete chunks, their full text (by trigger) and those of their embeddings that no other chunk uses."""
    gone = json.dumps(list(ids))
    rows = connection.execute(f"SELECT DISTINCT embedding_hash FROM chunks WHERE id IN {NUMBERS}", [gone])
    hashes = json.dumps([row[0] for row in rows])
    connection.execute(f"DELETE FROM chunks WHERE id IN {NUMBERS}", [gone])
    for table in ("embeddings", "next_embeddings"):
        connection.execute(
            f"DELETE FROM {table} WHERE hash IN (SELECT value FROM json_each(?)) "
            f"AND NOT EXISTS (SELECT 1 FROM chunks WHERE embedding_hash = {table}.hash)",
            [hashes],
        )
