"""Receives `/setup` and every choice on its panel."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.admin import doctor, texts
from bot.discord.admin.setup_panel import setup_panel
from bot.discord.runtime.components import Handler
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.roles import guild_of_admin
from bot.discord.runtime.worker import Worker
from knowledge.servers.types import Forum, Server


class SetupCog(commands.Cog):
    """The panel of `/setup`. Its last button is the check-up's."""

    def __init__(self, bot: commands.Bot, worker: Worker) -> None:
        self._bot = bot
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """What the panel's selects do."""
        return {
            "setup_moderators": lambda i, _, values: self._choose(i, moderator_role=_first(values)),
            "setup_review": lambda i, _, values: self._choose(i, review_channel=_first(values)),
            "setup_digest": lambda i, _, values: self._choose(i, digest_channel=_first(values)),
            "setup_language": lambda i, _, values: self._choose(i, language=values[0]),
            "setup_replies": lambda i, _, values: self._switch(i, "replies", values),
            "setup_searchable": lambda i, _, values: self._switch(i, "searchable", values),
        }

    @app_commands.command(name="setup", description=texts.SETUP)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: discord.Interaction) -> None:
        """Show the panel."""
        guild = guild_of_admin(interaction)
        if await begin(self._worker, interaction):
            await self._show_panel(interaction, guild)

    async def _choose(self, interaction: discord.Interaction, **chosen: object) -> None:
        guild = guild_of_admin(interaction)
        if not await begin(self._worker, interaction, update=True):
            return
        server = await self._worker.read(lambda library: library.servers.settings.server(guild.id))
        changed = Server.model_validate(server.model_dump() | chosen)
        await self._worker.read(lambda library: library.servers.settings.save_server(changed))
        if chosen.get("digest_channel") is not None:  # whoever chooses a channel for it wants it
            await self._worker.read(lambda library: library.servers.digests.pause(guild.id, paused=False))
        await self._show_panel(interaction, guild)

    async def _switch(self, interaction: discord.Interaction, name: str, values: list[str]) -> None:
        guild = guild_of_admin(interaction)
        if not await begin(self._worker, interaction, update=True):
            return
        on = {int(value) for value in values}
        before = {forum.channel_id: forum for forum in await self._forums(guild.id)}
        for channel_id in on | before.keys():
            forum = before.get(channel_id) or Forum(channel_id=channel_id, server_id=guild.id)
            changed = forum.model_copy(update={name: channel_id in on})
            if changed != forum:
                await self._save(changed)
        await self._show_panel(interaction, guild)

    async def _save(self, forum: Forum) -> None:
        await self._worker.read(lambda library: library.servers.settings.save_forum(forum))
        self._bot.dispatch("forum_switched", forum)

    async def _forums(self, server_id: int) -> list[Forum]:
        return await self._worker.read(lambda library: library.servers.settings.forums(server_id))

    async def _show_panel(self, interaction: discord.Interaction, guild: discord.Guild) -> None:
        server = await self._worker.read(lambda library: library.servers.settings.server(guild.id))
        forums = await self._forums(guild.id)
        missing = doctor.missing_lines(guild, server, forums)
        await interaction.edit_original_response(view=setup_panel(server, forums, missing))


def _first(values: list[str]) -> int | None:
    return int(values[0]) if values else None
