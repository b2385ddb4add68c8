"""Tells whoever waits for an answer once, when the library has one: checked by the gate that decides about answers.

Looked at whenever the library has changed: after each refresh, each example that is published, and each answer that a
moderator has written.
"""

from collections.abc import Callable
from datetime import datetime

from knowledge.assistant import Assistant
from knowledge.domain.library import Answer
from knowledge.domain.outbox import Message
from knowledge.errors import QuestionError
from knowledge.library import Library
from knowledge.servers.types import FollowAddress, FollowRequest

# The message that brings the answer; its data is the id of the question in the log.
KIND = "answer_found"
# Noted in the database: which state of the library was looked through already.
_FLAG = "waiting_looked_at"
_MOST_OF_AN_ADDRESS = 5


class FollowRequestCheck:
    """Looks at what is waited for, one question at a time, so that a face does not keep others from their turn.

    Several processes may look at once: whoever waits no more gets no second message.
    """

    def __init__(
        self, library: Library, assistant: Assistant, unlogged: Assistant, clock: Callable[[], datetime]
    ) -> None:
        """Look with the assistant as members ask it, and with one that leaves no trace in the question log."""
        self._library = library
        self._assistant, self._unlogged, self._clock = assistant, unlogged, clock
        self._requests = library.servers.follow_requests

    def changed(self) -> str | None:
        """Return the version of what answers, if nobody has looked at it yet: hand it to `looked` in the end."""
        version = " ".join(filter(None, (self._library.store.version(), self._library.curated.version())))
        return None if version == self._library.store.flag(_FLAG) else version

    def looked(self, version: str) -> None:
        """Note that a version of the library was looked at."""
        self._library.store.set_flag(_FLAG, version)

    def look_for(self, waiting: FollowRequest) -> bool:
        """Ask once more what somebody waits for; if it is answered now, queue that for them."""
        stored = self._assistant.stored_answer(waiting.question_id)
        if stored is None:  # the question has expired, and with it the reason to keep who waits
            self._requests.stop_waiting(waiting)
            return False
        question = stored.answer.understood or stored.answer.question
        try:
            # Most are not answered yet: asking so leaves no trace in the question log.
            if not self._unlogged.ask(question).answered:
                return False
            answer = self._asked_again(question, waiting)
        except QuestionError:
            return False
        message = Message(recipient=waiting.recipient, kind=KIND, data={"question_id": answer.question_id})
        return self._requests.answer_waiting(waiting, message, self._clock())

    def answer(self, question_id: str) -> Answer | None:
        """Return the answer that somebody is told of; `None` where the library does not hold it any more."""
        stored = self._assistant.stored_answer(question_id)
        if stored is None or not stored.answer.answered:
            return None
        return stored.answer.model_copy(update={"question_id": question_id})

    def hold(self, recipient: str, question_id: str) -> None:
        """Keep an answer for somebody's next use: no message could bring it."""
        self._requests.hold(FollowRequest(question_id=question_id, recipient=recipient), self._clock())

    def take_held(self, recipient: str) -> list[str]:
        """Return the ids of the questions whose answers somebody is shown now, each once."""
        found = self._requests.held(recipient)
        return [
            one for one in found if self._requests.stop_waiting(FollowRequest(question_id=one, recipient=recipient))
        ]

    def add_address(self, email: str, question_id: str) -> FollowAddress | None:
        """Return an address that is to be confirmed; `None` where it is, or where it waits for enough already."""
        found = self._requests.add_address(email, question_id, self._clock(), _MOST_OF_AN_ADDRESS)
        return found if found is not None and found.confirmed_at is None else None

    def _asked_again(self, question: str, waiting: FollowRequest) -> Answer:
        """Answer the question for whoever waits. It stays theirs, too, who asked it in these words."""
        answer = self._assistant.of_member(waiting.recipient).ask(question)
        if answer.question_id is not None:
            self._library.questions.share_asker(answer.question_id, waiting.question_id)
        return answer
