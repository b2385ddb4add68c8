"""FAISS's search in clusters of vectors as bytes, over a file that is mapped into memory."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.storage.arrays import Scores, Vectors


def products(vectors: Vectors, vector: Vectors) -> Scores:
    """Return the inner products of vectors, shape (n, dimension), with one; in this thread alone.

    `@` shares the work among threads, which beside busy processes waits for the slowest of them.
    """
    return np.asarray(np.vecdot(vectors, vector), dtype=np.float32)


class Codebook(NamedTuple):
    """A scale of 256 steps for each dimension: the least value and the whole range, each of shape (dimension,)."""

    least: Vectors
    span: Vectors

    @classmethod
    def of(cls, least: Vectors, most: Vectors) -> "Codebook":
        """Return the scale from the least values to the most, each of shape (dimension,)."""
        return cls(least.astype(np.float32), np.maximum(most - least, 1e-6).astype(np.float32))

    def reaches(self, vectors: Vectors) -> npt.NDArray[np.bool_]:
        """Return which of the vectors lie within the range in every dimension, shape (n,)."""
        return np.asarray(((vectors >= self.least) & (vectors <= self.least + self.span)).all(axis=1))

    def encoded_finely(self, vectors: Vectors) -> npt.NDArray[np.uint8]:
        """Return vectors as two bytes a number, shape (n, 2 * dimension): those searched, then the rest.

        What lies beyond the range is cut off there; see `reaches`.
        """
        steps = np.clip((vectors - self.least) / self.span * 255, 0, 255)
        coarse = steps.astype(np.uint8)
        return np.concatenate([coarse, np.clip((steps - coarse) * 256, 0, 255).astype(np.uint8)], axis=1)

    @property
    def step(self) -> Vectors:
        """Return the distance from one step to the next of each dimension, shape (dimension,)."""
        return self.span / np.float32(255)

    @property
    def zero(self) -> Vectors:
        """Return what a byte of 0 stands for in each dimension, shape (dimension,)."""
        return np.asarray(self.least + self.step / 2, dtype=np.float32)

    def decoded(self, codes: npt.NDArray[np.uint8]) -> Vectors:
        """Return what bytes stand for, of the same shape."""
        decoded = codes.astype(np.float32)
        decoded *= self.step
        decoded += self.zero
        return decoded

    def decoded_finely(self, codes: npt.NDArray[np.uint8], fine: npt.NDArray[np.uint8]) -> Vectors:
        """Return what both bytes stand for, of the same shape as each: right to 1e-5 of the range, within it."""
        decoded = fine.astype(np.float32)
        decoded += np.float32(0.5)
        decoded /= np.float32(256)
        decoded += codes
        decoded *= self.step
        decoded += self.least
        return decoded


class MappedClusters:
    """Clusters as they lie in a file from `offset` (bytes) on: of each its vectors as bytes, then their places.

    Any number of threads may search.
    """

    def __init__(
        self, path: Path, offset: int, starts: npt.NDArray[np.int64], centres: Vectors, codebook: Codebook
    ) -> None:
        """Map the file. The n-th cluster, around the n-th centre, has the places from `starts[n]` to `starts[n + 1]`.

        Raises:
            RuntimeError: It cannot be mapped.
        """
        faiss = _faiss()
        count, dimension = centres.shape
        lists = faiss.OnDiskInvertedLists(count, dimension, str(path))
        lists.lists.clear()
        for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            place = offset + start * (dimension + 8)
            lists.lists.push_back(_with(faiss.OnDiskOneList(), size=end - start, capacity=end - start, offset=place))
        # It would start threads for each search, to touch what is in memory as a rule.
        _with(lists, read_only=True, totsize=path.stat().st_size, prefetch_nthread=0).do_mmap()
        # The scale of the bytes goes into the query, so that FAISS multiplies whole numbers: three times as quick.
        coarse = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(
            coarse, dimension, count, faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT, False
        )
        index.replace_invlists(lists)
        self._index = _with(index, ntotal=int(starts[-1]), is_trained=True)
        self._held = (coarse, lists)  # FAISS keeps no reference to these
        self._centres, self._step = centres, codebook.step

    def search(
        self, vector: Vectors, limit: int, probes: int, chosen: npt.NDArray[np.bool_] | None
    ) -> npt.NDArray[np.int64]:
        """Return the places nearest to a vector of shape (dimension,), in any order: right but for a thousandth.

        So many clusters are searched; `chosen` says which places may be found, shape (places,).
        """
        faiss = _faiss()
        parameters = faiss.SearchParametersIVF(nprobe=probes)
        if chosen is not None:
            bits = np.packbits(chosen, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # held, as its bits are, until the search is over
            parameters = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        likeness = products(self._centres, vector)
        nearest = np.arange(likeness.size) if probes >= likeness.size else np.argpartition(-likeness, probes)[:probes]
        scaled = vector * self._step
        query = np.rint(scaled * (127 / max(float(np.abs(scaled).max()), 1e-30))).astype(np.float32)
        keys, distances = nearest.astype(np.int64), np.ascontiguousarray(likeness[nearest])
        scores, places = np.empty(limit, dtype=np.float32), np.empty(limit, dtype=np.int64)
        # Its own wrapper for arrays takes no parameters.
        given = (faiss.swig_ptr(array) for array in (query, keys, distances, scores, places))
        at_query, at_keys, at_distances, at_scores, at_places = given
        self._index.search_preassigned_c(
            1, at_query, limit, at_keys, at_distances, at_scores, at_places, False, parameters
        )
        return places[places >= 0]


def _faiss() -> Any:  # noqa: ANN401
    """Return FAISS, whose own description of itself names half of what it has."""
    import faiss

    return faiss


def _with(made: Any, **values: object) -> Any:  # noqa: ANN401
    for name, value in values.items():
        setattr(made, name, value)
    return made
