"""Membership and roles: members of the servers that the operator has registered, there and in direct messages.

Discord tells of members who come and go only with a privileged intent, so it is asked about each who matters.
"""

import asyncio
import contextlib
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Protocol, cast

import discord
from discord import app_commands

from bot.discord.runtime import texts
from bot.discord.runtime.errors import RefusedError, TooSlowError
from bot.discord.runtime.networks import hosts_among, is_on
from bot.discord.runtime.worker import Worker
from knowledge.domain.examples import Role
from knowledge.permissions import Audience, Face, Place, Refusal, asks_role, audience_of, refusal

_REFUSALS = {
    Refusal.NOT_REGISTERED: texts.NOT_REGISTERED,
    Refusal.NOT_A_MEMBER: texts.NOT_A_MEMBER,
    Refusal.NOT_OFFERED: texts.OUTDATED,
    Refusal.TEAM_ONLY: texts.MODERATORS_ONLY,
}
# For so long it is taken as known that somebody is there; and where they reach others: whoever was banned should not.
_REMEMBERED, _REMEMBERED_TO_REACH = timedelta(hours=1), timedelta(minutes=2)
_MOST_REMEMBERED = 100_000
# Of so many servers at once it is asked whether somebody is there: on one of a thousand, most are found with the first.
_ASKED_AT_ONCE = 10


class Admission(Enum):
    """A rule on where something may be begun, and by whom.

    REGISTERED: on registered servers, and in direct messages by anybody, also by who has left: their own data and
    examples stay theirs. MEMBERS: in direct messages by members of those servers only. ANYWHERE: even elsewhere.
    """

    REGISTERED = auto()
    MEMBERS = auto()
    ANYWHERE = auto()


class Membership:
    """Looks up who is on a registered server."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker
        self._seen: dict[tuple[str, int], tuple[datetime, int]] = {}  # by network and person: when, and on which server

    async def admit(self, server_id: int | None, user_id: int, admission: Admission = Admission.REGISTERED) -> None:
        """Accept only who may begin something here.

        Raises:
            RefusedError: The server is not registered, or in a direct message they are on no server that is.
            discord.HTTPException: Discord could not say so.
        """
        if admission is Admission.ANYWHERE:
            return
        if server_id is not None:
            if not await self.registered(server_id):
                raise RefusedError(texts.NOT_REGISTERED.format(id=server_id))
        elif admission is Admission.MEMBERS and not await self.present(user_id, _REMEMBERED_TO_REACH):
            raise RefusedError(texts.NOT_A_MEMBER)

    async def registered(self, server_id: int) -> bool:
        """Return whether the operator has registered a server."""
        return await self._worker.db(lambda backend: backend.servers.register.has(server_id))

    async def present(self, user_id: int, remembered: timedelta = _REMEMBERED) -> bool:
        """Return whether somebody is on a registered server; what was so within `remembered` is taken to be so.

        Raises:
            discord.HTTPException: Discord could not say so.
        """
        seen = self._seen.get((await self._worker.network(), user_id))
        if seen is not None and self._worker.now() - seen[0] < remembered:
            return True
        return bool(await self._looked_up(user_id, enough=1))

    async def has_left(self, user_id: int) -> bool:
        """Return whether Discord says of every registered server that somebody is not on it. In doubt they are."""
        hosts = [self._client.get_guild(one) for one in await self._hosts()]
        if not hosts or any(guild is not None and guild.unavailable for guild in hosts):
            return False
        try:
            return not await self.present(user_id)
        except discord.HTTPException:
            return False

    async def servers_of(self, user_id: int) -> list[int]:
        """Return the registered servers that somebody and the assistant have in common, as far as Discord says.

        Raises:
            discord.HTTPException: None is known, and Discord could not answer for one of them.
        """
        return await self._looked_up(user_id)

    async def _looked_up(self, user_id: int, enough: int | None = None) -> list[int]:
        """Return the servers that somebody is on, all of them or as soon as there are `enough`."""
        hosts, key = await self._hosts(), (await self._worker.network(), user_id)
        seen = self._seen.get(key)
        if seen is not None and enough is not None:  # first where they were the last time
            hosts.sort(key=lambda one: one != seen[1])
        known, failed = list[int](), list[BaseException]()
        for start in range(0, len(hosts), _ASKED_AT_ONCE):
            some = hosts[start : start + _ASKED_AT_ONCE]
            found = await asyncio.gather(*(is_on(self._client, one, user_id) for one in some), return_exceptions=True)
            failed += [e for e in found if isinstance(e, BaseException) and not isinstance(e, discord.NotFound)]
            # One server that fails says nothing of the others; what is no answer of Discord's is not ours to hide.
            if grave := [error for error in failed if not isinstance(error, discord.HTTPException)]:
                raise grave[0]
            known += [host for host, one in zip(some, found, strict=True) if one is True]
            if enough is not None and len(known) >= enough:
                break
        if failed and not known:
            raise failed[0]
        self._seen.pop(key, None)
        if known:
            self._seen[key] = (self._worker.now(), known[0])
            if len(self._seen) > _MOST_REMEMBERED:
                del self._seen[next(iter(self._seen))]
        return known

    async def _hosts(self) -> list[int]:
        """Return the registered servers that the assistant is on, and those that other processes are told of."""
        registered = await self._worker.db(lambda backend: backend.servers.register.ids())
        return hosts_among(self._client, registered, self._worker.settings.shards)

    async def place_of(self, server_id: int | None) -> Place:
        """Return what kind of place a server is, or a direct message where there is none."""
        if server_id is None:
            return Place.PRIVATE
        return Place.SERVER if await self.registered(server_id) else Place.ELSEWHERE


class Host(Protocol):
    """The client, as an interaction sees it."""

    @property
    def membership(self) -> Membership:
        """Return whom it works for."""


def membership_of(interaction: discord.Interaction) -> Membership:
    """Return whom the client that received this works for."""
    host: Host = cast("Any", interaction.client)
    return host.membership


def entry_of(interaction: discord.Interaction) -> str:
    """Return under which name the permission matrix has what somebody uses."""
    if interaction.command is not None:
        return "/" + interaction.command.qualified_name.replace(" ", "_")
    custom_id = str(cast("dict[str, Any]", interaction.data or {}).get("custom_id", ""))
    return custom_id.partition(":")[2].partition(":")[0]


async def enter(worker: Worker, interaction: discord.Interaction, admission: Admission = Admission.REGISTERED) -> None:
    """Accept only who may begin this by the permission matrix; `admission` can ask for more than it does.

    Raises:
        RefusedError: They may not.
        MissingPermissions: It is for who manages the server.
        discord.HTTPException: Discord could not say who they are.
    """
    membership, server_id = membership_of(interaction), interaction.guild_id
    wanted = audience_of(Face.DISCORD, entry_of(interaction))
    if admission is Admission.MEMBERS and wanted in (Audience.NETWORK, Audience.OWN):
        wanted = Audience.MEMBERS
    place, role = await membership.place_of(server_id), Role.MEMBER
    if asks_role(wanted, place):
        role = await _role_of(worker, interaction, wanted)
    refused = refusal(wanted, role, place)
    if refused is Refusal.ADMINS_ONLY:
        raise app_commands.MissingPermissions(["manage_guild"])
    if refused is not None:
        raise RefusedError(_REFUSALS[refused].format(id=server_id))


async def _role_of(worker: Worker, interaction: discord.Interaction, wanted: Audience) -> Role:
    if interaction.guild_id is None:
        there = await membership_of(interaction).present(interaction.user.id, _REMEMBERED_TO_REACH)
        return Role.MEMBER if there else Role.OUTSIDER
    if interaction.permissions.manage_guild:
        return Role.ADMIN
    moderates = moderates_channel if wanted is Audience.CHANNEL_TEAM else is_moderator
    return Role.MODERATOR if await moderates(worker, interaction) else Role.MEMBER


async def admit_before_form(
    worker: Worker, interaction: discord.Interaction, admission: Admission = Admission.REGISTERED
) -> None:
    """Accept only who may begin something, before a form is opened; what comes in is looked at again in any case.

    Raises:
        RefusedError: They may not.
    """
    looking = membership_of(interaction).admit(interaction.guild_id, interaction.user.id, admission)
    with contextlib.suppress(TooSlowError):
        await worker.before_modal(looking, texts.NOT_A_MEMBER)


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
