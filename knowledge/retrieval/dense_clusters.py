"""Makes and enlarges the clusters of a large library's dense index, in memory that does not grow with its vectors.

Up to `FLAT_MOST` chunks, vectors stay as they are. Beyond, they are bytes in clusters, of which a search reads so many
that of what is nearest to trial queries `_RECALL` would be found: that number is measured when they are made. HNSW
would be searched as quickly, but takes fifty times as long to make, holds its vectors and its graph in memory, and
cannot be read from where it lies on disk.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.retrieval.array_file import AnyArray, Blocks, write_arrays
from knowledge.retrieval.dense_segments import ClusteredSegment, FlatSegment, Places
from knowledge.retrieval.dense_view import Moments
from knowledge.retrieval.mapped_clusters import Codebook
from knowledge.storage.arrays import Ids, Keys, Vectors
from knowledge.storage.library_protocols import LibraryStore

FLAT_MOST = 4096
# Vectors for each cluster that its centre is found with, and at least so many for the scale of the bytes.
_FOR_EACH = 30
# More would be searched a little quicker, and take hours to make for a million chunks.
_MOST_CLUSTERS = 2048
_SAMPLE = 4096
_ROUNDS = 6
_AT_ONCE = 4096
_TRIALS = 128
_NEAREST = 10
# Of what is nearest to trial queries; of what is nearest to real questions as much is found, to a hundredth.
_RECALL = 0.98
_FEWEST_PROBES = 64
_BEYOND = 0.1
# Share of the chunks that may lie beyond the range of the bytes; with more, clusters are made anew, and a wider range.
_MOST_OUTSIDE = 0.01
_SEED = 17

Codes = npt.NDArray[np.uint8]


class Clusters(NamedTuple):
    """The centres, shape (clusters, dimension), the scale of bytes, how many to search, and for how many chunks."""

    centres: Vectors
    codebook: Codebook
    probes: int
    made_for: int


class Assigned(NamedTuple):
    """Chunks in any order: ids and keys, the number of each one's cluster, and a function from places to codes.

    Codes are of shape (places, 2 * dimension): the bytes that are searched, then the second byte of each number.
    """

    ids: Ids
    keys: Keys
    clusters: Places
    codes: Callable[[Places], Codes]


class Outside(NamedTuple):
    """Chunks whose vectors lie beyond the range of the bytes: they are kept as they are, beside the clusters."""

    ids: Ids
    keys: Keys

    def are_too_many(self, size: int) -> bool:
        """Return whether these are too many, among so many chunks, to be compared one by one in each search."""
        return self.ids.size > _MOST_OUTSIDE * size


class Clustered(NamedTuple):
    """The parts of a large library that are written, with those chunks that are kept as they are, and the moments."""

    clusters: Clusters
    chunks: Assigned
    outside: FlatSegment
    moments: Moments


def fits(clusters: Clusters, size: int) -> bool:
    """Return whether clusters made for another number of chunks are as good for this one."""
    return len(clusters.centres) > 1 and size <= 2 * clusters.made_for


def clusters_of(segment: ClusteredSegment) -> Clusters:
    """Return what a segment was made with."""
    return Clusters(segment.centres, segment.codebook, segment.probes, segment.file.header["made_for"])


def sample_of(store: LibraryStore, ids: Ids, size: int) -> Vectors:
    """Return vectors of so many of the chunks, evenly spaced, so that the same library gives the same sample."""
    if ids.size > size:
        ids = ids[np.linspace(0, ids.size - 1, size).astype(np.int64)]
    return store.embeddings(ids)[1]


def made_for(store: LibraryStore, ids: Ids) -> Clusters:
    """Return clusters for these chunks; how many of them to search is not known yet and is all."""
    count = min(_MOST_CLUSTERS, int(4 * ids.size**0.5))
    sample = sample_of(store, ids, max(_SAMPLE, _FOR_EACH * count))
    least, most = sample.min(axis=0), sample.max(axis=0)
    # What comes later may lie a little beyond the sample.
    beyond = _BEYOND * (most - least)
    codebook = Codebook.of(least - beyond, most + beyond)
    import faiss

    points = {"min_points_per_centroid": 1, "max_points_per_centroid": _FOR_EACH}
    kmeans = faiss.Kmeans(sample.shape[1], count, niter=_ROUNDS, spherical=True, seed=_SEED, **points)
    kmeans.train(np.ascontiguousarray(sample))
    return Clusters(np.asarray(kmeans.centroids, dtype=np.float32), codebook, count, int(ids.size))


def widened(store: LibraryStore, clusters: Clusters, outside: Outside) -> Clusters:
    """Return the clusters with a range of bytes that reaches these chunks as well."""
    least, most = clusters.codebook.least, clusters.codebook.least + clusters.codebook.span
    for start in range(0, outside.ids.size, _AT_ONCE):
        vectors = store.embeddings(outside.ids[start : start + _AT_ONCE])[1]
        if vectors.shape[1:] == least.shape:
            least, most = np.minimum(least, vectors.min(axis=0)), np.maximum(most, vectors.max(axis=0))
    return clusters._replace(codebook=Codebook.of(least, most))


def assigned(store: LibraryStore, clusters: Clusters, ids: Ids, keys: Keys) -> tuple[Assigned, Outside]:
    """Return chunks with their clusters and codes, and those that the bytes do not reach.

    A chunk that was removed in this very moment is left out.
    """
    dimension = clusters.centres.shape[1]
    codes = np.empty((ids.size, 2 * dimension), dtype=np.uint8)
    numbers = np.empty(ids.size, dtype=np.int64)
    here, outside = np.zeros(ids.size, dtype=bool), np.zeros(ids.size, dtype=bool)
    for start in range(0, ids.size, _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        found, vectors = store.embeddings(part)
        if not found.size:
            continue
        if vectors.shape[1] != dimension:
            break  # the library went over to another model in this very moment; whoever asked looks again
        places, reached = start + np.searchsorted(part, found), clusters.codebook.reaches(vectors)
        here[places], outside[places] = reached, ~reached
        codes[places] = clusters.codebook.encoded_finely(vectors)
        numbers[places] = np.argmax(vectors @ clusters.centres.T, axis=1)
    beyond = Outside(ids[outside], keys[outside])
    if here.all():
        return Assigned(ids, keys, numbers, lambda places: codes[places]), beyond
    kept = np.flatnonzero(here)
    return Assigned(ids[kept], keys[kept], numbers[kept], lambda places: codes[kept[places]]), beyond


def as_they_are(store: LibraryStore, outside: Outside, dimension: int) -> FlatSegment:
    """Return chunks with their vectors from the database; one that was removed in this very moment is left out."""
    order = np.argsort(outside.ids)
    ids, keys = outside.ids[order], outside.keys[order]
    found, vectors = store.embeddings(ids)
    if not found.size or vectors.shape[1] != dimension:  # the library went over to another model
        return FlatSegment.of(ids[:0], keys[:0], np.empty((0, dimension), dtype=np.float32))
    return FlatSegment.of(found, keys[np.searchsorted(ids, found)], vectors)


def measured(clusters: Clusters, chunks: Assigned, sample: Vectors) -> Clusters:
    """Return the clusters with the number of them that a search needs.

    Trial queries lie between two chunks of the sample and something by chance: as far off as questions are. Their
    nearest chunks are looked for everywhere; counted is how many clusters would have to be searched until those of
    nearly all of these are among them.
    """
    count = len(clusters.centres)
    chance = np.random.default_rng(_SEED)
    one, other = (sample[chance.integers(0, len(sample), _TRIALS)] for _ in range(2))
    noise = chance.normal(size=one.shape).astype(np.float32)
    queries = one + other + noise / np.linalg.norm(noise, axis=1, keepdims=True)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    best = np.full((_TRIALS, _NEAREST), -np.inf, dtype=np.float32)
    of = np.zeros((_TRIALS, _NEAREST), dtype=np.int64)
    for start in range(0, chunks.ids.size, _AT_ONCE):
        places = np.arange(start, min(start + _AT_ONCE, chunks.ids.size))
        scores = queries @ clusters.codebook.decoded(chunks.codes(places)[:, : sample.shape[1]]).T
        together = np.concatenate([best, scores], axis=1)
        numbers = np.concatenate([of, np.broadcast_to(chunks.clusters[places], scores.shape)], axis=1)
        kept = np.argpartition(-together, _NEAREST - 1, axis=1)[:, :_NEAREST]
        best, of = np.take_along_axis(together, kept, axis=1), np.take_along_axis(numbers, kept, axis=1)
    ranks = np.argsort(np.argsort(-(queries @ clusters.centres.T), axis=1), axis=1)
    needed = np.quantile(np.take_along_axis(ranks, of, axis=1) + 1, _RECALL)
    return clusters._replace(probes=min(count, max(_FEWEST_PROBES, int(np.ceil(needed)))))


def enlarged(segment: ClusteredSegment, more: Assigned) -> Assigned:
    """Return a segment's chunks that are not gone, and more of them."""
    kept = segment.members.present
    clusters = np.searchsorted(segment.starts, kept, side="right") - 1

    def codes(places: Places) -> Codes:
        old = places < kept.size
        rows = np.empty((places.size, 2 * segment.dimension), dtype=np.uint8)
        before = kept[places[old]]
        rows[old] = np.concatenate([segment.codes(before), segment.fine[before]], axis=1)
        rows[~old] = more.codes(places[~old] - kept.size)
        return rows

    return Assigned(
        np.concatenate([segment.members.ids[kept], more.ids]),
        np.concatenate([segment.members.keys[kept], more.keys]),
        np.concatenate([clusters, more.clusters]),
        codes,
    )


def write_clusters(
    path: Path,
    header: dict[str, Any],
    clusters: Clusters,
    chunks: Assigned,
    outside: FlatSegment,
    arrays: dict[str, AnyArray],
) -> None:
    """Write a segment, those of its chunks that are kept as they are, and what else is to be kept with it, to a file.

    Raises:
        OSError: It cannot be written.
    """
    order = np.argsort(chunks.clusters, kind="stable")
    sizes = np.bincount(chunks.clusters, minlength=len(clusters.centres))
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    dimension = clusters.centres.shape[1]

    def lists() -> Iterator[AnyArray]:
        for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            yield chunks.codes(order[start:end])[:, :dimension].reshape(-1)
            yield np.arange(start, end, dtype=np.int64).view(np.uint8)

    def fine() -> Iterator[AnyArray]:
        for start in range(0, order.size, _AT_ONCE):
            yield chunks.codes(order[start : start + _AT_ONCE])[:, dimension:]

    size = int(order.size * (dimension + 8))
    write_arrays(
        path,
        {**header, "probes": clusters.probes, "made_for": clusters.made_for},
        {
            "ids": chunks.ids[order],
            "keys": chunks.keys[order],
            "starts": starts,
            "centres": clusters.centres,
            "least": clusters.codebook.least,
            "span": clusters.codebook.span,
            "outside_ids": outside.members.ids,
            "outside_keys": outside.members.keys,
            "outside_vectors": outside.vectors,
            **arrays,
            "fine": Blocks("|u1", (order.size, dimension), fine()),
            "lists": Blocks("|u1", (size,), lists()),
        },
    )
