"""Ranks chunks for a query: by words, by meaning, and by both."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from knowledge.domain.library import Filters
from knowledge.retrieval.dense import DenseIndex
from knowledge.retrieval.fusion import (
    FEEDBACK_CHUNKS,
    coverage,
    fuse,
    information,
    lexical_weight,
    standard_scores,
    with_feedback,
)
from knowledge.retrieval.lexical import LexicalIndex, LexicalView
from knowledge.retrieval.mapped_clusters import products
from knowledge.retrieval.query import Query
from knowledge.storage.arrays import Ids, Scores, Vectors
from knowledge.storage.library_protocols import LibraryStore

# Every candidate is scored by both methods, so these only bound the work; beyond them no ranking of 100 changes.
DENSE_CANDIDATES = 200
LEXICAL_CANDIDATES = 400
# So many of the best are compared with the vectors as they are, where the index has them as bytes; and as few as those
# that may be among the best by so many deviations of what bytes leave open.
MOST_EXACT = 64
_DOUBT = 6


@dataclass(frozen=True)
class Hit:
    """A ranked chunk with the signals that decided: the fused score, the cosine and the BM25 score."""

    chunk_id: int
    score: float
    cosine: float
    bm25: float


class WordMatches(NamedTuple):
    """The chunks that a query's words and phrases match, looked up in one state of the library.

    `ids` and `scores` (BM25), best first, are of shape (n,). `mean` and `deviation` are those of the scores of all
    chunks that may be found; `allowed` has the ids of these, or is `None` where all may be.
    """

    view: LexicalView
    allowed: Ids | None
    ids: Ids
    scores: Scores
    mean: float
    deviation: float


def match_words(
    store: LibraryStore, lexical: LexicalIndex, query: Query, limit: int, filters: Filters | None = None
) -> WordMatches:
    """Return what a hybrid search for `limit` chunks needs to know of the query's words."""
    view, allowed = lexical.view(), _allowed(store, filters)
    terms = query.terms + query.phrases
    return WordMatches(view, allowed, *view.search(terms, max(limit, LEXICAL_CANDIDATES), allowed))


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
    matched: WordMatches | None = None,
) -> list[Hit]:
    """Return chunks by both methods fused, then again with feedback (see `knowledge.retrieval.fusion`), best first.

    Both methods search once. Their candidates are then scored by both, towards the query and towards the feedback.
    `matched` is what `match_words` found for the same query, limit and filters, where that was looked up before; it is
    looked up anew where the library has changed since.
    """
    view = index.view()
    if matched is None or matched.view is not lexical.view():
        matched = match_words(store, lexical, query, limit, filters)
    allowed, scores = matched.allowed, matched.scores
    towards = view.similarities(vector, allowed)
    near = towards.nearest(max(limit, DENSE_CANDIDATES))
    if not near.size:
        return []
    both = np.sort(np.concatenate([near, matched.ids]))
    candidates = view.candidates(both[np.concatenate([[True], both[1:] != both[:-1]])])
    ids = candidates.ids
    bm25 = _in_order(ids, matched.ids, scores)
    by_words = standard_scores(bm25, matched.mean, matched.deviation)
    cosines = towards.to(candidates)
    weight = 0.0
    if scores.size:
        known = information(matched.view.frequencies(query.terms), view.size)
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
