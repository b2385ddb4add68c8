"""Receives `/share`, `/my-examples`, `/queue` and "Save as example", and keeps review cards and examples in order."""

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.discord.examples import texts
from bot.discord.examples.attachments import FileDrafts
from bot.discord.examples.corrections import CorrectionStarts
from bot.discord.examples.drafts import Drafts
from bot.discord.examples.lists import ExampleLists, ExampleReader
from bot.discord.examples.notices import ExampleNotices, ReviewChannels
from bot.discord.examples.review import ReviewActions
from bot.discord.examples.save_message import SaveMessage
from bot.discord.examples.service import ExampleService
from bot.discord.examples.solved_posts import SolvedPosts
from bot.discord.runtime.components import Handler
from bot.discord.runtime.interactions import RateLimit, begin
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.networks import for_each_network
from bot.discord.runtime.outbox import Outbox
from bot.discord.runtime.retry import going_on
from knowledge.storage.claims import ASK_SECONDS

_CARDS_SECONDS = 15
_LOOKING_AFTER_SECONDS = 3600


class ExamplesCog(commands.Cog):
    """Shared examples, from the first word to the thanks."""

    def __init__(self, bot: commands.Bot, service: ExampleService, outbox: Outbox, rate_limit: RateLimit) -> None:
        self._bot = bot
        self._service = service
        self._worker = service.worker
        self._review_channels = ReviewChannels(bot, service)
        outbox.kinds |= ExampleNotices(bot, service, self._review_channels).kinds
        self._drafts = Drafts(service)
        self._save_message = SaveMessage(bot, service, self._drafts, outbox, rate_limit)
        solved = SolvedPosts(bot, service.worker, self._save_message)
        outbox.kinds |= solved.kinds
        self._lists = ExampleLists(service)
        self._file_drafts = FileDrafts(service, self._drafts, rate_limit)
        self._corrections = CorrectionStarts(service, self._drafts)
        self._solved = solved
        self._parts = (self._drafts, ReviewActions(service))
        self._menu = app_commands.ContextMenu(name=texts.SAVE, callback=self.save)
        app_commands.guild_only(self._menu)

    async def cog_load(self) -> None:
        """Put the entry into the menu of messages, and start the loops."""
        self._bot.tree.add_command(self._menu)
        self._queue_cards.start()
        self._look_after.start()

    async def cog_unload(self) -> None:
        """Take it out again, and stop them."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)
        self._queue_cards.cancel()
        self._look_after.cancel()

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of all buttons and selects of examples."""
        reader = ExampleReader(self._service)
        parts = (self._lists, self._save_message, self._solved, self._corrections, reader, *self._parts)
        return {name: handler for part in parts for name, handler in part.handlers.items()}

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handlers of all forms of examples."""
        return {name: handler for part in self._parts for name, handler in part.forms.items()}

    @app_commands.command(name="share", description=texts.SHARE)
    @app_commands.describe(file=texts.SHARE_FILE, link=texts.SHARE_LINK)
    async def share(
        self,
        interaction: discord.Interaction,
        file: discord.Attachment | None = None,
        link: app_commands.Range[str, 1, 2000] | None = None,
    ) -> None:
        """Open the form, or read a file or a web page as a draft."""
        if file is None and link is None:
            await self._drafts.begin(interaction)
        elif await begin(self._worker, interaction):
            await self._file_drafts.draft(interaction, file, link)

    @app_commands.command(name="my-examples", description=texts.MINE)
    async def my_examples(self, interaction: discord.Interaction) -> None:
        """List what a member gave."""
        if await begin(self._worker, interaction):
            await self._lists.mine(interaction)

    @app_commands.command(name="queue", description=texts.QUEUE)
    @app_commands.guild_only()
    # Discord offers it to whoever may manage messages; admins can offer it to a role. The answer checks anew.
    @app_commands.default_permissions(manage_messages=True)
    async def queue(self, interaction: discord.Interaction) -> None:
        """List what waits for a moderator."""
        if await begin(self._worker, interaction):
            await self._lists.queue(interaction)

    async def save(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Make an example of a message, if its author agrees."""
        await self._save_message.save(interaction, message)

    @tasks.loop(seconds=_CARDS_SECONDS)
    @for_each_network
    async def _queue_cards(self) -> None:
        with going_on("review cards could not be queued"):
            if await self._worker.turn("review cards", _CARDS_SECONDS) and await self._review_channels.look():
                self._service.send_now()

    @tasks.loop(seconds=ASK_SECONDS)
    @for_each_network
    async def _look_after(self) -> None:
        with going_on("shared examples could not be looked after"):
            if await self._worker.turn("examples", _LOOKING_AFTER_SECONDS):
                await self._worker.model(lambda backend: backend.examples.look_after())

    @_queue_cards.before_loop
    @_look_after.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()
