"""The SQLite store: `LibraryStore` over one file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from knowledge.domain.library import Acronym, Chunk, Filters, NewChunk, Section, StoredDocument
from knowledge.storage.library_protocols import EmbeddingIdentity, LexicalMatches, LibraryCounts, PreparedDocument
from knowledge.storage.sqlite import checks, maintenance, next_embeddings
from knowledge.storage.sqlite import chunks as chunk_rows
from knowledge.storage.sqlite import documents as document_rows
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.erasure import SQLiteErasure
from knowledge.storage.sqlite.sources import SQLiteSources
from knowledge.storage.sqlite.studies import SQLiteStudies

if TYPE_CHECKING:
    from datetime import datetime

    from knowledge.storage.arrays import Ids, Keys, Vectors


class SQLiteStore(SQLiteErasure):
    """Implements `knowledge.storage.library_protocols.LibraryStore`; see there for what each method promises."""

    def __init__(self, connections: Connections, field_weights: Sequence[float] = chunk_rows.FIELD_WEIGHTS) -> None:
        """Work on an opened database (see `open_database`); BM25 weighs title, headings and text as given."""
        self._connections = connections
        self._sources = SQLiteSources(connections)
        self._studies = SQLiteStudies(connections)
        self._field_weights = field_weights
        with connections.read() as connection:
            self._uid: str = connection.execute("SELECT uid FROM library").fetchone()["uid"]

    @property
    def library_uid(self) -> str:
        """A random name given to this database when it was made."""
        return self._uid

    @property
    def sources(self) -> SQLiteSources:
        """The sources that documents come from."""
        return self._sources

    @property
    def studies(self) -> SQLiteStudies:
        """What was found out about documents."""
        return self._studies

    def version(self) -> str:
        """Names the state of the library's content."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT generation, change FROM library").fetchone()
        return f"{row['generation']}-{row['change']}"

    def identity(self) -> EmbeddingIdentity | None:
        """What built the embeddings, or `None` while there are none."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT model, dimension, chunking FROM library").fetchone()
        if row["model"] is None:
            return None
        return EmbeddingIdentity(model=row["model"], dimension=row["dimension"], chunking=row["chunking"])

    def set_identity(self, identity: EmbeddingIdentity) -> None:
        """Record what builds the embeddings; see the protocol."""
        with self._connections.write() as connection:
            current = self.identity()
            if current is not None and connection.execute("SELECT EXISTS (SELECT 1 FROM chunks)").fetchone()[0]:
                current.require(identity)
            else:
                connection.execute("DELETE FROM embeddings")
            self._write_identity(identity)

    def flag(self, name: str) -> str | None:
        """A fact that the indexer noted about this library."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT value FROM flags WHERE name = ?", [name]).fetchone()
        return row["value"] if row else None

    def set_flag(self, name: str, value: str) -> None:
        """Note a fact about this library."""
        with self._connections.write() as connection:
            connection.execute("INSERT OR REPLACE INTO flags (name, value) VALUES (?, ?)", [name, value])

    def save_documents(
        self,
        identity: EmbeddingIdentity,
        documents: Sequence[PreparedDocument],
        embeddings: Mapping[str, Vectors],
    ) -> set[str]:
        """Store documents with their chunks, all in one transaction; see the protocol."""
        needed = {chunk.embedding_hash for prepared in documents for chunk in prepared.chunks}
        with self._connections.write() as connection:
            if (current := self.identity()) is not None:
                current.require(identity)
            missing = needed - embeddings.keys() - chunk_rows.known_embeddings(connection, needed)
            if missing:
                return missing
            document_rows.add_embeddings(connection, embeddings)
            for prepared in documents:
                document_rows.save(connection, *prepared)
            document_rows.touch(connection)
        return set()

    def remove_document(self, document_id: str) -> bool:
        """Remove a document from every search at once."""
        with self._connections.write() as connection:
            removed = document_rows.remove(connection, document_id)
            if removed:
                document_rows.touch(connection)
            return removed

    def was_removed(self, document_id: str) -> bool:
        """Whether a document had that id once and is gone."""
        with self._connections.read() as connection:
            return bool(
                connection.execute(
                    "SELECT EXISTS (SELECT 1 FROM document_ids WHERE id = ?) "
                    "AND NOT EXISTS (SELECT 1 FROM documents WHERE id = ?)",
                    [document_id, document_id],
                ).fetchone()[0]
            )

    def document(self, document_id: str) -> StoredDocument | None:
        """The document with that id."""
        with self._connections.read() as connection:
            found = document_rows.select_documents(connection, "documents.id = ?", document_id)
        return found[0] if found else None

    def document_at(self, location: str) -> StoredDocument | None:
        """The document that came from that location."""
        with self._connections.read() as connection:
            found = document_rows.select_documents(connection, "location = ?", location)
        return found[0] if found else None

    def documents(self, under: str | None = None) -> list[StoredDocument]:
        """All documents by id, or those whose location begins with `under`."""
        with self._connections.read() as connection:
            if under is None:
                return document_rows.select_documents(connection, "1")
            return document_rows.select_documents(connection, "substr(location, 1, length(?)) = ?", under, under)

    def added_since(self, moment: datetime) -> list[StoredDocument]:
        """Documents that came in since a moment, the latest first, near-duplicates left out."""
        with self._connections.read() as connection:
            return document_rows.added_since(connection, moment)

    def sections(self, document_id: str) -> tuple[Section, ...]:
        """A document's sections as they were loaded."""
        with self._connections.read() as connection:
            return document_rows.sections_of(connection, document_id)

    def chunks(self, ids: Collection[int]) -> dict[int, Chunk]:
        """The chunks with these ids that exist."""
        with self._connections.read() as connection:
            return chunk_rows.chunks_by_id(connection, ids)

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """A document's chunks in reading order."""
        with self._connections.read() as connection:
            return chunk_rows.select_chunks(connection, "document_id = ?", [document_id])

    def upcoming(self, now: datetime, limit: int) -> list[Chunk] | None:
        """The opening chunks of events that are not over, soonest first."""
        with self._connections.read() as connection:
            return chunk_rows.upcoming(connection, now, limit)

    def chunk_ids(self, filters: Filters | None = None) -> Ids:
        """Ids, ascending, of the chunks that pass the filters."""
        with self._connections.read() as connection:
            return chunk_rows.chunk_ids(connection, filters)

    def chunk_keys(self) -> tuple[Ids, Keys]:
        """All chunk ids, ascending, and the first 64 bits of each one's embedding hash."""
        with self._connections.read() as connection:
            return chunk_rows.chunk_keys(connection)

    def embeddings(self, chunk_ids: Sequence[int] | Ids) -> tuple[Ids, Vectors]:
        """The vectors of these chunks, by ascending id."""
        with self._connections.read() as connection:
            return chunk_rows.embeddings(connection, chunk_ids)

    def document_vectors(self, document_id: str) -> Vectors:
        """The vectors of a document's chunks in reading order, shape (chunks, dimension)."""
        with self._connections.read() as connection:
            return chunk_rows.document_vectors(connection, document_id)

    def known_embeddings(self, hashes: Collection[str]) -> set[str]:
        """Those of the content hashes whose embedding is stored."""
        with self._connections.read() as connection:
            return chunk_rows.known_embeddings(connection, hashes)

    def embedding_hashes(self, document_id: str) -> list[str]:
        """The content hashes of a document's chunks in reading order."""
        with self._connections.read() as connection:
            return chunk_rows.embedding_hashes(connection, document_id)

    def next_embeddings(self, model: str, hashes: Collection[str]) -> set[str]:
        """Those of the content hashes that another model's embedding is kept of."""
        with self._connections.read() as connection:
            return next_embeddings.known(connection, model, hashes)

    def add_next_embeddings(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep a model's embeddings until the library goes over to it."""
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
        """Go over to the embeddings that are kept for a model; see the protocol."""
        with self._connections.write() as connection:
            if self.version() != version:
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
        """Chunks that hold any of the terms, best first."""
        with self._connections.read() as connection:
            return chunk_rows.lexical_search(connection, terms, limit, filters, self._field_weights)

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each term occurs."""
        with self._connections.read() as connection:
            return chunk_rows.document_frequencies(connection, terms)

    def vocabulary(self) -> dict[str, int]:
        """The words of the library and how many chunks hold each."""
        with self._connections.read() as connection:
            return chunk_rows.vocabulary(connection)

    def acronyms(self) -> list[Acronym]:
        """What acronyms stand for, the least certain first."""
        with self._connections.read() as connection:
            return chunk_rows.acronyms(connection)

    def counts(self) -> LibraryCounts:
        """The size of the library."""
        with self._connections.read() as connection:
            return maintenance.counts(connection, self._connections.path)

    def problems(self) -> list[str]:
        """Every disagreement between the parts."""
        with self._connections.read() as connection:
            return checks.problems(connection)

    def rebuild_full_text(self) -> None:
        """Make the full-text index anew from the chunks."""
        with self._connections.write() as connection:
            maintenance.rebuild_full_text(connection)

    def release(self) -> None:
        """Let go of this thread's connection."""
        self._connections.release()

    def close(self) -> None:
        """Let go of the database."""
        self._connections.close()

    def _write_identity(self, identity: EmbeddingIdentity) -> None:
        with self._connections.read() as connection:
            connection.execute(
                "UPDATE library SET model = ?, dimension = ?, chunking = ?",
                [identity.model, identity.dimension, identity.chunking],
            )
