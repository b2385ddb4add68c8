"""The rights of members on a server."""

import discord
from discord import app_commands

from bot.discord.runtime import texts
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.worker import Worker


async def is_moderator(worker: Worker, interaction: discord.Interaction) -> bool:
    """Return whether a member moderates this server: by its moderators' role, or by managing it or its messages.

    What somebody may do in one channel only, say because it is theirs, makes them no moderator of the rest.
    """
    guild_id, member = interaction.guild_id, interaction.user
    if guild_id is None or not isinstance(member, discord.Member):
        return False
    # Whoever takes the assistant to a server of their own moderates nothing there.
    if not await worker.db(lambda backend: backend.servers.register.has(guild_id)):
        return False
    if interaction.permissions.manage_guild or _manages_messages(interaction, member):
        return True
    server = await worker.db(lambda backend: backend.servers.settings.server(guild_id))
    return server.moderator_role is not None and any(role.id == server.moderator_role for role in member.roles)


async def moderates_channel(worker: Worker, interaction: discord.Interaction) -> bool:
    """Return whether a member may tidy up in this channel: moderators, and who may manage messages just here."""
    in_channel = interaction.guild_id is not None and interaction.permissions.manage_messages
    return in_channel or await is_moderator(worker, interaction)


def _manages_messages(interaction: discord.Interaction, member: discord.Member) -> bool:
    """Return whether a member's roles let them manage messages, whatever a channel adds to that."""
    # Of a server that the assistant is no guest of, it does not know the roles.
    known = interaction.client.get_guild(member.guild.id) is not None
    return known and member.guild_permissions.manage_messages


def guild_of_admin(interaction: discord.Interaction) -> discord.Guild:
    """Return the server, if the member may manage it: admins change who sees a command, but not what it does.

    Raises:
        RefusedError: It is no server.
        MissingPermissions: The member may not manage it.
    """
    if interaction.guild is None:
        raise RefusedError(texts.SERVER_ONLY)
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return interaction.guild
