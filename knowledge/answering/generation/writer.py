"""Writes an answer with a language model, checks every sentence of it, and falls back to the quotes when in doubt."""

import logging
import threading
import time
from collections.abc import Sequence

from knowledge.answering.citations import cited_as
from knowledge.answering.generation.checks import CheckedSentence, SentenceChecker
from knowledge.answering.generation.client import ChatClient
from knowledge.answering.generation.limits import Breaker, Budget
from knowledge.answering.generation.prompt import MOST_SENTENCES, MOST_WORDS, messages
from knowledge.answering.generation.reply import Reply
from knowledge.answering.generation.response_format import drafts, response_format
from knowledge.answering.wording import DATES_DISAGREE, answer_text, written_note
from knowledge.domain.library import Answer, Chunk, Citation, Sentence
from knowledge.errors import HalnError

_log = logging.getLogger(__name__)
# The strongest passages; what is further down is seldom of use, and every one costs tokens.
_MOST_PASSAGES = 6
# Faces answer in a handful of threads, which waiting for a slow server must not use up.
_MOST_AT_ONCE = 2


class Writer:
    """One language model. Safe to use from several threads."""

    def __init__(
        self, model: str, client: ChatClient, checker: SentenceChecker, budget: Budget, breaker: Breaker
    ) -> None:
        self._model = model
        self._client = client
        self._checker = checker
        self._budget = budget
        self._breaker = breaker
        self._places = threading.BoundedSemaphore(_MOST_AT_ONCE)

    def write(self, question: str, found: Sequence[Chunk], extractive: Answer) -> Answer | None:
        """Return the answer in the model's words, made of the chunks found; `None` where the extractive one stands.

        Blocks for as long as a model may take. Why nothing was written is in the log, in one line without the question.
        """
        if not found or not _may_be_put_otherwise(extractive):
            return None
        if not self._checker.ready:
            _log.warning("an answer keeps to its quotes: without the trained reader no sentence can be checked")
            return None
        if not self._breaker.allows() or not self._places.acquire(blocking=False):
            return None
        try:
            return self._written(question, found[:_MOST_PASSAGES], extractive)
        except HalnError as error:
            _log.warning("an answer keeps to its quotes: %s", error)
            return None
        finally:
            self._places.release()

    def _written(self, question: str, passages: Sequence[Chunk], extractive: Answer) -> Answer | None:
        started = time.perf_counter()
        chat = messages(question, passages)
        form = response_format(len(passages))
        if (reserved := self._budget.reserve(chat, form)) is None:
            _log.warning("an answer keeps to its quotes: HALN_LLM_DAILY_TOKENS are used up until midnight UTC")
            return None
        reply = Reply()
        try:
            self._client.complete(chat, reply, form)
        except HalnError as error:
            pause = self._breaker.failed(error)
            later = f"; it is left alone for {pause:.0f} seconds" if pause else ""
            _log.warning("an answer keeps to its quotes: of the language model's server, %s%s", error, later)
            return None
        finally:
            reserved.settle(reply)
        self._breaker.worked()
        written = drafts(reply.text, cut_short=reply.full)
        checked = self._checker.checked(written, passages)
        if not checked:
            _log.warning(
                "an answer keeps to its quotes: no sentence that the model wrote is supported by what it cites"
            )
            return None
        answer = _answer(extractive, _shortened(checked), self._model)
        _log.info("a written answer keeps %d of %d sentences", len(answer.sentences), len(written))
        timings = {**extractive.timings_ms, "written": round((time.perf_counter() - started) * 1000, 3)}
        return answer.model_copy(update={"timings_ms": timings})


def _may_be_put_otherwise(extractive: Answer) -> bool:
    """Return whether there are quotes to put into words, and nothing said of them that a model would leave out.

    What is refused in part, or rests on sources that disagree, is best said as it stands.
    """
    disagree = any(sentence.text == DATES_DISAGREE for sentence in extractive.sentences)
    return extractive.answered and bool(extractive.citations) and extractive.note is None and not disagree


def _shortened(checked: Sequence[CheckedSentence]) -> list[CheckedSentence]:
    """Return the first sentences, each said once, within the length of an answer."""
    kept: list[CheckedSentence] = []
    length = 0
    for sentence in checked:
        size = len(sentence.text.split())
        if length + size > MOST_WORDS or len(kept) == MOST_SENTENCES:
            break
        if sentence.text.lower() not in {other.text.lower() for other in kept}:
            kept.append(sentence)
            length += size
    return kept


def _answer(extractive: Answer, checked: Sequence[CheckedSentence], model: str) -> Answer:
    """Return the sentences as an answer, their quotes numbered in the order in which they are cited."""
    citations: dict[tuple[int, str], Citation] = {}
    sentences: list[Sentence] = []
    for sentence in checked:
        numbers: list[int] = []
        for chunk, quote in sentence.support:
            if (chunk.id, quote) not in citations:
                citations[chunk.id, quote] = cited_as(len(citations) + 1, chunk, quote)
            numbers.append(citations[chunk.id, quote].n)
        sentences.append(Sentence(text=sentence.text, citations=tuple(numbers)))
    return extractive.model_copy(
        update={
            "text": answer_text(sentences, written_note(model)),
            "sentences": tuple(sentences),
            "citations": tuple(citations.values()),
            "written_by": model,
        }
    )
