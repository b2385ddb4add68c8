"""Receives `/share`, `/my-examples`, `/queue` and "Save as example", and keeps review cards and examples in order."""

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.discord.examples import review_texts as review
from bot.discord.examples import texts
from bot.discord.examples.drafts import Drafts
from bot.discord.examples.file_drafts import FileDrafts
from bot.discord.examples.lists import ExampleLists
from bot.discord.examples.notices import ExampleNotices
from bot.discord.examples.reader import ExampleReader
from bot.discord.examples.review import ReviewActions
from bot.discord.examples.review_channels import ReviewChannels
from bot.discord.examples.save_message import SaveMessage
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.components import Handler
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.outbox import Outbox
from bot.discord.runtime.rate_limits import RateLimit
from bot.discord.runtime.retry import going_on

_CARDS_SECONDS = 15


class ExamplesCog(commands.Cog):
    """Shared examples, from the first word to the thanks."""

    def __init__(self, bot: commands.Bot, service: ExampleService, outbox: Outbox, rate_limit: RateLimit) -> None:
        self._bot = bot
        self._service = service
        self._places = ReviewChannels(bot, service)
        outbox.kinds |= ExampleNotices(bot, service, self._places).kinds
        self._sharing = Drafts(service)
        self._saving = SaveMessage(bot, service, self._sharing, outbox, rate_limit)
        self._browsing = ExampleLists(service)
        self._drafting = FileDrafts(service, self._sharing, rate_limit)
        self._parts = (self._sharing, ReviewActions(service))
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
        """What all buttons and selects of examples do."""
        acting = (self._browsing, self._saving, ExampleReader(self._service), *self._parts)
        return {name: handler for part in acting for name, handler in part.handlers.items()}

    @property
    def forms(self) -> dict[str, FormHandler]:
        """What all forms of examples do."""
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
            await self._sharing.begin(interaction)
        elif await begin(self._service.worker, interaction):
            await self._drafting.draft(interaction, file, link)

    @app_commands.command(name="my-examples", description=texts.MINE)
    async def my_examples(self, interaction: discord.Interaction) -> None:
        """List what a member gave."""
        if await begin(self._service.worker, interaction):
            await self._browsing.mine(interaction)

    @app_commands.command(name="queue", description=review.QUEUE)
    @app_commands.guild_only()
    async def queue(self, interaction: discord.Interaction) -> None:
        """List what waits for a moderator."""
        if await begin(self._service.worker, interaction):
            await self._browsing.queue(interaction)

    async def save(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Make an example of a message, if its author agrees."""
        await self._saving.save(interaction, message)

    @tasks.loop(seconds=_CARDS_SECONDS)
    async def _queue_cards(self) -> None:
        with going_on("review cards could not be queued"):
            if await self._places.look():
                self._service.tell()

    @tasks.loop(hours=1)
    async def _look_after(self) -> None:
        with going_on("shared examples could not be looked after"):
            await self._service.slow(lambda examples: examples.look_after())

    @_queue_cards.before_loop
    @_look_after.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()
