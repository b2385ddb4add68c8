"""Writes that nobody should wait for: done at once, or, while another process holds the database, as soon as it can be.

Whoever asked has their answer meanwhile. What waits is in memory alone: a process that is killed then loses it, and one
that ends gives it a minute.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable

from knowledge.errors import HalnError, StorageBusyError
from knowledge.storage.question_protocols import QuestionStore

CLOSING_SECONDS = 60.0
_AGAIN_SECONDS = 0.2
_MOST = 1000
_log = logging.getLogger(__name__)


class LateWrites:
    """The writes of one library's question log, in order. Safe in threads."""

    def __init__(self, questions: QuestionStore) -> None:
        self._questions = questions
        self._waiting: deque[tuple[Callable[[], object], str]] = deque()
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def write(self, work: Callable[[], object], failure: str) -> None:
        """Do a write, or see to it that it is done; `failure` is what the log says if it cannot be done at all.

        Raises:
            HalnError: It failed at once, and not because another process writes.
        """
        with self._changed:
            if not self._waiting:
                try:
                    with self._questions.impatient():
                        work()
                except StorageBusyError:
                    pass
                else:
                    return
            if len(self._waiting) >= _MOST:
                _log.warning("%s: too much waits for the database already", failure)
                return
            self._waiting.append((work, failure))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="late writes", daemon=True)
                self._thread.start()

    def finish(self, seconds: float = CLOSING_SECONDS) -> bool:
        """Wait until everything is written, for so many seconds at most; return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def close(self) -> None:
        """Write what waits, and say what could not be written in time."""
        if not self.finish():
            _log.warning("%d writes to the question log were given up: the database was held", len(self._waiting))
        self._closing.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            with self._changed:
                if not self._waiting:
                    self._thread = None
                    return
                work, failure = self._waiting[0]
            try:
                work()
            except StorageBusyError:
                self._closing.wait(_AGAIN_SECONDS)
                continue
            except HalnError as error:
                _log.warning("%s: %s", failure, error)
            with self._changed:
                self._waiting.popleft()
                self._changed.notify_all()
