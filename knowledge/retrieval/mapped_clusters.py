"""FAISS's search in clusters of vectors as bytes, over a file that is mapped into memory."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.storage.arrays import Scores, Vectors


class Codebook(NamedTuple):
    """A scale of 256 steps for each dimension: the least value and the whole range, each of shape (dimension,)."""

    least: Vectors
    span: Vectors

    def encoded(self, vectors: Vectors) -> npt.NDArray[np.uint8]:
        """Return vectors as bytes, of the same shape."""
        steps = (vectors - self.least) / self.span * 255
        return np.asarray(np.clip(steps, 0, 255), dtype=np.uint8)

    def decoded(self, codes: npt.NDArray[np.uint8]) -> Vectors:
        """Return what bytes stand for, of the same shape."""
        step = self.span / np.float32(255)
        decoded = codes.astype(np.float32)
        decoded *= step
        decoded += self.least + step / 2
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
        coarse = faiss.IndexFlatIP(dimension)
        coarse.add(np.ascontiguousarray(centres))
        index = faiss.IndexIVFScalarQuantizer(
            coarse, dimension, count, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
        )
        faiss.copy_array_to_vector(np.concatenate([codebook.least, codebook.span]), index.sq.trained)
        index.replace_invlists(lists)
        self._index = _with(index, ntotal=int(starts[-1]), is_trained=True)
        self._held = (coarse, lists)  # FAISS keeps no reference to these

    def search(
        self, vector: Vectors, limit: int, probes: int, chosen: npt.NDArray[np.bool_] | None
    ) -> tuple[npt.NDArray[np.int64], Scores]:
        """Return the places nearest to a vector of shape (dimension,), best first, and the inner products.

        So many clusters are searched; `chosen` says which places may be found, shape (places,).
        """
        faiss = _faiss()
        parameters = faiss.SearchParametersIVF(nprobe=probes)
        if chosen is not None:
            bits = np.packbits(chosen, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # held, as its bits are, until the search is over
            parameters = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        query = np.ascontiguousarray(vector[None, :], dtype=np.float32)
        scores, places = self._index.search(query, limit, params=parameters)
        here = places[0] >= 0
        return places[0][here], scores[0][here]


def _faiss() -> Any:  # noqa: ANN401
    """Return FAISS, whose own description of itself names half of what it has."""
    import faiss

    return faiss


def _with(made: Any, **values: object) -> Any:  # noqa: ANN401
    for name, value in values.items():
        setattr(made, name, value)
    return made
