"""The front door: faces call this and nothing deeper."""

import copy
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Self, TypeVar

from knowledge.answering.answer_cache import AnswerCache, Known
from knowledge.answering.answer_kind import asks_for_people
from knowledge.answering.conversation.evidence import in_order
from knowledge.answering.conversation.memory import Conversations
from knowledge.answering.conversation.reading import Understood
from knowledge.answering.events import EVENTS_READ, asks_for_events, events_answer
from knowledge.answering.generation.startup import open_writer
from knowledge.answering.in_document import DocumentPassage, passage_around
from knowledge.answering.pipeline import AnswerPipeline
from knowledge.answering.safety import safety_reply
from knowledge.answering.smalltalk import small_talk
from knowledge.answering.stored import StoredAnswer, without_what_is_gone
from knowledge.dates import UK, utc_now
from knowledge.domain.library import Answer, Citation, Filters, SearchResponse
from knowledge.domain.vocabulary import FeedbackReason
from knowledge.errors import HalnError, QuestionError
from knowledge.insights.curated import CuratedAnswers
from knowledge.library import Library
from knowledge.question_reference import referenced
from knowledge.retrieval.query import check_query, well_formed
from knowledge.storage.arrays import Vectors

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Assistant:
    """Answers and searches over one library. Safe to use from several threads; faces with an event loop use one.

    Questions are kept in the library's question log, with a keyed hash of who asked; measuring turns that off with
    `log_questions`, and may answer with another `pipeline`.
    """

    def __init__(
        self,
        library: Library,
        *,
        log_questions: bool = True,
        pipeline: AnswerPipeline | None = None,
        now: Callable[[], datetime] = utc_now,
        reuse_answers: bool = True,
    ) -> None:
        """Answer over a library; `now` decides which events are still to come.

        An answer is given again while nothing has changed, unless `reuse_answers` is off: measuring wants each made.
        """
        self._library = library
        self._now = now
        self._log_questions = log_questions and library.settings.question_days > 0
        self._asker: str | None = None
        self.pipeline = pipeline or AnswerPipeline(library)
        self._conversations = Conversations(library)
        self._answers = AnswerCache() if reuse_answers else None
        self.curated = CuratedAnswers(library, now)
        self._writer = open_writer(library.settings, library.reader, library.embedder, library.spending)

    def of_member(self, member_id: str) -> Self:
        """Return the assistant as a member asks it: what is asked is theirs to see and to erase."""
        asked = copy.copy(self)
        asked._asker = member_id
        return asked

    def warm_up(self) -> None:
        """Load the model and the index now, so that the first question is as quick as the next.

        What has expired of the question log goes, too.
        """
        self._library.accelerator.load()
        self._library.searcher.search("anchor", 1)
        self._library.questions.purge()

    def search(self, query: str, top_k: int | None = None, filters: Filters | None = None) -> SearchResponse:
        """Return the best chunks for a query, the first ten ordered with the reader; by default as many as is set.

        Raises:
            QuestionError: The query is empty.
        """
        wanted = top_k or self._library.settings.top_k
        with self._library.store.one_state():
            return self._with_one_model(lambda: self.pipeline.search(query, wanted, filters))

    def ask(self, question: str, conversation: str | None = None) -> Answer:
        """Return one answer in which every sentence cites its evidence, or a refusal that says why and points on.

        `conversation` is any key that is one conversation's ("discord:thread:123"): a question is then understood with
        the ones before it.

        Raises:
            QuestionError: The question is empty.
        """
        started = time.perf_counter()
        with referenced(), self._library.store.one_state():
            answer = self._asked(well_formed(question), conversation, started)
            took = (time.perf_counter() - started) * 1000
            _log.info("a question was %s in %d ms", "answered" if answer.answered else "refused", took)
        return answer

    def _asked(self, question: str, conversation: str | None, started: float) -> Answer:
        text = check_query(question)
        if reply := safety_reply(text) or small_talk(text):
            return Answer(question=question, answered=True, text=reply, timings_ms={"total": _since(started)})
        if coming := self._coming_events(question):
            return self._kept(coming.model_copy(update={"timings_ms": {"total": _since(started)}}), conversation)
        understood = self._conversations.understood(question, conversation)
        answer = self._with_one_model(lambda: self._curated(understood) or self._known(question, understood))
        timings = {**answer.timings_ms, "total": _since(started)}
        answer = answer.model_copy(update={"timings_ms": timings, "asks_for_people": asks_for_people(question)})
        self._conversations.remember(conversation, understood, answer)
        return self._kept(answer, conversation)

    def _curated(self, understood: Understood) -> Answer | None:
        """Return what a person has written and checked for just this question; for no follow-up, which says less."""
        return None if understood.last is not None else self.curated.answer(understood.question)

    def _known(self, question: str, understood: Understood) -> Answer:
        """Return the answer as it was made before, where nothing has changed since; a follow-up hangs on others."""
        if self._answers is None or understood.last is not None or len(understood.readings) != 1:
            return self._answered(question, understood)

        def make() -> Known:
            answer = self._answered(question, understood)
            return Known(answer, self._vector(answer))

        known = self._answers.answer(question, self._state, make)
        if known.vector is not None:
            searcher = self._library.searcher
            searcher.keep_vector(searcher.read(known.answer.understood or known.answer.question), known.vector)
        return known.answer.model_copy(update={"question": question})

    def _state(self) -> tuple[object, ...]:
        """Return all that an answer depends on at present, beside its question."""
        library = self._library
        return library.store.version(anew=True), library.embedder.name, library.reader.name, library.reader_problem

    def _answered(self, question: str, understood: Understood) -> Answer:
        """Return the answer to the first reading that has one, else the refusal of the first."""
        tried: list[Answer] = []
        for reading in in_order(self._library, understood):
            answer = self.pipeline.answer(reading)
            tried.append(answer.model_copy(update={"question": question, "understood": reading.understood}))
            if answer.answered:
                break
        return tried[-1] if tried[-1].answered else tried[0]

    def _with_one_model(self, work: Callable[[], _T]) -> _T:
        """Do work in which vectors are compared; again where the library went over to another model meanwhile."""
        while True:
            model = self._library.embedder.name
            try:
                result = work()
            except Exception:  # whatever two models' vectors lead to
                if self._present_model() == model:
                    raise
                continue
            if self._present_model() == model:
                return result

    def _present_model(self) -> str:
        self._library.store.version(anew=True)
        return self._library.embedder.name

    def _coming_events(self, question: str) -> Answer | None:
        """Return what the calendar says to "what's on next?"; `None` for any other question, and without a calendar."""
        today = self._now().astimezone(UK).date()
        if not asks_for_events(question, today):
            return None
        return events_answer(question, self._library.store.upcoming(self._now(), EVENTS_READ), today)

    @property
    def writes(self) -> bool:
        """Return whether the operator has a language model that puts answers into words."""
        return self._writer is not None

    def written(self, answer: Answer) -> Answer | None:
        """Return the answer in the words of the operator's language model, each sentence checked against what it cites.

        `None` where there is no such model, where it fails or is slow, or where nothing it writes holds: then the
        answer stands as it is. Blocks for up to `HALN_LLM_SECONDS`; a face shows `answer` first, and this in its place.
        """
        if self._writer is None or answer.curated is not None:
            return None
        store = self._library.store
        admitted = [int(chunk_id) for chunk_id in answer.admitted]
        chunks = store.chunks(admitted)
        found = [chunks[chunk_id] for chunk_id in admitted if chunk_id in chunks]
        better = self._writer.write(answer.understood or answer.question, found, answer)
        if better is None:
            return None
        cited = {int(citation.chunk_id) for citation in better.citations}
        if store.chunks(cited).keys() != cited:
            return None  # what was removed while the model wrote is in no answer
        if answer.question_id is not None:
            try:
                self._library.questions.replace(answer.question_id, better)
            except HalnError as error:
                _log.warning("a written answer could not be logged: %s", error)
        return better

    def passage_in_document(self, citation: Citation) -> DocumentPassage | None:
        """Return a cited passage with what stands around it in its document.

        `None` where the document does not hold it any more, or holds nothing else.
        """
        return passage_around(citation, self._library.store)

    def stored_answer(self, question_id: str) -> StoredAnswer | None:
        """Return an answer given before, without anything that the library no longer holds.

        `None` if it is not kept.
        """
        logged = self._library.questions.logged(question_id)
        if logged is None:
            return None
        answer, changed = without_what_is_gone(logged.answer, self._library.store)
        return StoredAnswer(
            question_id=logged.id, asked_at=logged.asked_at, answer=answer, changed=changed or logged.withdrawn
        )

    def feedback(self, question_id: str, voter: str, *, helpful: bool, reason: FeedbackReason | None = None) -> bool:
        """Note whether an answer helped; a voter's later word replaces the earlier. False if it is not kept any more.

        `voter` is any key that is one person's; only a keyed hash of it is kept.

        Raises:
            QuestionError: A reason was given with "helpful".
        """
        if helpful and reason is not None:
            raise QuestionError("Only an answer that did not help has a reason. Leave the reason out.")
        return self._library.questions.vote(question_id, voter, helpful=helpful, reason=reason)

    def takes_part(self, conversation: str, person: str) -> None:
        """Note whose a conversation is, so that they can have it forgotten; only keyed hashes are kept."""
        try:
            self._library.late_writes.write(
                lambda: self._library.questions.takes_part(conversation, person),
                "whose a conversation is could not be noted",
            )
        except HalnError as error:
            # Whoever asks gets their answer all the same.
            _log.warning("whose a conversation is could not be noted: %s", error)

    def forget(self, conversation: str) -> bool:
        """Forget a conversation's turns now rather than when they expire; whether there were any."""
        return self._library.questions.forget(conversation)

    def _kept(self, answer: Answer, conversation: str | None) -> Answer:
        """Return the answer with its id in the question log."""
        if not self._log_questions:
            return answer
        try:
            questions, asker = self._library.questions, self._asker
            question_id, vector = questions.new_question_id(), self._vector(answer)

            logged = False

            def log() -> None:
                # Done anew where the database was held in the middle: what is in it already is not logged twice.
                nonlocal logged
                if not logged:
                    questions.log(answer, conversation, asker, question_id)
                    logged = True
                if vector is not None:
                    self._library.insights.save_vector(question_id, *vector)

            self._library.late_writes.write(log, "a question could not be logged")
            return answer.model_copy(update={"question_id": question_id})
        except HalnError as error:
            # Whoever asked gets the answer all the same.
            _log.warning("a question could not be logged: %s", error)
            return answer

    def _vector(self, answer: Answer) -> tuple[str, Vectors] | None:
        """Return the model and vector that a question was searched with, if it was: making it anew costs too much."""
        searcher = self._library.searcher
        return searcher.embedded_lately(searcher.read(answer.understood or answer.question))


def _since(moment: float) -> float:
    """Return milliseconds since a moment of the performance counter."""
    return round((time.perf_counter() - moment) * 1000, 3)
