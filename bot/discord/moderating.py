"""Who may do what on a server."""

import discord
from discord import app_commands

from bot.discord.desk import Desk
from bot.discord.errors import RefusedError
from bot.texts import discord_admin as texts


async def is_moderator(desk: Desk, interaction: discord.Interaction) -> bool:
    """Whether a member has the moderators' role of this server, or may manage it or the messages in this channel."""
    guild_id, member = interaction.guild_id, interaction.user
    if guild_id is None or not isinstance(member, discord.Member):
        return False
    if interaction.permissions.manage_messages or interaction.permissions.manage_guild:
        return True
    server = await desk.read(lambda library: library.servers.settings.server(guild_id))
    return server.moderator_role is not None and any(role.id == server.moderator_role for role in member.roles)


def guild_of_admin(interaction: discord.Interaction) -> discord.Guild:
    """The server, if the member may manage it: who sees a command is for admins to change, what it does is not.

    Raises:
        RefusedError: It is no server.
        MissingPermissions: The member may not manage it.
    """
    if interaction.guild is None:
        raise RefusedError(texts.SERVER_ONLY)
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return interaction.guild
