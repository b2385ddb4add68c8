"""Learns from labelled documents what kind, evidence and pillars a text has, from its vector: logistic regression.

On the starter library, each item left out in turn, it is right more often than the nearest documents' vote or the
similarity to a description alone; the descriptions of pillars are examples among the others. Where a library
has too few labelled documents, the descriptions decide by themselves.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from knowledge.calibration.similarity import SimilarityScale
from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.library import Metadata
from knowledge.domain.vocabulary import Pillar, Term
from knowledge.retrieval.embedder import Embedder
from knowledge.storage.arrays import Vectors

PILLARS: Mapping[Pillar, str] = {
    Pillar.EMPLOYMENT: (
        "Recruiting local people into good jobs: entry-level posts, apprenticeships, pre-employment training, work "
        "experience, the real Living Wage, staff wellbeing and careers for people who face barriers to work."
    ),
    Pillar.PROCUREMENT: (
        "Buying and commissioning for social value: spending with local suppliers and small businesses, community "
        "benefits in contracts, tenders, supply chains and local economies."
    ),
    Pillar.ESTATES: (
        "Using buildings, land and capital projects for the community: affordable housing, shared space, health hubs, "
        "car parks, high streets, redevelopment and construction."
    ),
    Pillar.ENVIRONMENT: (
        "Reducing environmental impact: net zero, carbon, energy, green plans, waste, travel and transport, air "
        "quality, green space and biodiversity."
    ),
    Pillar.PARTNERSHIP: (
        "Working as a partner in a place: with councils, universities, charities and communities, in networks of "
        "anchor organisations with a shared vision, charter, leadership and co-production."
    ),
}
# The least probability at which a value is proposed: from there on more than nine in ten are right on the starter
# library. A level is not at any probability, and how a piece of work turned out cannot be told this way at all: neither
# is proposed.
SURE = {"kind": 0.85, "evidence": 0.9}
_SURE_OF_PILLAR = 0.9
_FEWEST_EXAMPLES = 20
# Weak regularisation: the vectors have unit length.
_STRENGTH = 30.0


class _Classifier(Protocol):
    classes_: Sequence[str]

    def predict_proba(self, vectors: Vectors) -> Vectors:
        """Return probabilities, shape (vectors, classes)."""


class MetadataClassifier:
    """A classifier learned from labelled documents. `vectors` has a row for each of `labelled`, shape (n, dimension).

    All vectors of documents here are means of their chunks' (`mean_vector`); `scale` is that of the embedder.
    """

    def __init__(
        self, labelled: Sequence[Metadata], vectors: Vectors, embedder: Embedder, scale: SimilarityScale
    ) -> None:
        self._labelled = labelled
        self._vectors = _unit(vectors)
        self._scale = scale
        self._thresholds = SimilarityThresholds.packaged().study
        self._pillars = embedder.embed_queries(list(PILLARS.values()))
        self._classifiers = {field: self._learn(field) for field in SURE}
        self._pillar_classifiers = {pillar: self._learn_pillar(pillar) for pillar in Pillar}

    def value(self, field: str, vector: Vectors) -> tuple[str, str] | None:
        """Return the most probable value of a field and why, if it is probable enough."""
        classifier = self._classifiers[field]
        if classifier is None:
            return None
        chances = classifier.predict_proba(_unit(vector[None]))[0]
        best = int(np.argmax(chances))
        sure = chances[best] >= SURE[field]
        return (str(classifier.classes_[best]), "documents like it are") if sure else None

    def pillars(self, vector: Vectors) -> tuple[list[str], str] | None:
        """Return the pillars that a text is about, and why."""
        if all(self._pillar_classifiers.values()):
            found = [
                str(pillar)
                for pillar, classifier in self._pillar_classifiers.items()
                if classifier is not None and classifier.predict_proba(_unit(vector[None]))[0][1] >= _SURE_OF_PILLAR
            ]
            return (found, "documents like it are about them") if found else None
        scores = self._scale.comparable_means(vector, self._pillars)
        least = max(self._thresholds.near_description.value, float(scores.max()) - self._thresholds.below_best.value)
        found = [str(pillar) for pillar, score in zip(PILLARS, scores, strict=True) if score >= least]
        return (found, "its text is near to what they mean") if found else None

    def _learn(self, field: str) -> _Classifier | None:
        values: list[Term | None] = [getattr(metadata, field) for metadata in self._labelled]
        known = [(row, str(value)) for row, value in enumerate(values) if value is not None]
        vectors = self._vectors[[row for row, _ in known]] if known else None
        labels = [label for _, label in known]
        if vectors is None or len(known) < _FEWEST_EXAMPLES or len(Counter(labels)) < 2:
            return None
        return _fitted(vectors, labels)

    def _learn_pillar(self, pillar: Pillar) -> _Classifier | None:
        known = [row for row, metadata in enumerate(self._labelled) if metadata.pillars]
        if len(known) < _FEWEST_EXAMPLES:
            return None
        labels = [str(pillar in self._labelled[row].pillars) for row in known]
        vectors = np.vstack([self._vectors[known], self._pillars])
        return _fitted(vectors, [*labels, *(str(other is pillar) for other in PILLARS)])


def _fitted(vectors: Vectors, labels: Sequence[str]) -> _Classifier:
    from sklearn.linear_model import LogisticRegression

    fitted: _Classifier = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(vectors, labels)
    return fitted


def mean_vector(rows: Vectors) -> Vectors | None:
    """Return the mean of a document's chunks' vectors, shape (n, dimension); `None` when there are none."""
    if not len(rows):
        return None
    mean: Vectors = rows.mean(axis=0)
    return mean if mean.any() else None


def _unit(vectors: Vectors) -> Vectors:
    """Return the same vectors with a length of 1, shape (n, dimension)."""
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
