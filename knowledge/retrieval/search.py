"""Search over one library: a query is read, embedded and ranked, and its chunks are read."""

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from knowledge.domain.library import Chunk, Filters, SearchResponse, SearchResult
from knowledge.language.library_words import LibraryWords
from knowledge.retrieval.dense import DenseIndex
from knowledge.retrieval.embedder import Embedder, embed_query, wanted_chunking
from knowledge.retrieval.lexical import IndexedWords, LexicalIndex
from knowledge.retrieval.query import Query, QueryReader, check_query, well_formed
from knowledge.retrieval.ranking import Hit, WordMatches, match_words, search_dense, search_hybrid, search_lexical
from knowledge.retrieval.rerank import Reranker, best_first, passage_of
from knowledge.settings import Settings
from knowledge.storage.arrays import Vectors
from knowledge.storage.library_protocols import LibraryStore

# Vectors of queries, of which one answer needs the same again: to look for a curated answer, to search, to keep it.
_KEPT_VECTORS = 32


class Mode(StrEnum):
    """A choice of methods that rank."""

    LEXICAL = "lexical"
    DENSE = "dense"
    HYBRID = "hybrid"


def rerank(reranker: Reranker, query: str, hits: list[Hit], chunks: Mapping[int, Chunk]) -> list[Hit]:
    """Return the hits in the order in which the reranker puts their chunks; a hit without a chunk is left out.

    The n-th hit keeps the n-th score: they stay comparable with those that were not reranked.
    """
    present = [hit for hit in hits if hit.chunk_id in chunks]
    scores = reranker.scores(query, [passage_of(chunks[hit.chunk_id]) for hit in present]) if present else []
    return [
        replace(present[place], score=ranked.score) for place, ranked in zip(best_first(scores), present, strict=True)
    ]


class Searcher:
    """Ranks chunks for a query. Safe to use from several threads."""

    def __init__(
        self,
        settings: Settings,
        store: LibraryStore,
        embedder: Embedder,
        index: DenseIndex,
        lexical: LexicalIndex,
        reranker: Reranker | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._embedder = embedder
        self._index = index
        self._lexical = lexical
        self._reranker = reranker
        self._reader = QueryReader(IndexedWords(store, lexical), embedder)
        self._latest: dict[tuple[str, str], Vectors] = {}
        self._lock = threading.Lock()

    @property
    def words(self) -> LibraryWords:
        """Return how the library uses words."""
        return self._reader.words

    def read(self, text: str) -> Query:
        """Return a query as it was meant.

        Raises:
            QuestionError: Nothing is in it.
            LibraryMismatchError: The library was cut into chunks in another way.
        """
        clean = check_query(text)
        wanted = wanted_chunking(self._settings)
        if (identity := self._store.identity()) is not None and identity.chunking != wanted:
            identity.require(identity.model_copy(update={"chunking": wanted}))
        return self._reader.read(clean)

    def embed(self, query: Query) -> Vectors:
        """Return the vector of a query, shape (dimension,). The last few are kept: an answer needs its own again."""
        kept = self.embedded_lately(query)
        name, vector = kept or (self._embedder.name, self._embedder.embed_queries([query.meaning])[0])
        self.keep_vector(query, (name, vector))
        return vector

    def read_embedded(
        self, text: str, limit: int, filters: Filters | None = None, mode: Mode = Mode.HYBRID
    ) -> tuple[Query, Vectors, WordMatches | None]:
        """Return a query as it was meant, its vector, shape (dimension,), and what its words match.

        The last is for `found` with the same limit, filters and mode. It is looked up while the model works, and `None`
        where there is nothing to wait for or words do not count.

        Raises:
            QuestionError: Nothing is in it.
            LibraryMismatchError: The library was cut into chunks in another way.
        """
        query, name = self.read(text), self._embedder.name
        if (kept := self.embedded_lately(query)) is not None:
            self.keep_vector(query, kept)
            return query, kept[1], None

        def meanwhile() -> WordMatches | None:
            if mode is not Mode.HYBRID or not self._comparable():
                return None
            return match_words(self._store, self._lexical, query, self._depth(limit), filters)

        vector, matched = embed_query(self._embedder, query.meaning, meanwhile)
        self.keep_vector(query, (name, vector))
        return query, vector, matched

    def keep_vector(self, query: Query, embedded: tuple[str, Vectors]) -> None:
        """Keep the model and the vector, shape (dimension,), of a query among the last few."""
        name, vector = embedded
        with self._lock:
            self._latest.pop((name, query.meaning), None)
            self._latest[name, query.meaning] = vector
            while len(self._latest) > _KEPT_VECTORS:
                del self._latest[next(iter(self._latest))]

    def embedded_lately(self, query: Query) -> tuple[str, Vectors] | None:
        """Return the model and the vector, shape (dimension,), of a query that was embedded a moment ago."""
        name = self._embedder.name
        with self._lock:
            vector = self._latest.get((name, query.meaning))
        return None if vector is None else (name, vector)

    def hits(
        self,
        query: Query,
        vector: Vectors,
        limit: int,
        filters: Filters | None = None,
        mode: Mode = Mode.HYBRID,
        matched: WordMatches | None = None,
    ) -> list[Hit]:
        """Return ranked chunk ids for a query that is embedded already; `matched` is what `read_embedded` returned.

        The first hybrid ones are reranked where that is set.

        Where the library's embeddings are another model's than the query's, words alone rank.
        """
        if mode is Mode.LEXICAL or not self._comparable():
            return search_lexical(self._store, self._lexical, query, limit, filters)
        if mode is Mode.DENSE:
            return search_dense(self._store, self._index, vector, limit, filters)
        indexes = self._index, self._lexical
        hits = search_hybrid(self._store, *indexes, query, vector, self._depth(limit), filters, matched=matched)
        if self._reranker is None:
            return hits
        depth = self._settings.reranker_depth
        first = hits[:depth]
        chunks = self._store.chunks([hit.chunk_id for hit in first])
        return [*rerank(self._reranker, query.meaning, first, chunks), *hits[depth:]][:limit]

    def _depth(self, limit: int) -> int:
        """Return how many chunks a hybrid search for so many ranks: the reranker looks at more."""
        return limit if self._reranker is None else max(limit, self._settings.reranker_depth)

    def _comparable(self) -> bool:
        """Return whether the vectors of queries are made by the model that made those of the library."""
        identity = self._store.identity()
        return identity is None or identity.model == self._embedder.name

    def found(
        self,
        query: Query,
        vector: Vectors,
        limit: int,
        filters: Filters | None = None,
        mode: Mode = Mode.HYBRID,
        matched: WordMatches | None = None,
    ) -> list[tuple[Hit, Chunk]]:
        """Return ranked hits with their chunks. A chunk that was removed in this very moment is left out."""
        hits = self.hits(query, vector, limit, filters, mode, matched)
        chunks = self._store.chunks([hit.chunk_id for hit in hits])
        return [(hit, chunks[hit.chunk_id]) for hit in hits if hit.chunk_id in chunks]

    def search(
        self, query: str, top_k: int, filters: Filters | None = None, mode: Mode = Mode.HYBRID
    ) -> SearchResponse:
        """Return the `top_k` best chunks for a query.

        Raises:
            QuestionError: The query is empty.
            LibraryMismatchError: The library was cut into chunks in another way.
        """
        query = well_formed(query)
        started = time.perf_counter()
        with self._store.one_state():
            read, vector, matched = self.read_embedded(query, top_k, filters, mode)
            embedded = time.perf_counter()
            found = self.found(read, vector, top_k, filters, mode, matched)
        finished = time.perf_counter()
        return SearchResponse(
            query=query,
            results=tuple(as_result(rank, hit, chunk) for rank, (hit, chunk) in enumerate(found, start=1)),
            timings_ms={
                "embed": round((embedded - started) * 1000, 3),
                "search": round((finished - embedded) * 1000, 3),
                "total": round((finished - started) * 1000, 3),
            },
        )


def as_result(rank: int, hit: Hit, chunk: Chunk) -> SearchResult:
    """Return a hit with its chunk as the noun that faces show."""
    metadata = chunk.metadata
    return SearchResult(
        rank=rank,
        score=round(hit.score, 6),
        document_id=chunk.document_id,
        chunk_id=str(chunk.id),
        title=metadata.title,
        section=chunk.section,
        text=chunk.text,
        url=metadata.url,
        kind=metadata.kind,
        evidence=metadata.evidence,
        published=metadata.published,
        organisation=metadata.organisation,
        locator=chunk.locator,
        true_as_of=metadata.true_as_of,
        review_by=metadata.review_by,
        superseded_by=metadata.superseded_by,
        shared_by=metadata.shared_by,
    )
