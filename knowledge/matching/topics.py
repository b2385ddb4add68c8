"""The topics of anchor work, and how much of a text is about each.

A language model compares wordings: "they fall off a cliff when they leave care" and "ring-fenced posts for
care-experienced applicants" look little alike to it, yet both are near lines of one topic (topics.yaml). A text is
described by its shares of the topics; the rest of it is about none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import yaml

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.vocabulary import Pillar

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors

# How sharply a text is told apart from topics that are less near; 0.03 to 0.06 differ by less than 0.04 nDCG@5.
_TEMPERATURE = 0.04


class Topic(NamedTuple):
    """A topic: how members read it, the pillars it belongs to, and lines in members' own words."""

    name: str
    pillars: tuple[Pillar, ...]
    lines: tuple[str, ...]


def read_topics() -> tuple[Topic, ...]:
    """Return the topics that the assistant ships with."""
    text = resources.files("knowledge.matching").joinpath("topics.yaml").read_text(encoding="utf-8")
    return tuple(
        Topic(item["topic"], tuple(Pillar(pillar) for pillar in item["pillars"]), (item["topic"], *item["lines"]))
        for item in yaml.safe_load(text)
    )


class TopicSpace:
    """Vectors seen from the middle of the topics.

    All texts of one field look alike to a language model; what they have in common is taken away first (`centred`), so
    that what sets them apart counts.

    By that, cosines of different models come on one scale by themselves: how near a model puts unrelated texts is taken
    away with the middle, and how far it spreads them with the vectors' lengths. `Library.similarity` is not for these.
    On three judged networks (tests/quality/test_peers.py) the spread of centred cosines by MiniLM, by the bundled model
    and by bge-small is 0.102, 0.090 and 0.090, and to widen the last two to the first makes no ranking better.
    """

    def __init__(self, topics: Sequence[Topic], lines: Vectors) -> None:
        """Take the vectors of all topics' lines in order, shape (lines, dimension)."""
        self.topics = tuple(topics)
        self._centre: Vectors = lines.mean(axis=0)
        self._lines = unit(lines - self._centre)
        self._starts = np.cumsum([0, *(len(topic.lines) for topic in topics[:-1])])
        self._counts = np.array([len(topic.lines) for topic in topics])

    def centred(self, vectors: Vectors) -> Vectors:
        """Return unit vectors from the middle of the topics, shape (n, dimension).

        A zero vector (no text) stays zero.
        """
        there = np.linalg.norm(vectors, axis=1, keepdims=True) > 0
        return unit(np.where(there, vectors - self._centre, 0.0).astype(np.float32))

    def shares(self, centred: Vectors) -> Vectors:
        """Return how much of each text is about each topic, shape (n, topics): 0 to 1, in sum at most 1."""
        likeness = np.exp((centred @ self._lines.T) / _TEMPERATURE)
        # A topic is as near as its lines together: one near line is enough, several are better.
        mass = np.add.reduceat(likeness, self._starts, axis=1) / self._counts
        none = np.exp(SimilarityThresholds.packaged().matching.no_topic.value / _TEMPERATURE)
        shares = mass / (mass.sum(axis=1, keepdims=True) + none)
        return np.where(np.linalg.norm(centred, axis=1, keepdims=True) > 0, shares, 0.0).astype(np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Return vectors of length 1, shape (n, dimension); a zero vector stays zero."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths, dtype=np.float32)
