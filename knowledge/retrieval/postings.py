"""Words and the chunks that hold them: how texts become terms, and segments of postings that BM25 is computed from.

A term is the 64-bit hash of a stem, so that a segment needs no table of strings and can be searched as it lies on disk.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import Stemmer

from knowledge.retrieval.dense_segments import Mask, Members
from knowledge.storage.arrays import Ids, Keys, Scores

_TOKEN = re.compile(r"[^\W_]+")
# Words that hang together without a space ("people's") are found as a whole too.
_JOINED = re.compile(r"[^\W_]+(?:['’_]+[^\W_]+)+")
# Of title, headings and text: a word in a title says more of what a chunk is about than one inside it.
FIELD_WEIGHTS = (2, 2, 1)
_MOST_COUNTED = 60_000
_MOST_REMEMBERED = 200_000
_BLOCK = 20_000
_AT_ONCE = 4_000_000

Counts = npt.NDArray[np.uint16]


class TermReader:
    """Turns texts into terms as SQLite's full text does: no accents, lower case, Porter's stems. For one thread."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("porter")
        self._known: dict[str, int] = {}

    def terms(self, text: str) -> list[int]:
        """Return the term of each word of a text, in order."""
        known = self._known
        found = []
        for word in _TOKEN.findall(_plain(text)):
            term = known.get(word)
            if term is None:
                if len(known) > _MOST_REMEMBERED:
                    known.clear()
                term = known[word] = _hash(self._stemmer.stemWord(word))
            found.append(term)
        return found

    def joined(self, text: str) -> list[int]:
        """Return a term for each run of words of a text that hang together without a space."""
        if "'" not in text and "’" not in text and "_" not in text:
            return []
        return [self.as_one(run) for run in _JOINED.findall(_plain(text))]

    def word(self, term: str) -> int | None:
        """Return the term of a word of a query, or of words that hang together; `None` for a phrase."""
        plain = _plain(term)
        return self.as_one(plain) if _TOKEN.fullmatch(plain) or _JOINED.fullmatch(plain) else None

    def as_one(self, run: str) -> int:
        """Return the term of words that hang together without a space, or of one word."""
        return _hash(" ".join(self._stemmer.stemWord(word) for word in _TOKEN.findall(_plain(run))))


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.lower()


def _hash(stem: str) -> int:
    return int.from_bytes(hashlib.blake2b(stem.encode(), digest_size=8).digest(), "little")


class Postings(NamedTuple):
    """A segment: which of its chunks hold which terms.

    `members` are its chunks by place and `lengths` how many words each has. The n-th of `terms`, which ascend, stands
    in the places `places[starts[n]:starts[n + 1]]`, with the weighted `counts` beside them.
    """

    members: Members
    lengths: npt.NDArray[np.int32]
    terms: Keys
    starts: npt.NDArray[np.int64]
    places: npt.NDArray[np.int32]
    counts: Counts

    def holding(self, term: int) -> tuple[npt.NDArray[np.int32], Counts]:
        """Return the places of chunks that hold a term, gone ones too, and how often they do."""
        near = int(np.searchsorted(self.terms, np.uint64(term)))
        if near == self.terms.size or int(self.terms[near]) != term:
            return self.places[:0], self.counts[:0]
        part = slice(int(self.starts[near]), int(self.starts[near + 1]))
        return self.places[part], self.counts[part]

    def frequency(self, term: int) -> int:
        """Return how many chunks that are not gone hold a term."""
        places, _ = self.holding(term)
        gone = self.members.gone
        return int(places.size if gone is None else places.size - gone[places].sum())

    def words(self) -> int:
        """Return how many words the chunks have that are not gone."""
        gone = self.members.gone
        return int(self.lengths.sum() if gone is None else self.lengths[~gone].sum())

    def without(self, ids: Ids) -> "Postings":
        """Return the segment without these chunks."""
        return self._replace(members=self.members.without(ids))


def nothing() -> Postings:
    """Return a segment of no chunks."""
    return _read_block([], TermReader())


def read_texts(
    texts: Iterable[tuple[int, str, str, str]], reader: TermReader, weights: Sequence[int] = FIELD_WEIGHTS
) -> list[Postings]:
    """Return segments of texts: of id, title, headings and text of each chunk, in order of ids."""
    segments = []
    block: list[tuple[int, str, str, str]] = []
    for text in texts:
        block.append(text)
        if len(block) == _BLOCK:
            segments.append(_read_block(block, reader, weights))
            block = []
    return [*segments, _read_block(block, reader, weights)] if block else segments


def _read_block(
    block: Sequence[tuple[int, str, str, str]], reader: TermReader, weights: Sequence[int] = FIELD_WEIGHTS
) -> Postings:
    terms: list[int] = []
    counts: list[int] = []
    sizes, lengths = [], []
    for _, *parts in block:
        held: dict[int, int] = {}
        length = 0
        for part, weight in zip(parts, weights, strict=True):
            if part:
                found = reader.terms(part)
                length += len(found)
                for term in [*found, *reader.joined(part)]:
                    held[term] = held.get(term, 0) + weight
        terms += held
        counts += held.values()
        sizes.append(len(held))
        lengths.append(length)
    every = np.array(terms, dtype=np.uint64)
    order = np.argsort(every, kind="stable")
    every = every[order]
    firsts = np.flatnonzero(np.concatenate([[True], every[1:] != every[:-1]])) if every.size else np.empty(0, np.int64)
    places = np.repeat(np.arange(len(block), dtype=np.int32), sizes)[order]
    ids = np.array([row[0] for row in block], dtype=np.int64)
    return Postings(
        Members(ids, np.empty(0, dtype=np.uint64)),
        np.array(lengths, dtype=np.int32),
        every[firsts],
        np.concatenate([firsts, [every.size]]).astype(np.int64),
        places,
        np.minimum(np.array(counts, dtype=np.int64), _MOST_COUNTED).astype(np.uint16)[order],
    )


def merged(segments: Sequence[Postings]) -> Postings:
    """Return several segments as one, without what is gone."""
    segments = [_compact(segment) for segment in segments]
    if len(segments) == 1:
        return segments[0]
    terms = np.unique(np.concatenate([segment.terms for segment in segments]))
    numbers = [np.searchsorted(terms, segment.terms) for segment in segments]
    sizes = np.zeros(terms.size, dtype=np.int64)
    for segment, own in zip(segments, numbers, strict=True):
        sizes[own] += np.diff(segment.starts)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    places = np.empty(int(starts[-1]), dtype=np.int32)
    counts = np.empty(int(starts[-1]), dtype=np.uint16)
    filled = starts[:-1].copy()
    before = 0
    for segment, own in zip(segments, numbers, strict=True):
        for part in np.array_split(np.arange(own.size), segment.places.size // _AT_ONCE + 1):
            if part.size:
                own_starts = segment.starts[part[0] : part[-1] + 2]
                first, last = int(own_starts[0]), int(own_starts[-1])
                own_sizes = np.diff(own_starts)
                # Where each posting goes: behind those that its term has from earlier segments, in its own order.
                goes = np.repeat(filled[own[part]] - own_starts[:-1], own_sizes) + np.arange(first, last)
                places[goes] = segment.places[first:last] + np.int32(before)
                counts[goes] = segment.counts[first:last]
                filled[own[part]] += own_sizes
        before += segment.lengths.size
    ids = np.concatenate([segment.members.ids for segment in segments])
    lengths = np.concatenate([segment.lengths for segment in segments])
    return Postings(Members(ids, np.empty(0, dtype=np.uint64)), lengths, terms, starts, places, counts)


def _compact(segment: Postings) -> Postings:
    """Return a segment without what is gone."""
    gone = segment.members.gone
    if gone is None:
        return segment
    kept = ~gone[segment.places]
    sums = np.concatenate([[0], np.cumsum(kept)])
    sizes = np.diff(sums[segment.starts])
    held = sizes > 0
    renumbered = np.cumsum(~gone, dtype=np.int32) - np.int32(1)
    return Postings(
        Members(segment.members.ids[~gone], np.empty(0, dtype=np.uint64)),
        segment.lengths[~gone],
        segment.terms[held],
        np.concatenate([[0], np.cumsum(sizes[held])]),
        renumbered[segment.places[kept]],
        segment.counts[kept],
    )


class Weighing(NamedTuple):
    """The size of a collection as BM25 needs it: how many chunks there are, and how many words they have on average."""

    size: int
    mean_length: float

    def information(self, frequency: int) -> float:
        """Return what a term tells that so many chunks hold; as FTS5 does, never nothing at all."""
        return max(1e-6, float(np.log((self.size - frequency + 0.5) / (frequency + 0.5))))


_K1, _B = 1.2, 0.75


def length_norms(segment: Postings, weighing: Weighing) -> Scores:
    """Return what BM25 adds to a word's count in each of a segment's chunks for its length, shape (chunks,)."""
    norms = segment.lengths * np.float32(_K1 * _B / weighing.mean_length)
    norms += np.float32(_K1 * (1 - _B))
    return norms


def add_scores(scores: Scores, segment: Postings, term: int, norms: Scores, information: float) -> None:
    """Add what a term is worth to the scores of a segment's chunks, shape (chunks,), as FTS5's BM25 does."""
    places, counts = segment.holding(term)
    if places.size:
        often = counts.astype(np.float32)
        worth = norms[places]
        worth += often
        np.divide(often, worth, out=worth)
        worth *= np.float32(information * (_K1 + 1))
        scores[places] += worth


def chosen(segment: Postings, allowed: Ids | None) -> Mask | None:
    """Return which of a segment's chunks may be found, shape (chunks,); `None` where all may."""
    if allowed is None:
        return None if segment.members.gone is None else ~segment.members.gone
    mask = np.zeros(segment.lengths.size, dtype=bool)
    mask[segment.members.places(allowed)[0]] = True
    return mask
