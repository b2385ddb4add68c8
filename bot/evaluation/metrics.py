"""Ranking measures with the definitions of trec_eval; checked against ir-measures in the tests.

A ranking is a list of document ids, best first; judgements map a document id to its grade (0 or absent: not relevant).
"""

import math
from collections.abc import Mapping, Sequence


def ndcg(ranking: Sequence[str], judgements: Mapping[str, int], cutoff: int) -> float:
    """Return normalised discounted cumulative gain at a cutoff, gain = grade (trec_eval's), 0 to 1."""
    ideal = sorted((grade for grade in judgements.values() if grade > 0), reverse=True)[:cutoff]
    best = sum(grade / math.log2(place + 2) for place, grade in enumerate(ideal))
    if best == 0:
        return 0.0
    gains = (max(0, judgements.get(document, 0)) for document in ranking[:cutoff])
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains)) / best


def recall(ranking: Sequence[str], judgements: Mapping[str, int], cutoff: int) -> float:
    """Return the share of relevant documents within the cutoff, 0 to 1."""
    relevant = {document for document, grade in judgements.items() if grade > 0}
    return len(relevant & set(ranking[:cutoff])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], judgements: Mapping[str, int], cutoff: int) -> float:
    """Return 1 / place of the first relevant document within the cutoff, else 0."""
    for place, document in enumerate(ranking[:cutoff], start=1):
        if judgements.get(document, 0) > 0:
            return 1 / place
    return 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share (0 to 1) of the values lies, by the nearest rank; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean; 0 when there are none."""
    return sum(values) / len(values) if values else 0.0
