"""The front door: faces call this and nothing deeper."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from knowledge.answering.candidates import CandidateFinder
from knowledge.answering.definitions import asked_acronym, definition
from knowledge.answering.events import asks_for_events, fitting_events
from knowledge.answering.evidence import judge
from knowledge.answering.extractive import answer_from, nearest_documents, quoted_answer
from knowledge.answering.names import named_things
from knowledge.answering.smalltalk import small_talk
from knowledge.answering.subject import subject_finder
from knowledge.answering.wording import NOTHING_ON, refusal_text
from knowledge.library import Library
from knowledge.retrieval.fusion import information
from knowledge.retrieval.search import check_query, well_formed
from knowledge.types import Answer, Filters, SearchResponse

# The chunks whose sentences are considered. Deeper ones are seldom quoted, and each costs time.
_CHUNKS_READ = 10
# Coming events among which those that fit a question's topic are sought.
_EVENTS_READ = 50


def _now() -> datetime:
    return datetime.now(UTC)


class Assistant:
    """Answers and searches over one library. Safe to use from several threads; faces with an event loop use one."""

    def __init__(self, library: Library, now: Callable[[], datetime] = _now) -> None:
        """Answer over a library; `now` decides which events are still to come."""
        self._library = library
        self._now = now
        self._candidates = CandidateFinder(library.embedder)

    def warm_up(self) -> None:
        """Load the model and the index now, so that the first question is as quick as the next."""
        self._library.searcher.search("anchor", 1)

    def search(self, query: str, top_k: int | None = None, filters: Filters | None = None) -> SearchResponse:
        """The best chunks for a query; `top_k` from the settings when not given.

        Raises:
            QuestionError: The query is empty.
        """
        return self._library.searcher.search(query, top_k or self._library.settings.top_k, filters)

    def ask(self, question: str) -> Answer:
        """One answer in which every sentence cites its evidence, or a refusal that says why and points on.

        Raises:
            QuestionError: The question is empty.
        """
        question = well_formed(question)
        started = time.perf_counter()
        if reply := small_talk(check_query(question)):
            return Answer(question=question, answered=True, text=reply, timings_ms={"total": _since(started)})
        if coming := self._events(question):
            return coming.model_copy(update={"timings_ms": {"total": _since(started)}})
        searcher = self._library.searcher
        query = searcher.read(question)
        vector = searcher.embed(query)
        embedded = time.perf_counter()
        found = searcher.found(query, vector, _CHUNKS_READ)
        searched = time.perf_counter()
        chunks = [chunk for _, chunk in found]
        store = self._library.store
        acronym = asked_acronym(question, store.acronyms())
        if acronym is not None and (explained := definition(acronym, chunks)):
            answer = quoted_answer(question, explained, nearest_documents(chunks))
            return answer.model_copy(update={"timings_ms": _timings(started, embedded, searched)})
        frequencies = store.document_frequencies(query.terms)
        weights = information(frequencies, self._library.index.size)
        named = named_things(query, [chunk.text for chunk in chunks])
        name_words = {word for name in named for keys in (name.keys, *name.other_names) for word in keys}
        topic = [term for term in query.terms if term.removesuffix("'s") not in name_words]
        topic_known = not topic or any(frequencies[term] for term in topic)
        candidates = self._candidates.candidates(query.meaning, vector, found, weights, query.names)
        verdict = judge(candidates, named, subject_finder(store), topic_known=topic_known)
        answer = answer_from(question, verdict, chunks)
        return answer.model_copy(update={"timings_ms": _timings(started, embedded, searched)})

    def _events(self, question: str) -> Answer | None:
        """What the calendar says to "what's on next?"; `None` for any other question, and without a calendar."""
        if not asks_for_events(question):
            return None
        upcoming = self._library.store.upcoming(self._now(), _EVENTS_READ)
        if upcoming is None:
            return None
        if not upcoming:
            reason = NOTHING_ON
            return Answer(question=question, answered=False, text=refusal_text(reason, []), reason=reason)
        fitting = fitting_events(question, upcoming)
        return quoted_answer(question, fitting) if fitting else None


def _timings(started: float, embedded: float, searched: float) -> dict[str, float]:
    """Milliseconds of an answer's parts, from moments of the performance counter."""
    return {
        "embed": round((embedded - started) * 1000, 3),
        "search": round((searched - embedded) * 1000, 3),
        "answer": _since(searched),
        "total": _since(started),
    }


def _since(moment: float) -> float:
    """Milliseconds since a moment of the performance counter."""
    return round((time.perf_counter() - moment) * 1000, 3)
