"""Delivers what the outbox holds about examples: to authors, and as cards into the review channels, in order."""

import asyncio
import hashlib
import logging

import aiohttp
import discord
from discord import ui

from bot.discord.examples import review_messages
from bot.discord.examples.preview import preview_of
from bot.discord.examples.review_card import review_card
from bot.discord.examples.review_channels import ReviewChannels
from bot.discord.examples.service import REVIEWER, ExampleService
from bot.discord.runtime.retry import lasts
from knowledge.domain.examples import State, Submission
from knowledge.domain.outbox import Message, QueuedMessage
from knowledge.errors import ExampleError, HalnError
from knowledge.examples import messages
from knowledge.servers.types import ReviewCard

_log = logging.getLogger(__name__)
# Cards may be many, and Discord takes few a minute in one channel: what goes to people does not wait behind them.
TO_PEOPLE = (review_messages.ASK, *review_messages.TO_AUTHORS)
TO_MODERATORS = (messages.CARD, messages.CARD_MOVED, messages.QUEUE)
# Twelve hours of trying and more, with the pauses between that the outbox makes.
_MOST_ATTEMPTS = 80
_WAITING = (State.SUBMITTED, State.IN_REVIEW)


class ExampleNotices:
    """The outbox of shared examples, as Discord delivers it."""

    def __init__(self, client: discord.Client, service: ExampleService, places: ReviewChannels) -> None:
        self._client = client
        self._service = service
        self._worker = service.worker
        self._places = places
        self._sending = {TO_PEOPLE: asyncio.Lock(), TO_MODERATORS: asyncio.Lock()}

    async def flush_all(self) -> None:
        """Deliver what is due, to people and to moderators side by side."""
        await asyncio.gather(*(self.flush(kinds) for kinds in self._sending))

    async def flush(self, kinds: tuple[str, ...]) -> None:
        """Deliver what is due of `TO_PEOPLE` or `TO_MODERATORS`.

        What fails keeps its place before later messages to the same receiver.
        """
        async with self._sending[kinds]:
            while due := await self._worker.db(lambda backend: backend.library.outbox.take(kinds, self._worker.now())):
                for waiting in due:
                    await self._deliver(waiting)

    async def _deliver(self, waiting: QueuedMessage) -> None:
        message, now = waiting.message, self._worker.now()
        try:
            await self._send(message)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one message, the others go on
            expected = isinstance(error, aiohttp.ClientError | OSError | discord.HTTPException | HalnError)
            lasting = lasts(error) or waiting.attempts >= _MOST_ATTEMPTS
            # Whom it is for is not in the log: the kind says enough to look it up.
            _log.warning(
                "a message (%s) was not delivered%s: %s",
                message.kind,
                "" if lasting else " yet",
                error,
                exc_info=None if expected else error,
            )
            if lasting and message.kind == review_messages.ASK:
                request_id = str(message.data["request"])
                await self._worker.db(lambda backend: backend.servers.reviews.answered(request_id, "unreachable"))
            cause = type(error).__name__
            await self._worker.db(lambda backend: backend.library.outbox.failed(waiting, now, cause, permanent=lasting))
            return
        if message.kind == review_messages.ASK:
            request_id = str(message.data["request"])
            await self._worker.db(lambda backend: backend.servers.reviews.reached(request_id))
        await self._worker.db(lambda backend: backend.library.outbox.delivered(waiting, now))

    async def _send(self, message: Message) -> None:
        if message.kind == messages.CARD:
            await self._show_cards(str(message.data["example"]), int(message.data["version"] or 0), message.key)
        elif message.kind == messages.CARD_MOVED:
            await self._places.say_moved(message)
        elif message.kind == messages.QUEUE:
            await self._remind(message.key)
        elif message.recipient.isdigit():
            view = (
                await self._ask(message) if message.kind == review_messages.ASK else review_messages.to_author(message)
            )
            if view is not None:
                user = await self._client.fetch_user(int(message.recipient))
                await user.send(view=view, nonce=_nonce(message.key))
        else:
            _log.info("a message (%s) is for somebody who is not on Discord", message.kind)

    async def _ask(self, message: Message) -> ui.LayoutView | None:
        request_id = str(message.data["request"])
        request = await self._worker.db(lambda backend: backend.servers.reviews.request(request_id))
        if request is None or request.author_id is None:
            return None
        place = request.server_id or "@me"
        url = f"https://discord.com/channels/{place}/{request.channel_id}/{request.message_id}"
        return review_messages.ask_author(request_id, url)

    async def _show_cards(self, submission_id: str, version: int, key: str) -> None:
        """Bring an example's cards up to date, and post one in each review channel that is to have it."""
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
                _log.warning("a review card can not be changed any more: %s", error)
                await self._worker.db(lambda backend: backend.servers.reviews.forget_card(card))  # noqa: B023
        await self._post(submission_id, view, key, await self._channels_for(submission))

    async def _channels_for(self, submission: Submission) -> list[int]:
        """The review channels that are to have a card of this example and do not."""
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

    async def _post(self, submission_id: str, view: ui.LayoutView, key: str, channels: list[int]) -> None:
        for channel_id in channels:
            channel = self._client.get_partial_messageable(channel_id)
            try:
                sent = await channel.send(view=view, nonce=_nonce(f"{key}:{channel_id}"))
            except discord.HTTPException as error:
                if not lasts(error):
                    raise
                # The example waits in /queue, and gets its card once the channel can be used again.
                _log.error("no review card can be posted in channel %s (%s); /doctor says more", channel_id, error)
                continue
            card = ReviewCard(submission_id=submission_id, channel_id=channel_id, message_id=sent.id)
            await self._worker.db(lambda backend: backend.servers.reviews.keep_card(card))  # noqa: B023

    async def _remind(self, key: str) -> None:
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
                    view=view, nonce=_nonce(f"{key}:{channel_id}")
                )
            except discord.HTTPException as error:
                if not lasts(error):
                    raise
                _log.error("moderators can not be reminded in channel %s (%s); /doctor says more", channel_id, error)


def _nonce(key: str) -> str:
    """The same for each attempt at a message, so that Discord itself drops a second one. At most 25 characters."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]
