"""Runs what needs the library in threads of its own: opened on first use, never on the event loop."""

import asyncio
import functools
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from bot.backend import Backend as Backend
from bot.discord.runtime.errors import TooSlowError
from bot.discord.runtime.metrics import Metrics
from bot.discord.runtime.networks import Origin, UnknownNetworkError, current, settle, working_for
from bot.networks import Directory, OpenNetworks
from bot.texts.languages import ENGLISH
from knowledge.dates import is_quiet, utc_now
from knowledge.domain.networks import MAIN
from knowledge.library import Library
from knowledge.settings import Settings

# Questions share two or four cores and one model: more threads would only keep the event loop from its turn.
_MODEL_THREADS = 4
# Short looks into the database. A lane of their own, so that a button does not wait behind fifty questions.
_DB_THREADS = 4
# Whoever waits here waits for the operator's language model, or is not waited for at all.
_SLOW_THREADS = 4
# A modal must be the first thing that Discord hears, within three seconds.
MODAL_SECONDS = 2.0
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Worker:
    """Runs whatever reads or writes the library off the event loop. `work` gets the backend, in a thread."""

    def __init__(
        self,
        settings: Settings,
        open_library: Callable[[Settings], Library] = Library.open,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self.now = now
        self._model_threads = ThreadPoolExecutor(_MODEL_THREADS, thread_name_prefix="model")
        self._db_threads = ThreadPoolExecutor(_DB_THREADS, thread_name_prefix="db")
        self._slow_threads = ThreadPoolExecutor(_SLOW_THREADS, thread_name_prefix="slow")
        self._networks = OpenNetworks(settings, open_library, now)
        # Looks up which network something is for that comes from a place; the client sets it.
        self.network_of: Callable[[Origin], Awaitable[str]] | None = None
        self._going_on: set[asyncio.Task[Any]] = set()
        self._began: dict[object, float] = {}
        self.metrics = Metrics()

    async def backend(self) -> Backend:
        """Return the first network's backend, opened on first use.

        Raises:
            HalnError: The library cannot be opened.
        """
        return await asyncio.get_running_loop().run_in_executor(self._model_threads, self._networks.first)

    async def directory(self) -> Directory:
        """Return the networks that the installation has, and whose each server is."""
        return await asyncio.get_running_loop().run_in_executor(self._db_threads, self._networks.directory)

    async def networks(self) -> list[str]:
        """Return the names of the networks, for what is done for each of them."""
        return list((await self.directory()).networks)

    async def networks_with_messages(self) -> list[str]:
        """Return the names of the networks in which a message is due; on a server all are asked at once."""
        names, now = await self.networks(), self.now()
        if len(names) == 1:
            return names
        with working_for(MAIN):
            return await self.db(lambda backend: backend.library.outbox.networks_with_due(names, now))

    @property
    def known_networks(self) -> list[str]:
        """Return the names of the networks as they were read last, without waiting."""
        return list(self._networks.last_directory.networks)

    async def network(self) -> str:
        """Return the network that the present task works for.

        Raises:
            UnknownNetworkError: There are several, and it is none of them; or nobody noted where its work comes from.
        """
        place = current()
        if isinstance(place, str):
            return place
        if not (await self.directory()).several:
            return MAIN
        if place is None or self.network_of is None:
            raise UnknownNetworkError("It is not known which network this is for, so nothing was done.")
        network = await self.network_of(place)
        settle(network)
        return network

    async def model(self, work: Callable[[Backend], _T]) -> _T:
        """Do something that needs the models: questions, searches, matches, near-duplicates."""
        return await self._run(self._model_threads, work)

    async def db(self, work: Callable[[Backend], _T], *, atomic: bool = False) -> _T:
        """Do something that needs the database only, in the quick lane. `atomic`: all of it in one transaction."""
        return await self._run(self._db_threads, functools.partial(_atomically, work) if atomic else work)

    async def slow(self, work: Callable[[Backend], _T]) -> _T:
        """Do something that waits for a language model, or that nobody waits for: it takes no turn from the others."""
        return await self._run(self._slow_threads, work)

    async def claim(self, name: str) -> bool:
        """Return whether this process is the one that does what `name` stands for; see `Claims.claim`."""
        return await self.db(lambda backend: backend.library.claims.claim(name))

    async def turn(self, name: str, seconds: float) -> bool:
        """Return whether this process is to do now what one does once in so many seconds; see `Claims.turn`."""
        return await self.db(lambda backend: backend.library.claims.turn(name, seconds))

    async def before_modal(self, work: Coroutine[Any, Any, _T], refusal: str) -> _T:
        """Return what is needed before a modal is shown. What takes too long for that goes on all the same.

        Raises:
            TooSlowError: It took longer than `MODAL_SECONDS`; the message is `refusal`.
        """
        task = asyncio.create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._settled)
        try:
            return await asyncio.wait_for(asyncio.shield(task), MODAL_SECONDS)
        except TimeoutError:
            if task.done():  # the work's own
                raise
            raise TooSlowError(refusal) from None

    async def language(self, server_id: int | None) -> str:
        """Return the language of greetings and help on a server; English where there is no server."""
        if server_id is None:
            return ENGLISH
        return (await self.db(lambda backend: backend.servers.settings.server(server_id))).language

    def outside_quiet_hours(self, now: datetime) -> bool:
        """Return whether people may be told at a moment of what nobody is waiting for."""
        return not is_quiet(now, self.settings.quiet_hours)

    def longest_seconds(self) -> float:
        """Return for how many seconds the oldest piece of work has been waiting or under way; the slow lane's aside."""
        return time.perf_counter() - min(self._began.values(), default=time.perf_counter())

    async def close(self) -> None:
        """Let go of the library when what runs in the threads is done."""
        await asyncio.to_thread(self._close)

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[Backend], _T]) -> _T:
        # The loops look into each network in the quick lane, all the time.
        often = threads is self._db_threads
        task = functools.partial(self._lent, await self.network(), work, often=often)
        if threads is self._slow_threads:
            return await asyncio.get_running_loop().run_in_executor(threads, task)
        mark = object()
        self._began[mark] = time.perf_counter()
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, task)
        finally:
            del self._began[mark]

    def _lent(self, network: str, work: Callable[[Backend], _T], *, often: bool) -> _T:
        with self._networks.lent(network, again_soon=often) as backend:
            return work(backend)

    def _settled(self, task: asyncio.Task[Any]) -> None:
        self._going_on.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Whoever still waits for it gets it, too; of what nobody waits for, the log keeps the kind.
            _log.info("something that a modal was waiting for ended in %s", type(error).__name__)

    def _close(self) -> None:
        for threads in (self._model_threads, self._db_threads, self._slow_threads):
            threads.shutdown(cancel_futures=True)
        self._networks.close()


def _atomically(work: Callable[[Backend], _T], backend: Backend) -> _T:
    with backend.library.members.atomically():
        return work(backend)
