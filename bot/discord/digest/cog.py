"""Receives `/digest`, its switches, and the time at which digests are due."""

import discord
from discord import app_commands, ui
from discord.ext import commands, tasks

from bot.discord.digest import own, texts
from bot.discord.digest.card import digest_view
from bot.discord.digest.own import OwnDigest
from bot.discord.digest.schedule import DigestSchedule
from bot.discord.runtime.components import Handler, button
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.membership import is_moderator
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.networks import for_each_network
from bot.discord.runtime.retry import going_on
from bot.discord.runtime.worker import Worker
from knowledge.servers.types import Digest, Server
from knowledge.storage.claims import ASK_SECONDS

# A digest a few minutes later is as good.
_LOOKING_SECONDS = 300


class DigestCog(commands.Cog):
    """The digest: by itself once a week or a month, and on demand."""

    def __init__(self, bot: commands.Bot, worker: Worker, schedule: DigestSchedule, own_digest: OwnDigest) -> None:
        self._bot = bot
        self._worker = worker
        self._schedule = schedule
        self._own = own_digest

    async def cog_load(self) -> None:
        """Start looking."""
        self._look.start()

    async def cog_unload(self) -> None:
        """Stop it."""
        self._look.cancel()

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons and of its select."""
        return {
            "digest_off": lambda i, _, __: self._change(i, paused=True),
            "digest_on": lambda i, _, __: self._change(i, paused=False),
            "digest_monthly": lambda i, _, __: self._change(i, monthly=True),
            "digest_weekly": lambda i, _, __: self._change(i, monthly=False),
            own.CHOOSE: self._own.choose,
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handler of its form."""
        return {own.FORM: self._own.take_address}

    @app_commands.command(name="digest", description=texts.DIGEST)
    async def digest(self, interaction: discord.Interaction) -> None:
        """Show what is new, the member's own choice, and to moderators the switches of the channel's digest."""
        if await begin(self._worker, interaction):
            await self._show(interaction)

    async def _show(self, interaction: discord.Interaction) -> None:
        server_id = interaction.guild_id
        contents, since = await self._own.contents(interaction)
        footer, rows = texts.ON_DEMAND, [await self._own.row(interaction)]
        if server_id is not None and await is_moderator(self._worker, interaction):
            server, state = await self._worker.db(
                lambda backend: (
                    backend.servers.settings.server(server_id),
                    backend.servers.digests.digest(server_id),
                )
            )
            if server.digest_channel is not None:
                footer = _state_of(server, state)
                rows.append(_switches(state))
        await interaction.edit_original_response(view=digest_view(contents, since, footer, *rows))

    async def _change(
        self, interaction: discord.Interaction, *, paused: bool | None = None, monthly: bool | None = None
    ) -> None:
        server_id = interaction.guild_id
        if not await begin(self._worker, interaction, update=True):
            return
        if server_id is None:
            return
        if paused is not None:
            await self._worker.db(lambda backend: backend.servers.digests.pause(server_id, paused=paused))
        if monthly is not None:
            await self._worker.db(lambda backend: backend.servers.digests.set_monthly(server_id, monthly=monthly))
        await self._show(interaction)

    @tasks.loop(seconds=ASK_SECONDS)
    @for_each_network
    async def _look(self) -> None:
        with going_on("the digests could not be begun"):
            if not await self._worker.turn("digests", _LOOKING_SECONDS):
                return
            if await self._schedule.begin() + await self._own.begin():
                self._bot.dispatch("outgoing")

    @_look.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()


def _state_of(server: Server, state: Digest) -> str:
    text = texts.OFF if state.paused else texts.ON
    return text.format(channel=f"<#{server.digest_channel}>", period=texts.PERIODS[state.monthly])


def _switches(state: Digest) -> ui.ActionRow[ui.LayoutView]:
    """Return the buttons of a channel's digest: off or on, and how often while it is on."""
    if state.paused:
        return ui.ActionRow(button("digest_on", "", texts.SWITCH_ON))
    often = ("digest_weekly", texts.MAKE_WEEKLY) if state.monthly else ("digest_monthly", texts.MAKE_MONTHLY)
    return ui.ActionRow(button("digest_off", "", texts.SWITCH_OFF), button(often[0], "", often[1]))
