"""The members who act on examples: in which role, as whose author, and on which server."""

import discord

from bot.discord.examples import texts
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.membership import is_moderator, membership_of
from bot.discord.runtime.worker import Worker
from knowledge.domain.examples import Actor, Role, State, Submission

TEAM = frozenset({Role.MODERATOR, Role.ADMIN})
# How a review card reads an example: as any moderator would.
REVIEWER = Actor(None, Role.MODERATOR)
EDITABLE = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED)


class ExampleService:
    """Knows who acts on which example."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self.worker = worker
        self._client = client

    async def find(self, submission_id: str) -> Submission:
        """Return a submission, whoever asks.

        Raises:
            RefusedError: There is none (any more).
        """
        found = await self.worker.db(lambda backend: backend.library.examples.find(submission_id))
        if found is None:
            raise RefusedError(runtime_texts.EXAMPLE_GONE)
        return found

    async def own(self, interaction: discord.Interaction, submission_id: str) -> Submission:
        """Return a submission of this member's own.

        Raises:
            RefusedError: It is somebody else's, or gone.
        """
        found = await self.find(submission_id)
        if found.author.member != str(interaction.user.id):
            raise RefusedError(texts.NOT_YOURS)
        return found

    async def actor(self, interaction: discord.Interaction, submission_id: str | None = None) -> Actor:
        """Return who acts. Moderators of a server are that for what was given there, or came in on no server."""
        user, guild_id = interaction.user, interaction.guild_id
        me = str(user.id)
        if guild_id is None:
            return Actor(me, Role.MEMBER if await membership_of(interaction).present(user.id) else Role.OUTSIDER)
        # Somebody can have the assistant with them on a server that it is no guest of, or that nobody has registered.
        guest = self._client.get_guild(guild_id) is not None and isinstance(user, discord.Member)
        if not guest or not await membership_of(interaction).registered(guild_id):
            return Actor(me, Role.OUTSIDER)
        role = Role.MEMBER
        if interaction.permissions.manage_guild:
            role = Role.ADMIN
        elif await is_moderator(self.worker, interaction):
            role = Role.MODERATOR
        if role in TEAM and submission_id is not None:
            place = await self.worker.db(lambda backend: backend.servers.reviews.place(submission_id))
            role = role if place in (None, guild_id) else Role.MEMBER
        return Actor(me, role)

    async def place(self, interaction: discord.Interaction, submission_id: str, server_id: int | None = None) -> None:
        """Note on which server an example is given: where it is, or in a direct message one that they are on."""
        server_id = server_id or interaction.guild_id
        if server_id is None:
            shared = await membership_of(interaction).servers_of(interaction.user.id)
            reviewing = await self.worker.db(lambda backend: backend.servers.reviews.review_channels())
            server_id = next(iter([s for s in shared if s in reviewing] or shared), None)
        if server_id is not None:
            known = server_id
            await self.worker.db(lambda backend: backend.servers.reviews.set_place(submission_id, known))

    def send_now(self) -> None:
        """Send what waits now rather than with the next round."""
        self._client.dispatch("outgoing")
