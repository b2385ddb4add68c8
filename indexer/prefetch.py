"""Runs an iterator ahead in a thread of its own: the next files are read and cut while the last ones are embedded."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, cast

T = TypeVar("T")
_END = object()


def ahead(items: Iterable[T], weight: Callable[[T], int], most: int, finish: Callable[[], None]) -> Iterator[T]:
    """Yield the items in order, made in another thread while the caller works.

    At most `most` of their weight waits at any time, so that memory stays flat however many there are. What the
    thread raises is raised here, in its place; when the caller stops early, the thread does too. `finish` is the last
    thing the thread does.
    """
    waiting: queue.SimpleQueue[object] = queue.SimpleQueue()
    room = _Room(most)
    error: list[BaseException] = []

    def run() -> None:
        try:
            for item in items:
                if not room.take(weight(item)):
                    return
                waiting.put(item)
        except BaseException as failure:  # noqa: BLE001  # handed on to the caller, whatever it is
            error.append(failure)
        finally:
            finish()
            waiting.put(_END)

    thread = threading.Thread(target=run, name="read-ahead", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not _END:
            yield cast(T, item)
            room.give(weight(cast(T, item)))
        if error:
            raise error[0]
    finally:
        room.close()
        thread.join()


class _Room:
    """A measure of what may wait; an item heavier than all of it goes in when nothing else does."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._closed = False
        self._changed = threading.Condition()

    def take(self, weight: int) -> bool:
        """Wait until there is room; false when nobody wants any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self._taken or self._taken + weight <= self._most)
            self._taken += weight
            return not self._closed

    def give(self, weight: int) -> None:
        with self._changed:
            self._taken -= weight
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
