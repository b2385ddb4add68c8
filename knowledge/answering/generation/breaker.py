"""Leaves a server alone for a while when it fails, so that a broken one costs nobody any time."""

import threading
from collections.abc import Callable

from knowledge.errors import HalnError, LanguageModelError

# A first failure may be chance.
_FAILURES = 3
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 900.0
_LONGEST_ASKED_FOR = 3600.0


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
