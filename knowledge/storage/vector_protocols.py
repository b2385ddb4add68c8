"""The nearest vectors as a database finds them by itself, as a protocol: pgvector does, SQLite does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Scores, Vectors


class VectorIndex(Protocol):
    """Vectors of chunks in the database, each there until its chunk is gone. One for all processes."""

    @property
    def most_dimensions(self) -> int:
        """Return the length of the longest vectors that it takes."""

    def keep(self, model: str, dimension: int, changed: Ids | None = None) -> None:
        """Have the vectors of all chunks that are shown and of no others; look at those that `changed`, or at all.

        With another model than before all are made anew. What another process has done already is not done again.

        Raises:
            StorageError: It cannot be written to.
            StorageBusyError: Not at present, another process has been at it for longer than 30 seconds, or the
                library's embeddings are another model's by now.
        """

    def nearest(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> Ids:
        """Return the chunks nearest to a vector of shape (dimension,), among `allowed` where that is given."""

    def similarities(self, vector: Vectors, ids: Ids) -> Scores:
        """Return the cosine similarities of those of the chunks that are here, right to a thousandth, in no order."""

    def differing(self, ids: Ids, vectors: Vectors) -> Ids:
        """Return those of the chunks whose vector here is not the one of the same row of `vectors`, or is missing."""

    def clear(self) -> None:
        """Forget all vectors."""
