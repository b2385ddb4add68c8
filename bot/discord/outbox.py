"""Sends what waits in the database, in order, again and again until it is there or can never be."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import discord
from discord import ui

from bot.discord.desk import Desk
from knowledge.servers import Outgoing

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = timedelta(hours=1)
# Three days of trying: whoever has not been reached by then is not waiting any more.
_MOST_ATTEMPTS = 80
_SERVER_ERROR = 500
# Makes the message for a payload; `None` when there is nothing to say any more.
Renderer = Callable[[Outgoing], Awaitable[ui.LayoutView | None]]
# What is done about a message that can never be delivered.
Lost = Callable[[Outgoing], Awaitable[None]]


class Outbox:
    """Delivers messages of the kinds that renderers were registered for."""

    def __init__(self, client: discord.Client, desk: Desk) -> None:
        self._client = client
        self._desk = desk
        self._sending = asyncio.Lock()
        self.renderers: dict[str, Renderer] = {}
        self.lost: dict[str, Lost] = {}

    async def flush(self) -> None:
        """Send everything that is due. A message that fails keeps its place before those to the same receiver."""
        async with self._sending:
            while due := await self._desk.read(lambda library: library.servers.deliveries.due(self._desk.now())):
                for outgoing in due:
                    await self._deliver(outgoing)

    async def _deliver(self, outgoing: Outgoing) -> None:
        try:
            await self._send(outgoing)
        except (aiohttp.ClientError, OSError, discord.HTTPException) as error:
            lost = isinstance(error, discord.HTTPException) and error.status < _SERVER_ERROR
            if not lost and outgoing.attempts < _MOST_ATTEMPTS:
                again_at = self._desk.now() + min(
                    timedelta(seconds=5 * 2 ** min(outgoing.attempts, 12)), _LONGEST_PAUSE
                )
                _log.info("message %s is tried again at %s (%s)", outgoing.id, again_at, error)
                await self._desk.read(lambda library: library.servers.deliveries.failed(outgoing.id, again_at))
                return
            # They left, closed their direct messages, or the channel is gone: nobody is there to be told.
            _log.warning("message %s can not be delivered (%s)", outgoing.id, error)
            if handler := self.lost.get(str(outgoing.payload.get("kind"))):
                await handler(outgoing)
        await self._desk.read(lambda library: library.servers.deliveries.sent(outgoing.id))

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
