"""Sends what waits in the database, in order, again and again until it is there or can never be."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import discord
from discord import ui

from bot.discord.runtime.retry import lasts
from bot.discord.runtime.worker import Worker
from knowledge.errors import HalnError
from knowledge.servers.types import Outgoing

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = timedelta(hours=1)
# Three days of trying: whoever has not been reached by then is not waiting any more.
_MOST_ATTEMPTS = 80
# Makes the message for a payload; `None` when there is nothing to say any more.
Renderer = Callable[[Outgoing], Awaitable[ui.LayoutView | None]]
# What is done about a message that can never be delivered, and why it cannot.
Lost = Callable[[Outgoing, Exception], Awaitable[None]]


class Outbox:
    """Delivers messages of the kinds that renderers were registered for."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker
        self._sending = asyncio.Lock()
        self.renderers: dict[str, Renderer] = {}
        self.lost: dict[str, Lost] = {}

    async def flush(self) -> None:
        """Send everything that is due. A message that fails keeps its place before those to the same receiver."""
        async with self._sending:
            while due := await self._worker.db(lambda backend: backend.servers.deliveries.due(self._worker.now())):
                for outgoing in due:
                    await self._deliver(outgoing)

    async def _deliver(self, outgoing: Outgoing) -> None:
        try:
            await self._send(outgoing)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one message, the others go on
            if not await self._given_up(outgoing, error):
                await self._put_off(outgoing)
                return
        await self._worker.db(lambda backend: backend.servers.deliveries.sent(outgoing.id))

    async def _given_up(self, outgoing: Outgoing, error: Exception) -> bool:
        """Whether a message that failed is not tried again; what is to be done about that is done then."""
        kind, last = str(outgoing.payload.get("kind")), outgoing.attempts >= _MOST_ATTEMPTS
        lost = last or lasts(error)
        _warn(f"message {outgoing.id} ({kind}) was not delivered{'' if lost else ' yet'}", error)
        if not lost:
            return False
        # They left, closed their direct messages, or the channel is gone: nobody is there to be told.
        try:
            if handler := self.lost.get(kind):
                await handler(outgoing, error)
        except Exception as again:  # noqa: BLE001 - as above; it is done at the next attempt
            _warn(f"message {outgoing.id} ({kind}) is lost, and what follows from that could not be done", again)
            return last
        return True

    async def _put_off(self, outgoing: Outgoing) -> None:
        pause = min(timedelta(seconds=5 * 2 ** min(outgoing.attempts, 12)), _LONGEST_PAUSE)
        again_at = self._worker.now() + pause
        await self._worker.db(lambda backend: backend.servers.deliveries.failed(outgoing.id, again_at))

    async def _send(self, outgoing: Outgoing) -> None:
        renderer = self.renderers.get(str(outgoing.payload.get("kind")))
        view = await renderer(outgoing) if renderer else None
        if view is None:
            return
        receiver: discord.abc.Messageable
        if outgoing.user_id is not None:
            receiver = await self._client.fetch_user(outgoing.user_id)
        else:
            channel_id = outgoing.channel_id or 0
            receiver = self._client.get_partial_messageable(channel_id)
        # The same nonce at each attempt: if the last one did arrive after all, Discord sends no second.
        await receiver.send(view=view, nonce=outgoing.nonce)


def _warn(what: str, error: Exception) -> None:
    expected = isinstance(error, aiohttp.ClientError | OSError | discord.HTTPException | HalnError)
    _log.warning("%s: %s", what, error, exc_info=None if expected else error)
