"""The SQLite store: `LibraryStore` over one file."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from knowledge.domain.library import Acronym, Filters, NewChunk, Section, StoredDocument
from knowledge.storage.library_protocols import (
    EmbeddingIdentity,
    LexicalMatches,
    LibraryCounts,
    LibraryStore,
    PreparedDocument,
)
from knowledge.storage.sqlite import clock, maintenance, next_embeddings
from knowledge.storage.sqlite import documents as document_rows
from knowledge.storage.sqlite.chunks import SQLiteChunks, lexical_search
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.erasure import SQLiteErasure
from knowledge.storage.sqlite.listing import SQLiteListing
from knowledge.storage.sqlite.sources import SQLiteSources
from knowledge.storage.sqlite.studies import SQLiteStudies

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from knowledge.storage.arrays import Vectors
    from knowledge.storage.vector_protocols import VectorIndex


_STATE = "SELECT generation, change, acronyms_state, model, dimension, chunking FROM library"
_SET_FLAG = "INSERT INTO flags (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


class _State(NamedTuple):
    """The row that says which state the library is in: of its content, its embeddings and its acronyms."""

    version: str
    identity: EmbeddingIdentity | None
    acronyms: int


class _OneState(threading.local):
    """The state that a thread keeps to, where it does: `state` is `None` until it is read."""

    kept = False
    state: _State | None = None


class SQLiteStore(SQLiteChunks, SQLiteListing, SQLiteErasure, LibraryStore):
    """`LibraryStore` over one file; see there for what each method promises."""

    def __init__(self, connections: Connections) -> None:
        """Work on an opened database (see `open_database`)."""
        self._connections = connections
        self._sources = SQLiteSources(connections)
        self._studies = SQLiteStudies(connections)
        self._counted: tuple[str, LibraryCounts] | None = None
        self._one = _OneState()
        self._acronyms: tuple[int, list[Acronym]] | None = None  # as last read, with the state that they were read in
        with connections.read() as connection:
            self._uid: str = connection.execute("SELECT uid FROM library").fetchone()["uid"]

    @property
    def vector_index(self) -> VectorIndex | None:
        return None

    @property
    def library_uid(self) -> str:
        return self._uid

    @property
    def sources(self) -> SQLiteSources:
        return self._sources

    @property
    def studies(self) -> SQLiteStudies:
        return self._studies

    @contextmanager
    def one_state(self) -> Iterator[None]:
        one = self._one
        if one.kept:
            yield
            return
        one.kept = True
        try:
            yield
        finally:
            one.kept, one.state = False, None

    def _state(self, *, anew: bool = False) -> _State:
        one = self._one
        if one.kept and one.state is not None and not anew:
            return one.state
        state = self._present_state()
        if one.kept:
            one.state = state
        return state

    def _present_state(self) -> _State:
        with self._connections.read() as connection:
            generation, change, acronyms, model, dimension, chunking = connection.execute(_STATE).fetchone()
        identity = None if model is None else EmbeddingIdentity(model=model, dimension=dimension, chunking=chunking)
        return _State(f"{generation}-{change}", identity, acronyms)

    def version(self, *, anew: bool = False) -> str:
        return self._state(anew=anew).version

    def identity(self) -> EmbeddingIdentity | None:
        return self._state().identity

    def acronyms(self) -> Sequence[Acronym]:
        state, known = self._state().acronyms, self._acronyms
        if known is None or known[0] != state:
            with self._connections.read() as connection:
                rows = connection.execute(
                    "SELECT short, long, stated FROM acronyms GROUP BY short, long, stated "
                    "ORDER BY stated, count(*), short, long"
                )
                found = [Acronym(short=row[0], long=row[1], stated=bool(row[2])) for row in rows]
            known = self._acronyms = (state, found)
        return known[1]

    def set_identity(self, identity: EmbeddingIdentity) -> None:
        with self._connections.write() as connection:
            current = self._present_state().identity
            if current is not None and connection.execute("SELECT EXISTS (SELECT 1 FROM chunks)").fetchone()[0]:
                current.require(identity)
            else:
                connection.execute("DELETE FROM embeddings")
            self._write_identity(identity)

    def flag(self, name: str) -> str | None:
        with self._connections.read() as connection:
            row = connection.execute("SELECT value FROM flags WHERE name = ?", [name]).fetchone()
        return row["value"] if row else None

    def set_flag(self, name: str, value: str) -> None:
        with self._connections.write() as connection:
            connection.execute(_SET_FLAG, [name, value])

    def save_documents(
        self,
        identity: EmbeddingIdentity,
        documents: Sequence[PreparedDocument],
        embeddings: Mapping[str, Vectors],
    ) -> set[str]:
        needed = {chunk.embedding_hash for prepared in documents for chunk in prepared.chunks}
        with self._connections.write() as connection:
            if (current := self._present_state().identity) is not None:
                current.require(identity)
            missing = needed - embeddings.keys() - self.known_embeddings(needed)
            if missing:
                return missing
            document_rows.add_embeddings(connection, embeddings)
            for prepared in documents:
                document_rows.save(connection, *prepared)
            document_rows.touch(connection)
        return set()

    def remove_document(self, document_id: str) -> bool:
        with self._connections.write() as connection:
            removed = document_rows.remove(connection, document_id)
            if removed:
                document_rows.touch(connection)
            return removed

    def was_removed(self, document_id: str) -> bool:
        with self._connections.read() as connection:
            return bool(
                connection.execute(
                    "SELECT EXISTS (SELECT 1 FROM document_ids WHERE id = ?) "
                    "AND NOT EXISTS (SELECT 1 FROM documents WHERE id = ?)",
                    [document_id, document_id],
                ).fetchone()[0]
            )

    def document(self, document_id: str) -> StoredDocument | None:
        with self._connections.read() as connection:
            found = document_rows.select_documents(connection, "documents.id = ?", document_id)
        return found[0] if found else None

    def document_at(self, location: str) -> StoredDocument | None:
        with self._connections.read() as connection:
            found = document_rows.select_documents(connection, "location = ?", location)
        return found[0] if found else None

    def named(self) -> list[tuple[str | None, str | None]]:
        with self._connections.read() as connection:
            return [
                (row[0], row[1]) for row in connection.execute("SELECT DISTINCT organisation, region FROM documents")
            ]

    def published_dates(self) -> list[str]:
        with self._connections.read() as connection:
            query = "SELECT published FROM documents WHERE published IS NOT NULL ORDER BY published"
            return [row[0] for row in connection.execute(query)]

    def added_since(self, moment: datetime) -> list[StoredDocument]:
        with self._connections.read() as connection:
            return [document for _, document in document_rows.arrivals_since(connection, moment)]

    def arrivals_since(self, moment: datetime) -> list[tuple[str, StoredDocument]]:
        with self._connections.read() as connection:
            return document_rows.arrivals_since(connection, moment)

    def sections(self, document_id: str) -> tuple[Section, ...]:
        with self._connections.read() as connection:
            return document_rows.sections_of(connection, document_id)

    def next_embeddings(self, model: str, hashes: Collection[str]) -> set[str]:
        with self._connections.read() as connection:
            return next_embeddings.known(connection, model, hashes)

    def add_next_embeddings(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        with self._connections.write() as connection:
            next_embeddings.add(connection, model, vectors)

    def replace_embeddings(
        self,
        identity: EmbeddingIdentity,
        documents: Mapping[str, Sequence[NewChunk]],
        version: str,
        *,
        repair: bool = False,
    ) -> bool:
        with self._connections.write() as connection:
            if self._present_state().version != version:
                return False
            if repair:
                connection.execute("DELETE FROM chunks")
                connection.execute("DELETE FROM embeddings")
            next_embeddings.take_over(connection, identity.model)
            for document_id, chunks in documents.items():
                document_rows.replace_chunks(connection, document_id, chunks)
            next_embeddings.finish(connection, identity.model, identity.dimension)
            self._write_identity(identity)
            document_rows.touch(connection)
        return True

    def lexical_search(self, terms: Sequence[str], limit: int, filters: Filters | None = None) -> LexicalMatches:
        with self._connections.read() as connection:
            return lexical_search(connection, terms, limit, filters)

    def counts(self) -> LibraryCounts:
        # Counting goes through all rows, and pages ask for it.
        with self._connections.read() as connection:
            version, kept = self.version(), self._counted
            if kept is None or kept[0] != version or connection.in_transaction:
                kept = (version, maintenance.counts(connection))
                if not connection.in_transaction:
                    self._counted = kept
            return kept[1].model_copy(update={"bytes": self._size(connection)})

    def _size(self, _: sqlite3.Connection) -> int:
        return self._connections.path.stat().st_size

    def problems(self) -> list[str]:
        with self._connections.read() as connection:
            return maintenance.problems(connection)

    def rebuild_full_text(self) -> None:
        with self._connections.write() as connection:
            maintenance.rebuild_full_text(connection)

    def clock_jumps(self) -> list[tuple[str, str, str]]:
        with self._connections.read() as connection:
            return [(jump.part, jump.before, jump.after) for jump in clock.jumps(connection)]

    def accept_clock(self, now: datetime) -> None:
        with self._connections.write() as connection:
            for part in clock.Part:
                clock.accept(connection, part, now)

    def release(self) -> None:
        self._connections.release()

    def close(self) -> None:
        self._connections.close()

    def _write_identity(self, identity: EmbeddingIdentity) -> None:
        with self._connections.read() as connection:
            connection.execute(
                "UPDATE library SET model = ?, dimension = ?, chunking = ?",
                [identity.model, identity.dimension, identity.chunking],
            )
