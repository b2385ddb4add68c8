"""Tells members that the library answers now what it could not answer when they asked."""

from discord import ui

from bot.discord.ask import texts
from bot.discord.ask.answers import AnswerCards
from bot.discord.runtime.worker import Backend
from knowledge.domain.library import Answer
from knowledge.domain.outbox import Message, QueuedMessage
from knowledge.errors import QuestionError
from knowledge.servers.types import FollowRequest

KIND = "answer_found"
# Noted in the database: which state of the library was looked through already.
_FLAG = "waiting_looked_at"


class FollowRequestWatcher:
    """Looks through the questions that members wait for, whenever the library has changed."""

    def __init__(self, answers: AnswerCards) -> None:
        self._answers = answers
        self._worker = answers.worker

    async def look(self) -> int:
        """Queue a message to everybody whose question is answered by now; how many."""
        version, seen = await self._worker.db(
            lambda backend: (backend.library.store.version(), backend.library.store.flag(_FLAG))
        )
        if version == seen:
            return 0
        queued = 0
        for waiting in await self._worker.db(lambda backend: backend.servers.follow_requests.waiting()):
            queued += await self._look_for(waiting)
        await self._worker.db(lambda backend: backend.library.store.set_flag(_FLAG, version))
        return queued

    async def message(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the direct message with the answer; nothing when the library no longer holds it."""
        question_id, user_id = str(queued.message.data["question_id"]), queued.message.user_id or 0
        stored = await self._worker.db(lambda backend: backend.assistant.stored_answer(question_id))
        if stored is None or not stored.answer.answered:
            return None
        answer = stored.answer.model_copy(update={"question_id": question_id})
        line = await self._answers.members_line(answer, user_id)
        event = await self._answers.event_line(answer, user_id)
        view, _ = await self._answers.card(
            answer, user_id, None, user_id, shared=False, heading=texts.ANSWER_NOW, note=event, line=line
        )
        return view

    async def _look_for(self, waiting: FollowRequest) -> bool:
        stored = await self._worker.db(lambda backend: backend.assistant.stored_answer(waiting.question_id))
        if stored is None:  # the question has expired, and with it the reason to keep who waits
            await self._worker.db(lambda backend: backend.servers.follow_requests.stop_waiting(waiting))
            return False
        question = stored.answer.understood or stored.answer.question
        try:
            # Most are not answered yet: asking so leaves no trace in the question log.
            if not (await self._worker.model(lambda backend: backend.unlogged.ask(question))).answered:
                return False
            answer = await self._worker.model(lambda backend: self._asked_again(backend, question, waiting))
        except QuestionError:
            return False
        message = Message(recipient=str(waiting.user_id), kind=KIND, data={"question_id": answer.question_id})
        return await self._worker.db(
            lambda backend: backend.servers.follow_requests.answer_waiting(waiting, message, self._worker.now())
        )

    @staticmethod
    def _asked_again(backend: Backend, question: str, waiting: FollowRequest) -> Answer:
        """Answer the question for whoever waits. It stays theirs, too, who asked it in these words."""
        answer = backend.assistant.of_member(str(waiting.user_id)).ask(question)
        if answer.question_id is not None:
            backend.library.questions.share_asker(answer.question_id, waiting.question_id)
        return answer
