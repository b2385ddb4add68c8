"""Search: lexical, dense and hybrid, side by side, over one store, one model and two indexes."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from knowledge.domain.library import Chunk, Filters, SearchResponse, SearchResult
from knowledge.language.library_words import LibraryWords
from knowledge.retrieval.dense import DenseIndex
from knowledge.retrieval.embedder import Embedder, begun_query, wanted_chunking
from knowledge.retrieval.fusion import (
    FEEDBACK_CHUNKS,
    coverage,
    fuse,
    information,
    lexical_weight,
    standard_scores,
    with_feedback,
)
from knowledge.retrieval.lexical import IndexedWords, LexicalIndex
from knowledge.retrieval.mapped_clusters import products
from knowledge.retrieval.query import Query, QueryReader, check_query, well_formed
from knowledge.retrieval.rerank import Reranker, best_first, passage_of
from knowledge.settings import Settings
from knowledge.storage.arrays import Ids, Scores, Vectors
from knowledge.storage.library_protocols import LibraryStore

# Every candidate is scored by both methods, so these only bound the work; beyond them no ranking of 100 changes.
DENSE_CANDIDATES = 200
LEXICAL_CANDIDATES = 400
# So many of the best are compared with the vectors as they are, where the index has them as bytes; and as few as those
# that may be among the best by so many deviations of what bytes leave open.
MOST_EXACT = 64
_DOUBT = 6
# Vectors of queries, of which one answer needs the same again: to look for a curated answer, to search, to keep it.
_KEPT_VECTORS = 32


class Mode(StrEnum):
    """A choice of methods that rank."""

    LEXICAL = "lexical"
    DENSE = "dense"
    HYBRID = "hybrid"


@dataclass(frozen=True)
class Hit:
    """A ranked chunk with the signals that decided: the fused score, the cosine and the BM25 score."""

    chunk_id: int
    score: float
    cosine: float
    bm25: float


def search_lexical(
    store: LibraryStore, lexical: LexicalIndex, query: Query, limit: int, filters: Filters | None = None
) -> list[Hit]:
    """Return chunks by BM25, best first."""
    matches = lexical.search(query.terms + query.phrases, limit, _allowed(store, filters))
    return [Hit(chunk_id, score, 0.0, score) for chunk_id, score in matches.found]


def search_dense(
    store: LibraryStore, index: DenseIndex, vector: Vectors, limit: int, filters: Filters | None = None
) -> list[Hit]:
    """Return chunks by cosine similarity to a vector of shape (dimension,), best first."""
    found = index.search(vector, limit, _allowed(store, filters))
    return [Hit(chunk_id, score, score, 0.0) for chunk_id, score in found]


def search_hybrid(
    store: LibraryStore,
    index: DenseIndex,
    lexical: LexicalIndex,
    query: Query,
    vector: Vectors,
    limit: int,
    filters: Filters | None = None,
    *,
    feedback: bool = True,
) -> list[Hit]:
    """Return chunks by both methods fused, then again with feedback (see `knowledge.retrieval.fusion`), best first.

    Both methods search once. Their candidates are then scored by both, towards the query and towards the feedback.
    """
    allowed = _allowed(store, filters)
    view, words = index.view(), lexical.view()
    towards = view.similarities(vector, allowed)
    near = towards.nearest(max(limit, DENSE_CANDIDATES))
    if not near.size:
        return []
    matched, scores, mean, deviation = words.search(
        query.terms + query.phrases, max(limit, LEXICAL_CANDIDATES), allowed
    )
    both = np.sort(np.concatenate([near, matched]))
    candidates = view.candidates(both[np.concatenate([[True], both[1:] != both[:-1]])])
    ids = candidates.ids
    bm25 = _in_order(ids, matched, scores)
    by_words = standard_scores(bm25, mean, deviation)
    cosines = towards.to(candidates)
    weight = 0.0
    if matched.size:
        known = information(words.frequencies(query.terms), view.size)
        weight = lexical_weight(float(cosines.max()), coverage(float(scores[0]), known))
    if feedback:
        first = _best(fuse(standard_scores(cosines, *towards.background), by_words, weight), FEEDBACK_CHUNKS)
        turned = with_feedback(vector, candidates.vectors(first))
        towards = view.similarities(turned, allowed)
        total = fuse(standard_scores(towards.to(candidates), *towards.background), by_words, weight)
    else:
        turned, total = vector, fuse(standard_scores(cosines, *towards.background), by_words, weight)
    best = _best(total, limit)
    if not view.exact:
        # The best are compared as exactly as the database has them, and what may be as good as the last.
        doubt = _DOUBT * view.rounding(turned) / max(towards.background[1], 1e-9)
        close = np.flatnonzero(total >= total[best[-1]] - doubt)
        close = np.sort(close[_best(total[close], MOST_EXACT)])
        exact = view.vectors(ids[close], finely=True)[1]
        cosines[close] = products(exact, vector)
        exactly = standard_scores(products(exact, turned), *towards.background)
        total[close] = fuse(exactly, by_words[close], weight)
        best = _best(total, limit)
    return [Hit(*row) for row in zip(*(part[best].tolist() for part in (ids, total, cosines, bm25)), strict=True)]


def _allowed(store: LibraryStore, filters: Filters | None) -> Ids | None:
    return None if filters is None or filters.empty else store.chunk_ids(filters)


def _in_order(ids: Ids, matched: Ids, scores: Scores) -> Scores:
    """Return the scores in the order of `ids`, which ascend; those that did not match have 0."""
    ordered = np.zeros(ids.size, dtype=np.float32)
    if ids.size and matched.size:
        places = np.minimum(np.searchsorted(ids, matched), ids.size - 1)
        here = ids[places] == matched
        ordered[places[here]] = scores[here]
    return ordered


def _best(scores: Scores, limit: int) -> Ids:
    """Return the places of the best `limit` scores, best first; of equal ones the first."""
    if scores.size <= 4 * limit:
        return np.argsort(-scores, kind="stable")[:limit]
    good = np.flatnonzero(scores >= np.partition(scores, scores.size - limit)[scores.size - limit])
    return good[np.argsort(-scores[good], kind="stable")[:limit]]


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

    def read_embedded(self, text: str) -> tuple[Query, Vectors]:
        """Return a query as it was meant and its vector, shape (dimension,).

        The model begins before the query is read, and its words are looked up while the model works: a search waits
        for little else.

        Raises:
            QuestionError: Nothing is in it.
            LibraryMismatchError: The library was cut into chunks in another way.
        """
        clean, name = check_query(text), self._embedder.name
        with self._lock:
            asked_again = (name, clean) in self._latest
        if asked_again:
            query = self.read(text)
            return query, self.embed(query)
        with begun_query(self._embedder, clean) as begun:
            query = self.read(text)
            if (kept := self.embedded_lately(query)) is None:
                words = (query.terms + query.phrases, LEXICAL_CANDIDATES)
                kept = name, begun.vector(query.meaning, lambda: self._lexical.view().search(*words))
        self.keep_vector(query, kept)
        return query, kept[1]

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
    ) -> list[Hit]:
        """Return ranked chunk ids for a query that is embedded already.

        The first hybrid ones are reranked where that is set.

        Where the library's embeddings are another model's than the query's, words alone rank.
        """
        if mode is Mode.LEXICAL or not self._comparable():
            return search_lexical(self._store, self._lexical, query, limit, filters)
        if mode is Mode.DENSE:
            return search_dense(self._store, self._index, vector, limit, filters)
        if self._reranker is None:
            return search_hybrid(self._store, self._index, self._lexical, query, vector, limit, filters)
        depth = self._settings.reranker_depth
        hits = search_hybrid(self._store, self._index, self._lexical, query, vector, max(limit, depth), filters)
        first = hits[:depth]
        chunks = self._store.chunks([hit.chunk_id for hit in first])
        return [*rerank(self._reranker, query.meaning, first, chunks), *hits[depth:]][:limit]

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
    ) -> list[tuple[Hit, Chunk]]:
        """Return ranked hits with their chunks. A chunk that was removed in this very moment is left out."""
        hits = self.hits(query, vector, limit, filters, mode)
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
            read, vector = self.read_embedded(query)
            embedded = time.perf_counter()
            found = self.found(read, vector, top_k, filters, mode)
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
