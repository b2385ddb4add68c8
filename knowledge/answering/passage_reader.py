"""Finds chunks for a question and has them read: the evidence that the gate judges and answers are made of."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from knowledge.answering.compose import Rule
from knowledge.answering.constraints import Constraints, outcomes_of
from knowledge.answering.conversation.evidence import found_for
from knowledge.answering.conversation.reading import Reading
from knowledge.answering.evidence import Evidence, ReadChunk, ReadSentence, as_passage, mixed_order
from knowledge.domain.library import Chunk
from knowledge.language.names import find_names
from knowledge.language.sentences import split_units
from knowledge.language.words import stems, words
from knowledge.library import Library
from knowledge.retrieval.fusion import information
from knowledge.retrieval.query import Query
from knowledge.retrieval.ranking import Hit
from knowledge.storage.arrays import Vectors
from knowledge.storage.library_protocols import LibraryStore

_log = logging.getLogger(__name__)

CHUNKS_FOUND = 30
CHUNKS_READ = 20
# Read before the rest: most questions that have an answer have it there (docs/quality.md).
FIRST_READ = 8
# A document this short is about one thing, and says once what that is. A longer one goes from one thing to another:
# there only the chunk itself and its headings count.
_SHORT_DOCUMENT_CHUNKS = 6


class PassageReader:
    """Finds and reads passages of one library. Safe to use from several threads."""

    def __init__(self, library: Library, without: Collection[Rule] = ()) -> None:
        self._library = library
        self._without = frozenset(without)

    def evidence(
        self,
        reading: Reading,
        query: Query,
        vector: Vectors,
        constraints: Constraints,
        enough: Callable[[Evidence], bool],
    ) -> Evidence:
        """Return what the library holds on a question. The rest is read only where the first is not `enough`.

        `vector` is the query's, shape (dimension,).
        """
        if Rule.FILTERS in self._without:
            constraints = Constraints()
        found = self._found(reading, query, vector, constraints)
        subject = subject_finder(self._library.store, [chunk for _, chunk in found[:CHUNKS_READ]])
        read = self.read(query.meaning, found[:FIRST_READ], reading)
        evidence = self._evidence(reading, query, found, read, subject)
        all_of_them = constraints.restrict or Rule.EARLY_STOP in self._without
        if len(found) > FIRST_READ and (all_of_them or not enough(evidence)):
            read += self.read(query.meaning, found[FIRST_READ:CHUNKS_READ], reading)
            evidence = self._evidence(reading, query, found, read, subject)
        return evidence

    def read(
        self, question: str, found: Sequence[tuple[Hit, Chunk]], reading: Reading | None = None
    ) -> list[ReadChunk]:
        """Return the chunks as the reader reads them, in order; what a reading has shown before is left out."""
        cut = [(hit, chunk, split_units(chunk.text)) for hit, chunk in found]
        scores = self._library.reader.read(question, [as_passage(chunk, units) for _, chunk, units in cut])
        read = []
        for (hit, chunk, units), scored in zip(cut, scores, strict=True):
            sentences = tuple(
                ReadSentence(unit, score, span)
                for unit, score, span in zip(units, scored.sentences, scored.spans, strict=True)
                if reading is None or reading.allows(unit.text)
            )
            if sentences:
                read.append(ReadChunk(chunk, hit, scored.answerable, sentences))
        return read

    def ranked(self, question: str, found: Sequence[tuple[Hit, Chunk]]) -> list[tuple[Hit, Chunk]]:
        """Return what was found, the first ten ordered by search and reader together; the n-th keeps the n-th score."""
        read = self.read(question, found[:CHUNKS_READ])
        order = [one.chunk.id for one in mixed_order(read)]
        chunks = {chunk.id: (hit, chunk) for hit, chunk in found}
        first = [chunks[chunk_id] for chunk_id in order]
        rest = [(hit, chunk) for hit, chunk in found if chunk.id not in set(order)]
        return [
            (replace(hit, score=place.score), chunk)
            for (hit, chunk), (place, _) in zip([*first, *rest], found, strict=True)
        ]

    def _found(
        self, reading: Reading, query: Query, vector: Vectors, constraints: Constraints
    ) -> Sequence[tuple[Hit, Chunk]]:
        """Return chunks, best first; before all others those of documents that are what the question says of them."""
        everywhere = found_for(self._library, reading, query, vector, CHUNKS_FOUND)
        if reading.chunks is not None or not constraints.restrict:
            return everywhere
        outcomes = outcomes_of(constraints) or (None,)
        wanted = [
            hit
            for outcome in outcomes
            for hit in self._library.searcher.found(
                query, vector, CHUNKS_READ // 2, constraints.filters.model_copy(update={"outcome": outcome})
            )
        ]
        known = {hit.chunk_id for hit, _ in wanted}
        return [*wanted, *(found for found in everywhere if found[0].chunk_id not in known)]

    def _evidence(
        self,
        reading: Reading,
        query: Query,
        found: Sequence[tuple[Hit, Chunk]],
        read: Sequence[ReadChunk],
        subject: Callable[[Chunk], str],
    ) -> Evidence:
        library = self._library
        frequencies = library.lexical.frequencies(query.terms)
        weights = information(frequencies, library.index.size)
        chunks = tuple(mixed_order(read, by_search=Rule.SEARCH_SCORE not in self._without))
        return Evidence(
            question=query.meaning,
            sought=" ".join(query.terms),
            chunks=chunks,
            found=tuple(chunk for _, chunk in found),
            information=dict(zip(stems(list(weights)), weights.values(), strict=True)),
            same=[
                (frozenset(stems(words(long))), frozenset(stems([short.lower()])))
                for long, short in query.names.items()
            ],
            names=tuple(name for name in find_names(reading.text, library.words) if not name.wide),
            subjects={read.chunk.id: subject(read.chunk) for read in chunks},
        )


def subject_finder(store: LibraryStore, chunks: Sequence[Chunk]) -> Callable[[Chunk], str]:
    """Return a function from one of these chunks to everything by which it can be about something."""
    short = store.short_documents({chunk.document_id for chunk in chunks}, _SHORT_DOCUMENT_CHUNKS)

    def subject(chunk: Chunk) -> str:
        text = short.get(chunk.document_id) or chunk.text
        return " ".join([chunk.metadata.title, chunk.metadata.organisation or "", *chunk.heading_path, text])

    return subject
