"""Tells moderators in their review channels that an answer did not help, for as long as the question is kept."""

import logging
from datetime import timedelta

import discord

from bot.discord.insights import views
from bot.discord.runtime.outbox import Lane, MessageKind, Outbox
from bot.discord.runtime.retry import lasts
from bot.discord.runtime.worker import Worker
from knowledge.dates import stamp
from knowledge.domain.insights import FeedbackCard
from knowledge.domain.outbox import Message, QueuedMessage, channel_recipient

KIND = "insights.unhelpful"
# Whoever says that an answer did not help is asked why, which comes a moment later.
_WAIT = timedelta(minutes=2)
# Votes from before somebody chose a channel are in `/insights`; a new channel is not filled with them.
_LATEST = timedelta(days=2)
_AT_ONCE = 10
_log = logging.getLogger(__name__)


class FeedbackNotices:
    """The messages about votes, one for each question and channel."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker

    def deliver_through(self, outbox: Outbox) -> None:
        """Let an outbox deliver the messages."""
        outbox.kinds[KIND] = MessageKind(self._show, lane=Lane.CHANNELS, hours=self._worker.outside_quiet_hours)

    async def look(self) -> int:
        """Queue what moderators are to be told, and take away messages whose question is gone; how many were queued."""
        for card in await self._worker.db(lambda backend: backend.library.insights.orphans()):
            await self._remove(card)
        now = self._worker.now()
        since, until = stamp(now - _LATEST), stamp(now - _WAIT)
        found, channels = await self._worker.db(
            lambda backend: (
                backend.library.insights.disliked(since),
                backend.servers.reviews.review_channels(),
            )
        )
        queued = 0
        for one in [one for one in found if one.said_at < until][:_AT_ONCE]:
            for channel_id in channels.values():
                queued += await self._queue(one.question_id, channel_id)
        return queued

    async def _queue(self, question_id: str, channel_id: int) -> bool:
        message = Message(
            key=f"{KIND}:{question_id}:{channel_id}",
            recipient=channel_recipient(channel_id),
            kind=KIND,
            data={"question": question_id},
        )
        now = self._worker.now()
        return await self._worker.db(lambda backend: backend.library.outbox.add(message, now))

    async def _show(self, queued: QueuedMessage) -> None:
        question_id, channel_id = str(queued.message.data["question"]), queued.message.channel_id or 0
        one = await self._worker.slow(lambda backend: backend.insights.one_disliked(question_id))
        if one is None or one.settled:
            return
        sent = await self._client.get_partial_messageable(channel_id).send(view=views.vote(one), nonce=queued.nonce)
        card = FeedbackCard(question_id=question_id, channel_id=channel_id, message_id=sent.id)
        await self._worker.db(lambda backend: backend.library.insights.keep_card(card))

    async def _remove(self, card: FeedbackCard) -> None:
        message = self._client.get_partial_messageable(card.channel_id).get_partial_message(card.message_id)
        try:
            await message.delete()
        except discord.HTTPException as error:
            if not lasts(error):
                _log.warning("a message about a question that is gone cannot be deleted yet: %s", error)
                return
        await self._worker.db(lambda backend: backend.library.insights.forget_card(card))
