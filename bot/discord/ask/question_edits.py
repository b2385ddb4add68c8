"""Lets an answer follow the message that it replies to: renewed when that is edited, taken away when it is deleted.

Which answer replies to which message is in the database, with the answer's card. Replies without a card (a greeting, a
refusal to answer at all) are remembered by this process only.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NamedTuple
from weakref import WeakValueDictionary

import discord

from bot.discord.ask.answers import AnswerCards
from bot.discord.runtime.outbox import Lane, MessageKind, Outbox
from knowledge.domain.outbox import Message, QueuedMessage, channel_recipient
from knowledge.servers.types import Card

KIND = "answer_removal"
# A message that was not meant for the assistant at first, and is after an edit, is answered for so long.
_FRESH = timedelta(minutes=15)
_MOST_REMEMBERED = 500


class ShownReply(NamedTuple):
    """A reply that is there: its message, and the question that it answers (`None` where it answers none)."""

    message: discord.PartialMessage
    question: str | None


class QuestionEdits:
    """Knows the replies to messages, one at a time for each message."""

    def __init__(self, client: discord.Client, answers: AnswerCards) -> None:
        self._client = client
        self._worker = answers.worker
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._remembered: OrderedDict[int, ShownReply] = OrderedDict()

    def deliver_through(self, outbox: Outbox) -> None:
        """Let an outbox take answers away: again, if Discord fails."""
        outbox.kinds[KIND] = MessageKind(self._delete, lane=Lane.CHANNELS)

    @asynccontextmanager
    async def turn(self, message_id: int) -> AsyncIterator[None]:
        """Wait until nothing else is done about a message: an edit may come while it is being answered."""
        lock = self._turns.setdefault(message_id, asyncio.Lock())
        async with lock:
            yield

    def is_fresh(self, message: discord.Message) -> bool:
        """Return whether a message was written so short a time ago that it may still become a question."""
        edited = message.edited_at or message.created_at
        return edited - message.created_at <= _FRESH

    def note(self, message_id: int, question: str | None, reply: discord.Message) -> None:
        """Remember the reply to a message, and the question that the message asked in its own words."""
        place = self._client.get_partial_messageable(reply.channel.id, guild_id=reply.guild.id if reply.guild else None)
        self._remembered[message_id] = ShownReply(place.get_partial_message(reply.id), question)
        self._remembered.move_to_end(message_id)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)

    async def shown(self, message: discord.Message) -> ShownReply | None:
        """Return the reply to a message, with the question that it answers."""
        if message.id in self._remembered:
            return self._remembered[message.id]
        card = await self._card(message.id)
        if card is None or card.message_id is None:
            return None
        stored = await self._worker.db(lambda backend: backend.assistant.stored_answer(card.question_id))
        question = stored.answer.question if stored else None
        place = self._client.get_partial_messageable(card.channel_id, guild_id=card.server_id)
        return ShownReply(place.get_partial_message(card.message_id), question)

    async def replace(self, message_id: int) -> None:
        """Forget the answer that is about to be replaced: its buttons go with it."""
        self._remembered.pop(message_id, None)
        if (card := await self._card(message_id)) is not None:
            await self._worker.db(lambda backend: backend.servers.cards.detach(card.id))

    async def remove(self, message_id: int) -> None:
        """Take the reply to a message away, where there is one."""
        remembered, card = self._remembered.pop(message_id, None), await self._card(message_id)
        if card is not None and card.message_id is not None:
            await self._remove(card.channel_id, card.message_id, card)
        elif remembered is not None:
            await self._remove(remembered.message.channel.id, remembered.message.id, None)

    async def _remove(self, channel_id: int, reply_id: int, card: Card | None) -> None:
        now = self._worker.now()
        removal = Message(recipient=channel_recipient(channel_id), kind=KIND, data={"message": reply_id})
        if card is not None:
            await self._worker.db(lambda backend: backend.servers.cards.detach(card.id, removal, now))
        else:
            await self._worker.db(lambda backend: backend.library.outbox.add(removal, now))
        self._client.dispatch("outgoing")

    async def _card(self, message_id: int) -> Card | None:
        return await self._worker.db(lambda backend: backend.servers.cards.reply_to(message_id))

    async def _delete(self, queued: QueuedMessage) -> None:
        channel = self._client.get_partial_messageable(queued.message.channel_id or 0)
        with contextlib.suppress(discord.NotFound):
            await channel.get_partial_message(int(queued.message.data["message"])).delete()
