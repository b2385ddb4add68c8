"""Fits a model's similarity scale: a straight line from its cosines of the pairs that come along to the reference's.

pairs.jsonl holds pairs of short texts of our own, half of them about the same, with the cosines of the model that all
thresholds were fitted with; `python -m tests.quality.similarity_pairs` makes it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from knowledge.errors import ModelError

if TYPE_CHECKING:
    from knowledge.retrieval.embedder import Embedder
    from knowledge.storage.arrays import Vectors

# By the bundled models it is 0.02 and more; by one that gives all texts the same vector it is 0, but for rounding.
_LEAST_COVARIANCE = 1e-6


class Pair(BaseModel):
    """Two short texts and their reference cosine. `asked`: the first is embedded as a query, else as a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    one: str
    other: str
    asked: bool
    related: bool
    cosine: float


@functools.cache
def packaged_pairs() -> tuple[Pair, ...]:
    """Return the pairs that come along."""
    lines = (files("knowledge.calibration") / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Pair.model_validate_json(line) for line in lines)


def pair_cosines(pairs: Sequence[Pair], embedder: Embedder) -> Vectors:
    """Return an embedder's cosines of pairs, shape (len(pairs),)."""
    ones = np.empty((len(pairs), embedder.dimension), dtype=np.float32)
    for asked, embed in ((True, embedder.embed_queries), (False, embedder.embed_documents)):
        places = [place for place, pair in enumerate(pairs) if pair.asked is asked]
        if places:
            ones[places] = embed([pairs[place].one for place in places])
    others = embedder.embed_documents([pair.other for pair in pairs])
    cosines: Vectors = np.einsum("nd,nd->n", ones, others)
    return cosines


def fit_line(embedder: Embedder) -> tuple[float, float]:
    """Return intercept and slope of an embedder's scale, by least squares. Embeds some 400 short texts.

    Raises:
        ModelError: The embedder's cosines do not grow with how alike texts are.
    """
    pairs = packaged_pairs()
    reference = np.array([pair.cosine for pair in pairs])
    cosines = pair_cosines(pairs, embedder).astype(np.float64)
    covariance = float(np.mean((cosines - cosines.mean()) * (reference - reference.mean())))
    if not covariance > _LEAST_COVARIANCE:
        raise ModelError(
            f"The model {embedder.name} does not tell related texts from others. Check HALN_EMBEDDING_MODEL."
        )
    slope = covariance / float(cosines.var())
    return round(float(reference.mean()) - slope * float(cosines.mean()), 4), round(slope, 4)
