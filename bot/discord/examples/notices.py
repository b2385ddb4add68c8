"""Makes what is said about examples, as the outbox delivers it: to authors, and as cards in the review channels."""

import logging

import discord
from discord import ui

from bot.discord.examples import review_messages
from bot.discord.examples.card_parts import preview_of
from bot.discord.examples.review_card import review_card
from bot.discord.examples.service import REVIEWER, ExampleService
from bot.discord.runtime.outbox import Lane, MessageKind
from bot.discord.runtime.retry import lasts
from knowledge.domain.examples import State, Submission
from knowledge.domain.outbox import MODERATORS, Message, QueuedMessage
from knowledge.errors import ExampleError
from knowledge.examples import messages
from knowledge.servers.types import ReviewCard

# A channel that was chosen late gets the cards of what waits a few at a time.
_MOST_MISSING = 20
_TRIED_AGAIN_HOURS = 4
_log = logging.getLogger(__name__)
# To authors, and nobody is waiting for it: also when it is tried again, it goes out by day.
_REMINDERS = (messages.STILL_HOLDS, messages.HELPED)
_WAITING = (State.SUBMITTED, State.IN_REVIEW)


class ReviewChannels:
    """Compares where cards are with where they should be, and queues what is to be done about it."""

    def __init__(self, client: discord.Client, service: ExampleService) -> None:
        self._client = client
        self._worker = service.worker

    async def look(self) -> int:
        """Queue the cards that a review channel lacks, then the notes on those that it has taken over; how many.

        A channel lacks them that was chosen after the example came, or could not be used.
        """
        channels = await self._worker.db(lambda backend: backend.servers.reviews.review_channels())
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
        channels, cards = await self._worker.db(
            lambda backend: (backend.servers.reviews.review_channels(), backend.servers.reviews.cards(example))
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
        await self._worker.db(lambda backend: backend.servers.reviews.forget_card(old))

    async def _add_missing(self, server_id: int, channel_id: int) -> int:
        missing = await self._worker.db(
            lambda backend: backend.servers.reviews.without_card(server_id, channel_id, _MOST_MISSING)
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
        for old in await self._worker.db(lambda backend: backend.servers.reviews.left_behind(server_id, channel_id)):
            channel = await self._channel(old.channel_id)
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

    async def _channel(self, channel_id: int) -> object:
        """Return a channel, also of a server that another process is told of; `None` where Discord shows none."""
        known = self._client.get_channel(channel_id)
        if known is not None or self._worker.settings.shards.count == 1:
            return known
        try:
            return await self._client.fetch_channel(channel_id)
        except discord.HTTPException:
            return None

    async def _queue(self, kind: str, key: str, data: dict[str, str | int | None]) -> bool:
        now = self._worker.now()
        # What cannot be done now is tried again some times a day, until somebody has mended it.
        again = f"{now:%Y-%m-%d}.{now.hour // _TRIED_AGAIN_HOURS}"
        message = Message(key=f"{key}:{again}", recipient=MODERATORS, kind=kind, data=data)
        return await self._worker.db(lambda backend: backend.library.outbox.add(message, now))


class ExampleNotices:
    """One method a kind of message; those to moderators go into their review channels by themselves."""

    def __init__(self, client: discord.Client, service: ExampleService, review_channels: ReviewChannels) -> None:
        self._client = client
        self._worker = service.worker
        self._review_channels = review_channels

    @property
    def kinds(self) -> dict[str, MessageKind]:
        """Return how each kind of message about examples is delivered."""
        return {
            **dict.fromkeys(review_messages.TO_AUTHORS, MessageKind(self._to_author)),
            **dict.fromkeys(_REMINDERS, MessageKind(self._to_author, hours=self._worker.outside_quiet_hours)),
            review_messages.ASK: MessageKind(self._ask, self._unreachable),
            messages.CARD: MessageKind(self._show_cards, lane=Lane.CHANNELS),
            messages.CARD_MOVED: MessageKind(self._review_channels.say_moved, lane=Lane.CHANNELS),
            messages.QUEUE: MessageKind(self._remind, lane=Lane.CHANNELS, hours=self._worker.outside_quiet_hours),
        }

    async def _to_author(self, queued: QueuedMessage) -> ui.LayoutView:
        return review_messages.to_author(queued.message)

    async def _ask(self, queued: QueuedMessage) -> None:
        """Ask a message's author, and note at once that this reached them: whoever wished it is told so."""
        request_id = str(queued.message.data["request"])
        request = await self._worker.db(lambda backend: backend.servers.reviews.request(request_id))
        if request is None or request.author_id is None:
            return
        place = request.server_id or "@me"
        url = f"https://discord.com/channels/{place}/{request.channel_id}/{request.message_id}"
        user = await self._client.fetch_user(request.author_id)
        await user.send(view=review_messages.ask_author(request_id, url), nonce=queued.nonce)
        await self._worker.db(lambda backend: backend.servers.reviews.reached(request_id))

    async def _unreachable(self, queued: QueuedMessage, _: Exception) -> None:
        request_id = str(queued.message.data["request"])
        await self._worker.db(lambda backend: backend.servers.reviews.answered(request_id, "unreachable"))

    async def _show_cards(self, queued: QueuedMessage) -> None:
        """Bring an example's cards up to date, and post one in each review channel that is to have it."""
        submission_id, version = str(queued.message.data["example"]), int(queued.message.data["version"] or 0)
        submission = await self._worker.db(lambda backend: backend.library.examples.find(submission_id))
        # Each change has a message of its own: what has changed since is shown by a later one.
        if submission is None or submission.version > version:
            return
        cards = await self._worker.db(lambda backend: backend.servers.reviews.cards(submission_id))
        if not cards and not await self._channels_for(submission):
            return
        try:
            shown = await self._worker.model(lambda backend: preview_of(backend, REVIEWER, submission_id))
        except ExampleError:
            return
        view = review_card(shown)
        for card in cards:
            message = self._client.get_partial_messageable(card.channel_id).get_partial_message(card.message_id)
            try:
                await message.edit(view=view)
            except discord.HTTPException as error:
                if not lasts(error):
                    raise
                _log.warning("a review card cannot be changed now: %s", error)
                await self._worker.db(lambda backend: backend.servers.reviews.forget_card(card))  # noqa: B023
        await self._post(queued, submission_id, view, await self._channels_for(submission))

    async def _channels_for(self, submission: Submission) -> list[int]:
        """Return the review channels that are to have a card of this example and do not."""
        if submission.state not in _WAITING:
            return []
        place, channels, there = await self._worker.db(
            lambda backend: (
                backend.servers.reviews.place(submission.id),
                backend.servers.reviews.review_channels(),
                {card.channel_id for card in backend.servers.reviews.cards(submission.id)},
            )
        )
        return [channel for server, channel in channels.items() if channel not in there and place in (None, server)]

    async def _post(self, queued: QueuedMessage, submission_id: str, view: ui.LayoutView, channels: list[int]) -> None:
        for channel_id in channels:
            channel = self._client.get_partial_messageable(channel_id)
            try:
                sent = await channel.send(view=view, nonce=queued.nonce_in(channel_id))
            except discord.HTTPException as error:
                if not lasts(error):
                    raise
                # The example waits in /queue, and gets its card once the channel can be used again.
                _log.error("no review card can be posted in channel %s (%s); /doctor says more", channel_id, error)
                continue
            card = ReviewCard(submission_id=submission_id, channel_id=channel_id, message_id=sent.id)
            await self._worker.db(lambda backend: backend.servers.reviews.keep_card(card))  # noqa: B023

    async def _remind(self, queued: QueuedMessage) -> None:
        waiting = await self._worker.db(lambda backend: backend.examples.queue(REVIEWER))
        settings = await self._worker.db(lambda backend: backend.library.settings)
        channels = await self._worker.db(lambda backend: backend.servers.reviews.review_channels())
        for server_id, channel_id in channels.items():
            elsewhere = await self._worker.db(lambda backend: backend.servers.reviews.elsewhere(server_id))  # noqa: B023
            here = [view for view in waiting if view.id not in elsewhere]
            oldest = max((example.waiting_days for example in here), default=0)
            # It is due on some server; the moderators of this one may be up to date.
            if not here or oldest < settings.review_reminder_days:
                continue
            view = review_messages.reminder(len(here), oldest)
            try:
                await self._client.get_partial_messageable(channel_id).send(
                    view=view, nonce=queued.nonce_in(channel_id)
                )
            except discord.HTTPException as error:
                if not lasts(error):
                    raise
                _log.error("moderators cannot be reminded in channel %s (%s); /doctor says more", channel_id, error)
