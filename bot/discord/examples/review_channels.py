"""Keeps review cards where moderators look: in the review channels of today, and pointed out in those of before."""

import discord

from bot.discord.examples import review_messages
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.retry import lasts
from knowledge.domain.outbox import MODERATORS, Message, QueuedMessage
from knowledge.examples import messages
from knowledge.servers.types import ReviewCard

# A channel that was chosen late gets the cards of what waits a few at a time.
_MOST_MISSING = 20
_TRIED_AGAIN_HOURS = 4


class ReviewChannels:
    """Compares where cards are with where they should be, and queues what is to be done about it."""

    def __init__(self, client: discord.Client, service: ExampleService) -> None:
        self._client = client
        self._service = service.worker

    async def look(self) -> int:
        """Queue the cards that a review channel lacks, then the notes on those that it has taken over; how many.

        A channel lacks them that was chosen after the example came, or could not be used.
        """
        channels = await self._service.read(lambda library: library.servers.reviews.review_channels())
        queued = 0
        for server_id, channel_id in channels.items():
            queued += await self._add_missing(server_id, channel_id)
            queued += await self._point_out(server_id, channel_id)
        return queued

    async def say_moved(self, queued: QueuedMessage) -> None:
        """Put into the place of a card in an earlier review channel where it is now. Its text goes from there."""
        message = queued.message
        server_id, example = int(message.data["server"] or 0), str(message.data["example"])
        old = ReviewCard(
            submission_id=example,
            channel_id=int(message.data["channel"] or 0),
            message_id=int(message.data["message"] or 0),
        )
        channels, cards = await self._service.read(
            lambda library: (library.servers.reviews.review_channels(), library.servers.reviews.cards(example))
        )
        # Since it was queued, an admin may have gone back to the channel, or the card may have gone.
        if server_id not in channels or old.channel_id in channels.values() or old not in cards:
            return
        there = self._client.get_partial_messageable(old.channel_id).get_partial_message(old.message_id)
        try:
            await there.edit(view=review_messages.moved(channels[server_id]))
        except discord.HTTPException as error:
            if not lasts(error):
                raise
        await self._service.read(lambda library: library.servers.reviews.forget_card(old))

    async def _add_missing(self, server_id: int, channel_id: int) -> int:
        missing = await self._service.read(
            lambda library: library.servers.reviews.without_card(server_id, channel_id, _MOST_MISSING)
        )
        queued = 0
        for lacking in missing:
            # The last card elsewhere is in the key: a channel that is chosen a second time gets cards a second time.
            key = f"{messages.CARD}:{lacking.submission_id}:{lacking.version}:{channel_id}:{lacking.last_card}"
            data: dict[str, str | int | None] = {"example": lacking.submission_id, "version": lacking.version}
            queued += await self._queue(messages.CARD, key, data)
        return queued

    async def _point_out(self, server_id: int, channel_id: int) -> int:
        queued = 0
        for old in await self._service.read(lambda library: library.servers.reviews.left_behind(server_id, channel_id)):
            channel = self._client.get_channel(old.channel_id)
            # What was given on no server has cards on each: another server's are looked at in its turn.
            if isinstance(channel, discord.abc.GuildChannel) and channel.guild.id != server_id:
                continue
            data: dict[str, str | int | None] = {
                "example": old.submission_id,
                "server": server_id,
                "channel": old.channel_id,
                "message": old.message_id,
            }
            queued += await self._queue(
                messages.CARD_MOVED, f"{messages.CARD_MOVED}:{old.message_id}:{channel_id}", data
            )
        return queued

    async def _queue(self, kind: str, key: str, data: dict[str, str | int | None]) -> bool:
        now = self._service.now()
        # What cannot be done now is tried again some times a day, until somebody has mended it.
        again = f"{now:%Y-%m-%d}.{now.hour // _TRIED_AGAIN_HOURS}"
        message = Message(key=f"{key}:{again}", recipient=MODERATORS, kind=kind, data=data)
        return await self._service.read(lambda library: library.outbox.add(message, now))
