"""Limits on calls to a language model: what it may cost a day, and a while of rest for a server that fails."""

import json
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from knowledge.answering.generation.client import MOST_TOKENS, ChatMessage
from knowledge.answering.generation.reply import Reply
from knowledge.errors import HalnError, LanguageModelError
from knowledge.storage.question_protocols import SpendingStore

# What a server puts around each message.
_AROUND_A_MESSAGE = 32
# English has four characters or a little more in a token; where a server does not count, rather too many than too few.
_CHARACTERS_IN_A_TOKEN = 3
# A first failure may be chance.
_FAILURES = 3
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 900.0
_LONGEST_ASKED_FOR = 3600.0


class Budget:
    """Tokens for a day. `today` gives the day, in UTC, that a call belongs to."""

    def __init__(self, store: SpendingStore, limit: int, today: Callable[[], date]) -> None:
        self._store = store
        self._limit = limit
        self._today = today

    def reserve(
        self, messages: Sequence[ChatMessage], response_format: Mapping[str, object] | None = None
    ) -> "Reserved | None":
        """Count the most that a call can cost; return `None` if the day's limit does not allow it.

        A token stands for at least one byte of text. So the limit holds, whatever way a model has of cutting text into
        tokens, as long as the server keeps to the length of answer that it is asked for.
        """
        size = sum(len(message["content"].encode()) for message in messages)
        # Some servers show the form to the model.
        size += len(json.dumps(response_format)) if response_format is not None else 0
        most = size + _AROUND_A_MESSAGE * len(messages) + MOST_TOKENS
        day = self._today()
        return Reserved(self._store, day, most, messages) if self._store.reserve(day, most, self._limit) else None


class Reserved:
    """The cost counted for one call until its real cost is known."""

    def __init__(self, store: SpendingStore, day: date, tokens: int, messages: Sequence[ChatMessage]) -> None:
        self._store = store
        self._day = day
        self._tokens = tokens
        self._messages = messages

    def settle(self, reply: Reply) -> None:
        """Count what the call did cost: what the server says, else an estimate; nothing if it never began."""
        if not reply.begun:
            spent = 0
        elif reply.tokens is not None:
            spent = reply.tokens
        else:
            characters = sum(len(message["content"]) for message in self._messages) + len(reply.text)
            spent = math.ceil(characters / _CHARACTERS_IN_A_TOKEN)
        self._store.settle(self._day, self._tokens, spent)


class Breaker:
    """Counts failures in a row, and says when to try again. One for each server; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take a `clock` that gives seconds and never goes back, e.g. `time.monotonic`."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = _FIRST_PAUSE
        self._until = 0.0

    def allows(self) -> bool:
        """Return whether the server may be asked now.

        After a pause one caller may; the others wait for what becomes of it.
        """
        with self._lock:
            now = self._clock()
            if now < self._until:
                return False
            if self._failures >= _FAILURES:
                self._until = now + self._pause
            return True

    def worked(self) -> None:
        """Note that the server answered."""
        with self._lock:
            self._failures, self._pause, self._until = 0, _FIRST_PAUSE, 0.0

    def failed(self, error: HalnError) -> float:
        """Note a failure; for how many seconds the server is left alone now, 0 if it is not."""
        with self._lock:
            asked_for = error.retry_after if isinstance(error, LanguageModelError) else None
            # What only the operator can mend will be no better in a moment.
            self._failures = self._failures + 1 if isinstance(error, LanguageModelError) else _FAILURES
            if asked_for is not None:
                pause = min(asked_for, _LONGEST_ASKED_FOR)
            elif self._failures >= _FAILURES:
                pause, self._pause = self._pause, min(2 * self._pause, _LONGEST_PAUSE)
            else:
                pause = 0.0
            self._until = self._clock() + pause
            return pause
