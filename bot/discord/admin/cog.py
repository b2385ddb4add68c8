"""Receives `/doctor` and `/status`, and notices what admins delete."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.admin import doctor, texts
from bot.discord.admin.status import status_text
from bot.discord.browse.views import page_view
from bot.discord.runtime.components import Handler
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.roles import guild_of_admin
from bot.discord.runtime.worker import Worker


class AdminCog(commands.Cog):
    """What admins do."""

    def __init__(self, bot: commands.Bot, worker: Worker) -> None:
        self._bot = bot
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """What the button on the panel of `/setup` does."""
        return {"setup_check": lambda i, _, __: self._check_up(i)}

    @app_commands.command(name="doctor", description=texts.DOCTOR)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def doctor(self, interaction: discord.Interaction) -> None:
        """Check every permission."""
        await self._check_up(interaction)

    @app_commands.command(name="status", description=texts.STATUS)
    async def status(self, interaction: discord.Interaction) -> None:
        """Say how large and fresh the library is."""
        if await begin(self._worker, interaction):
            today = self._worker.now().date()
            text = await self._worker.read(lambda library: status_text(library, today))
            await interaction.edit_original_response(view=page_view(text))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a channel that is gone."""
        server_id, channel_id = channel.guild.id, channel.id
        await self._worker.read(lambda library: library.servers.settings.forget_channel(server_id, channel_id))

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget a role that is gone."""
        server_id, role_id = role.guild.id, role.id
        await self._worker.read(lambda library: library.servers.settings.forget_role(server_id, role_id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that removed the bot."""
        server_id = guild.id
        await self._worker.read(lambda library: library.servers.settings.forget_server(server_id))

    async def _check_up(self, interaction: discord.Interaction) -> None:
        guild = guild_of_admin(interaction)
        if not await begin(self._worker, interaction):
            return
        server, forums, documents = await self._worker.read(
            lambda library: (
                library.servers.settings.server(guild.id),
                library.servers.settings.forums(guild.id),
                library.store.counts().documents,
            )
        )
        where = getattr(interaction.channel, "mention", None)
        text = doctor.report(
            guild,
            server,
            forums,
            (where, interaction.app_permissions) if where else None,
            application_id=interaction.application_id,
            reads_messages=self._bot.intents.message_content,
            documents=documents,
        )
        await interaction.edit_original_response(view=page_view(text))
