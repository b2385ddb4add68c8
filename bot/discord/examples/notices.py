"""Makes what is said about examples: to authors, and as cards in the review channels, as the outbox delivers it."""

import logging

import discord
from discord import ui

from bot.discord.examples import review_messages
from bot.discord.examples.preview import looked_at
from bot.discord.examples.review_card import review_card
from bot.discord.examples.review_channels import ReviewChannels
from bot.discord.examples.service import REVIEWER, ExampleService
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.outbox import Kind, Lane
from bot.discord.runtime.retry import lasts
from knowledge.domain.examples import State, Submission
from knowledge.domain.outbox import QueuedMessage
from knowledge.examples import messages
from knowledge.servers.types import ReviewCard

_log = logging.getLogger(__name__)
_WAITING = (State.SUBMITTED, State.IN_REVIEW)


class ExampleNotices:
    """One method a kind of message; those to moderators go into their review channels by themselves."""

    def __init__(self, client: discord.Client, service: ExampleService, places: ReviewChannels) -> None:
        self._client = client
        self._service = service
        self._places = places

    @property
    def kinds(self) -> dict[str, Kind]:
        """Return how each kind of message about examples is delivered."""
        return {
            **dict.fromkeys(review_messages.TO_AUTHORS, Kind(self._to_author)),
            review_messages.ASK: Kind(self._ask, self._unreachable),
            messages.CARD: Kind(self._show_cards, lane=Lane.CHANNELS),
            messages.CARD_MOVED: Kind(self._places.say_moved, lane=Lane.CHANNELS),
            messages.QUEUE: Kind(self._remind, lane=Lane.CHANNELS),
        }

    async def _to_author(self, queued: QueuedMessage) -> ui.LayoutView:
        return review_messages.to_author(queued.message)

    async def _ask(self, queued: QueuedMessage) -> None:
        """Ask a message's author, and note at once that this reached them: whoever wished it is told so."""
        request_id = str(queued.message.data["request"])
        request = await self._service.worker.read(lambda library: library.servers.reviews.request(request_id))
        if request is None or request.author_id is None:
            return
        place = request.server_id or "@me"
        url = f"https://discord.com/channels/{place}/{request.channel_id}/{request.message_id}"
        user = await self._client.fetch_user(request.author_id)
        await user.send(view=review_messages.ask_author(request_id, url), nonce=queued.nonce)
        await self._service.worker.read(lambda library: library.servers.reviews.reached(request_id))

    async def _unreachable(self, queued: QueuedMessage, _: Exception) -> None:
        request_id = str(queued.message.data["request"])
        await self._service.worker.read(lambda library: library.servers.reviews.answered(request_id, "unreachable"))

    async def _show_cards(self, queued: QueuedMessage) -> None:
        """Bring an example's cards up to date, and post one in each review channel that is to have it."""
        submission_id, version = str(queued.message.data["example"]), int(queued.message.data["version"] or 0)
        library = await self._service.worker.library()
        submission = await self._service.worker.read(lambda lib: lib.examples.find(submission_id))
        # Each change has a message of its own: what has changed since is shown by a later one.
        if submission is None or submission.version > version:
            return
        cards = await self._service.worker.read(lambda lib: lib.servers.reviews.cards(submission_id))
        if not cards and not await self._channels_for(submission):
            return
        try:
            looked = await self._service.slow(lambda examples: looked_at(library, examples, REVIEWER, submission_id))
        except RefusedError:
            return
        view = review_card(looked)
        for card in cards:
            message = self._client.get_partial_messageable(card.channel_id).get_partial_message(card.message_id)
            try:
                await message.edit(view=view)
            except discord.HTTPException as error:
                if not lasts(error):
                    raise
                _log.warning("a review card can not be changed any more: %s", error)
                await self._service.worker.read(lambda lib: lib.servers.reviews.forget_card(card))  # noqa: B023
        await self._post(queued, submission_id, view, await self._channels_for(submission))

    async def _channels_for(self, submission: Submission) -> list[int]:
        """The review channels that are to have a card of this example and do not."""
        if submission.state not in _WAITING:
            return []
        place, channels, there = await self._service.worker.read(
            lambda library: (
                library.servers.reviews.place(submission.id),
                library.servers.reviews.review_channels(),
                {card.channel_id for card in library.servers.reviews.cards(submission.id)},
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
            await self._service.worker.read(lambda library: library.servers.reviews.keep_card(card))  # noqa: B023

    async def _remind(self, queued: QueuedMessage) -> None:
        waiting = await self._service.quick(lambda examples: examples.queue(REVIEWER))
        settings = await self._service.worker.read(lambda library: library.settings)
        channels = await self._service.worker.read(lambda library: library.servers.reviews.review_channels())
        for server_id, channel_id in channels.items():
            elsewhere = await self._service.worker.read(lambda library: library.servers.reviews.elsewhere(server_id))  # noqa: B023
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
                _log.error("moderators can not be reminded in channel %s (%s); /doctor says more", channel_id, error)
