"""Runs what needs the library in threads of its own: opened on first use, never on the event loop."""

import asyncio
import functools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

from bot.reembedding import BackgroundEmbedding
from bot.texts.languages import ENGLISH
from indexer.pipeline import Indexer
from knowledge.answering.stored import StoredAnswer
from knowledge.assistant import Assistant
from knowledge.domain.library import Answer
from knowledge.library import Library
from knowledge.settings import Settings

# Questions share two or four cores and one model: more threads would only keep the event loop from its turn.
_ASKING = 4
# Short looks into the database. A lane of their own, so that a button does not wait behind fifty questions.
_READING = 4
# Whoever waits here waits for the operator's language model, and takes no turn from those who ask.
_WRITING = 4
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


class Worker:
    """Runs whatever reads or writes the library off the event loop."""

    def __init__(
        self,
        settings: Settings,
        open_library: Callable[[Settings], Library] = Library.open,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self.now = now
        self._open_library = open_library
        self._asking = ThreadPoolExecutor(_ASKING, thread_name_prefix="asking")
        self._reading = ThreadPoolExecutor(_READING, thread_name_prefix="reading")
        self._writing = ThreadPoolExecutor(_WRITING, thread_name_prefix="writing")
        self._opening = asyncio.Lock()
        self._library: Library | None = None
        self._embedding: BackgroundEmbedding | None = None
        self._assistant: Assistant | None = None
        self._quiet: Assistant | None = None

    async def library(self) -> Library:
        """The library, opened on first use.

        Raises:
            HalnError: It cannot be opened.
        """
        async with self._opening:
            if self._library is None:
                loop = asyncio.get_running_loop()
                self._library = await loop.run_in_executor(self._asking, self._opened)
                self._assistant = Assistant(self._library)
                self._quiet = Assistant(self._library, log_questions=False)
            return self._library

    async def assistant(self) -> Assistant:
        """The assistant over the library."""
        await self.library()
        assert self._assistant is not None  # noqa: S101 - made together with the library
        return self._assistant

    async def ask(self, work: Callable[[Assistant], _T]) -> _T:
        """Do something that needs the model: `work` gets the assistant, in a thread."""
        assistant = await self.assistant()
        return await asyncio.get_running_loop().run_in_executor(self._asking, work, assistant)

    async def ask_quietly(self, work: Callable[[Assistant], _T]) -> _T:
        """As `ask`, for questions that no member asks: they leave nothing in the question log."""
        await self.library()
        assert self._quiet is not None  # noqa: S101 - made together with the library
        return await asyncio.get_running_loop().run_in_executor(self._asking, work, self._quiet)

    async def written(self, answer: Answer) -> Answer | None:
        """The answer in a language model's words, where the operator has one and it has some that hold."""
        assistant = await self.assistant()
        return await asyncio.get_running_loop().run_in_executor(self._writing, assistant.written, answer)

    async def read(self, work: Callable[[Library], _T]) -> _T:
        """Do something that needs the database only: `work` gets the library, in a thread of the quick lane."""
        library = await self.library()
        return await asyncio.get_running_loop().run_in_executor(self._reading, functools.partial(work, library))

    async def later(self, work: Callable[[Library], _T]) -> _T:
        """Do something that nobody waits for: it takes no turn from those who ask or look something up."""
        library = await self.library()
        return await asyncio.get_running_loop().run_in_executor(self._writing, work, library)

    async def stored(self, question_id: str) -> StoredAnswer | None:
        """An answer given before, as it may be shown now; `None` if it is not kept."""
        assistant = await self.assistant()
        return await self.read(lambda _: assistant.stored_answer(question_id))

    async def language(self, server_id: int | None) -> str:
        """The language of greetings and help on a server; English where there is no server."""
        if server_id is None:
            return ENGLISH
        return (await self.read(lambda library: library.servers.settings.server(server_id))).language

    async def close(self) -> None:
        """Let go of the library when what runs in the threads is done."""
        await asyncio.to_thread(self._close)

    def _opened(self) -> Library:
        library = self._open_library(self.settings)
        Indexer(library).ensure_starter_library()
        if library.is_behind:
            self._embedding = BackgroundEmbedding(library, _log.warning)
            self._embedding.start()
        return library

    def _close(self) -> None:
        self._asking.shutdown(cancel_futures=True)
        self._reading.shutdown(cancel_futures=True)
        self._writing.shutdown(cancel_futures=True)
        if self._embedding is not None:
            self._embedding.stop()
        if self._library is not None:
            self._library.close()
        self._library = self._assistant = self._quiet = None
