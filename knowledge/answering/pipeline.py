"""From a question to its answer: search, read, judge, compose."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from knowledge.answering.answer_kind import asks_for_date
from knowledge.answering.citations import Quote, cited
from knowledge.answering.compose import MOST_WORDS, MOST_WORDS_OF_PARTS, Rule, compose_passage
from knowledge.answering.constraints import read_constraints
from knowledge.answering.conversation.evidence import vector_for
from knowledge.answering.conversation.reading import Reading
from knowledge.answering.disagreement import disagreeing
from knowledge.answering.evidence import Evidence
from knowledge.answering.gate import Decision, Verdict, judge
from knowledge.answering.parts import question_parts
from knowledge.answering.passage_reader import CHUNKS_READ, PassageReader
from knowledge.answering.refusals import nearest_documents, refused
from knowledge.answering.shapes import asked_acronym, compose_list, definition
from knowledge.answering.wording import DATES_DISAGREE, FIGURES_DISAGREE, WEAKER, answer_text, unanswered_parts
from knowledge.calibration.gate import GateCalibration, SentenceCalibration, gate_of
from knowledge.domain.library import Answer, Filters, SearchResponse
from knowledge.library import Library
from knowledge.retrieval.query import well_formed
from knowledge.retrieval.search import as_result
from knowledge.settings import NO_RERANKER


@dataclass(frozen=True)
class _Part:
    """A question, or one of the two or three that a question asks, with what was found and decided."""

    question: str
    evidence: Evidence
    verdict: Verdict
    listed: Sequence[Quote]

    @property
    def answered(self) -> bool:
        """Return whether there is an answer: a passage that the gate lets through, or documents of the asked kind."""
        return self.verdict.outcome is Decision.ANSWER or bool(self.listed)


class AnswerPipeline:
    """Answers questions from one library. Safe to use from several threads."""

    def __init__(
        self,
        library: Library,
        gate: GateCalibration | None = None,
        sentences: SentenceCalibration | None = None,
        without: Collection[Rule] = (),
    ) -> None:
        """Answer with these calibrations, by default those that come along; measuring leaves rules out."""
        self._library = library
        self._gate = gate
        self._without = frozenset(without)
        self._sentence_calibration = sentences
        self._reader = PassageReader(library, without)

    @property
    def gate(self) -> GateCalibration:
        """Return the calibration of the reader that reads."""
        return self._gate or gate_of(self._library.settings.data_dir, self._library.reader.name)

    @property
    def _sentences(self) -> SentenceCalibration:
        return self._sentence_calibration or SentenceCalibration.packaged()

    def answer(self, reading: Reading) -> Answer:
        """Return the answer to a question as it was understood, with the milliseconds that its steps took."""
        timings = {"embed": 0.0, "search": 0.0, "answer": 0.0}
        answer = self._defined(reading, timings) or self._answered(reading, timings)
        return answer.model_copy(update={"timings_ms": {name: round(ms, 3) for name, ms in timings.items()}})

    def search(self, text: str, top_k: int, filters: Filters | None = None) -> SearchResponse:
        """Return the `top_k` best chunks for a query, the first ones ordered by search and reader together.

        A reranker of the operator's own choice decides by itself.

        Raises:
            QuestionError: The query is empty.
        """
        searcher = self._library.searcher
        started = time.perf_counter()
        limit = max(top_k, CHUNKS_READ)
        query, vector, matched = searcher.read_embedded(well_formed(text), limit, filters)
        embedded = time.perf_counter()
        found = searcher.found(query, vector, limit, filters, matched=matched)
        by_reader = self._library.settings.reranker_model == NO_RERANKER
        ranked = (self._reader.ranked(query.meaning, found) if by_reader else found)[:top_k]
        finished = time.perf_counter()
        return SearchResponse(
            query=text,
            results=tuple(as_result(rank, hit, chunk) for rank, (hit, chunk) in enumerate(ranked, start=1)),
            timings_ms={
                "embed": round((embedded - started) * 1000, 3),
                "search": round((finished - embedded) * 1000, 3),
                "total": round((finished - started) * 1000, 3),
            },
        )

    def judged(self, reading: Reading, timings: dict[str, float] | None = None) -> tuple[Evidence, Verdict]:
        """Return what the library holds on one question, and what that is good for; adds to `timings` (ms)."""
        evidence = self.evidence(reading, self._is_enough, timings)
        started = time.perf_counter()
        # Not before something is read: only then it is known which reader reads.
        verdict = judge(evidence, self.gate)
        if timings is not None:
            timings["answer"] += (time.perf_counter() - started) * 1000
        return evidence, verdict

    def evidence(
        self,
        reading: Reading,
        enough: Callable[[Evidence], bool] = lambda _: False,
        timings: dict[str, float] | None = None,
    ) -> Evidence:
        """Return what the library holds on one question; adds to `timings` (ms).

        Half of the passages are read only where the first half is not `enough`; by default all are.
        """
        started = time.perf_counter()
        query = self._library.searcher.read(reading.text)
        vector = vector_for(self._library, reading, query)
        embedded = time.perf_counter()
        evidence = self._reader.evidence(reading, query, vector, read_constraints(reading.text), enough)
        if timings is not None:
            timings["embed"] += (embedded - started) * 1000
            timings["answer"] += (time.perf_counter() - embedded) * 1000
        return evidence

    def _is_enough(self, first: Evidence) -> bool:
        gate = self.gate
        return judge(first, gate).probability >= gate.sure

    def _defined(self, reading: Reading, timings: dict[str, float]) -> Answer | None:
        """Return what an acronym means, to a question that asks just that."""
        acronym = asked_acronym(reading.text, self._library.store.acronyms)
        if acronym is None or Rule.DEFINITIONS in self._without:
            return None
        evidence, verdict = self.judged(reading, timings)
        quote = definition(acronym, evidence.found)
        if quote is None:
            return None
        sentences, citations = cited([quote])
        return Answer(
            question=reading.text,
            answered=True,
            text=answer_text(sentences),
            sentences=sentences,
            citations=citations,
            nearest=nearest_documents(evidence.found),
            shape="definition",
            confidence=verdict.probability,
        )

    def _answered(self, reading: Reading, timings: dict[str, float]) -> Answer:
        # A follow-up was written out as one question; what it is about belongs to the whole.
        apart = reading.understood is None and Rule.PARTS not in self._without
        texts = question_parts(reading.text) if apart else [reading.text]
        parts = [self._part(replace(reading, text=text), timings) for text in texts]
        if len(parts) > 1 and not any(part.answered for part in parts):
            # Asked as one; taken apart it may say nothing because it was one question after all.
            parts = [self._part(reading, timings)]
        supported = [part for part in parts if part.answered]
        if not supported:
            best = max(parts, key=lambda part: part.verdict.probability)
            return refused(reading.text, best.evidence, best.verdict, self._sentences, self.gate)
        return self._composed(reading, parts, supported)

    def _part(self, reading: Reading, timings: dict[str, float]) -> _Part:
        evidence, verdict = self.judged(reading, timings)
        constraints = read_constraints(reading.text)
        lists = constraints.asks_for_documents and Rule.LISTS not in self._without
        # Without restrictions it is the gate's word that something answers; with them, that a document is of the kind.
        allowed = lists and (constraints.restrict or verdict.outcome is Decision.ANSWER)
        listed = compose_list(evidence, self.gate, constraints) if allowed else []
        return _Part(reading.text, evidence, verdict, listed)

    def _composed(self, reading: Reading, parts: Sequence[_Part], supported: Sequence[_Part]) -> Answer:
        most_words = MOST_WORDS if len(parts) == 1 else MOST_WORDS_OF_PARTS // len(parts)
        quotes: list[Quote] = []
        notes: list[str] = []
        shape = "passage"
        for part in supported:
            if part.listed:
                shape = "list"
                quotes += part.listed
                continue
            quotes += compose_passage(part.evidence, self._sentences, self.gate, most_words, self._without)
            if Rule.DISAGREEMENT in self._without:
                continue
            if (other := disagreeing(part.evidence, self.gate)) is not None:
                quotes = [*(q for q in quotes if q.chunk.id != other.chunk.id), other]
                notes.append(DATES_DISAGREE if asks_for_date(part.question) else FIGURES_DISAGREE)
        open_parts = [part.question for part in parts if not part.answered]
        notes += [said for said in (unanswered_parts(open_parts), self._weaker()) if said]
        sentences, citations = cited(quotes)
        note = " ".join(notes) or None
        return Answer(
            question=reading.text,
            answered=True,
            text=answer_text(sentences, note),
            sentences=sentences,
            citations=citations,
            nearest=nearest_documents([chunk for part in parts for chunk in part.evidence.found]),
            note=note,
            admitted=_admitted(supported),
            shape=shape,
            confidence=min(part.verdict.probability for part in supported),
        )

    def _weaker(self) -> str | None:
        return WEAKER if self._library.reader_problem else None


def _admitted(parts: Sequence[_Part]) -> tuple[str, ...]:
    """Return the ids of the chunks that may be written from, strongest first: each part's lead before the rest."""
    leads = [part.evidence.lead.chunk.id for part in parts if part.evidence.lead is not None]
    rest = [read.chunk.id for part in parts for read in part.evidence.chunks if read.answerable > 0]
    return tuple(str(chunk_id) for chunk_id in dict.fromkeys([*leads, *rest]))
