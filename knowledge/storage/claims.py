"""Claims: what only one of several processes does at a time, such as beginning digests.

A claim is a lock that its process holds for as long as it lives. However it ends, killed or cut off from the power, the
lock goes with it, and the next process that asks has the claim: there is nothing to renew, and no clock is asked.
"""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import uuid
from abc import ABC, abstractmethod
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from knowledge.storage.sqlite.private_files import make_private_folder

# How often those ask who have not got a claim: so long it takes until another goes on with what a process did that
# was killed.
ASK_SECONDS = 15.0
_HOLDER_CHARACTERS = 16
_log = logging.getLogger(__name__)


class Claims(ABC):
    """The claims of one process, over all its threads. `holder` is its name among the others, for as long as it lives.

    Who loses the database loses its claims: what is done under them has to do no harm when two do it for a moment.
    """

    def __init__(self) -> None:
        self.holder = uuid.uuid4().hex[:_HOLDER_CHARACTERS]
        self._mutex = threading.RLock()
        self._asked: dict[str, int] = {}

    def claim(self, name: str) -> bool:
        """Return whether this process is the one that does what `name` stands for; it stays so until it ends."""
        with self._mutex:
            return self._has(name)

    def turn(self, name: str, seconds: float) -> bool:
        """Return whether to do now what one process does once in so many seconds; who takes over does it at once.

        To be asked every `ASK_SECONDS`: that is counted, so that no clock can jump.
        """
        with self._mutex:
            if not self._has(name):
                self._asked.pop(name, None)
                return False
            asked = self._asked.get(name, 0)
            self._asked[name] = asked + 1
            return asked % max(1, round(seconds / ASK_SECONDS)) == 0

    def present(self) -> str:
        """Return this process's name, and hold the lock that tells the others that it lives."""
        self.claim(_presence(self.holder))
        return self.holder

    def is_gone(self, holder: str) -> bool:
        """Return whether a process that was `present` has ended."""
        with self._mutex:
            return holder != self.holder and self._is_free(_presence(holder))

    def release(self, name: str) -> None:
        """Give a claim back before the process ends."""
        with self._mutex:
            self._asked.pop(name, None)
            self._give_back(name)

    @abstractmethod
    def _has(self, name: str) -> bool:
        """Take a lock, or look whether it is still held; whether it is ours."""

    @abstractmethod
    def _is_free(self, name: str) -> bool:
        """Return whether nobody holds a lock, without keeping it."""

    @abstractmethod
    def _give_back(self, name: str) -> None:
        """Release a lock, if it is held."""

    @abstractmethod
    def close(self) -> None:
        """Give everything back."""


class FileClaims(Claims):
    """Claims of processes on one machine: locked files in a folder. The system unlocks what an ended process held."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._held: dict[str, BaseFileLock] = {}

    def _has(self, name: str) -> bool:
        if name in self._held:
            return True
        try:
            make_private_folder(self._folder)
            lock = self._lock(name)
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:
            # A disk without locks, or that nobody may write to: two processes there do the same work twice, which
            # harms nothing; none doing it would.
            _log.info("claims cannot be held in %s (%s)", self._folder, error)
            return True
        self._held[name] = lock
        return True

    def _is_free(self, name: str) -> bool:
        if not self._path(name).exists():
            return True
        lock = self._lock(name)
        try:
            lock.acquire(blocking=False)
        except (Timeout, OSError, NotImplementedError):
            return False
        lock.release()
        with contextlib.suppress(OSError):
            self._path(name).unlink()
        return True

    def _give_back(self, name: str) -> None:
        lock = self._held.pop(name, None)
        if lock is not None:
            lock.release()
            if name == _presence(self.holder):
                # Nobody takes this one again. The file of another claim stays: a process may hold it by now, and a
                # third one would lock a new file beside it.
                with contextlib.suppress(OSError):
                    self._path(name).unlink()

    def close(self) -> None:
        """Unlock what is held."""
        with self._mutex:
            for name in list(self._held):
                self._give_back(name)

    def _path(self, name: str) -> Path:
        return self._folder / f"{re.sub(r'[^a-z0-9]+', '-', name)}.lock"

    def _lock(self, name: str) -> BaseFileLock:
        return FileLock(self._path(name), thread_local=False, fallback_to_soft=False)


def _presence(holder: str) -> str:
    return f"process {holder}"
