"""Notices when the bot is back, and until when it saw everything."""

import discord
from discord.ext import commands, tasks

from bot.discord.backfill import Backfill
from bot.discord.runtime.retry import going_on

# What happened since the last note is looked at twice after a stop, which does no harm: each post is taken on once.
_NOTING_SECONDS = 300


class BackfillCog(commands.Cog):
    """Back at work: catch up."""

    def __init__(self, bot: commands.Bot, catching_up: Backfill) -> None:
        self._bot = bot
        self._catching_up = catching_up

    async def cog_load(self) -> None:
        """Start noting."""
        self._note.start()

    async def cog_unload(self) -> None:
        """Stop it."""
        self._note.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Connected anew: what happened before that was not told."""
        with going_on("what happened while the bot was away could not be caught up with"):
            if await self._catching_up.run():
                self._bot.dispatch("outgoing")

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """The connection dropped."""
        self._catching_up.lost_sight()

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """It is back, and nothing was missed."""
        self._catching_up.sees_again()

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server that Discord had lost is back: what happened there meanwhile was not told."""
        if await self._catching_up.run_for(guild):
            self._bot.dispatch("outgoing")

    @tasks.loop(seconds=_NOTING_SECONDS)
    async def _note(self) -> None:
        with going_on("it could not be noted until when everything was seen"):
            await self._catching_up.note()
