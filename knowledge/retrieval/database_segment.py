"""The part of the dense index that the database keeps and searches itself, where it can: see `VectorIndex`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from knowledge.retrieval.dense_segments import Candidates, Found, Mask, Members, nearest
from knowledge.retrieval.mapped_clusters import products

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Keys, Scores, Vectors
    from knowledge.storage.library_protocols import LibraryStore
    from knowledge.storage.vector_protocols import VectorIndex


class DatabaseSegment:
    """Chunks whose nearest the database finds; they are compared with their vectors as they are."""

    in_file = False

    def __init__(self, store: LibraryStore, index: VectorIndex, members: Members, dimension: int) -> None:
        self.members, self.dimension = members, dimension
        self._store, self._index = store, index

    def search(self, vector: Vectors, limit: int, allowed: Ids | None) -> Found:
        """Return the nearest chunks to a vector of shape (dimension,), among `allowed` where that is given."""
        found, vectors = self.read(np.sort(self.near(vector, limit, allowed)))
        return nearest(found, products(vectors, vector), limit)

    def near(self, vector: Vectors, limit: int, allowed: Ids | None) -> Ids:
        """Return the same chunks as `search`, in any order."""
        found = self._index.nearest(vector, limit, allowed)
        return found[self.members.places(found)[1]]  # of this state of the library

    def read(self, ids: Ids, *, finely: bool = False) -> tuple[Ids, Vectors]:  # noqa: ARG002 - all are exact
        """Return those of the ids, which ascend, that are here, and their vectors, shape (n, dimension)."""
        found, vectors = self._store.embeddings(ids[self.members.places(ids)[1]])
        if vectors.shape[1] != self.dimension:  # none is left, or they are another model's by now
            return found[:0], np.empty((0, self.dimension), dtype=np.float32)
        return found, vectors

    def candidates(self, ids: Ids) -> Candidates:
        """Return those of the ids, which ascend, that are here."""
        found, vectors = self.read(ids)
        return Candidates(found, self.members.places(found)[0], vectors, None)

    def similarities(self, vector: Vectors, ids: Ids) -> Scores:
        """Return the similarities of those of the chunks that are here to a vector of shape (dimension,)."""
        return self._index.similarities(vector, ids)

    def agrees(self, ids: Ids, vectors: Vectors) -> Mask:
        """Return which of the vectors are those that are here, shape (n,)."""
        return ~np.isin(ids, self._index.differing(ids, vectors))

    def without(self, ids: Ids) -> DatabaseSegment:
        """Return the segment without these chunks."""
        return self._of(self.members.without(ids))

    def with_more(self, ids: Ids, keys: Keys) -> DatabaseSegment:
        """Return the segment with these chunks, which the database has; those that are gone are dropped."""
        kept, members = self.members.present, self.members
        return self._of(Members(np.concatenate([members.ids[kept], ids]), np.concatenate([members.keys[kept], keys])))

    def _of(self, members: Members) -> DatabaseSegment:
        return DatabaseSegment(self._store, self._index, members, self.dimension)
