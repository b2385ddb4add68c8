"""From a member's question to the card that answers it, the same wherever it was asked."""

import asyncio
import re

from discord import ui

from bot.discord.ask.answer_card import answer_view, joined
from bot.discord.ask.texts import A_MEMBER
from bot.discord.browse.events import next_event_line
from bot.discord.peers.match_view import MatchCounts
from bot.discord.runtime.interactions import RateLimit
from bot.discord.runtime.worker import Backend, Worker
from bot.texts.languages import translated
from knowledge.domain.ids import new_id
from knowledge.domain.library import Answer
from knowledge.guidance.related import event_on
from knowledge.servers.types import Card

LONGEST_QUESTION = 1000

_MENTION = re.compile(r"<@!?\d+>")


def without_mentions(text: str) -> str:
    """Return a text with "a member" in the place of everybody whom it mentions."""
    return _MENTION.sub(A_MEMBER, text)


class AnswerCards:
    """Asks the assistant for members, and makes the cards that show its answers."""

    def __init__(self, worker: Worker, rate_limit: RateLimit, match_counts: MatchCounts) -> None:
        self.worker = worker
        self._rate_limit = rate_limit
        self._match_counts = match_counts

    async def answer(self, member_id: int, question: str, conversation: str | None, *, quietly: bool = False) -> Answer:
        """Answer a question, which is the member's own; `quietly` without a trace of what somebody else wrote.

        Other people's names are not kept: where a question mentions one, it says "a member".

        Raises:
            RefusedError: The member asks too much at a time.
            QuestionError: There is no question in it.
        """
        self._rate_limit.ask(member_id)
        text = without_mentions(question)[:LONGEST_QUESTION]

        def ask(backend: Backend) -> Answer:
            if quietly:
                return backend.unlogged.ask(text)
            if conversation is not None:
                backend.assistant.takes_part(conversation, f"discord:{member_id}")
            return backend.assistant.of_member(str(member_id)).ask(text, conversation)

        with self.worker.metrics.question() as answers:
            answers.append(await self.worker.model(ask))
        return answers[0]

    async def card(
        self,
        answer: Answer,
        asker_id: int,
        server_id: int | None,
        channel_id: int,
        *,
        shared: bool,
        heading: str | None = None,
        note: str | None = None,
        line: str | None = None,
    ) -> tuple[ui.LayoutView, Card | None]:
        """Return the message for an answer and what is kept of it; `None` and no buttons where nothing is kept.

        `line` says how many members work on it, where that is known before the message is made.
        """
        today = self.worker.now().date()
        if answer.answered and not answer.citations:  # a greeting or thanks: no answer from the library
            answer = answer.model_copy(update={"text": translated(answer.text, await self.worker.language(server_id))})
        if answer.question_id is None:
            return answer_view(answer, None, today, heading=heading, note=note, line=line), None
        card = Card(
            id=new_id(),
            question_id=answer.question_id,
            server_id=server_id,
            channel_id=channel_id,
            shared=shared,
        )
        await self.keep(card, asker_id)
        return answer_view(answer, card, today, heading=heading, note=note, line=line), card

    async def members_line(self, answer: Answer, reader_id: int) -> str | None:
        """Return how many members work on what an answer is about, once nobody waits for it; see `MatchCounts`."""
        return await self._match_counts.line(answer, reader_id)

    async def event_line(self, answer: Answer, reader_id: int) -> str | None:
        """Return the next event that fits an answer, in the reader's nation or the whole UK; `None` where none does."""
        now = self.worker.now()
        event = await self.worker.slow(lambda backend: event_on(backend.library, now, answer, str(reader_id)))
        return next_event_line(event.metadata) if event is not None else None

    async def with_more(
        self,
        answer: Answer,
        card: Card | None,
        asker_id: int,
        *,
        heading: str | None = None,
        note: str | None = None,
    ) -> ui.LayoutView | None:
        """Return the message to put in the place of a card when more is known: people, an event, other words.

        `None` where there is nothing more. It is worked out after the answer has been shown, and so delays none.
        """
        writing = self.worker.slow(lambda backend: backend.assistant.written(answer))
        if card is None:
            line, event, better = None, None, await writing
        else:
            line, event, better = await asyncio.gather(
                self.members_line(answer, asker_id), self.event_line(answer, asker_id), writing
            )
        if line is None and event is None and better is None:
            return None
        note = joined(event, note)
        return answer_view(better or answer, card, self.worker.now().date(), heading=heading, note=note, line=line)

    async def share(self, card: Card, user_id: int) -> bool:
        """Remember a card that a member shows to a channel without their name, and that it was they; if it is new."""
        return await self.worker.db(lambda backend: backend.servers.cards.share(card, user_id, self.worker.now()))

    async def keep(self, card: Card, asker_id: int, message_id: int | None = None) -> bool:
        """Remember a card, and on which message it came to be; whether it is new."""
        kept = card.model_copy(update={"message_id": message_id})
        return await self.worker.db(lambda backend: backend.servers.cards.save(kept, asker_id, self.worker.now()))
