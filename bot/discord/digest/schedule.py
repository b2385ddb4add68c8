"""Each server's digest: begun at most once in its period, whatever restarts, and made when it is sent."""

from datetime import UTC, datetime, timedelta

import discord
from discord import ui

from bot.discord.browse import events
from bot.discord.digest import texts
from bot.discord.digest.card import digest_view
from bot.discord.runtime.worker import Worker
from knowledge.digest.contents import Contents, News
from knowledge.digest.digests import WEEK as WEEK
from knowledge.domain.library import Noun
from knowledge.domain.outbox import QueuedMessage

KIND = "digest"
# Who asks for it sees what a month brought: a week may have brought nothing.
ON_DEMAND = timedelta(days=28)


class DigestDue(Noun):
    """A digest that waits to be sent: which server's, how many were before it, and since when (ISO 8601, UTC)."""

    server_id: int
    number: int
    since: str


class DigestSchedule:
    """Begins servers' digests and makes their messages."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker

    async def begin(self) -> int:
        """Queue those that are due, on a working day outside the quiet hours; how many."""
        now = self._worker.now()
        begun = 0
        if await self._worker.db(lambda backend: backend.digests.may_send(now)):
            for server_id in await self._worker.db(lambda backend: backend.servers.digests.due(now, WEEK)):
                begun += await self._begin(server_id, now)
        return begun

    async def message(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the digest; nothing where nothing is new, or where it is no longer wanted in this channel."""
        due = DigestDue.model_validate(queued.message.data)
        server, digest = await self._worker.db(
            lambda backend: (
                backend.servers.settings.server(due.server_id),
                backend.servers.digests.digest(due.server_id),
            )
        )
        if digest.paused or server.digest_channel != queued.message.channel_id:
            await self.lost(queued)
            return None
        since = datetime.fromisoformat(due.since).astimezone(UTC)
        contents = await self._contents(due.server_id, since, due.number)
        footer = texts.FOOTER.format(period=texts.PERIODS[digest.monthly])
        return digest_view(contents, since, footer) if contents.news else None

    async def lost(self, queued: QueuedMessage, _: Exception | None = None) -> None:
        """Note that one was not delivered: the next one tells of what it would have told."""
        due = DigestDue.model_validate(queued.message.data)
        await self._worker.db(lambda backend: backend.servers.digests.missed(due.server_id, due.since))

    async def _contents(self, server_id: int, since: datetime, number: int) -> Contents:
        announced = events.of_server(self._client.get_guild(server_id))
        now = self._worker.now()
        return await self._worker.db(lambda backend: News(backend.library, now, announced).for_reader(since, number))

    async def _begin(self, server_id: int, now: datetime) -> bool:
        digest = await self._worker.db(lambda backend: backend.servers.digests.digest(server_id))
        since = digest.missed_since or digest.looked_at or (now - WEEK).isoformat()
        due = DigestDue(server_id=server_id, number=digest.number, since=since).model_dump(mode="json")
        return await self._worker.db(lambda backend: backend.servers.digests.begin(server_id, KIND, due, now, WEEK))
