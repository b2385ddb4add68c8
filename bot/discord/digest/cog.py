"""Receives `/digest`, its switch, and the time at which a round-up is due."""

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.discord.digest import texts
from bot.discord.digest.contents import digest_view
from bot.discord.digest.schedule import ON_DEMAND, DigestSchedule
from bot.discord.runtime.components import Handler, button
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.membership import is_moderator
from bot.discord.runtime.retry import going_on
from bot.discord.runtime.worker import Worker

# A round-up a few minutes later is as good.
_LOOKING_SECONDS = 300


class DigestCog(commands.Cog):
    """The round-up: by itself once a week, and on demand."""

    def __init__(self, bot: commands.Bot, worker: Worker, schedule: DigestSchedule) -> None:
        self._bot = bot
        self._worker = worker
        self._schedule = schedule

    async def cog_load(self) -> None:
        """Start looking."""
        self._look.start()

    async def cog_unload(self) -> None:
        """Stop it."""
        self._look.cancel()

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {
            "digest_off": lambda i, _, __: self._switch(i, paused=True),
            "digest_on": lambda i, _, __: self._switch(i, paused=False),
        }

    @app_commands.command(name="digest", description=texts.DIGEST)
    async def digest(self, interaction: discord.Interaction) -> None:
        """Show what is new, and to moderators the switch of the weekly round-up."""
        if await begin(self._worker, interaction):
            await self._show(interaction)

    async def _show(self, interaction: discord.Interaction) -> None:
        server_id, since = interaction.guild_id, self._worker.now() - ON_DEMAND
        contents = await self._schedule.contents(server_id, since, self._worker.now().isocalendar().week)
        footer, buttons = texts.ON_DEMAND, []
        if server_id is not None and await is_moderator(self._worker, interaction):
            server, state = await self._worker.db(
                lambda backend: (
                    backend.servers.settings.server(server_id),
                    backend.servers.digests.digest(server_id),
                )
            )
            if server.digest_channel is not None:
                text = texts.OFF if state.paused else texts.ON
                footer = text.format(channel=f"<#{server.digest_channel}>")
                switch = ("digest_on", texts.SWITCH_ON) if state.paused else ("digest_off", texts.SWITCH_OFF)
                buttons = [button(switch[0], "", switch[1])]
        await interaction.edit_original_response(view=digest_view(contents, since, footer, *buttons))

    async def _switch(self, interaction: discord.Interaction, *, paused: bool) -> None:
        server_id = interaction.guild_id
        if not await begin(self._worker, interaction, update=True):
            return
        if server_id is not None:
            await self._worker.db(lambda backend: backend.servers.digests.pause(server_id, paused=paused))
        await self._show(interaction)

    @tasks.loop(seconds=_LOOKING_SECONDS)
    async def _look(self) -> None:
        with going_on("the round-ups could not be begun"):
            if await self._schedule.begin():
                self._bot.dispatch("outgoing")

    @_look.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()
