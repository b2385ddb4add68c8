"""The examples behind the service: who acts, in which role, and errors in words that a member can act on."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import discord

from bot.discord.examples import texts
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.roles import is_moderator
from bot.discord.runtime.worker import Worker
from indexer.sources.examples import publisher
from knowledge.domain.examples import Actor, Role, State, Submission
from knowledge.errors import ExampleError, ExampleNotFoundError
from knowledge.examples.examples import Examples
from knowledge.library import Library

_log = logging.getLogger(__name__)
# A form must be the first thing that Discord hears, within three seconds: what is needed for it has half of them.
_AT_ONCE_SECONDS = 1.5
_DISCORD_ID = re.compile(r"\b\d{15,20}\b")
_T = TypeVar("_T")
TEAM = frozenset({Role.MODERATOR, Role.ADMIN})
# How a review card reads an example: as any moderator would.
REVIEWER = Actor(None, Role.MODERATOR)
EDITABLE = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED)


class ExampleService:
    """`Examples` over the bot's library, used in the worker's threads only."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self.worker = worker
        self._client = client
        self._made: tuple[Library, Examples] | None = None
        self._going_on: set[asyncio.Task[Any]] = set()

    async def quick(self, work: Callable[[Examples], _T]) -> _T:
        """Do something that needs the database only.

        Raises:
            RefusedError: It cannot be done; the message says why.
        """
        return await self._plainly(self.worker.read(lambda library: work(self._over(library))))

    async def slow(self, work: Callable[[Examples], _T]) -> _T:
        """Do something that needs the model: near-duplicates, personal data, publishing."""
        examples = self._over(await self.worker.library())
        return await self._plainly(self.worker.ask(lambda _: work(examples)))

    async def at_once(self, work: Coroutine[None, None, _T]) -> _T | None:
        """What is needed before a form is shown; `None` when it takes too long to wait for. It goes on all the same."""
        task = asyncio.create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._settled)
        await asyncio.wait({task}, timeout=_AT_ONCE_SECONDS)
        return task.result() if task.done() else None

    async def find(self, submission_id: str) -> Submission:
        """A submission, whoever asks.

        Raises:
            RefusedError: There is none (any more).
        """
        found = await self.worker.read(lambda library: library.examples.find(submission_id))
        if found is None:
            raise RefusedError(texts.GONE)
        return found

    async def own(self, interaction: discord.Interaction, submission_id: str) -> Submission:
        """A submission of this member's own.

        Raises:
            RefusedError: It is somebody else's, or gone.
        """
        found = await self.find(submission_id)
        if found.author.member != str(interaction.user.id):
            raise RefusedError(texts.NOT_YOURS)
        return found

    async def actor(self, interaction: discord.Interaction, submission_id: str | None = None) -> Actor:
        """Who acts. Moderators of a server are that for what was given there, or came in on no server."""
        user, guild_id = interaction.user, interaction.guild_id
        me = str(user.id)
        if guild_id is None:
            return Actor(me, Role.MEMBER if await self.servers_of(user.id) else Role.OUTSIDER)
        # Somebody can have the assistant with them on a server that it is no guest of.
        if self._client.get_guild(guild_id) is None or not isinstance(user, discord.Member):
            return Actor(me, Role.OUTSIDER)
        role = Role.MEMBER
        if interaction.permissions.manage_guild:
            role = Role.ADMIN
        elif await is_moderator(self.worker, interaction):
            role = Role.MODERATOR
        if role in TEAM and submission_id is not None:
            place = await self.worker.read(lambda library: library.servers.reviews.place(submission_id))
            role = role if place in (None, guild_id) else Role.MEMBER
        return Actor(me, role)

    async def servers_of(self, user_id: int) -> list[int]:
        """The servers that somebody and the assistant have in common, as far as Discord says.

        Raises:
            discord.HTTPException: None is known, and Discord could not answer for one of them.
        """
        guilds = self._client.guilds
        found = await asyncio.gather(*(guild.fetch_member(user_id) for guild in guilds), return_exceptions=True)
        failed = [e for e in found if isinstance(e, BaseException) and not isinstance(e, discord.NotFound)]
        # One server that fails says nothing of the others; what is no answer of Discord's is not ours to hide.
        known = [guild.id for guild, one in zip(guilds, found, strict=True) if isinstance(one, discord.Member)]
        grave = [error for error in failed if not isinstance(error, discord.HTTPException)]
        if grave or (failed and not known):
            raise (grave or failed)[0]
        return known

    async def place(self, interaction: discord.Interaction, submission_id: str, server_id: int | None = None) -> None:
        """Note on which server an example is given: where it is, or in a direct message one that they are on."""
        server_id = server_id or interaction.guild_id
        if server_id is None:
            shared = await self.servers_of(interaction.user.id)
            reviewing = await self.worker.read(lambda library: library.servers.reviews.review_channels())
            server_id = next(iter([s for s in shared if s in reviewing] or shared), None)
        if server_id is not None:
            known = server_id
            await self.worker.read(lambda library: library.servers.reviews.set_place(submission_id, known))

    def tell(self) -> None:
        """Something waits to be sent: send it now rather than with the next round."""
        self._client.dispatch("outgoing")

    def _over(self, library: Library) -> Examples:
        if self._made is None or self._made[0] is not library:
            self._made = (library, Examples(library, publisher(library), clock=self.worker.now))
        return self._made[1]

    def _settled(self, task: asyncio.Task[Any]) -> None:
        self._going_on.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Whoever still waits for it gets it, too; of what nobody waits for, the log keeps the kind.
            _log.info("something that a form was waiting for ended in %s", type(error).__name__)

    @staticmethod
    async def _plainly(work: Awaitable[_T]) -> _T:
        try:
            return await work
        except ExampleNotFoundError:
            raise RefusedError(texts.GONE) from None
        except ExampleError as error:
            # Moderators know each other by name; the reply is theirs alone and pings nobody.
            raise RefusedError(_DISCORD_ID.sub(r"<@\g<0>>", str(error))) from None
