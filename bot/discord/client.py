"""The Discord client: intents, safe mentions, commands, and the worker that they all use."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime

import discord
from discord.ext import commands

from bot.discord.registry import assembled
from bot.discord.runtime.components import Component, Handler
from bot.discord.runtime.errors import report_app_command_error
from bot.discord.runtime.modals import FormHandler, receive
from bot.discord.runtime.rate_limits import RateLimit
from bot.discord.runtime.translation import CatalogueTranslator
from bot.discord.runtime.worker import Worker, utc_now
from knowledge.assistant import Assistant
from knowledge.errors import HalnError
from knowledge.library import Library
from knowledge.models.threads import wait_passively
from knowledge.settings import Settings, Switch

_log = logging.getLogger(__name__)


class HalnBot(commands.Bot):
    """One bot, one library. Everything that reads the library runs in a thread, never on the event loop."""

    def __init__(
        self,
        settings: Settings,
        open_library: Callable[[Settings], Library] = Library.open,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=needed_intents(settings),
            # Whatever a document or a member writes, the bot's messages ping nobody.
            allowed_mentions=discord.AllowedMentions.none(),
            # Nobody but the bot itself has to be known: names and roles come with each interaction and message.
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.worker = Worker(settings, open_library, now)
        self.handlers: dict[str, Handler] = {}
        self.forms: dict[str, FormHandler] = {}
        self._rate_limit = RateLimit(settings.questions_per_minute, time.monotonic)
        self._warming: asyncio.Task[None] | None = None
        self.tree.error(report_app_command_error)

    async def setup_hook(self) -> None:
        """Register commands and buttons, and load the model while Discord is being connected to."""
        faces = assembled(self, self.worker, self._rate_limit)
        for cog in faces.cogs:
            await self.add_cog(cog)
        self.handlers |= faces.handlers
        self.forms |= faces.forms
        self.add_dynamic_items(Component)
        await self.tree.set_translator(CatalogueTranslator())
        await self.tree.sync()
        self._warming = asyncio.create_task(self._warm_up())

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take in forms; commands and buttons find their own way."""
        if interaction.type is discord.InteractionType.modal_submit:
            await receive(interaction, self.forms)

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: there are no commands that begin with a mention. The cogs listen for themselves."""

    async def assistant(self) -> Assistant:
        """The assistant, opened on first use.

        Raises:
            HalnError: The library cannot be opened.
        """
        return await self.worker.assistant()

    async def close(self) -> None:
        """Disconnect and let go of the library."""
        if self._warming is not None:
            self._warming.cancel()
        await super().close()
        await self.worker.close()

    async def _warm_up(self) -> None:
        try:
            await self.worker.ask(lambda assistant: assistant.warm_up())
        except HalnError as error:
            # Whoever asks gets the same as a friendly line; the operator reads it here.
            _log.error("the library is not ready: %s", error)


def needed_intents(settings: Settings) -> discord.Intents:
    """What Discord is to tell the bot, one by one. Only the text of all messages is a privileged intent."""
    intents = discord.Intents.none()
    intents.guilds = True  # servers, channels, roles, threads: where everything happens
    intents.guild_messages = True  # mentions (with their text), and that a message was deleted
    intents.dm_messages = True
    intents.guild_scheduled_events = True
    intents.message_content = settings.discord_read_messages is Switch.ON
    return intents


def create_bot(settings: Settings) -> commands.Bot:
    """The bot, not yet connected. Nothing is read from disk or network until it starts."""
    wait_passively()
    return HalnBot(settings)
