"""Tells members that the library answers now what it could not answer when they asked."""

import logging

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.ask import texts
from bot.discord.ask.answers import AnswerCards
from bot.discord.runtime.retry import reaches_nobody
from knowledge.domain.outbox import QueuedMessage
from knowledge.errors import HalnError

# Opened by a command: nothing else can be shown before it is sent in.
_FORM = discord.InteractionResponseType.modal
_log = logging.getLogger(__name__)


class FollowRequestWatcher(commands.Cog):
    """Looks through the questions that members wait for, whenever the library has changed.

    Whom no direct message reaches is shown the answer at their next command.
    """

    def __init__(self, answers: AnswerCards) -> None:
        self._answers = answers
        self._worker = answers.worker

    async def look(self) -> int:
        """Queue a message to everybody whose question is answered by now; how many."""
        version = await self._worker.db(lambda backend: backend.follow_requests.changed())
        if version is None:
            return 0
        queued = 0
        for waiting in await self._worker.db(lambda backend: backend.servers.follow_requests.waiting()):
            queued += await self._worker.model(lambda backend: backend.follow_requests.look_for(waiting))  # noqa: B023
        await self._worker.db(lambda backend: backend.follow_requests.looked(version))
        return queued

    async def message(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the direct message with the answer; nothing when the library no longer holds it."""
        return await self._view(str(queued.message.data["question_id"]), queued.message.user_id or 0)

    async def undeliverable(self, queued: QueuedMessage, error: Exception) -> None:
        """Keep an answer for the next command of whom no direct message reaches."""
        if reaches_nobody(error):
            question_id, recipient = str(queued.message.data["question_id"]), queued.message.recipient
            await self._worker.db(lambda backend: backend.follow_requests.hold(recipient, question_id))

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: discord.Interaction, _: app_commands.Command[commands.Cog, ..., None]
    ) -> None:
        """Show whoever has used a command the answers that no direct message could bring them."""
        recipient = str(interaction.user.id)
        if interaction.response.type is _FORM or not await self._worker.db(
            lambda backend: backend.servers.follow_requests.held(recipient)
        ):
            return
        for question_id in await self._worker.db(lambda backend: backend.follow_requests.take_held(recipient)):
            try:
                view = await self._view(question_id, interaction.user.id)
                if view is not None:
                    await interaction.followup.send(view=view, ephemeral=True)
            except (discord.HTTPException, HalnError):
                await self._hold_again(recipient, question_id)

    async def _hold_again(self, recipient: str, question_id: str) -> None:
        """Keep an answer that could not be shown for the next command."""
        try:
            await self._worker.db(lambda backend: backend.follow_requests.hold(recipient, question_id))
        except HalnError as error:
            _log.warning("an answer that somebody waits for could be neither shown nor kept: %s", error)

    async def _view(self, question_id: str, user_id: int) -> ui.LayoutView | None:
        answer = await self._worker.db(lambda backend: backend.follow_requests.answer(question_id))
        if answer is None:
            return None
        line = await self._answers.members_line(answer, user_id)
        event = await self._answers.event_line(answer, user_id)
        view, _ = await self._answers.card(
            answer, user_id, None, user_id, shared=False, heading=texts.ANSWER_NOW, note=event, line=line
        )
        return view
