"""The lists of `/my-examples` and `/queue`, and reading an example in full."""

import discord

from bot.discord.examples import render, texts
from bot.discord.examples.card_parts import layout
from bot.discord.examples.draft_card import confirmation
from bot.discord.examples.list_views import mine_view, own_view, queue_view
from bot.discord.examples.service import TEAM, ExampleService
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import Handler, button
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import cut, safe
from knowledge.dates import spoken_date
from knowledge.domain.examples import State
from knowledge.library import Library

_ON_A_PAGE = 3600


class ExampleLists:
    """The handlers of both lists."""

    def __init__(self, service: ExampleService) -> None:
        self._service = service
        self._worker = service.worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of their buttons and selects."""
        return {
            "queue_back": self._turn_queue,
            "queue_on": self._turn_queue,
            "mine_back": self._turn_mine,
            "mine_on": self._turn_mine,
            "mine_open": lambda i, _, values: self._one(i, values[0]),
            "example_mine": lambda i, _, __: self._turn_mine(i, "0", []),
            "example_own": lambda i, key, _: self._one(i, key),
            "example_holds": self._holds,
            "example_withdraw": self._ask_withdraw,
            "example_withdraw_yes": self._withdraw,
        }

    async def queue(self, interaction: discord.Interaction, page: int = 0) -> None:
        """Show what waits, in reply to an interaction that has begun."""
        actor = await self._service.actor(interaction)
        server_id = interaction.guild_id
        if actor.role not in TEAM or server_id is None:
            raise RefusedError(runtime_texts.MODERATORS_ONLY)
        waiting = await self._worker.db(lambda backend: backend.examples.queue(actor))
        elsewhere = await self._worker.db(lambda backend: backend.servers.reviews.elsewhere(server_id))
        here = [view for view in waiting if view.id not in elsewhere]
        cards = await self._worker.db(lambda backend: _links(backend.library, server_id))
        await interaction.edit_original_response(view=queue_view(here, cards, page))

    async def mine(self, interaction: discord.Interaction, page: int = 0) -> None:
        """Show what a member gave, in reply to an interaction that has begun."""
        actor = await self._service.actor(interaction)
        given = await self._worker.db(lambda backend: backend.examples.mine(actor))
        newest = sorted(given, key=lambda view: (view.created_at, view.id), reverse=True)
        await interaction.edit_original_response(view=mine_view(newest, page))

    async def _turn_queue(self, interaction: discord.Interaction, page: str, _: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            await self.queue(interaction, int(page))

    async def _turn_mine(self, interaction: discord.Interaction, page: str, _: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            await self.mine(interaction, int(page))

    async def _one(self, interaction: discord.Interaction, key: str) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        await self._service.own(interaction, key)
        actor = await self._service.actor(interaction)
        given = await self._worker.db(lambda backend: backend.examples.mine(actor))
        view = next((view for view in given if view.id == key), None)
        if view is None:
            raise RefusedError(runtime_texts.EXAMPLE_GONE)
        await interaction.edit_original_response(view=own_view(view))

    async def _holds(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        await self._service.own(interaction, key)
        actor = await self._service.actor(interaction)
        held = await self._worker.db(lambda backend: backend.examples.still_holds(actor, key))
        view = layout(
            texts.HELD.format(date=spoken_date(held.review_on or "")), [button("example_mine", key, texts.BACK)]
        )
        await interaction.edit_original_response(view=view)

    async def _ask_withdraw(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        found = await self._service.own(interaction, key)
        yes = button("example_withdraw_yes", key, texts.WITHDRAW_YES, discord.ButtonStyle.danger)
        question = texts.WITHDRAW_SURE.format(title=safe(cut(found.content.shown_title, 150)))
        view = confirmation(question, yes, button("example_own", key, texts.KEEP))
        await interaction.edit_original_response(view=view)

    async def _withdraw(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        found = await self._service.own(interaction, key)
        actor = await self._service.actor(interaction)
        if found.state is not State.WITHDRAWN:
            request = f"discord:{interaction.id}"
            await self._worker.model(lambda backend: backend.examples.withdraw(actor, key, request_id=request))
            self._service.send_now()
        view = layout(texts.WITHDRAWN, [button("example_mine", key, texts.BACK)])
        await interaction.edit_original_response(view=view)


def _links(library: Library, server_id: int) -> dict[str, str]:
    """Return the link to each example's card in this server's review channel."""
    channel = library.servers.reviews.review_channels().get(server_id)
    if channel is None:
        return {}
    base = f"https://discord.com/channels/{server_id}/{channel}"
    return {found: f"{base}/{message}" for found, message in library.servers.reviews.messages_in(channel).items()}


class ExampleReader:
    """The handlers of "Read it all" and of its pages."""

    def __init__(self, service: ExampleService) -> None:
        self._service = service
        self._worker = service.worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {
            "example_read": lambda i, key, _: self._show(i, key, update=False),
            "example_back": lambda i, key, _: self._show(i, key, update=True),
            "example_on": lambda i, key, _: self._show(i, key, update=True),
        }

    async def _show(self, interaction: discord.Interaction, key: str, *, update: bool) -> None:
        if not await begin(self._worker, interaction, update=update):
            return
        submission_id, _, page = key.partition(":")
        actor = await self._service.actor(interaction, submission_id)
        view = await self._worker.db(lambda backend: backend.examples.show(actor, submission_id))
        found = render.pages(render.body(view), _ON_A_PAGE)
        number = min(max(int(page or 0), 0), len(found) - 1)
        turning = [
            button("example_back", f"{submission_id}:{number - 1}", runtime_texts.PREVIOUS, disabled=number == 0),
            button(
                "example_on", f"{submission_id}:{number + 1}", runtime_texts.NEXT, disabled=number == len(found) - 1
            ),
        ]
        where = f"-# {texts.PAGE.format(page=number + 1, pages=len(found))}"
        shown = layout(found[number], where, turning) if len(found) > 1 else layout(found[number])
        await interaction.edit_original_response(view=shown)
