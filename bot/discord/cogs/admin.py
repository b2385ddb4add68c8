"""Receives `/setup`, `/doctor` and `/status`, and notices what admins delete."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import doctor
from bot.discord.acting import begin
from bot.discord.desk import Desk
from bot.discord.errors import RefusedError
from bot.discord.finding import page_view
from bot.discord.status import status_text
from bot.discord.ui.live import Handler
from bot.discord.ui.setup_panel import setup_panel
from bot.texts import discord_admin as texts
from knowledge.servers import Forum, Server


class Admin(commands.Cog):
    """What admins do."""

    def __init__(self, bot: commands.Bot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk

    @property
    def handlers(self) -> dict[str, Handler]:
        """What the panel's selects and its button do."""
        return {
            "setup_moderators": lambda i, _, values: self._choose(i, moderator_role=_first(values)),
            "setup_review": lambda i, _, values: self._choose(i, review_channel=_first(values)),
            "setup_digest": lambda i, _, values: self._choose(i, digest_channel=_first(values)),
            "setup_language": lambda i, _, values: self._choose(i, language=values[0]),
            "setup_replies": lambda i, _, values: self._switch(i, "replies", values),
            "setup_searchable": lambda i, _, values: self._switch(i, "searchable", values),
            "setup_check": lambda i, _, __: self._check_up(i),
        }

    @app_commands.command(name="setup", description=texts.SETUP)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: discord.Interaction) -> None:
        """Show the panel."""
        guild = _guild_of_admin(interaction)
        if await begin(self._desk, interaction):
            await self._show_panel(interaction, guild)

    @app_commands.command(name="doctor", description=texts.DOCTOR)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def doctor(self, interaction: discord.Interaction) -> None:
        """Check every permission."""
        await self._check_up(interaction)

    @app_commands.command(name="status", description=texts.STATUS)
    async def status(self, interaction: discord.Interaction) -> None:
        """Say how large and fresh the library is."""
        if await begin(self._desk, interaction):
            today = self._desk.now().date()
            text = await self._desk.read(lambda library: status_text(library, today))
            await interaction.edit_original_response(view=page_view(text))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a channel that is gone."""
        server_id, channel_id = channel.guild.id, channel.id
        await self._desk.read(lambda library: library.servers.settings.forget_channel(server_id, channel_id))

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget a role that is gone."""
        server_id, role_id = role.guild.id, role.id
        await self._desk.read(lambda library: library.servers.settings.forget_role(server_id, role_id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that removed the bot."""
        server_id = guild.id
        await self._desk.read(lambda library: library.servers.settings.forget_server(server_id))

    async def _choose(self, interaction: discord.Interaction, **chosen: object) -> None:
        guild = _guild_of_admin(interaction)
        if not await begin(self._desk, interaction, update=True):
            return
        server = await self._desk.read(lambda library: library.servers.settings.server(guild.id))
        changed = Server.model_validate(server.model_dump() | chosen)
        await self._desk.read(lambda library: library.servers.settings.save_server(changed))
        await self._show_panel(interaction, guild)

    async def _switch(self, interaction: discord.Interaction, name: str, values: list[str]) -> None:
        guild = _guild_of_admin(interaction)
        if not await begin(self._desk, interaction, update=True):
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
        await self._desk.read(lambda library: library.servers.settings.save_forum(forum))
        self._bot.dispatch("forum_switched", forum)

    async def _forums(self, server_id: int) -> list[Forum]:
        return await self._desk.read(lambda library: library.servers.settings.forums(server_id))

    async def _show_panel(self, interaction: discord.Interaction, guild: discord.Guild) -> None:
        server = await self._desk.read(lambda library: library.servers.settings.server(guild.id))
        await interaction.edit_original_response(view=setup_panel(server, await self._forums(guild.id)))

    async def _check_up(self, interaction: discord.Interaction) -> None:
        guild = _guild_of_admin(interaction)
        if not await begin(self._desk, interaction):
            return
        server, documents = await self._desk.read(
            lambda library: (library.servers.settings.server(guild.id), library.store.counts().documents)
        )
        where = getattr(interaction.channel, "mention", None)
        text = doctor.report(
            guild,
            server,
            await self._forums(guild.id),
            (where, interaction.app_permissions) if where else None,
            application_id=interaction.application_id,
            reads_messages=self._bot.intents.message_content,
            documents=documents,
        )
        await interaction.edit_original_response(view=page_view(text))


def _guild_of_admin(interaction: discord.Interaction) -> discord.Guild:
    """The server, if the member may manage it: who sees a command is for admins to change, what it does is not."""
    if interaction.guild is None:
        raise RefusedError(texts.SERVER_ONLY)
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return interaction.guild


def _first(values: list[str]) -> int | None:
    return int(values[0]) if values else None
