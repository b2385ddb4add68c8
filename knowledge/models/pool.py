"""Threads of models: a pool that they share, and how the threads of numerical libraries wait."""

import functools
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar, cast

# A free thread takes a twentieth of this to begin.
_STARTING_SECONDS = 0.001

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Other = TypeVar("_Other")


def wait_passively() -> None:
    """Tell OpenMP that threads without work sleep, unless the operator has said otherwise.

    By default they spin for a while after each parallel section, and take the processor from those who have work. Call
    it before the first library with OpenMP (faiss, torch) is imported: it is read as such a library loads. GNU's and
    LLVM's runtimes both take their own settings (GOMP_SPINCOUNT, KMP_BLOCKTIME) as 0 from it.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def available_processors() -> int:
    """Return how many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class WorkerPool:
    """Runs a function over many items. Callers take turns item by item: ten items do not wait for another's thousand.

    For functions that spend their time outside Python (a model's run): each worker is one thread.
    """

    def __init__(self, workers: int | None = None) -> None:
        """Make a pool of so many workers, by default one for each processor. Threads start when first needed."""
        self._executor = ThreadPoolExecutor(
            workers or available_processors(), thread_name_prefix="model", initializer=self._enter
        )
        self._inside = threading.local()
        self._lock = threading.Lock()
        self._waiting: deque[_Call[object, object]] = deque()

    def map(
        self,
        function: Callable[[_Item], _Result],
        items: Sequence[_Item],
        cost: Callable[[_Item], float] | None = None,
        *,
        help_out: bool = False,
    ) -> list[_Result]:
        """Return the function's result for each item, in the items' order.

        With `help_out` the calling thread works on its own items too: it does not wait where the pool is busy.

        The costliest items are begun first, so that no long one is left for the end when the others idle. A single item
        is run in the calling thread. The first error is raised when what has begun is done; the rest is not begun.
        """
        if len(items) < 2 or getattr(self._inside, "worker", False):
            return [function(item) for item in items]
        call = _Call(function, items, cost)
        with self._lock:
            self._waiting.append(cast("_Call[object, object]", call))
        try:
            for _ in items[1:] if help_out else items:
                self._executor.submit(self._turn)
            while help_out and (number := call.next()) is not None:
                call.do(number)
            wait(call.results)
        finally:
            call.cancel()  # whoever is interrupted leaves no work behind
        return [result.result() for result in call.results]

    def run_both(self, in_pool: Callable[[], _Result], here: Callable[[], _Other]) -> tuple[_Result, _Other]:
        """Return the results of two functions: one runs in a thread of the pool, the other in the calling thread.

        Where no thread of the pool is free, the caller runs both. It waits a moment until the first runs: else it would
        keep Python to itself, and that would begin late. The first error is raised.
        """
        started = threading.Event()

        def work(_: None) -> _Result:
            started.set()
            return in_pool()

        call = _Call(work, [None], None)
        if not getattr(self._inside, "worker", False):
            with self._lock:
                self._waiting.append(cast("_Call[object, object]", call))
            self._executor.submit(self._turn)
            started.wait(_STARTING_SECONDS)
        try:
            other = here()
            if (number := call.next()) is not None:
                call.do(number)
            return call.results[0].result(), other
        finally:
            call.cancel()  # whoever is interrupted leaves no work behind

    def _enter(self) -> None:
        self._inside.worker = True

    def _turn(self) -> None:
        """Do one item of the caller whose turn it is. There are as many turns as items, or more."""
        with self._lock:
            while self._waiting:
                call = self._waiting.popleft()
                if (number := call.next()) is not None:
                    self._waiting.append(call)
                    break
            else:
                return
        call.do(number)


class _Call(Generic[_Item, _Result]):
    """The items of one caller, those that are not begun yet in the order in which they will be."""

    def __init__(
        self,
        function: Callable[[_Item], _Result],
        items: Sequence[_Item],
        cost: Callable[[_Item], float] | None,
    ) -> None:
        self._function, self._items = function, items
        self.results: list[Future[_Result]] = [Future() for _ in items]
        numbers = range(len(items))
        self._left = deque(numbers if cost is None else sorted(numbers, key=lambda n: -cost(items[n])))

    def next(self) -> int | None:
        """Take the item to do next, or nothing when all are begun."""
        try:
            return self._left.popleft()
        except IndexError:
            return None

    def do(self, number: int) -> None:
        """Do an item, and begin no other when it fails."""
        try:
            self.results[number].set_result(self._function(self._items[number]))
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            self.results[number].set_exception(error)
            self.cancel(error)

    def cancel(self, error: BaseException | None = None) -> None:
        """Begin nothing more; what is not begun ends with this error."""
        while (number := self.next()) is not None:
            if error is not None:
                self.results[number].set_exception(error)


@functools.cache
def shared_pool() -> WorkerPool:
    """Return the pool that every model of this process uses."""
    return WorkerPool()
