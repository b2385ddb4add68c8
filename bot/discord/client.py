"""The Discord client: intents, safe mentions, commands, and the library that it answers from."""

import asyncio
import logging
from collections.abc import Callable

import discord
from discord.ext import commands

from bot.discord.cogs.asking import Asking
from bot.discord.errors import report_app_command_error
from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.errors import HalnError
from knowledge.library import Library
from knowledge.settings import Settings

_log = logging.getLogger(__name__)


class HalnBot(commands.Bot):
    """One bot, one library. Everything that reads the library runs in a thread, never on the event loop."""

    def __init__(self, settings: Settings, open_library: Callable[[Settings], Library] = Library.open) -> None:
        # Commands come as interactions; no message is read, so no privileged intent is asked for.
        intents = discord.Intents.none()
        intents.guilds = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            # Whatever a document or a member writes, the bot's messages ping nobody.
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._settings = settings
        self._open_library = open_library
        self._library: Library | None = None
        self._assistant: Assistant | None = None
        self._opening = asyncio.Lock()
        self._warming: asyncio.Task[None] | None = None
        self.tree.error(report_app_command_error)

    async def setup_hook(self) -> None:
        """Register the commands, and load the model while Discord is being connected to."""
        await self.add_cog(Asking(self.assistant))
        await self.tree.sync()
        self._warming = asyncio.create_task(self._warm_up())

    async def assistant(self) -> Assistant:
        """The assistant, opened on first use.

        Raises:
            HalnError: The library cannot be opened.
        """
        async with self._opening:
            if self._assistant is None:
                self._library = await asyncio.to_thread(self._opened)
                self._assistant = Assistant(self._library)
            return self._assistant

    def _opened(self) -> Library:
        library = self._open_library(self._settings)
        Indexer(library).ensure_starter_library()
        return library

    async def close(self) -> None:
        """Disconnect and let go of the library."""
        if self._warming is not None:
            self._warming.cancel()
        await super().close()
        if self._library is not None:
            await asyncio.to_thread(self._library.close)
            self._library = self._assistant = None

    async def _warm_up(self) -> None:
        try:
            assistant = await self.assistant()
            await asyncio.to_thread(assistant.warm_up)
        except HalnError as error:
            # Whoever asks gets the same as a friendly line; the operator reads it here.
            _log.error("the library is not ready: %s", error)


def create_bot(settings: Settings) -> commands.Bot:
    """The bot, not yet connected. Nothing is read from disk or network until it starts."""
    return HalnBot(settings)
