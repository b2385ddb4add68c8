"""Storage of the library, as protocols: over SQLite, and over PostgreSQL with pgvector.

Everything is synchronous. A call that returns from a write has it on disk. Every method may be called from several
threads, and several processes may have one library open: one writes at a time, readers see what was committed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from knowledge.domain.library import Acronym, Chunk, Document, Filters, NewChunk, Noun, Section, StoredDocument
from knowledge.errors import LibraryMismatchError
from knowledge.storage.listing_protocols import DocumentLists

if TYPE_CHECKING:
    from datetime import datetime

    from knowledge.storage.arrays import Ids, Keys, Scores, Vectors
    from knowledge.storage.source_protocols import Origin, SourceStore, StudyStore
    from knowledge.storage.vector_protocols import VectorIndex


class Erased(StrEnum):
    """The sorts of things that a restored backup must not bring back. A document is named by its location."""

    MEMBER = "member"
    EXAMPLE = "example"
    DOCUMENT = "document"


class Erasure(NamedTuple):
    """One erasure under its random name. `detail` says more where a sort has more to say."""

    name: str
    sort: Erased
    subject: str
    detail: str = ""


class EmbeddingIdentity(Noun):
    """The identity of what built the embeddings: a library is searched only by the same.

    `model` names the model and its weights, `dimension` is the length of a vector, `chunking` names the way of
    cutting, with its size.
    """

    model: str
    dimension: int
    chunking: str

    def require(self, wanted: EmbeddingIdentity) -> None:
        """Accept only the same.

        Raises:
            LibraryMismatchError: It is another one; the message names the difference and the repair.
        """
        if self != wanted:
            raise LibraryMismatchError(
                f"This library was embedded with {self.model} ({self.dimension} numbers, {self.chunking}), but the "
                f"settings ask for {wanted.model} ({wanted.dimension} numbers, {wanted.chunking}). Run `haln index "
                "rebuild` once to embed it anew: it takes some minutes, and nothing is lost. (A new version of the "
                "assistant may ask for other ones; if you changed HALN_EMBEDDING_MODEL or HALN_CHUNK_TOKENS yourself, "
                "you may also set them back.)"
            )


class LibraryCounts(Noun):
    """The size of the library. `bytes` is the size of the database on disk."""

    documents: int
    chunks: int
    embeddings: int
    generation: int
    bytes: int
    by_kind: dict[str, int]
    last_change: str | None


class PreparedDocument(NamedTuple):
    """A document with its chunks, ready to be stored."""

    document: Document
    content_hash: str
    chunks: Sequence[NewChunk]
    acronyms: Collection[Acronym] = ()
    origin: Origin | None = None
    source_id: int | None = None


class LexicalMatches(NamedTuple):
    """The matches of full text: (chunk id, BM25 score; higher is better), best first.

    `mean` and `deviation` are of the scores of all chunks that pass the filters, those without a match counting as 0.
    """

    found: list[tuple[int, float]]
    mean: float
    deviation: float


class LibraryStore(DocumentLists, Protocol):
    """Documents, chunks, full text and embeddings: the truth about the library."""

    @property
    def library_uid(self) -> str:
        """Return a random name given to this database when it was made; a cache of another database is no use."""

    @property
    def sources(self) -> SourceStore:
        """Return the sources that documents come from."""

    @property
    def studies(self) -> StudyStore:
        """Return what was found out about documents."""

    @property
    def vector_index(self) -> VectorIndex | None:
        """Return where the database finds the nearest vectors by itself; `None` where it cannot."""

    def one_state(self) -> AbstractContextManager[None]:
        """Let this thread read version, identity and acronyms once in the body, of one state, when first needed.

        What was committed before the body began is in it. Asking for the version anew moves the body on to the present.
        """

    def version(self, *, anew: bool = False) -> str:
        """Return the name of the content's state: another after each committed change, and after a restore.

        Within `one_state` it is that body's, unless it is asked for `anew`.
        """

    def identity(self) -> EmbeddingIdentity | None:
        """Return what built the embeddings, or `None` while there are none."""

    def set_identity(self, identity: EmbeddingIdentity) -> None:
        """Record what builds the embeddings.

        Raises:
            LibraryMismatchError: Embeddings built by something else are already there.
        """

    def flag(self, name: str) -> str | None:
        """Return a fact that the indexer noted about this library, e.g. which starter library was indexed."""

    def set_flag(self, name: str, value: str) -> None:
        """Note a fact about this library."""

    # -- documents

    def save_documents(
        self,
        identity: EmbeddingIdentity,
        documents: Sequence[PreparedDocument],
        embeddings: Mapping[str, Vectors],
    ) -> set[str]:
        """Store documents at their locations, all in one transaction: text, full text, embeddings.

        Chunks whose text and headings are unchanged keep their ids. `embeddings` holds a vector, shape (dimension,),
        by embedding hash for every chunk whose hash is not stored already. Returns the hashes that have no vector
        (another process may have removed the last chunk that had it): then nothing was stored.

        Raises:
            LibraryMismatchError: The library's embeddings were built by something else than `identity`.
        """

    def remove_document(self, document_id: str) -> bool:
        """Remove a document from every search at once; whether there was one. Its id is never given out again."""

    def was_removed(self, document_id: str) -> bool:
        """Return whether a document had that id once and is gone."""

    def document(self, document_id: str) -> StoredDocument | None:
        """Return the document with that id."""

    def document_at(self, location: str) -> StoredDocument | None:
        """Return the document that came from that location."""

    def named(self) -> list[tuple[str | None, str | None]]:
        """Return the organisations and regions that documents are of, each pair once."""

    def published_dates(self) -> list[str]:
        """Return when documents were published, the earliest first, as far as that is known."""

    def added_since(self, moment: datetime) -> list[StoredDocument]:
        """Return documents that came in since a moment, the latest first, near-duplicates left out."""

    def arrivals_since(self, moment: datetime) -> list[tuple[str, StoredDocument]]:
        """Return the same documents, each with the moment at which it came in (ISO 8601, UTC)."""

    def sections(self, document_id: str) -> tuple[Section, ...]:
        """Return a document's sections as they were loaded; empty when there is no such document."""

    # -- chunks and embeddings

    def chunks(self, ids: Collection[int]) -> dict[int, Chunk]:
        """Return the chunks with these ids that exist."""

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in reading order."""

    def short_documents(self, document_ids: Collection[str], most_chunks: int) -> dict[str, str]:
        """Return the texts of those of the documents that have no more chunks than this, joined by spaces."""

    def upcoming(self, now: datetime, limit: int) -> list[Chunk] | None:
        """Return the opening chunks of events that are not over, soonest first; `None` when no event has a date."""

    def chunk_ids(self, filters: Filters | None = None) -> Ids:
        """Return ids, ascending, of the chunks that pass the filters; shape (n,)."""

    def chunk_keys(self, ids: Ids | None = None) -> tuple[Ids, Keys]:
        """Return all chunk ids, or those of `ids` that are shown, ascending, with the start of each embedding's hash.

        Both of shape (n,); of the hash its first 64 bits.
        """

    def chunk_texts(self, ids: Ids | None = None) -> Iterator[tuple[int, str, str, str]]:
        """Yield id, title, headings (one a line) and text of all chunks that are shown, or of those of `ids`, by id."""

    def changed_chunks(self, version: str) -> Ids | None:
        """Return the ids of all chunks that were added, altered, hidden, shown or removed since a version; shape (n,).

        `None` when that is not known: the version is of another history (a restored backup) or too long ago.
        """

    def embeddings(self, chunk_ids: Sequence[int] | Ids) -> tuple[Ids, Vectors]:
        """Return these chunks' ids, shape (n,), and vectors, shape (n, dimension), in the same order."""

    def document_vectors(self, document_id: str) -> Vectors:
        """Return the vectors of a document's chunks in reading order, shape (chunks, dimension)."""

    def known_embeddings(self, hashes: Collection[str]) -> set[str]:
        """Return those of the content hashes whose embedding is stored."""

    def embedding_hashes(self, document_id: str) -> list[str]:
        """Return the content hashes of a document's chunks in reading order."""

    def next_embeddings(self, model: str, hashes: Collection[str]) -> set[str]:
        """Return those of the content hashes that another model's embedding is kept of, for `replace_embeddings`."""

    def add_next_embeddings(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep a model's embeddings, by content hash, until the library goes over to it."""

    def replace_embeddings(
        self,
        identity: EmbeddingIdentity,
        documents: Mapping[str, Sequence[NewChunk]],
        version: str,
        *,
        repair: bool = False,
    ) -> bool:
        """Go over to the embeddings that are kept for this model, in one transaction; then none are kept any more.

        `documents` has the chunks of documents (by id) that are cut otherwise than those stored; an unchanged chunk
        keeps its id. To `repair`, all chunks and embeddings are deleted first. Does nothing and returns false when the
        library is not in the state `version` any more.

        Raises:
            StorageError: A chunk's embedding is not kept.
        """

    # -- full text

    def lexical_search(self, terms: Sequence[str], limit: int, filters: Filters | None = None) -> LexicalMatches:
        """Return chunks that hold any of the terms, best first."""

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many chunks each term occurs, in any grammatical form."""

    def phrase_scores(self, phrase: str) -> tuple[Ids, Scores]:
        """Return the chunks that hold words in this order, hidden ones too: ids, ascending, and BM25, shape (n,)."""

    def holds_word(self, word: str) -> bool:
        """Return whether any chunk holds a word just as written."""

    def vocabulary(self) -> dict[str, int]:
        """Return the words of all chunks as written, lower case, and how many chunks hold each."""

    def acronyms(self) -> Sequence[Acronym]:
        """Return what acronyms stand for, the least certain first: a later one of the same letters is the better.

        The same object as before while they have not changed.
        """

    # -- health

    def counts(self) -> LibraryCounts:
        """Return the size of the library."""

    def problems(self) -> list[str]:
        """Return every disagreement between documents, chunks, full text and embeddings, one line each."""

    def rebuild_full_text(self) -> None:
        """Make the full-text index anew from the chunks."""

    def clock_jumps(self) -> list[tuple[str, str, str]]:
        """Return jumps of the clock after which nothing expires: what does not, from when and to when it jumped."""

    def accept_clock(self, now: datetime) -> None:
        """Take the clock for right from now on, everywhere; what it was wrong about counts as written now."""

    def scrub(self) -> bool:
        """Overwrite what deleted text left in the database's files; false where a reader still holds some."""

    def request_scrub(self) -> None:
        """Note, before text is deleted, that it has to be overwritten: a killed process leaves it to the next."""

    def finish_scrub(self) -> bool:
        """Overwrite what an earlier deletion still left, if any did; false where a reader still holds some."""

    def note_erasure(self, sort: Erased, subject: str, detail: str = "") -> None:
        """Note, beside the database and in it, what a backup from before must not bring back. Sealed with the key.

        Raises:
            StorageError: It cannot be noted; then nothing should be erased yet.
        """

    def unknown_erasures(self, journals: Sequence[Path] = ()) -> tuple[list[Erasure], int]:
        """Return what was erased by the notes beside the database, and in other such files, and not by its own.

        It was restored from before them. Also how many notes no key opens.
        """

    def erase_mentions(self, person: str) -> int:
        """Put "a member" in the place of a person's long id in what others wrote to or through the assistant.

        Documents of the library stay as they are. In how many rows that was.
        """

    def naming(self, person: str) -> dict[str, int]:
        """Return how many rows of each table, of this store and all others of the database, hold a person's id.

        A short one may be a count or a word as well: it is looked for only where people are named.
        """

    def release(self) -> None:
        """Let go of what this thread holds of the database, before it ends."""

    def close(self) -> None:
        """Let go of the database."""
