"""Parts of the dense index: vectors as they are, searched one by one, and many vectors as bytes in clusters.

Both say which chunk stands at which place, and which of their chunks are gone since they were made.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.retrieval.array_file import ArrayFile
from knowledge.retrieval.mapped_clusters import Codebook, MappedClusters, products
from knowledge.storage.arrays import Ids, Keys, Scores, Vectors

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]
# A search among fewer of the clusters' chunks than this share looks at each of them.
_FEW = 0.05
# So many rows of bytes are made numbers of at once: they stay in the processor's own memory.
_AT_ONCE = 64


class Found(NamedTuple):
    """Chunks with their similarity to a vector, nearest first; both of shape (n,)."""

    ids: Ids
    scores: Scores


def nearest(ids: Ids, scores: Scores, limit: int) -> Found:
    """Return the best `limit` of scored chunks; of equal ones those with the lowest id."""
    if ids.size > limit:
        kept = np.argpartition(-scores, limit - 1)[:limit]
        ids, scores = ids[kept], scores[kept]
    order = np.lexsort((ids, -scores))
    return Found(ids[order], scores[order])


def together(some: tuple[Ids, Keys], more: tuple[Ids, Keys]) -> tuple[Ids, Keys]:
    """Return ids, ascending, and keys of both."""
    ids, keys = np.concatenate([some[0], more[0]]), np.concatenate([some[1], more[1]])
    order = np.argsort(ids)
    return ids[order], keys[order]


class Candidates:
    """Chunks of a segment, their ids ascending, to be compared with more than one vector."""

    def __init__(self, ids: Ids, places: Places, rows: Vectors | Codes, codebook: Codebook | None) -> None:
        """Compare the chunks in these places, whose vectors are `rows`, shape (n, dimension): bytes with a codebook."""
        self.ids, self.places = ids, places
        self._rows, self._codebook = rows, codebook

    def products(self, vector: Vectors) -> Scores:
        """Return the similarities to a vector of shape (dimension,)."""
        if self._codebook is None:
            return products(np.asarray(self._rows, dtype=np.float32), vector)
        # The scale goes into the one vector, instead of into each of the rows.
        scaled = vector * self._codebook.step
        found = np.empty(len(self._rows), dtype=np.float32)
        numbers = np.empty((min(_AT_ONCE, len(self._rows)), vector.size), dtype=np.float32)
        for start in range(0, len(self._rows), _AT_ONCE):
            part = self._rows[start : start + _AT_ONCE]
            np.copyto(numbers[: len(part)], part)
            np.vecdot(numbers[: len(part)], scaled, out=found[start : start + _AT_ONCE])
        return found + np.float32(self._codebook.zero @ vector)

    def vectors(self, which: Places) -> Vectors:
        """Return the vectors of those, shape (which, dimension)."""
        rows = self._rows[which].astype(np.float32)
        return rows if self._codebook is None else rows * self._codebook.step + self._codebook.zero


class Members:
    """The chunks of a segment: their ids by place, and their contents' keys. `gone` marks those that are left out."""

    def __init__(self, ids: Ids, keys: Keys, gone: Mask | None = None) -> None:
        self.ids, self.keys, self.gone = ids, keys, gone

    @cached_property
    def _order(self) -> Places:
        return np.argsort(self.ids, kind="stable")

    @cached_property
    def _sorted(self) -> Ids:
        return self.ids[self._order]

    @cached_property
    def present(self) -> Places:
        """Return the places of chunks that are not gone."""
        return np.arange(self.ids.size) if self.gone is None else np.flatnonzero(~self.gone)

    @cached_property
    def size(self) -> int:
        """Return how many chunks are not gone."""
        return int(self.ids.size if self.gone is None else self.ids.size - self.gone.sum())

    def places(self, ids: Ids) -> tuple[Places, Mask]:
        """Return which of the ids are here and not gone, as a mask over `ids`, and the places of those."""
        if self.ids.size == 0 or ids.size == 0:
            return np.empty(0, dtype=np.int64), np.zeros(ids.size, dtype=bool)
        near = np.minimum(np.searchsorted(self._sorted, ids), self.ids.size - 1)
        here = self._sorted[near] == ids
        places = self._order[near]
        if self.gone is not None:
            here &= ~self.gone[places]
        return places[here], here

    def without(self, ids: Ids) -> "Members":
        """Return the members without these."""
        places, _ = self.places(ids)
        if places.size == 0:
            return self
        gone = np.zeros(self.ids.size, dtype=bool) if self.gone is None else self.gone.copy()
        gone[places] = True
        left = Members(self.ids, self.keys, gone)
        left.__dict__.update({name: self.__dict__[name] for name in ("_order", "_sorted") if name in self.__dict__})
        return left


class FlatSegment:
    """Vectors of shape (n, dimension) as they are; search is exact. `in_file`: whether the file on disk has them."""

    def __init__(self, members: Members, vectors: Vectors, *, in_file: bool = False) -> None:
        self.members, self.vectors, self.in_file = members, vectors, in_file

    @classmethod
    def of(cls, ids: Ids, keys: Keys, vectors: Vectors, *, in_file: bool = False) -> "FlatSegment":
        """Return a segment of these chunks, shape (n,), and their vectors, shape (n, dimension)."""
        return cls(Members(ids, keys), np.ascontiguousarray(vectors), in_file=in_file)

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self.vectors.shape[1])

    def search(self, vector: Vectors, limit: int, allowed: Ids | None) -> Found:
        """Return the nearest chunks to a vector of shape (dimension,), among `allowed` where that is given."""
        if allowed is None and self.members.gone is None:
            return nearest(self.members.ids, products(self.vectors, vector), limit)
        places = self.members.present if allowed is None else self.members.places(allowed)[0]
        return nearest(self.members.ids[places], products(self.vectors[places], vector), limit)

    def near(self, vector: Vectors, limit: int, allowed: Ids | None) -> Ids:
        """Return the same chunks as `search`, in any order."""
        return self.search(vector, limit, allowed).ids

    def read(self, ids: Ids, *, finely: bool = False) -> tuple[Ids, Vectors]:  # noqa: ARG002 - all are exact
        """Return those of the ids, which ascend, that are here, and their vectors, shape (n, dimension)."""
        places, here = self.members.places(ids)
        return ids[here], self.vectors[places]

    def candidates(self, ids: Ids) -> Candidates:
        """Return those of the ids, which ascend, that are here."""
        places, here = self.members.places(ids)
        return Candidates(ids[here], places, self.vectors[places], None)

    def similarities(self, vector: Vectors, ids: Ids) -> Scores:
        """Return how like a vector of shape (dimension,) those of the ids are, which ascend, that are here."""
        return products(self.read(ids)[1], vector)

    def agrees(self, ids: Ids, vectors: Vectors) -> Mask:
        """Return which of the vectors are those that are here, shape (n,)."""
        return np.asarray((self.vectors[self.members.places(ids)[0]] == vectors).all(axis=1))

    def without(self, ids: Ids) -> "FlatSegment":
        """Return the segment without these chunks."""
        return FlatSegment(self.members.without(ids), self.vectors, in_file=self.in_file)

    def with_more(self, ids: Ids, keys: Keys, vectors: Vectors) -> "FlatSegment":
        """Return the segment with these chunks behind the others; those that are gone are dropped."""
        kept, members = self.members.present, self.members
        return FlatSegment(
            Members(np.concatenate([members.ids[kept], ids]), np.concatenate([members.keys[kept], keys])),
            np.concatenate([self.vectors[kept], vectors]) if kept.size else np.ascontiguousarray(vectors),
        )


class ClusteredSegment:
    """Vectors as bytes, a quarter of their size, in a file, ordered by the cluster whose centre is nearest.

    A search reads the `probes` clusters nearest to the query. FAISS reads them from the file as it is mapped into
    memory: each cluster's bytes, then its places. A second byte of each number is kept apart, for the best to be
    compared without asking the database: right to about 1e-5, because no vector is here that lies beyond the
    range of the bytes (see `Codebook.reaches`).
    """

    in_file = True

    def __init__(self, file: ArrayFile, members: Members | None = None, base: "ClusteredSegment | None" = None) -> None:
        arrays = file.arrays
        self.file = file
        self.members = members or Members(arrays["ids"], arrays["keys"])
        self.centres: Vectors = arrays["centres"]
        self.starts: Places = arrays["starts"]  # of clusters, and where the last one ends
        self.codebook = Codebook(arrays["least"], arrays["span"])
        self.fine: Codes = arrays["fine"]  # the second byte of each number, by place: read for few alone
        self.probes: int = file.header["probes"]
        # What is about the file, and not about what is gone since, is made once.
        self._clusters: MappedClusters
        self._codes: npt.NDArray[np.uint8]
        self._clusters, self._codes = (base._clusters, base._codes) if base else self._opened(file)

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self.centres.shape[1])

    def search(self, vector: Vectors, limit: int, allowed: Ids | None) -> Found:
        """Return the nearest chunks to a vector of shape (dimension,), among `allowed` where that is given."""
        places = self._near(vector, limit, allowed)
        found = self._candidates(self.members.ids[places], places)
        return nearest(found.ids, found.products(vector), limit)

    def near(self, vector: Vectors, limit: int, allowed: Ids | None) -> Ids:
        """Return the same chunks, in any order: right but for a thousandth where `limit` ends."""
        places = self._near(vector, limit, allowed)
        return self.members.ids[places] if places.size <= limit else self.search(vector, limit, allowed).ids

    def _near(self, vector: Vectors, limit: int, allowed: Ids | None) -> Places:
        """Return the places of the nearest chunks, or of all that are allowed where these are few."""
        chosen, probes, size = None, self.probes, self.members.ids.size
        if allowed is not None or self.members.gone is not None:
            places = self.members.present if allowed is None else self.members.places(allowed)[0]
            if places.size <= _FEW * size:
                return places
            chosen = np.zeros(size, dtype=bool)
            chosen[places] = True
            # The more is left out, the farther is the nearest of the rest.
            probes = min(len(self.centres), int(probes * size / places.size))
        return self._clusters.search(vector, limit, probes, chosen)

    def read(self, ids: Ids, *, finely: bool = False) -> tuple[Ids, Vectors]:
        """Return those of the ids, which ascend, that are here, and their vectors, shape (n, dimension).

        As near as bytes tell them: one each, or `finely` both, which is right to about 1e-5.
        """
        places, here = self.members.places(ids)
        codes = self.codes(places)
        decoded = self.codebook.decoded_finely(codes, self.fine[places]) if finely else self.codebook.decoded(codes)
        return ids[here], decoded

    def candidates(self, ids: Ids) -> Candidates:
        """Return those of the ids, which ascend, that are here."""
        places, here = self.members.places(ids)
        return self._candidates(ids[here], places)

    def _candidates(self, ids: Ids, places: Places) -> Candidates:
        return Candidates(ids, places, self.codes(places), self.codebook)

    def similarities(self, vector: Vectors, ids: Ids) -> Scores:
        """Return how like a vector of shape (dimension,) those of the ids are, which ascend, that are here."""
        return products(self.read(ids)[1], vector)

    def codes(self, places: Places) -> npt.NDArray[np.uint8]:
        """Return the bytes of the vectors at these places, shape (places, dimension)."""
        clusters = np.searchsorted(self.starts, places, side="right") - 1
        # Before a cluster's bytes lie those of all before it, and their places, 8 bytes each.
        begins = places * self.dimension + self.starts[clusters] * 8
        return np.asarray(self._codes[begins])

    def agrees(self, ids: Ids, vectors: Vectors) -> Mask:
        """Return which of the vectors are those that are here as bytes, shape (n,)."""
        places = self.members.places(ids)[0]
        held = np.concatenate([self.codes(places), self.fine[places]], axis=1)
        return np.asarray((held == self.codebook.encoded_finely(vectors)).all(axis=1))

    def without(self, ids: Ids) -> "ClusteredSegment":
        """Return the segment without these chunks."""
        return ClusteredSegment(self.file, self.members.without(ids), self)

    def _opened(self, file: ArrayFile) -> tuple[MappedClusters, npt.NDArray[np.uint8]]:
        clusters = MappedClusters(file.path, file.offsets["lists"], self.starts, self.centres, self.codebook)
        if file.path.stat().st_ino != file.number:
            raise ValueError("replaced while it was opened")
        content = file.arrays["lists"]
        shape = (max(0, content.size - self.dimension + 1), self.dimension)
        return clusters, np.lib.stride_tricks.as_strided(content, shape, (1, 1), writeable=False)
