"""The lexical index: a cache of which chunks hold which words. Losing or damaging its file loses nothing.

SQLite's full text weighs each chunk that holds any word of a question one by one, which takes seconds among a million.
The same BM25 is computed here over arrays, for all chunks at once, so that its mean and spread are exact as well. Only
phrases are left to the full text.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from knowledge.retrieval.array_file import is_worth_writing, open_arrays, remove_file, write_arrays
from knowledge.retrieval.dense_segments import Members, nearest
from knowledge.retrieval.postings import (
    FIELD_WEIGHTS,
    Postings,
    TermReader,
    Weighing,
    add_scores,
    chosen,
    length_norms,
    merged,
    nothing,
    read_texts,
)
from knowledge.storage.arrays import Ids, Scores
from knowledge.storage.library_protocols import LexicalMatches, LibraryStore

_log = logging.getLogger(__name__)

# In a library of this size a word that more than half of all chunks hold tells nothing, and is left out.
_LARGE = 10_000
# What is remembered of words and of phrases, whose chunks take some room; people type new ones for as long as it runs.
_MOST_WORDS, _MOST_PHRASES = 5_000, 200
_NO_KEYS = np.empty(0, dtype=np.uint64)
_NO_IDS = np.empty(0, dtype=np.int64)


class LexicalView:
    """The index of one state of the library. Never changed: any number of threads may search it."""

    def __init__(self, store: LibraryStore, version: str | None = None, segments: Sequence[Postings] = ()) -> None:
        self._store = store
        self.version, self.segments = version, tuple(segments)
        # What was asked of this state: terms of words (`None` for phrases), and the chunks that hold a phrase.
        self._terms: dict[str, int | None] = {}
        self._frequencies: dict[str, int] = {}
        self._phrases: dict[str, tuple[Ids, Scores]] = {}

    @cached_property
    def size(self) -> int:
        """Return how many chunks there are."""
        return sum(segment.members.size for segment in self.segments)

    @cached_property
    def _weighing(self) -> Weighing:
        return Weighing(self.size, max(1.0, sum(segment.words() for segment in self.segments) / max(1, self.size)))

    @cached_property
    def _norms(self) -> list[Scores]:
        return [length_norms(segment, self._weighing) for segment in self.segments]

    def _read(self, terms: Iterable[str]) -> dict[str, int | None]:
        """Return the term of each word; `None` for a phrase."""
        if len(self._terms) >= _MOST_WORDS:
            self._terms = {}  # other threads go on with the one before
        asked, known = list(terms), self._terms
        if not all(term in known for term in asked):
            reader = TermReader()
            known.update({term: reader.word(term) for term in asked if term not in known})
        return {term: known[term] for term in asked}

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many chunks each word or phrase occurs, in any grammatical form."""
        found: dict[str, int] = {}
        for term, word in self._read(terms).items():
            known = self._frequencies.get(term)
            if known is None:
                held = self._phrase(term)[0].size if word is None else sum(s.frequency(word) for s in self.segments)
                if len(self._frequencies) >= _MOST_WORDS:
                    self._frequencies = {}
                known = self._frequencies[term] = int(held)
            found[term] = known
        return found

    def search(self, terms: Sequence[str], limit: int, allowed: Ids | None = None) -> tuple[Ids, Scores, float, float]:
        """Return the best chunks that hold any of the words or phrases: ids and BM25, best first, both of shape (n,).

        Then mean and deviation of the scores of all chunks that may be found, those without a match counting as 0.
        """
        read = self._read(terms)
        known = self.frequencies(term for term, word in read.items() if word is not None)
        telling = [term for term, count in known.items() if self.size < _LARGE or 2 * count < self.size] or list(known)
        words = [(read[term], self._weighing.information(known[term])) for term in telling]
        phrases = [self._phrase(term) for term, word in read.items() if word is None]
        ids, scores, total, squares, size = [_NO_IDS], [np.empty(0, dtype=np.float32)], 0.0, 0.0, 0
        for segment, norms in zip(self.segments, self._norms, strict=True):
            found = np.zeros(segment.lengths.size, dtype=np.float32)
            for word, information in words:
                if word is not None:
                    add_scores(found, segment, word, norms, information)
            for phrase_ids, phrase_scores in phrases:
                places, here = segment.members.places(phrase_ids)
                found[places] += phrase_scores[here]
            if (mask := chosen(segment, allowed)) is not None:
                found = np.where(mask, found, np.float32(0))
            size += found.size if mask is None else int(mask.sum())
            total += float(found.sum(dtype=np.float64))
            squares += float(np.einsum("i,i->", found, found))  # in this thread alone, unlike `@`
            places = _best(found, limit)
            ids.append(segment.members.ids[places])
            scores.append(found[places])
        best = nearest(np.concatenate(ids), np.concatenate(scores), limit)
        mean = total / max(1, size)
        return best.ids, best.scores, mean, max(0.0, squares / max(1, size) - mean * mean) ** 0.5

    def _phrase(self, phrase: str) -> tuple[Ids, Scores]:
        """Return the chunks that hold words in this order: ids, ascending, and BM25."""
        if (known := self._phrases.get(phrase)) is not None:
            return known
        ids, scores = self._store.phrase_scores(phrase)
        here = np.zeros(ids.size, dtype=bool)
        for segment in self.segments:
            here |= segment.members.places(ids)[1]
        if len(self._phrases) >= _MOST_PHRASES:
            self._phrases = {}
        found = self._phrases[phrase] = ids[here], scores[here]
        return found


def _best(scores: Scores, limit: int) -> Ids:
    """Return the places of the best scores above 0; of equal ones at the limit any."""
    places = np.flatnonzero(scores)
    if places.size > 8 * limit:
        # All are not sorted to find few: a sample tells above which score there are enough.
        sample = np.sort(scores[places[:: max(1, places.size // 4096)]])
        least = sample[max(0, int(sample.size * (1 - 4 * limit / places.size)) - 1)]
        better = np.flatnonzero(scores > least)
        places = better if better.size >= limit else places
    if places.size > limit:
        # Those that equal the last one are kept: which of them comes first is told by their ids.
        last = np.partition(scores[places], places.size - limit)[places.size - limit]
        places = places[scores[places] >= last]
    return places


class LexicalIndex:
    """Search by words over every chunk, kept in step with the store by the difference."""

    def __init__(self, store: LibraryStore, path: Path, weights: Sequence[int] = FIELD_WEIGHTS) -> None:
        """Keep the index of a store in this file; `weights` are of words in titles, headings and texts."""
        self._store = store
        self._path = path
        self._weights = weights
        self._lock = threading.Lock()
        self._view = LexicalView(store)
        self._reader = TermReader()
        self._file_number: int | None = None  # of the file that the first segment is of

    @property
    def is_loaded(self) -> bool:
        """Return whether it is in memory."""
        return self._view.version is not None

    def view(self) -> LexicalView:
        """Return the index as it is of the library's present state."""
        view = self._view
        if view.version is not None and view.version == self._store.version():
            return view
        with self._lock:
            return self._caught_up()

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many chunks each word or phrase occurs, in any grammatical form."""
        return self.view().frequencies(list(terms))

    def search(self, terms: Sequence[str], limit: int, allowed: Ids | None = None) -> LexicalMatches:
        """Return chunks that hold any of the words or phrases, best first."""
        ids, scores, mean, deviation = self.view().search(terms, limit, allowed)
        return LexicalMatches(list(zip(ids.tolist(), scores.tolist(), strict=True)), mean, deviation)

    def refresh(self) -> None:
        """Catch up with the store, and write the file where that is worth it."""
        with self._lock:
            self._caught_up(of_indexer=True)

    def problems(self) -> list[str]:
        """Return how the index, as it stands after catching up, differs from the texts in the database."""
        view = self.view()
        texts = merged(read_texts(self._store.chunk_texts(), TermReader(), self._weights) or [nothing()])
        held = merged(view.segments or [nothing()])
        found = [
            f"chunk {i} is missing from the lexical index" for i in np.setdiff1d(texts.members.ids, held.members.ids)
        ]
        found += [
            f"chunk {i} is in the lexical index, but not in the database"
            for i in np.setdiff1d(held.members.ids, texts.members.ids)
        ]
        same = np.array_equal(held.terms, texts.terms) and np.array_equal(held.starts, texts.starts)
        if not found and not (same and held.counts.sum(dtype=np.int64) == texts.counts.sum(dtype=np.int64)):
            found.append("the lexical index holds other words than the chunks")
        return found

    def discard(self) -> None:
        """Forget the index and its file; the next search makes both anew."""
        with self._lock:
            self._view, self._file_number = LexicalView(self._store), None
            self._path.unlink(missing_ok=True)

    def unload(self) -> None:
        """Let go of the memory; the file stays, and the next search reads it."""
        with self._lock:
            self._view, self._file_number = LexicalView(self._store), None

    # -- everything below runs with the lock held

    def _caught_up(self, *, of_indexer: bool = False) -> LexicalView:
        version = self._store.version(anew=True)
        if version == self._view.version and not of_indexer:
            return self._view
        if self._view.version is None:
            self._view = self._loaded()
        before = self._view
        changed = self._store.changed_chunks(before.version) if before.version is not None else None
        # Without a first segment that is in a file everything is one of memory.
        segments = [] if changed is None else list(before.segments)
        if changed is not None and changed.size:
            segments = [segment.without(changed) for segment in segments]
        if changed is None or changed.size:
            segments += read_texts(self._store.chunk_texts(changed), self._reader, self._weights)
        segments = [segment for segment in segments if segment.members.size]
        kept = 1 if segments and self._file_number is not None and changed is not None else 0
        view = LexicalView(self._store, version, [*segments[:kept], *_fewer(segments[kept:])])
        first = view.segments[0].members if view.segments else None
        gone = first.ids.size - first.size if kept and first else 0
        unsaved = view.size - (first.size if kept and first else 0)
        if is_worth_writing(unsaved, gone, view.size, of_indexer=of_indexer) or not view.size:
            if self._file_number != (present := self._present_file()) and present is not None and changed is not None:
                self._view = LexicalView(self._store)  # another process has written one meanwhile
                return self._caught_up(of_indexer=of_indexer)
            view = self._written(view)
        self._view = view
        return view

    def _written(self, view: LexicalView) -> LexicalView:
        if not view.size:
            self._path.unlink(missing_ok=True)
            self._file_number = None
            return view
        whole = merged(view.segments)
        arrays = {"ids": whole.members.ids, **{name: getattr(whole, name) for name in Postings._fields[1:]}}
        header = {"library": self._store.library_uid, "version": view.version}
        try:
            write_arrays(self._path, header, arrays)
            return self._opened()
        except OSError as error:
            _log.warning("the lexical index could not be written to %s (%s); search works without", self._path, error)
        return LexicalView(self._store, view.version, [whole])

    def _present_file(self) -> int | None:
        try:
            return self._path.stat().st_ino
        except OSError:
            return None

    def _loaded(self) -> LexicalView:
        """Return what the file holds; when it is not whole or of another library, nothing."""
        try:
            return self._opened()
        except FileNotFoundError:
            self._file_number = None
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the lexical index %s is removed (%s) and made anew from the database", self._path, error)
            self._file_number = remove_file(self._path)
        return LexicalView(self._store)

    def _opened(self) -> LexicalView:
        file = open_arrays(self._path)
        if file.header["library"] != self._store.library_uid:
            raise ValueError("made from another database")
        arrays = file.arrays
        postings = Postings(Members(arrays["ids"], _NO_KEYS), *(arrays[name] for name in Postings._fields[1:]))
        self._file_number = file.number
        return LexicalView(self._store, file.header["version"], [postings])


def _fewer(segments: Sequence[Postings]) -> list[Postings]:
    """Return the segments with small ones merged, so that a search never looks at many."""
    kept: list[Postings] = []
    for segment in segments:
        kept.append(segment)
        while len(kept) > 1 and kept[-2].members.size <= 2 * kept[-1].members.size:
            kept[-2:] = [merged(kept[-2:])]
    return kept


class IndexedWords:
    """The words of a library: asked of the index where it knows, of the store for the rest."""

    def __init__(self, store: LibraryStore, lexical: LexicalIndex) -> None:
        self._store, self._lexical = store, lexical
        self.version, self.vocabulary, self.acronyms = store.version, store.vocabulary, store.acronyms
        self.holds_word, self.named, self.chunks = store.holds_word, store.named, store.chunks

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many chunks each word or phrase occurs, in any grammatical form."""
        return self._lexical.frequencies(terms)

    def lexical_search(self, terms: Sequence[str], limit: int) -> LexicalMatches:
        """Return chunks that hold any of the words or phrases, best first."""
        return self._lexical.search(terms, limit)

    def texts_since(self, version: str) -> list[str] | None:
        """Return what was written into the library since a version, a text a chunk; `None` where that is unknown."""
        changed = self._store.changed_chunks(version)
        return None if changed is None else [" ".join(texts) for _, *texts in self._store.chunk_texts(changed)]

    @property
    def size(self) -> int:
        """Return how many chunks searches can find."""
        return self._lexical.view().size
