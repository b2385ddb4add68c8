"""Tells members that the library answers now what it could not answer when they asked."""

from discord import ui

from bot.discord.ask.answers import AnswerCards
from bot.discord.runtime import texts
from knowledge.domain.outbox import Message, QueuedMessage
from knowledge.errors import QuestionError
from knowledge.servers.types import FollowRequest

KIND = "answer_found"
# Noted in the database: which state of the library was looked through already.
_FLAG = "waiting_looked_at"


class FollowRequests:
    """Looks through the questions that members wait for, whenever the library has changed."""

    def __init__(self, answering: AnswerCards) -> None:
        self._answering = answering
        self._worker = answering.worker

    async def look(self) -> int:
        """Queue a message to everybody whose question is answered by now; how many."""
        version, seen = await self._worker.read(lambda library: (library.store.version(), library.store.flag(_FLAG)))
        if version == seen:
            return 0
        told = 0
        for waiting in await self._worker.read(lambda library: library.servers.follow_requests.waiting()):
            told += await self._look_for(waiting)
        await self._worker.read(lambda library: library.store.set_flag(_FLAG, version))
        return told

    async def message(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """The direct message with the answer; nothing when the library does not hold it any more."""
        question_id, user_id = str(queued.message.data["question_id"]), queued.message.user_id or 0
        stored = await self._worker.stored(question_id)
        if stored is None or not stored.answer.answered:
            return None
        answer = stored.answer.model_copy(update={"question_id": question_id})
        line = await self._answering.members_line(answer, user_id)
        view, _ = await self._answering.card(
            answer, user_id, None, user_id, shared=False, heading=texts.ANSWER_NOW, line=line
        )
        return view

    async def _look_for(self, waiting: FollowRequest) -> bool:
        stored = await self._worker.stored(waiting.question_id)
        if stored is None:  # the question has expired, and with it the reason to keep who waits
            await self._worker.read(lambda library: library.servers.follow_requests.stop_waiting(waiting))
            return False
        question = stored.answer.understood or stored.answer.question
        try:
            # Most are not answered yet: asking so leaves no trace in the question log.
            if not (await self._worker.ask_quietly(lambda assistant: assistant.ask(question))).answered:
                return False
            answer = await self._worker.ask(lambda assistant: assistant.ask(question))
        except QuestionError:
            return False
        message = Message(recipient=str(waiting.user_id), kind=KIND, data={"question_id": answer.question_id})
        return await self._worker.read(
            lambda library: library.servers.follow_requests.answer_waiting(waiting, message, self._worker.now())
        )
