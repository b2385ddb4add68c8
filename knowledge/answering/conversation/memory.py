"""Reads a conversation's turns from the question store and adds to them. A store that fails costs nobody the answer."""

import logging
from collections.abc import Sequence

from knowledge.answering.conversation.reading import Understanding, Understood
from knowledge.domain.library import Answer
from knowledge.errors import HalnError
from knowledge.library import Library
from knowledge.storage.question_protocols import Turn

_log = logging.getLogger(__name__)


class Conversations:
    """The conversations of one library. Safe to use from several threads."""

    def __init__(self, library: Library) -> None:
        self._questions = library.questions
        self._late_writes = library.late_writes
        self._understanding = Understanding(library.store, library.words)

    def understood(self, question: str, conversation: str | None) -> Understood:
        """Return what a question asks in its conversation; as it stands when it has none."""
        return self._understanding.understand(question, self._turns(conversation))

    def remember(self, conversation: str | None, understood: Understood, answer: Answer) -> None:
        """Note a question and its answer as the next turn."""
        if conversation is None:
            return
        try:
            turn = self._understanding.turn(understood, answer)
            self._late_writes.write(
                lambda: self._questions.add_turn(conversation, turn), "a turn of a conversation could not be noted"
            )
        except HalnError as error:
            _log.warning("a turn of a conversation could not be noted: %s", error)

    def _turns(self, conversation: str | None) -> Sequence[Turn]:
        if conversation is None:
            return ()
        try:
            return self._questions.turns(conversation)
        except HalnError as error:
            _log.warning("a conversation could not be read: %s", error)
            return ()
