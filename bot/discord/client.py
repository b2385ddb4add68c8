"""The Discord client: intents, safe mentions, commands and their sync, and the worker that they all use."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import cast

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from pydantic import SecretStr

from bot.backend import Backend
from bot.discord.command_sync import sync_changed
from bot.discord.registry import assembled
from bot.discord.runtime.components import Component, Handler
from bot.discord.runtime.errors import report_app_command_error
from bot.discord.runtime.interactions import RateLimit
from bot.discord.runtime.membership import Membership
from bot.discord.runtime.modals import FormHandler, receive
from bot.discord.runtime.network_choice import NetworkChoice
from bot.discord.runtime.networks import Locator, UnknownNetworkError, enter_from, origin_of, working_for
from bot.discord.runtime.returned_text import TextReturner
from bot.discord.runtime.worker import Worker
from bot.logging_setup import quieten_discord
from bot.termination import TERMINATED, end_soon
from bot.texts.languages import translated
from knowledge.dates import utc_now
from knowledge.domain.networks import MAIN
from knowledge.errors import HalnError, SettingsError, TransientError
from knowledge.library import Library
from knowledge.models.pool import wait_passively
from knowledge.settings import Settings, Switch

_log = logging.getLogger(__name__)
SYNC_SECONDS = 10.0


class HalnBot(commands.AutoShardedBot):
    """One bot over one library, for all of its servers or some. What reads the library runs in threads."""

    def __init__(
        self,
        settings: Settings,
        open_library: Callable[[Settings], Library] = Library.open,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=NetworkTree,
            intents=needed_intents(settings),
            # Whatever a document or a member writes, the bot's messages ping nobody.
            allowed_mentions=discord.AllowedMentions.none(),
            # Nobody but the bot itself has to be known: names and roles come with each interaction and message.
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            shard_count=settings.shards.count,
            shard_ids=list(settings.shards.ids),
        )
        self.worker = Worker(settings, open_library, now)
        self._locator = Locator(self, self.worker)
        self.worker.network_of = self._locator.network_of
        self.membership = Membership(self, self.worker)
        self.handlers: dict[str, Handler] = {}
        self.forms: dict[str, FormHandler] = {}
        self._returner = TextReturner(self, self.worker)
        self._rate_limit = RateLimit(settings.questions_per_minute)
        self._warming: asyncio.Task[None] | None = None
        self._syncing: asyncio.Task[None] | None = None
        self.tree.error(report_app_command_error)

    async def setup_hook(self) -> None:
        """Register commands and buttons, and load the model while Discord is being connected to."""
        quieten_discord()
        registry = assembled(cast("commands.Bot", self), self.worker, self._rate_limit, self._returner, self.membership)
        self.handlers |= NetworkChoice(self.worker, self._locator).handlers
        for cog in registry.cogs:
            await self.add_cog(cog)
        self.handlers |= registry.handlers
        self.forms |= registry.forms
        self.add_dynamic_items(Component)
        await self.tree.set_translator(CatalogueTranslator())
        with working_for(MAIN):  # what was sent is noted there
            self._syncing = asyncio.create_task(sync_changed(self.tree, self.worker))
        # The start waits a moment for it, and never longer: the commands of before are there all the time.
        await asyncio.wait([self._syncing], timeout=SYNC_SECONDS)
        self._warming = asyncio.create_task(self._warm_up())

    def dispatch(self, event: str, /, *arguments: object, **more: object) -> None:
        """Hand an event to whoever listens; what they do is for the network that it comes from.

        Of a message that was deleted in a direct message nobody knows whose it was: each network is told.
        """
        origin = origin_of(arguments)
        if origin is None:
            super().dispatch(event, *arguments, **more)
            return
        unknown = origin.server_id is None and origin.person is None
        for place in self.worker.known_networks if unknown else (origin,):
            with working_for(place):
                super().dispatch(event, *arguments, **more)

    async def on_error(self, event_method: str, /, *arguments: object, **more: object) -> None:
        """Log what a listener did not expect; what is for none of several networks is nobody's fault."""
        if isinstance(sys.exception(), UnknownNetworkError):
            _log.info("%s is for none of the networks", event_method)
        else:
            await super().on_error(event_method, *arguments, **more)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take in forms; commands and buttons find their own way."""
        if interaction.type is discord.InteractionType.modal_submit:
            await receive(interaction, self.forms, self._returner)

    async def on_message(self, message: discord.Message, /) -> None:
        """Do nothing: there are no commands that begin with a mention. The cogs listen for themselves."""

    async def close(self) -> None:
        """Disconnect and let go of the library."""
        for task in (self._warming, self._syncing):
            if task is not None:
                task.cancel()
        if isinstance(self.loop, asyncio.AbstractEventLoop):  # who was never started has nothing to disconnect
            await super().close()
        await self.worker.close()

    async def _warm_up(self) -> None:
        try:
            with working_for(MAIN):
                await self.worker.model(Backend.warm_up)
        except HalnError as error:
            # Whoever asks gets the same as a friendly line; the operator reads it here.
            _log.error("the library is not ready: %s", error)


class NetworkTree(app_commands.CommandTree["HalnBot"]):
    """The commands; what one does is for the network that it comes from."""

    async def interaction_check(self, interaction: discord.Interaction["HalnBot"], /) -> bool:
        """Note where it comes from, and let it in: whether its sender may is looked up by each command."""
        if (origin := origin_of([interaction])) is not None:
            enter_from(origin)
        return True


def needed_intents(settings: Settings) -> discord.Intents:
    """Return what Discord is to tell the bot, one by one. Only the text of all messages is a privileged intent."""
    intents = discord.Intents.none()
    intents.guilds = True  # servers, channels, roles, threads: where everything happens
    intents.guild_messages = True  # mentions (with their text), and that a message was deleted
    intents.dm_messages = True
    intents.guild_scheduled_events = True
    intents.message_content = settings.discord_read_messages is Switch.ON
    return intents


def create_bot(settings: Settings, open_library: Callable[[Settings], Library] = Library.open) -> "HalnBot":
    """Return the bot, not yet connected. Nothing is read from disk or network until it starts."""
    wait_passively()
    return HalnBot(settings, open_library)


class CatalogueTranslator(app_commands.Translator):
    """Looks texts up under Discord's code of the member's language. Discord has none for Welsh; `/help` has Welsh."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return the text in that language, or `None` where there is none."""
        found = translated(string.message, locale.value)
        return found if found != string.message else None


async def _run_until_stopped(bot: HalnBot, token: SecretStr) -> None:
    """Run a bot until it ends, or the system or Ctrl-C asks it to; then it is closed within ten seconds."""
    stopped = asyncio.Event()

    def stop() -> None:
        if stopped.is_set():  # asked twice: at once
            os._exit(TERMINATED)
        end_soon()
        stopped.set()

    with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends it as an exception
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
    async with bot:
        running, waiting = asyncio.create_task(bot.start(token.get_secret_value())), asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        finally:
            for task in (running, waiting):
                task.cancel()
            await asyncio.gather(running, waiting, return_exceptions=True)


def run_bot(settings: Settings, token: SecretStr, open_library: Callable[[Settings], Library] = Library.open) -> None:
    """Run the bot; returns when it is stopped.

    Raises:
        SettingsError: Discord does not know the token, or does not grant the intent that the settings ask for.
        TransientError: Discord cannot be reached.
    """
    # It speaks in no voice channel: what discord.py would need for that is not missing.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    try:
        asyncio.run(_run_until_stopped(create_bot(settings, open_library), token))
    except discord.LoginFailure:
        raise SettingsError("Discord does not know this HALN_DISCORD_TOKEN. Copy the bot's token again.") from None
    except discord.PrivilegedIntentsRequired:
        raise SettingsError(
            "HALN_DISCORD_READ_MESSAGES=on needs the message content intent: switch it on for the bot at "
            "https://discord.com/developers/applications (Bot, Privileged Gateway Intents), or leave the setting off."
        ) from None
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise TransientError(f"Discord cannot be reached ({error}). Check the network and start again.") from None
