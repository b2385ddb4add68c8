"""Shows an example in full, a page at a time, to whoever may see it."""

import discord

from bot.discord.browse import texts as finding
from bot.discord.examples import render as marks
from bot.discord.examples import review_texts as review
from bot.discord.examples.card_parts import layout
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.components import Handler, button
from bot.discord.runtime.interactions import begin

_ON_A_PAGE = 3600


class ExampleReader:
    """The handlers of "Read it all" and of its pages."""

    def __init__(self, service: ExampleService) -> None:
        self._service = service

    @property
    def handlers(self) -> dict[str, Handler]:
        """What its buttons do."""
        return {
            "example_read": lambda i, key, _: self._show(i, key, update=False),
            "example_back": lambda i, key, _: self._show(i, key, update=True),
            "example_on": lambda i, key, _: self._show(i, key, update=True),
        }

    async def _show(self, interaction: discord.Interaction, key: str, *, update: bool) -> None:
        if not await begin(self._service.worker, interaction, update=update):
            return
        submission_id, _, page = key.partition(":")
        actor = await self._service.actor(interaction, submission_id)
        view = await self._service.quick(lambda examples: examples.show(actor, submission_id))
        found = marks.pages(marks.body(view), _ON_A_PAGE)
        number = min(max(int(page or 0), 0), len(found) - 1)
        turning = [
            button("example_back", f"{submission_id}:{number - 1}", finding.PREVIOUS, disabled=number == 0),
            button("example_on", f"{submission_id}:{number + 1}", finding.NEXT, disabled=number == len(found) - 1),
        ]
        where = f"-# {review.PAGE.format(page=number + 1, pages=len(found))}"
        shown = layout(found[number], where, turning) if len(found) > 1 else layout(found[number])
        await interaction.edit_original_response(view=shown)
