"""Members behind interactions: their profile, whether Discord knows them, and who has left."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Collection
from datetime import datetime, timedelta

import discord

from bot.discord.runtime.membership import Membership
from bot.discord.runtime.worker import Backend, Worker
from knowledge.domain.members import Member
from knowledge.domain.outbox import Message
from knowledge.errors import MemberError
from knowledge.matching.peers import Peers

_LONGEST_ID = 19
LEFT_SERVERS = "peers.left_servers"
# Discord is asked about each member by themselves: a few at a time, and everybody once a day.
_AT_A_TIME = 20
_AGAIN = timedelta(days=1)


async def member_of(worker: Worker, user: discord.abc.User) -> Member | None:
    """Return somebody's own profile, if they have made one."""
    return await worker.db(lambda backend: known(backend.peers, user.id))


def known(peers: Peers, user_id: int) -> Member | None:
    """Return a member's own profile, if they have made one."""
    try:
        return peers.profile(str(user_id))
    except MemberError:
        return None


def on_discord(member_id: str) -> bool:
    """Return whether a member's id is one of Discord's. An operator may have made profiles with others."""
    return member_id.isdecimal() and len(member_id) <= _LONGEST_ID


class Departures:
    """Pauses whoever has left, and tells them."""

    def __init__(self, worker: Worker, membership: Membership) -> None:
        self._worker = worker
        self._membership = membership
        self._waiting: defaultdict[str, deque[str]] = defaultdict(deque)  # by network, as is the next
        self._begun: dict[str, datetime] = {}

    async def look(self) -> int:
        """Look for the next few members; how many have left."""
        now, network = self._worker.now(), await self._worker.network()
        waiting, begun = self._waiting[network], self._begun.get(network)
        if not waiting and (begun is None or now - begun >= _AGAIN):
            self._begun[network] = now
            waiting.extend(await self._worker.db(lambda backend: backend.library.members.unpaused_ids()))
        some = [waiting.popleft() for _ in range(min(_AT_A_TIME, len(waiting)))]
        return len(await self.check(some))

    async def check(self, member_ids: Collection[str]) -> list[str]:
        """Return those of these members who have left; they are paused now, and told of it by direct message."""
        asked = [one for one in member_ids if on_discord(one)]
        left = await asyncio.gather(*(self._membership.has_left(int(one)) for one in asked))
        gone = [one for one, has_left in zip(asked, left, strict=True) if has_left]
        for member_id in gone:
            await self._set_aside(member_id)
        return gone

    async def _set_aside(self, member_id: str) -> None:
        now = self._worker.now()

        def pause(backend: Backend) -> None:
            member = known(backend.peers, int(member_id))
            if member is not None and not member.paused:
                backend.peers.set_aside(member_id)
                message = Message(recipient=member_id, kind=LEFT_SERVERS, data={})
                backend.library.outbox.add(message, now)

        await self._worker.db(pause, atomic=True)
