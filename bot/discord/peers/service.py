"""Where the Discord face reaches members: one `Peers` over the worker's library, used in threads only."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import discord

from bot.discord.peers import texts
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.worker import Worker
from indexer.sources.examples import publisher
from knowledge.domain.members import Member
from knowledge.errors import MemberError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.access import Access
from knowledge.matching.peers import Peers
from knowledge.privacy.member_data import PersonalData

# A form must be the first response, and Discord waits three seconds for that.
_QUICK_SECONDS = 2.0
_LONGEST_ID = 19
_T = TypeVar("_T")


class PeerService:
    """Everything about people behind the worker."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._opening = asyncio.Lock()
        self._people: tuple[Library, Peers] | None = None

    async def peers(self) -> Peers:
        """The members of the library. It holds their vectors, so there is one."""
        library = await self.worker.library()
        async with self._opening:
            if self._people is None or self._people[0] is not library:
                self._people = (library, Peers(library, self.worker.now))
            return self._people[1]

    async def read(self, work: Callable[[Peers], _T]) -> _T:
        """Do something that needs the database only."""
        peers = await self.peers()
        return await self.worker.read(lambda _: work(peers))

    async def match(self, work: Callable[[Peers], _T]) -> _T:
        """Do something that needs the model."""
        peers = await self.peers()
        return await self.worker.ask(lambda _: work(peers))

    async def later(self, work: Callable[[Peers, Examples], _T]) -> _T:
        """Do something that nobody waits for, in nobody's way."""
        peers = await self.peers()
        return await self.worker.later(lambda library: work(peers, self._examples(library)))

    async def see(self, work: Callable[[Access], _T]) -> _T:
        """Look at what a member may be shown."""
        peers = await self.peers()
        return await self.worker.ask(lambda _: work(Access(peers)))

    async def act(self, work: Callable[[Peers, Library, Examples], _T]) -> _T:
        """Change something, all of it in one transaction or none of it."""
        peers = await self.peers()

        def within(library: Library) -> _T:
            with library.members.atomically():
                return work(peers, library, self._examples(library))

        return await self.worker.read(within)

    async def personal(self, work: Callable[[PersonalData], _T]) -> _T:
        """Do something with all that is held about somebody. Examples may have to be published anew for that."""
        peers = await self.peers()
        library = await self.worker.library()
        return await self.worker.ask(lambda _: work(PersonalData(library, peers, self._examples(library))))

    async def quickly(self, work: Callable[[Peers, Library], _T]) -> _T:
        """Read something before a form is opened.

        Raises:
            RefusedError: It takes too long for that.
        """
        try:
            # What has begun goes on: a library that is just being opened is there for the next press.
            reading = asyncio.ensure_future(self._read_both(work))
            return await asyncio.wait_for(asyncio.shield(reading), _QUICK_SECONDS)
        except TimeoutError:
            raise RefusedError(texts.STARTING) from None

    async def member(self, user: discord.abc.User) -> Member | None:
        """Somebody's own profile, if they have made one."""
        return await self.read(lambda peers: known(peers, user.id))

    async def _read_both(self, work: Callable[[Peers, Library], _T]) -> _T:
        peers = await self.peers()
        return await self.worker.read(lambda library: work(peers, library))

    def _examples(self, library: Library) -> Examples:
        return Examples(library, publisher(library), clock=self.worker.now)


def on_discord(member_id: str) -> bool:
    """Whether a member's id is one of Discord's. An operator may have made profiles with others."""
    return member_id.isdecimal() and len(member_id) <= _LONGEST_ID


def known(peers: Peers, user_id: int) -> Member | None:
    """A member's own profile, if they have made one."""
    try:
        return peers.profile(str(user_id))
    except MemberError:
        return None
