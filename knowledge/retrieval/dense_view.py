"""The dense index as it is of one state of the library: segments that are searched together."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.retrieval.database_segment import DatabaseSegment
from knowledge.retrieval.dense_segments import Candidates, ClusteredSegment, FlatSegment, Found, nearest
from knowledge.retrieval.mapped_clusters import products
from knowledge.storage.arrays import Ids, Keys, Scores, Vectors

Segment = FlatSegment | ClusteredSegment | DatabaseSegment
# The mean and spread of similarities need no more than this to be known to a hundredth.
SAMPLE = 4096
_NO_IDS: Ids = np.empty(0, dtype=np.int64)


class Moments(NamedTuple):
    """The sum of so many vectors, shape (dimension,), and of their outer products, shape (dimension, dimension).

    The mean and spread of any query's similarity to all of them follow from these without looking at one.
    """

    size: int
    total: npt.NDArray[np.float64]
    outer: npt.NDArray[np.float64]

    @classmethod
    def of(cls, vectors: Vectors, size: int) -> "Moments":
        """Return the moments of so many vectors, of which these are an even sample or all."""
        share = size / max(1, len(vectors))
        exact = vectors.astype(np.float64)
        return cls(size, exact.sum(axis=0) * share, (exact.T @ exact) * share)

    def plus(self, vectors: Vectors, sign: int = 1) -> "Moments":
        """Return the moments with these vectors as well, or without them where `sign` is -1."""
        more = Moments.of(vectors, len(vectors))
        total, outer = self.total + sign * more.total, self.outer + sign * more.outer
        return Moments(self.size + sign * more.size, total, outer)


class View:
    """The index of one state of the library. Never changed: any number of threads may search it."""

    def __init__(
        self,
        version: str | None = None,
        model: str | None = None,
        segments: Sequence[Segment] = (),
        moments: Moments | None = None,
    ) -> None:
        self.version, self.model, self.segments, self.moments = version, model, tuple(segments), moments

    @property
    def dimension(self) -> int:
        """Return the length of a vector; 0 where there is none."""
        return self.segments[0].dimension if self.segments else 0

    @cached_property
    def size(self) -> int:
        """Return how many chunks there are."""
        return sum(segment.members.size for segment in self.segments)

    @cached_property
    def saved(self) -> int:
        """Return how many of the chunks are in the index's file."""
        return sum(segment.members.size for segment in self.segments if segment.in_file)

    @property
    def gone(self) -> int:
        """Return how many chunks are in the index's file that are not here any more."""
        return sum(segment.members.ids.size for segment in self.segments if segment.in_file) - self.saved

    @property
    def exact(self) -> bool:
        """Return whether every vector is as it is in the database."""
        return not any(isinstance(segment, ClusteredSegment) for segment in self.segments)

    def search(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> Found:
        """Return the nearest chunks to a vector of shape (dimension,), among `allowed` where that is given."""
        if limit < 1 or vector.size != self.dimension:
            return Found(_NO_IDS, np.empty(0, dtype=np.float32))
        found = [segment.search(vector, limit, allowed) for segment in self.segments]
        if len(found) == 1:
            return found[0]
        return nearest(np.concatenate([one.ids for one in found]), np.concatenate([one.scores for one in found]), limit)

    def near(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> Ids:
        """Return the same chunks as `search`, in any order: whoever compares them all anew needs no more."""
        if len(self.segments) == 1 and limit > 0 and vector.size == self.dimension:
            return self.segments[0].near(vector, limit, allowed)
        return self.search(vector, limit, allowed).ids

    def vectors(self, ids: Ids, *, finely: bool = False) -> tuple[Ids, Vectors]:
        """Return those of the ids, which ascend, that are here, and their vectors, shape (n, dimension).

        Of those that are bytes the first byte is read, or both.
        """
        parts: list[tuple[Ids, Vectors]] = []
        for segment in self.segments:
            found, rows = segment.read(ids, finely=finely)
            if found.size or not parts:
                parts.append((found, rows))
        if len(parts) == 1:
            return parts[0]
        empty = [(_NO_IDS, np.empty((0, self.dimension), dtype=np.float32))]
        every, vectors = zip(*(parts or empty), strict=True)
        ids = np.concatenate(every)
        order = np.argsort(ids)
        return ids[order], np.concatenate(vectors)[order]

    def candidates(self, ids: Ids) -> Candidates:
        """Return those of the ids, which ascend, that are here, to be compared with more than one vector."""
        if len(self.segments) == 1:
            return self.segments[0].candidates(ids)
        found, vectors = self.vectors(ids)
        return Candidates(found, np.empty(0, dtype=np.int64), vectors, None)

    def rounding(self, vector: Vectors) -> float:
        """Return the deviation of similarities to a vector from those of the vectors as they are in the database."""
        bytes_of = [segment for segment in self.segments if isinstance(segment, ClusteredSegment)]
        # A value lies anywhere within its step.
        steps = [vector * segment.codebook.step for segment in bytes_of]
        return max((float(step @ step / 12) ** 0.5 for step in steps), default=0.0)

    def similarities(self, vector: Vectors, allowed: Ids | None = None) -> "Similarities":
        """Return how like a vector of shape (dimension,) the chunks are, or those of `allowed`."""
        return Similarities(self, vector, allowed)

    def background(self, vector: Vectors, allowed: Ids | None = None) -> tuple[float, float]:
        """Return mean and deviation of a vector's similarity to all chunks, or to an even sample of `allowed`."""
        if vector.size != self.dimension:
            return 0.0, 0.0
        if allowed is None and self.moments is not None:
            mean, covariance = self._spread
            return float(mean @ vector), max(0.0, float(products(covariance, vector) @ vector)) ** 0.5
        some = self.held()[0] if allowed is None else evenly(allowed, SAMPLE)
        scores = np.concatenate([segment.similarities(vector, some) for segment in self.segments])
        return (float(scores.mean()), float(scores.std())) if scores.size else (0.0, 0.0)

    @cached_property
    def _spread(self) -> tuple[Vectors, Vectors]:
        """Return the mean vector, shape (dimension,), and the covariance, shape (dimension, dimension)."""
        moments = self.moments or Moments(0, np.zeros(self.dimension), np.zeros((self.dimension, self.dimension)))
        mean = moments.total / max(1, moments.size)
        covariance = moments.outer / max(1, moments.size) - np.outer(mean, mean)
        return mean.astype(np.float32), covariance.astype(np.float32)

    def held(self, among: Ids | None = None) -> tuple[Ids, Keys]:
        """Return ids, ascending, and keys of all chunks that are here, or of those of `among`; both of shape (n,)."""
        ids, keys = [_NO_IDS], [np.empty(0, dtype=np.uint64)]
        for segment in self.segments:
            members = segment.members
            places = members.present if among is None else members.places(among)[0]
            ids.append(members.ids[places])
            keys.append(members.keys[places])
        every = np.concatenate(ids)
        order = np.argsort(every, kind="stable")
        return every[order], np.concatenate(keys)[order]

    def without(self, ids: Ids) -> "View":
        """Return the view without these chunks."""
        if not ids.size:
            return self
        moments = self.moments.plus(self.vectors(ids)[1], -1) if self.moments is not None else None
        return View(self.version, self.model, [segment.without(ids) for segment in self.segments], moments)

    def with_more(self, ids: Ids, keys: Keys, vectors: Vectors) -> "View":
        """Return the view with these chunks as well, their vectors as they are."""
        if not ids.size:
            return self
        moments = self.moments.plus(vectors) if self.moments is not None else None
        *before, last = self.segments or [None]
        if isinstance(last, FlatSegment) and (not last.in_file if before else last.members.size <= ids.size):
            return View(self.version, self.model, [*before, last.with_more(ids, keys, vectors)], moments)
        added = FlatSegment.of(ids, keys, vectors)
        return View(self.version, self.model, [*self.segments, added], moments)


class Similarities:
    """Similarities of the chunks of a view to one vector: nothing of it is worked out twice."""

    def __init__(self, view: View, vector: Vectors, allowed: Ids | None) -> None:
        self._view, self._vector, self._allowed = view, vector, allowed
        self._all: Scores | None = None
        only = view.segments[0] if len(view.segments) == 1 and vector.size == view.dimension else None
        if isinstance(only, FlatSegment) and allowed is None and only.members.gone is None:
            # Where there are few vectors, all are compared: mean and deviation need them, too.
            self._all = products(only.vectors, vector)

    def nearest(self, limit: int) -> Ids:
        """Return the ids of the nearest chunks, in any order."""
        if self._all is None:
            return self._view.near(self._vector, limit, self._allowed)
        return nearest(self._view.segments[0].members.ids, self._all, limit).ids

    def to(self, candidates: Candidates) -> Scores:
        """Return the similarities of the view's own candidates."""
        return candidates.products(self._vector) if self._all is None else self._all[candidates.places]

    @cached_property
    def background(self) -> tuple[float, float]:
        """Return mean and deviation over all chunks, or over an even sample of those that are allowed."""
        if self._all is None or not self._all.size:
            return self._view.background(self._vector, self._allowed)
        return float(self._all.mean()), float(self._all.std())


def evenly(ids: Ids, most: int) -> Ids:
    """Return at most so many of the ids, evenly spaced, so that the same library always gives the same sample."""
    return ids if ids.size <= most else ids[np.linspace(0, ids.size - 1, most).astype(np.int64)]
