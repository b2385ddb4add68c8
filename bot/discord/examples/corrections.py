"""*Correct it*: a published example's author or a moderator begins a new version, which goes through review."""

import discord

from bot.discord.examples.drafts import Drafts
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.components import Handler
from bot.discord.runtime.interactions import begin
from knowledge.domain.examples import Actor, Author


class CorrectionStarts:
    """The handlers of the buttons under one's own published examples, and on the review card of what is published."""

    def __init__(self, service: ExampleService, drafts: Drafts) -> None:
        self._service = service
        self._worker = service.worker
        self._drafts = drafts

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {"example_correct": self._own, "review_correct": self._of_another}

    async def _own(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            await self._service.own(interaction, key)
            await self._begin(interaction, key, await self._service.actor(interaction))

    async def _of_another(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        # The card is for all moderators to see; the draft is this one's.
        if await begin(self._worker, interaction):
            submission_id = key.partition(":")[0]
            await self._begin(interaction, submission_id, await self._service.actor(interaction, submission_id))

    async def _begin(self, interaction: discord.Interaction, example_id: str, actor: Actor) -> None:
        author = Author(member=actor.id, name=interaction.user.display_name)
        request = f"discord:{interaction.id}"
        draft = await self._worker.db(lambda backend: backend.examples.correct(actor, example_id, author, request))
        await self._drafts.show(interaction, actor, draft.id)
