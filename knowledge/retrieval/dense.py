"""The dense index: a cache of the embeddings in the database. Losing or damaging its file loses nothing."""

import logging
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.errors import StorageBusyError, StorageError
from knowledge.models.pool import wait_passively
from knowledge.retrieval import dense_clusters
from knowledge.retrieval.array_file import OVERDUE, AnyArray, is_worth_writing, open_arrays, remove_file, write_arrays
from knowledge.retrieval.database_segment import DatabaseSegment
from knowledge.retrieval.dense_clusters import FLAT_MOST
from knowledge.retrieval.dense_segments import ClusteredSegment, FlatSegment, Members, nearest, together
from knowledge.retrieval.dense_view import SAMPLE, Moments, View
from knowledge.retrieval.mapped_clusters import products
from knowledge.storage.arrays import Ids, Keys, Vectors
from knowledge.storage.library_protocols import EmbeddingIdentity, LibraryStore
from knowledge.storage.vector_protocols import VectorIndex

_log = logging.getLogger(__name__)


class DenseIndex:
    """Search by inner product over every chunk's vector, kept in step with the store by the difference.

    Few vectors are kept as they are. Of many the database finds the nearest, where it can (see `VectorIndex`). Where it
    cannot, they are kept as bytes in clusters (see `dense_clusters`), and beside these, as they are, vectors that lie
    beyond the range of the bytes, and what came since the clusters were made. A file of another library, cut short or
    altered is removed and made anew from the database.

    A vector of another length than the library's was made by another model, in the moment in which the library went
    over to a new one: nothing is near it.
    """

    def __init__(self, store: LibraryStore, path: Path) -> None:
        wait_passively()  # before FAISS is loaded
        self._store = store
        self._path = path
        self._lock = threading.Lock()
        self._view = View()
        self._not_kept: Ids = np.empty(0, dtype=np.int64)  # that the database could not take
        self._file_number: int | None = None  # of the file that the first segment is of

    @property
    def is_loaded(self) -> bool:
        """Return whether it is in memory."""
        return self._view.version is not None

    def view(self) -> View:
        """Return the index as it is of the library's present state."""
        view = self._view
        if view.version is not None and view.version == self._store.version():
            return view
        with self._lock:
            return self._caught_up()

    def search(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> list[tuple[int, float]]:
        """Return the nearest chunks to a vector of shape (dimension,): (chunk id, cosine similarity), best first.

        `allowed` restricts the search to these chunk ids. The similarities are right to about 1e-5.
        """
        view = self.view()
        found = view.search(vector, limit, allowed)
        if not view.exact and found.ids.size:
            ids, vectors = view.vectors(np.sort(found.ids), finely=True)
            found = nearest(ids, products(vectors, vector), limit)
        return list(zip(found.ids.tolist(), found.scores.tolist(), strict=True))

    @property
    def size(self) -> int:
        """Return how many chunks are in the index."""
        return self.view().size

    def similarities(self, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine similarity of these chunks to a vector of shape (dimension,).

        In a large library it is that of the vectors as bytes: right to a thousandth. A removed chunk is left out.
        """
        view = self.view()
        if view.dimension != vector.size or not len(ids):
            return {}
        found, vectors = view.vectors(np.unique(np.asarray(ids, dtype=np.int64)))
        return dict(zip(found.tolist(), products(vectors, vector).tolist(), strict=True))

    def background(self, vector: Vectors, allowed: Ids | None = None) -> tuple[float, float]:
        """Return mean and deviation of a vector's similarity to the collection, or to `allowed`."""
        return self.view().background(vector, allowed)

    def refresh(self) -> None:
        """Catch up with the store, and write the file where that is worth it."""
        with self._lock:
            self._caught_up(of_indexer=True)

    def problems(self) -> list[str]:
        """Return how the index, as it stands after catching up, differs from the embeddings in the database."""
        view = self.view()
        wanted, (held, _) = self._store.chunk_keys()[0], view.held()
        if not held.size:
            return ["the dense index is empty"] if wanted.size else []
        found = [f"chunk {i} is missing from the dense index" for i in np.setdiff1d(wanted, held)]
        found += [f"chunk {i} is in the dense index, but not in the database" for i in np.setdiff1d(held, wanted)]
        for segment in view.segments:
            for part in np.array_split(segment.members.present, segment.members.size // SAMPLE + 1):
                ids, vectors = self._store.embeddings(segment.members.ids[part])
                altered = ids[~segment.agrees(ids, vectors)] if ids.size else ids
                found += [f"the vector of chunk {i} in the dense index differs from the database" for i in altered]
        return found

    def discard(self) -> None:
        """Forget the index and its file; the next search makes both anew."""
        with self._lock:
            self._view, self._file_number = View(), None
            self._path.unlink(missing_ok=True)
            if self._store.vector_index is not None:
                self._store.vector_index.clear()

    def unload(self) -> None:
        """Let go of the memory; the file stays, and the next search reads it."""
        with self._lock:
            self._view, self._file_number = View(), None

    # -- everything below runs with the lock held

    def _caught_up(self, *, of_indexer: bool = False) -> View:
        version, identity = self._store.version(anew=True), self._store.identity()
        if version == self._view.version and not of_indexer:
            return self._view
        model = identity.model if identity else None
        if self._view.version is None:
            self._view = self._loaded()
        before = self._view if self._view.model == model else View()
        ids, keys, removed = self._difference(before)
        view = before.without(removed)
        view = View(version, model, view.segments, view.moments)
        index = self._store.vector_index
        if index and identity and self._is_kept_by_database(index, identity, view.size + ids.size):
            view = self._kept_by_database(index, view, identity, ids, keys, removed)
        elif (kept := self._kept_here(view, ids, keys, of_indexer=of_indexer)) is not None:
            view = kept
        else:
            self._view = View()  # another process has written a file meanwhile
            return self._caught_up(of_indexer=of_indexer)
        self._view = view
        self._store.version(anew=True)
        if self._store.identity() != identity:
            # The library went over to another model between two of these looks at it.
            self._view = View()
            return self._caught_up(of_indexer=of_indexer)
        return view

    def _difference(self, view: View) -> tuple[Ids, Keys, Ids]:
        """Return ids, ascending, and keys of chunks that the view lacks, and ids of those that it should not have."""
        changed = self._store.changed_chunks(view.version) if view.version is not None and view.segments else None
        wanted, keys = self._store.chunk_keys(changed)
        held, held_keys = view.held(changed)
        if not held.size:
            return wanted, keys, held
        # By id and content: a restored backup gives ids out again that the cache has seen with another text.
        near = np.minimum(np.searchsorted(held, wanted), held.size - 1)
        same = (held[near] == wanted) & (held_keys[near] == keys)
        return wanted[~same], keys[~same], np.setdiff1d(held, wanted[same], assume_unique=True)

    def _kept_here(self, view: View, ids: Ids, keys: Keys, *, of_indexer: bool) -> View | None:
        """Return the view with so many more chunks; `None` where there is a file that it knows nothing of."""
        if ids.size and self._is_kept_beside(view, ids.size):
            found, vectors = self._store.embeddings(ids)
            if found.size and (not view.segments or vectors.shape[1] == view.dimension):
                view = view.with_more(found, keys[np.searchsorted(ids, found)], vectors)
            ids, keys = ids[:0], keys[:0]
        if not self._is_to_be_written(view, ids.size, of_indexer=of_indexer):
            return view
        if self._file_number != (present := self._present_file()) and present is not None:
            return None
        return self._written(view, ids, keys)

    def _is_kept_by_database(self, index: VectorIndex, identity: EmbeddingIdentity, size: int) -> bool:
        """Return whether so many vectors are too many to be held in memory as they are, and short enough for it."""
        return size > FLAT_MOST and identity.dimension <= index.most_dimensions

    def _kept_by_database(
        self, index: VectorIndex, view: View, identity: EmbeddingIdentity, ids: Ids, keys: Keys, removed: Ids
    ) -> View:
        """Return the view with so many more chunks, whose nearest the database finds."""
        first = view.segments[0] if view.segments else None
        changed: Ids | None = np.union1d(self._not_kept, np.concatenate([ids, removed]))
        if isinstance(first, DatabaseSegment):
            segment, moments = first.with_more(ids, keys), view.moments
            if moments is not None and ids.size:
                moments = moments.plus(self._store.embeddings(ids)[1])
        else:
            changed = None  # nothing is known of what the database has
            ids, keys = together(view.held(), (ids, keys))
            segment = DatabaseSegment(self._store, index, Members(ids, keys), identity.dimension)
            moments = Moments.of(dense_clusters.sample_of(self._store, ids, SAMPLE), ids.size)
            self._file_number = remove_file(self._path)
        try:
            if changed is None or changed.size:
                index.keep(identity.model, identity.dimension, changed)
            self._not_kept = ids[:0]
        except (StorageError, StorageBusyError) as error:
            self._not_kept = ids if changed is None else changed
            _log.warning("new passages are found by words alone until the database takes their vectors: %s", error)
        return View(view.version, view.model, [segment], moments)

    def _is_kept_beside(self, view: View, more: int) -> bool:
        """Return whether so many more chunks are kept as they are, beside what is in clusters or in memory as a whole.

        Else they go into clusters, which is worth a new file.
        """
        size = view.size + more
        if view.segments and isinstance(view.segments[0], ClusteredSegment):
            return size - view.saved <= OVERDUE * size
        return size <= FLAT_MOST

    def _is_to_be_written(self, view: View, more: int, *, of_indexer: bool) -> bool:
        size = view.size + more
        if more or not size:
            return True
        if self._file_number is None:
            return is_worth_writing(size, 0, size, of_indexer=of_indexer)
        return is_worth_writing(size - view.saved, view.gone, size, of_indexer=of_indexer)

    def _written(self, view: View, ids: Ids, keys: Keys) -> View:
        """Return the view, with so many more chunks, as a segment of its own that is in the file, if one can be."""
        if not view.size + ids.size:
            self._path.unlink(missing_ok=True)
            self._file_number = None
            return View(view.version, view.model)
        if view.size + ids.size <= FLAT_MOST:
            return self._written_flat(view)
        made = self._enlarged(view, ids, keys) or self._made_anew(view, ids, keys)
        moments = made.moments
        arrays: dict[str, AnyArray] = {"total": moments.total, "outer": moments.outer.astype(np.float32)}
        header = {**self._header(view), "size": moments.size}

        def write(path: Path) -> None:
            dense_clusters.write_clusters(path, header, made.clusters, made.chunks, made.outside, arrays)

        try:
            write(self._path)
            return self._opened(self._path)
        except OSError as error:
            self._not_written(error)
        # Without a place of its own it lives as long as this process: what is mapped stays there when its name is gone.
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder) / "dense.index")
            return self._opened(Path(folder) / "dense.index")

    def _enlarged(self, view: View, ids: Ids, keys: Keys) -> dense_clusters.Clustered | None:
        """Return the view's clusters with so many more chunks in them; `None` where they do not fit these."""
        first, size = view.segments[0] if view.segments else None, view.size + ids.size
        if not isinstance(first, ClusteredSegment) or not dense_clusters.fits(dense_clusters.clusters_of(first), size):
            return None
        clusters, beside = dense_clusters.clusters_of(first), View(segments=view.segments[1:])
        more, outside = dense_clusters.assigned(self._store, clusters, *together(beside.held(), (ids, keys)))
        if outside.are_too_many(size):
            return None
        chunks = dense_clusters.enlarged(first, more)
        moments = view.moments
        if moments is None:
            moments = Moments.of(dense_clusters.sample_of(self._store, chunks.ids, SAMPLE), size)
        elif ids.size:
            moments = moments.plus(dense_clusters.sample_of(self._store, ids, SAMPLE))
        outside_segment = dense_clusters.as_they_are(self._store, outside, first.dimension)
        return dense_clusters.Clustered(clusters, chunks, outside_segment, moments)

    def _made_anew(self, view: View, ids: Ids, keys: Keys) -> dense_clusters.Clustered:
        """Return new clusters of all chunks of the view and so many more."""
        ids, keys = together(view.held(), (ids, keys))
        sample = dense_clusters.sample_of(self._store, ids, SAMPLE)
        clusters, moments = dense_clusters.made_for(self._store, ids), Moments.of(sample, ids.size)
        chunks, outside = dense_clusters.assigned(self._store, clusters, ids, keys)
        if outside.are_too_many(ids.size):
            # The sample did not tell how far the others reach.
            clusters = dense_clusters.widened(self._store, clusters, outside)
            chunks, outside = dense_clusters.assigned(self._store, clusters, ids, keys)
        clusters = dense_clusters.measured(clusters, chunks, sample)
        outside_segment = dense_clusters.as_they_are(self._store, outside, clusters.centres.shape[1])
        return dense_clusters.Clustered(clusters, chunks, outside_segment, moments)

    def _written_flat(self, view: View) -> View:
        ids, keys = view.held()
        found, vectors = view.vectors(ids) if view.exact else self._store.embeddings(ids)
        order = np.argsort(found)
        segment = FlatSegment.of(found[order], keys[np.searchsorted(ids, found[order])], vectors[order])
        arrays: dict[str, AnyArray] = {
            "ids": segment.members.ids,
            "keys": segment.members.keys,
            "vectors": segment.vectors,
        }
        try:
            write_arrays(self._path, self._header(view), arrays)
            self._file_number, segment.in_file = self._present_file(), True
        except OSError as error:
            self._not_written(error)
        return View(view.version, view.model, [segment])

    def _header(self, view: View) -> dict[str, str | None]:
        return {"library": self._store.library_uid, "version": view.version, "model": view.model}

    def _not_written(self, error: OSError) -> None:
        _log.warning("the dense index could not be written to %s (%s); search works without", self._path, error)

    def _present_file(self) -> int | None:
        try:
            return self._path.stat().st_ino
        except OSError:
            return None

    def _loaded(self) -> View:
        """Return what the file holds; when it is not whole or of another library, nothing."""
        try:
            return self._opened(self._path)
        except FileNotFoundError:
            self._file_number = None
            return View()
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            _log.warning("the dense index %s is removed (%s) and made anew from the database", self._path, error)
            self._file_number = remove_file(self._path)
            return View()

    def _opened(self, path: Path) -> View:
        file = open_arrays(path)
        header, arrays = file.header, file.arrays
        if header["library"] != self._store.library_uid:
            raise ValueError("made from another database")
        self._file_number = file.number
        if "vectors" in arrays:
            flat = FlatSegment.of(arrays["ids"], arrays["keys"], arrays["vectors"], in_file=True)
            return View(header["version"], header["model"], [flat])
        if "outside_ids" not in arrays:
            raise ValueError("of an earlier version")
        ids, keys, vectors = (arrays[f"outside_{name}"] for name in ("ids", "keys", "vectors"))
        outside = [FlatSegment.of(ids, keys, vectors, in_file=True)] if ids.size else []
        moments = Moments(header["size"], arrays["total"], arrays["outer"].astype(np.float64))
        return View(header["version"], header["model"], [ClusteredSegment(file), *outside], moments)
