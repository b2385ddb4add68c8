"""Answers to questions that were asked before of the same library: after an announcement, many ask the same."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from knowledge.domain.library import Answer
from knowledge.storage.arrays import Vectors

_MOST = 256


class Known(NamedTuple):
    """An answer, with the model and vector that its question was searched with, if it was."""

    answer: Answer
    vector: tuple[str, Vectors] | None


class AnswerCache:
    """Answers by question, of one state of everything that they depend on: another state empties it.

    Whoever asks what is being answered just now waits for that answer. Only in memory, and of nobody in particular.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._under_way: dict[str, threading.Lock] = {}

    def answer(self, question: str, state: Callable[[], Hashable], make: Callable[[], Known]) -> Known:
        """Return the answer to a question, made where it is not known of this state."""
        question = " ".join(question.split())
        with self._alone(question):
            before = state()
            with self._lock:
                if before != self._state:
                    self._known.clear()
                    self._state = before
                if (known := self._known.get(question)) is not None:
                    self._known.move_to_end(question)
                    return known
            made = make()
            # What changed while it was made may be in it, or not.
            if state() == before:
                with self._lock:
                    if self._state == before:
                        self._known[question] = made
                        while len(self._known) > _MOST:
                            self._known.popitem(last=False)
            return made

    @contextmanager
    def _alone(self, question: str) -> Iterator[None]:
        """Let one thread at a time answer a question."""
        with self._lock:
            lock = self._under_way.setdefault(question, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self._lock:
                if not lock.locked():
                    self._under_way.pop(question, None)
