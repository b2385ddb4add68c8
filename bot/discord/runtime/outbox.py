"""Sends what waits in the database, in order, again and again until it is there or can never be.

When something is tried again is the database's business (`knowledge.domain.outbox.next_attempt`): the pauses outlast
this process, and are the same for whichever process comes next.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import aiohttp
import discord
from discord import ui

from bot.discord.runtime.retry import lasts, reaches_nobody
from bot.discord.runtime.worker import Worker
from knowledge.domain.outbox import Message, QueuedMessage
from knowledge.errors import HalnError

_log = logging.getLogger(__name__)
# Three days of trying: whoever has not been reached by then is not waiting any more.
_MOST_ATTEMPTS = 80
# Makes the message to the recipient; `None` when there is nothing to say any more, or the renderer has said it itself.
Renderer = Callable[[QueuedMessage], Awaitable[ui.LayoutView | None]]
# What is done about a message that can never be delivered, and why it cannot.
Lost = Callable[[QueuedMessage, Exception], Awaitable[None]]
# Whether messages of a kind may go out at a moment; those that wait let others to the same recipient pass.
Hours = Callable[[datetime], bool]


class Lane(StrEnum):
    """Lanes do not wait for each other: cards may be many, and Discord takes few a minute in one channel."""

    PEOPLE = "people"
    CHANNELS = "channels"


class MessageKind(NamedTuple):
    """The delivery of messages of a kind. All that go to one recipient are in one lane, which keeps their order.

    `hours` says when, also for one that has waited or is tried again; `None`: at any time.
    """

    render: Renderer
    lost: Lost | None = None
    lane: Lane = Lane.PEOPLE
    hours: Hours | None = None


class Outbox:
    """Delivers messages of the kinds that were registered; others stay for whoever knows them."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker
        self._shards = worker.settings.shards
        self._sending = defaultdict[tuple[str, Lane], asyncio.Lock](asyncio.Lock)
        self.kinds: dict[str, MessageKind] = {}
        # What is done about a person whom no direct message reaches, whatever it was about.
        self.unreachable: Callable[[int], Awaitable[None]] | None = None

    async def flush(self, *lanes: Lane) -> None:
        """Send everything that is due in these lanes, or in all, side by side.

        A message that fails keeps its place before those to the same recipient.
        """
        await asyncio.gather(*(self._flush(lane) for lane in lanes or Lane))

    async def _flush(self, lane: Lane) -> None:
        network = await self._worker.network()
        async with self._sending[network, lane]:
            now = self._worker.now()
            kinds = [
                name
                for name, kind in self.kinds.items()
                if kind.lane is lane and (kind.hours is None or kind.hours(now))
            ]
            while taken := await self._worker.db(
                lambda backend: backend.library.outbox.take(kinds, self._worker.now(), shards=self._shards)
            ):
                for queued in taken:
                    await self._deliver(queued.model_copy(update={"network": network}))

    async def _deliver(self, queued: QueuedMessage) -> None:
        try:
            await self._send(queued)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one message, the others go on
            given_up, cause, now = await self._given_up(queued, error), type(error).__name__, self._worker.now()
            await self._worker.db(lambda backend: backend.library.outbox.failed(queued, now, cause, permanent=given_up))
        else:
            await self._worker.db(lambda backend: backend.library.outbox.delivered(queued, self._worker.now()))

    async def _send(self, queued: QueuedMessage) -> None:
        view = await self.kinds[queued.message.kind].render(queued)
        recipient = await self._recipient(queued.message) if view is not None else None
        if view is not None and recipient is not None:
            # The same nonce at each attempt: if the last one did arrive after all, Discord sends no second.
            await recipient.send(view=view, nonce=queued.nonce)

    async def _recipient(self, message: Message) -> discord.abc.Messageable | None:
        if message.channel_id is not None:
            return self._client.get_partial_messageable(message.channel_id)
        if message.user_id is not None:
            return await self._client.fetch_user(message.user_id)
        _log.info("a message (%s) is for somebody who is not on Discord", message.kind)
        return None

    async def _given_up(self, queued: QueuedMessage, error: Exception) -> bool:
        """Return whether a message that failed is not tried again; what is to be done about that is done here."""
        kind, last = queued.message.kind, queued.attempts >= _MOST_ATTEMPTS
        lost = last or lasts(error)
        # Whom it is for is not in the log: the number says enough to look it up.
        _warn(f"message {queued.id} ({kind}) was not delivered{'' if lost else ' yet'}", error)
        if not lost:
            return False
        # They left, closed their direct messages, or the channel is gone: nobody is there to be told.
        try:
            if (user_id := queued.message.user_id) and reaches_nobody(error) and self.unreachable:
                await self.unreachable(user_id)
            if handler := self.kinds[kind].lost:
                await handler(queued, error)
        except Exception as again:  # noqa: BLE001 - as above; it is done at the next attempt
            _warn(f"message {queued.id} ({kind}) is lost, and what follows from that could not be done", again)
            return last
        return True


def _warn(what: str, error: Exception) -> None:
    expected = isinstance(error, aiohttp.ClientError | OSError | discord.HTTPException | HalnError)
    _log.warning("%s: %s", what, error, exc_info=None if expected else error)
