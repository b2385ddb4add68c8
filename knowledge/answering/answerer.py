"""From a question to its answer: search, candidates, the gate, and what the evidence allows."""

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from knowledge.answering.candidates import CandidateFinder
from knowledge.answering.cautions import caution_evidence
from knowledge.answering.conversation.evidence import found_for, vector_for
from knowledge.answering.conversation.understanding import Reading
from knowledge.answering.definitions import asked_acronym, definition
from knowledge.answering.evidence import DEFAULT, Thresholds, judge
from knowledge.answering.extractive import Evidence, answer_from, nearest_documents, quoted_answer
from knowledge.answering.names import Named, named_things
from knowledge.answering.parts import points_back, question_parts
from knowledge.answering.subject import subject_finder
from knowledge.library import Library
from knowledge.retrieval.fusion import information
from knowledge.retrieval.query import Query
from knowledge.storage.arrays import Vectors
from knowledge.types import Answer

# The chunks whose sentences are considered. Deeper ones are seldom quoted, and each costs time.
_CHUNKS_READ = 10


# How much the whole question says of where a part is answered that points back at an earlier one.
_WHOLE_SHARE = 0.5
_WHOLE_INFORMATION = 0.3


class Answerer:
    """Answers questions from one library. Safe to use from several threads."""

    def __init__(self, library: Library, thresholds: Thresholds = DEFAULT) -> None:
        self._library = library
        self._thresholds = thresholds
        self._candidates = CandidateFinder(library.embedder)

    def answer(self, reading: Reading) -> Answer:
        """The answer to a question as it was understood, with the milliseconds that its steps took."""
        timings = {"embed": 0.0, "search": 0.0, "answer": 0.0}
        if (acronym := asked_acronym(reading.text, self._library.store.acronyms)) is not None:
            explained = self.evidence(reading, timings)
            if sentences := definition(acronym, explained.chunks):
                answer = quoted_answer(reading.text, sentences, nearest_documents(explained.chunks))
                return _timed(answer, timings)
        found = self._warnings(reading, timings) or self._found(reading, timings)
        answer = _timed(answer_from(reading.text, found), timings)
        return answer.model_copy(update={"admitted": _admitted(found)})

    def _warnings(self, reading: Reading, timings: dict[str, float]) -> list[Evidence]:
        """What did not work, for a question that asks what to watch out for; none for any other."""
        started = time.perf_counter()
        warned = caution_evidence(self._library, self._candidates, reading, self._thresholds)
        _add(timings, "answer", started)
        return [warned] if warned is not None else []

    def _found(self, reading: Reading, timings: dict[str, float]) -> list[Evidence]:
        """What the library holds on a question, or on each of its parts."""
        # A follow-up was written out as one question; what it is about belongs to the whole.
        parts = question_parts(reading.text) if reading.understood is None else [reading.text]
        found = self._of_parts(reading, parts, timings) if len(parts) > 1 else []
        if all(part.verdict.refusal for part in found):
            # Asked as one; taken apart it may say nothing because it was one question after all.
            found = [self.evidence(reading, timings)]
        return found

    def evidence(self, reading: Reading, timings: dict[str, float] | None = None) -> Evidence:
        """What the library holds on one question, judged; adds to `timings` (milliseconds)."""
        started = time.perf_counter()
        query = self._library.searcher.read(reading.text)
        vector = vector_for(self._library, reading, query)
        _add(timings, "embed", started)
        return self._judged(reading, query, vector, {}, (), timings)

    def _of_parts(self, reading: Reading, parts: list[str], timings: dict[str, float]) -> list[Evidence]:
        """What the library holds on each part of a question. What the whole is about counts for each of them."""
        started = time.perf_counter()
        searcher = self._library.searcher
        whole = searcher.read(reading.text)
        context = dict.fromkeys(whole.terms, _WHOLE_INFORMATION)
        queries = [searcher.read(part) for part in parts]
        whole_vector, vectors = searcher.embed(whole), [searcher.embed(query) for query in queries]
        _add(timings, "embed", started)
        found: list[Evidence] = []
        names: Sequence[Named] = ()
        for part, query, own_vector in zip(parts, queries, vectors, strict=True):
            # The first part stands alone; a later one may go on with what the ones before it are about.
            goes_on = bool(found) and points_back(part)
            vector = own_vector + _WHOLE_SHARE * whole_vector if goes_on else own_vector
            vector /= np.linalg.norm(vector)
            evidence = self._judged(
                replace(reading, text=part),
                query,
                vector,
                context if goes_on else {},
                names if goes_on else (),
                timings,
            )
            names = names or evidence.named
            found.append(evidence)
        return found

    def _judged(
        self,
        reading: Reading,
        query: Query,
        vector: Vectors,
        context: dict[str, float],
        carried: Sequence[Named],
        timings: dict[str, float] | None,
    ) -> Evidence:
        """The evidence for a query; `context` has the shares that further terms count, `carried` further names."""
        library, started = self._library, time.perf_counter()
        found = found_for(library, reading, query, vector, _CHUNKS_READ)
        _add(timings, "search", started)
        started = time.perf_counter()
        chunks = [chunk for _, chunk in found]
        frequencies = library.store.document_frequencies([*query.terms, *context])
        known = information(frequencies, library.index.size)
        weights = {term: known[term] * share for term, share in context.items()}
        weights |= {term: known[term] for term in query.terms}
        named = named_things(query, [chunk.text for chunk in chunks])
        name_words = {word for name in named for keys in (name.keys, *name.other_names) for word in keys}
        topic = [term for term in query.terms if term.removesuffix("'s") not in name_words]
        topic_known = not topic or any(frequencies[term] for term in topic)
        candidates = self._candidates.candidates(query.meaning, vector, found, weights, query.names)
        candidates = [candidate for candidate in candidates if reading.allows(candidate.unit.text)]
        needed = named or list(carried)
        verdict = judge(
            candidates, needed, subject_finder(library.store), topic_known=topic_known, thresholds=self._thresholds
        )
        _add(timings, "answer", started)
        return Evidence(reading.text, " ".join(query.terms), verdict, chunks, candidates, tuple(named))


def _timed(answer: Answer, timings: dict[str, float]) -> Answer:
    return answer.model_copy(update={"timings_ms": {name: round(ms, 3) for name, ms in timings.items()}})


def _admitted(parts: Sequence[Evidence]) -> tuple[str, ...]:
    """The ids of the chunks that the gate let speak, strongest first; those of a question's parts in turn."""
    ranked = ([str(candidate.chunk.id) for candidate in part.verdict.eligible] for part in parts)
    in_turn = (chunk_id for ids in zip_longest(*ranked) for chunk_id in ids if chunk_id is not None)
    return tuple(dict.fromkeys(in_turn))


def _add(timings: dict[str, float] | None, step: str, started: float) -> None:
    """Add the milliseconds since a moment of the performance counter to a step."""
    if timings is not None:
        timings[step] += (time.perf_counter() - started) * 1000
