"""Receives `/coffee`: taking part in the coffee rota, a pause until a day, and leaving it."""

from datetime import date

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.peers import texts
from bot.discord.peers.members import member_of
from bot.discord.peers.profile_view import no_profile_view
from bot.discord.runtime.components import Handler, button, page_view
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import safe
from bot.discord.runtime.worker import Worker
from knowledge.dates import UK, spoken
from knowledge.domain.members import CoffeeMember


class CoffeeCog(commands.Cog):
    """The command of the coffee rota and its buttons."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {"coffee_join": self._join, "coffee_leave": self._leave}

    @app_commands.command(name="coffee", description=texts.COFFEE)
    @app_commands.describe(pause_until=texts.COFFEE_PAUSE)
    async def coffee(
        self, interaction: discord.Interaction, pause_until: app_commands.Range[str, 1, 20] | None = None
    ) -> None:
        """Show how a member takes part, after a pause if they wish one."""
        if not await begin(self._worker, interaction):
            return
        if await member_of(self._worker, interaction.user) is None:
            await interaction.edit_original_response(view=no_profile_view())
            return
        if pause_until is not None:
            until, me = _day(pause_until), str(interaction.user.id)
            await self._worker.db(lambda backend: backend.peers.pause_coffee(me, until))
        await self._show(interaction)

    async def _join(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            me = str(interaction.user.id)
            await self._worker.db(lambda backend: backend.peers.join_coffee(me))
            await self._show(interaction)

    async def _leave(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            me = str(interaction.user.id)
            await self._worker.db(lambda backend: backend.peers.leave_coffee(me))
            await self._show(interaction)

    async def _show(self, interaction: discord.Interaction) -> None:
        me, today = str(interaction.user.id), self._worker.now().astimezone(UK).date()
        taking = await self._worker.db(lambda backend: backend.peers.coffee(me))
        await interaction.edit_original_response(view=coffee_view(taking, today))


def coffee_view(taking: CoffeeMember | None, today: date) -> ui.LayoutView:
    """Return what the rota is, how a member takes part, and what they can do about it."""
    join = button("coffee_join", "", texts.COFFEE_JOIN, discord.ButtonStyle.primary)
    leave = button("coffee_leave", "", texts.COFFEE_LEAVE)
    if taking is None:
        state, buttons = texts.COFFEE_OUT, [join]
    elif taking.paused_until is not None and taking.paused_until > today.isoformat():
        day = spoken(date.fromisoformat(taking.paused_until), None)
        state, buttons = texts.COFFEE_PAUSED.format(day=day), [join, leave]
    else:
        state, buttons = texts.COFFEE_IN, [leave]
    return page_view("\n".join([texts.COFFEE_TITLE, texts.COFFEE_ABOUT, f"**{state}**"]), *buttons)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise RefusedError(texts.COFFEE_BAD_DAY.format(day=safe(typed))) from error
