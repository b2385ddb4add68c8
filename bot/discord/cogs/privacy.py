"""Receives `/privacy`: what is kept under a member's name, and having it deleted."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.acting import begin, notice
from bot.discord.desk import Desk
from bot.discord.finding import page_view
from bot.discord.giving.desk import ExampleDesk
from bot.discord.ui.live import Handler, button
from bot.texts import discord_forums as texts
from bot.texts import discord_giving as giving
from knowledge.examples.types import Actor, Role, Submission


class Privacy(commands.Cog):
    """A member's own data."""

    def __init__(self, desk: Desk, examples: ExampleDesk) -> None:
        self._desk = desk
        self._examples = examples

    @property
    def handlers(self) -> dict[str, Handler]:
        """What its buttons do."""
        return {"privacy_out": self._opt_out, "privacy_in": self._opt_in, "privacy_forget": self._forget}

    @app_commands.command(name="privacy", description=texts.PRIVACY)
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Show what is kept, with buttons to change it."""
        if not await begin(self._desk, interaction):
            return
        user_id = interaction.user.id
        kept = await self._desk.read(lambda library: library.servers.members.export(user_id))
        posts, waiting, out = kept["forum_posts"], kept["waiting_for"], kept["posts_left_out"]
        lines = [
            f"### {texts.PRIVACY_TITLE}",
            texts.PRIVACY_OUT if out else texts.PRIVACY_POSTS.format(number=_number(posts)),
            texts.PRIVACY_WAITING.format(number=_number(waiting)),
            giving.PRIVACY_EXAMPLES.format(number=len(await self._given(user_id))),
            giving.PRIVACY_FORGET,
            texts.PRIVACY_QUESTIONS,
        ]
        switch = ("privacy_in", texts.PRIVACY_OPT_IN) if out else ("privacy_out", texts.PRIVACY_OPT_OUT)
        delete = button("privacy_forget", "", texts.PRIVACY_FORGET, discord.ButtonStyle.danger)
        view = page_view("\n".join(lines), button(switch[0], "", switch[1]), delete)
        await interaction.edit_original_response(view=view)

    async def _opt_out(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._desk, interaction, update=True):
            user_id = interaction.user.id
            number = await self._desk.read(lambda library: library.servers.posts.opt_out(user_id))
            await interaction.edit_original_response(view=notice(texts.PRIVACY_OPTED_OUT.format(number=number)))

    async def _opt_in(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._desk, interaction, update=True):
            user_id = interaction.user.id
            await self._desk.read(lambda library: library.servers.posts.opt_in(user_id))
            await interaction.edit_original_response(view=notice(texts.PRIVACY_OPTED_IN))

    async def _forget(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._desk, interaction, update=True):
            user_id = interaction.user.id
            # What they asked in this channel; in a direct message the whole conversation is theirs.
            here = f"discord:{interaction.channel_id}"
            conversation = here if interaction.guild_id is None else f"{here}:{user_id}"
            # First, because it may take the longest: should it fail, the member hears of it and presses again.
            await self._examples.slow(lambda examples: examples.forget(_member(user_id)))
            await self._desk.read(lambda library: library.servers.giving.forget(user_id))
            self._examples.tell()
            await self._desk.read(lambda library: library.servers.members.forget(user_id))
            await self._desk.read(lambda library: library.questions.forget_voter(f"discord:{user_id}"))
            await self._desk.read(lambda library: library.questions.forget(conversation))
            await interaction.edit_original_response(view=notice(texts.PRIVACY_FORGOTTEN))

    async def _given(self, user_id: int) -> list[Submission]:
        return await self._examples.quick(lambda examples: examples.data_of(_member(user_id)))


def _member(user_id: int) -> Actor:
    # Whoever has left, or was banned, keeps the right to be forgotten.
    return Actor(str(user_id), Role.OUTSIDER)


def _number(kept: object) -> int:
    return len(kept) if isinstance(kept, list) else 0
