"""The dense index: FAISS as a cache of the embeddings in the database. Losing or damaging its file loses nothing."""

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.models.pool import wait_passively
from knowledge.storage.arrays import Ids, Keys, Vectors
from knowledge.storage.library_protocols import LibraryStore

if TYPE_CHECKING:
    import faiss

_log = logging.getLogger(__name__)

_MAGIC = b"HALN-DENSE-2\n"
# A smaller difference is cheaper to catch up with at the next start than to write out now.
_WORTH_SAVING = 256
# The mean and spread of similarities need no more than this to be known to a hundredth.
_SAMPLE = 4096
# Seconds after which a file that is being written belongs to a writer that was killed.
_LEFT_BEHIND = 3600


class DenseIndex:
    """Exact inner-product search over every chunk's vector, kept in step with the store.

    The file holds a digest, a header (library, version, model), the chunk ids with their content's keys, and FAISS's
    bytes. A file of another library, cut short or altered is set aside and made anew from the database.

    A vector of another length than the library's was made by another model, in the moment in which the library went
    over to a new one: nothing is near it.
    """

    def __init__(self, store: LibraryStore, path: Path) -> None:
        wait_passively()  # before FAISS is loaded
        self._store = store
        self._path = path
        self._lock = threading.Lock()
        self._index: faiss.IndexIDMap2 | None = None
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._keys: Keys = np.empty(0, dtype=np.uint64)
        self._version: str | None = None
        self._model: str | None = None
        self._sample: Vectors | None = None

    def search(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> list[tuple[int, float]]:
        """Return the nearest chunks to a vector of shape (dimension,): (chunk id, cosine similarity), best first.

        `allowed` restricts the search to these chunk ids.
        """
        import faiss

        with self._lock:
            index = self._caught_up()
            if index is None or limit < 1 or index.d != vector.size:
                return []
            parameters = None
            if allowed is not None:
                if allowed.size == 0:
                    return []
                parameters = faiss.SearchParameters()
                selector = faiss.IDSelectorBatch(allowed)  # held until the search is over: FAISS keeps no reference
                parameters.sel = selector
            scores, ids = index.search(
                np.ascontiguousarray(vector[None, :], dtype=np.float32),
                min(limit, index.ntotal),
                params=parameters,
            )
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    @property
    def size(self) -> int:
        """Return how many chunks are in the index."""
        with self._lock:
            self._caught_up()
            return int(self._ids.size)

    def similarities(self, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine similarity of these chunks to a vector of shape (dimension,).

        A removed chunk is left out.
        """
        with self._lock:
            index = self._caught_up()
            wanted = np.intersect1d(np.asarray(ids, dtype=np.int64), self._ids)
            if index is None or wanted.size == 0 or index.d != vector.size:
                return {}
            scores = index.reconstruct_batch(wanted) @ vector
        return dict(zip(wanted.tolist(), scores.tolist(), strict=True))

    def background(self, vector: Vectors, allowed: Ids | None = None) -> tuple[float, float]:
        """Return mean and deviation of a vector's similarity to the collection, from an even sample of its chunks."""
        with self._lock:
            index = self._caught_up()
            if index is None or index.d != vector.size:
                return 0.0, 0.0
            if allowed is not None:
                sample = index.reconstruct_batch(_evenly(np.intersect1d(allowed, self._ids)))
            else:
                if self._sample is None:
                    self._sample = index.reconstruct_batch(_evenly(self._ids))
                sample = self._sample
        scores = sample @ vector
        return float(scores.mean()), float(scores.std())

    def refresh(self) -> None:
        """Catch up with the store and write the file if it is behind."""
        with self._lock:
            self._caught_up(save_at=1)

    def problems(self) -> list[str]:
        """Return how the index, as it stands after catching up, differs from the embeddings in the database."""
        with self._lock:
            index = self._caught_up()
            wanted = self._store.chunk_ids()
            if index is None:
                return ["the dense index is empty"] if wanted.size else []
            found = [f"chunk {i} is missing from the dense index" for i in np.setdiff1d(wanted, self._ids)]
            found += [
                f"chunk {i} is in the dense index, but not in the database" for i in np.setdiff1d(self._ids, wanted)
            ]
            ids, vectors = self._store.embeddings(np.intersect1d(wanted, self._ids))
            return found + [
                f"the vector of chunk {i} in the dense index differs from the database"
                for i, vector in zip(ids, vectors, strict=True)
                if not np.array_equal(index.reconstruct(int(i)), vector)
            ]

    def discard(self) -> None:
        """Forget the index and its file; the next search makes both anew."""
        with self._lock:
            self._index, self._version = None, None
            self._ids, self._keys = self._ids[:0], self._keys[:0]
            self._path.unlink(missing_ok=True)

    # -- everything below runs with the lock held

    def _caught_up(self, save_at: int = _WORTH_SAVING) -> "faiss.IndexIDMap2 | None":
        import faiss

        version = self._store.version()
        if version == self._version:
            return self._index
        if self._version is None:
            self._load()
            if version == self._version:
                return self._index
        ids, keys = self._store.chunk_keys()
        held = dict(zip(self._ids.tolist(), self._keys.tolist(), strict=True))
        wanted = dict(zip(ids.tolist(), keys.tolist(), strict=True))
        # By id and content: a restored backup gives ids out again that the cache has seen with another text.
        added = np.array([i for i, key in wanted.items() if held.get(i) != key], dtype=np.int64)
        removed = np.array([i for i, key in held.items() if wanted.get(i) != key], dtype=np.int64)
        identity = self._store.identity()
        model = identity.model if identity else None
        if self._index is not None and (ids.size == 0 or model != self._model):
            self._index, added, removed = None, ids, removed[:0]
        self._model = model
        if removed.size and self._index is not None:
            self._index.remove_ids(faiss.IDSelectorBatch(removed))
        if added.size:
            self._add(added)
        self._ids, self._keys, self._sample, self._version = ids, keys, None, version
        if self._store.identity() != identity:
            # The library went over to another model between two of these looks at it.
            self._index, self._ids, self._keys = None, self._ids[:0], self._keys[:0]
            return self._caught_up(save_at)
        if added.size + removed.size >= save_at:
            self._save()
        return self._index

    def _add(self, added: Ids) -> None:
        import faiss

        ids, vectors = self._store.embeddings(added)
        if ids.size == 0:
            return
        if self._index is None:
            self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        if vectors.shape[1] != self._index.d:
            return  # the library went over to another model in this very moment; see the caller
        self._index.add_with_ids(np.ascontiguousarray(vectors), ids)

    def _load(self) -> None:
        """Read the file; when it is not whole or of another library, everything stays empty."""
        try:
            content = self._path.read_bytes()
            if not content.startswith(_MAGIC):
                raise ValueError("not a dense index")
            digest, rest = content[len(_MAGIC) :].split(b"\n", 1)
            if hashlib.blake2b(rest).hexdigest().encode() != digest:
                raise ValueError("cut short or altered")
            line, body = rest.split(b"\n", 1)
            header = json.loads(line)
            if header["library"] != self._store.library_uid:
                raise ValueError("made from another database")
            self._index, self._ids, self._keys = _unpacked(body, header["chunks"])
            self._version, self._model = header["version"], header.get("model")
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            _log.warning("the dense index %s is set aside (%s) and made anew from the database", self._path, error)

    def _save(self) -> None:
        import faiss

        if self._index is None:
            self._path.unlink(missing_ok=True)
            return
        header = {
            "library": self._store.library_uid,
            "version": self._version,
            "model": self._model,
            "chunks": int(self._ids.size),
        }
        body = self._ids.tobytes() + self._keys.tobytes() + faiss.serialize_index(self._index).tobytes()
        rest = json.dumps(header).encode() + b"\n" + body
        # A name of its own for each writer, then a rename: a reader sees the old file or the new one, never a part.
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            self._tidy()
            temporary.write_bytes(_MAGIC + hashlib.blake2b(rest).hexdigest().encode() + b"\n" + rest)
            temporary.replace(self._path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            _log.warning("the dense index could not be written to %s (%s); search works without", self._path, error)

    def _tidy(self) -> None:
        """Delete what writers that were killed left beside the file."""
        for left in self._path.parent.glob(f"{self._path.name}.*"):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink(missing_ok=True)


def _unpacked(body: bytes, chunks: int) -> "tuple[faiss.IndexIDMap2, Ids, Keys]":
    """Return the parts of a file's body: FAISS's index, the chunk ids in it and their keys."""
    import faiss

    ids = np.frombuffer(body, dtype=np.int64, count=chunks)
    keys = np.frombuffer(body, dtype=np.uint64, count=chunks, offset=8 * chunks)
    index = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8, offset=16 * chunks))
    if not isinstance(index, faiss.IndexIDMap2) or index.ntotal != chunks:
        raise ValueError("not the sort of index that is used here")
    return index, ids, keys


def _evenly(ids: Ids) -> Ids:
    """Return at most `_SAMPLE` of the ids, evenly spaced, so that the same library always gives the same sample."""
    if ids.size <= _SAMPLE:
        return ids
    return ids[np.linspace(0, ids.size - 1, _SAMPLE).astype(np.int64)]
