"""Other ways to join lexical and dense scores, to compare ours with. None of them is part of the product.

Each takes the candidates of both methods and gives a score to every one. A candidate that full text did not find holds
none of the query's words: its BM25 score is 0. The cosine is known of every candidate.
"""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

RRF_CONSTANT = 60


@dataclass(frozen=True)
class Candidates:
    """The candidates of both methods for one query.

    `cosines` holds every candidate; `nearest` are those that dense search found and `bm25` those that full text found,
    both best first. The means and deviations are over the whole collection.
    """

    cosines: Mapping[int, float]
    nearest: tuple[int, ...]
    bm25: Mapping[int, float]
    dense_mean: float
    dense_deviation: float
    lexical_mean: float
    lexical_deviation: float

    @property
    def lexical(self) -> dict[int, float]:
        """The BM25 score of every candidate."""
        return {key: self.bm25.get(key, 0.0) for key in self.cosines}


def reciprocal_rank(found: Candidates) -> dict[int, float]:
    """Reciprocal rank fusion: the sum of 1 / (60 + place) over the lists that hold a candidate."""
    fused = dict.fromkeys(found.cosines, 0.0)
    for ranking in (found.nearest, tuple(found.bm25)):
        for place, key in enumerate(ranking, start=1):
            fused[key] += 1 / (RRF_CONSTANT + place)
    return fused


def min_max(found: Candidates) -> dict[int, float]:
    """Both scores stretched to 0..1 over the candidates, and added."""
    return _sum(_stretched(found.cosines), _stretched(found.lexical), 1.0)


def z_over_candidates(found: Candidates) -> dict[int, float]:
    """Both scores in standard deviations above the mean of the candidates, and added."""
    return _sum(_standardised(found.cosines), _standardised(found.lexical), 1.0)


def z_over_collection(found: Candidates, weight: float) -> dict[int, float]:
    """Both scores in standard deviations above the collection's mean, the lexical one with a fixed weight."""
    dense = _scaled(found.cosines, found.dense_mean, found.dense_deviation)
    return _sum(dense, _scaled(found.lexical, found.lexical_mean, found.lexical_deviation), weight)


def _sum(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float) -> dict[int, float]:
    return {key: score + weight * lexical[key] for key, score in dense.items()}


def _stretched(scores: Mapping[int, float]) -> dict[int, float]:
    least = min(scores.values(), default=0.0)
    return _scaled(scores, least, max(scores.values(), default=0.0) - least)


def _standardised(scores: Mapping[int, float]) -> dict[int, float]:
    values = list(scores.values()) or [0.0]
    return _scaled(scores, statistics.fmean(values), statistics.pstdev(values))


def _scaled(scores: Mapping[int, float], zero: float, unit: float) -> dict[int, float]:
    return {key: (score - zero) / unit if unit > 1e-9 else 0.0 for key, score in scores.items()}
