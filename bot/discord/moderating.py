"""Who may do what on a server."""

import discord

from bot.discord.desk import Desk


async def is_moderator(desk: Desk, interaction: discord.Interaction) -> bool:
    """Whether a member has the moderators' role of this server, or may manage messages in this channel."""
    guild_id, member = interaction.guild_id, interaction.user
    if guild_id is None or not isinstance(member, discord.Member):
        return False
    if interaction.permissions.manage_messages:
        return True
    server = await desk.read(lambda library: library.servers.settings.server(guild_id))
    return server.moderator_role is not None and any(role.id == server.moderator_role for role in member.roles)
