"""Moderators' actions on an example, wherever its card is. Of two at once one wins; the other sees what happened."""

import contextlib

import discord

from bot.discord.examples import modals
from bot.discord.examples.card_parts import TERMS, chosen_update, preview_of
from bot.discord.examples.review_card import confirm_panel, merge_panel, review_card, tags_panel
from bot.discord.examples.service import REVIEWER, TEAM, ExampleService
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import Handler
from bot.discord.runtime.errors import RefusedError, TooSlowError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.modals import FormHandler
from knowledge.domain.examples import Action, Actor
from knowledge.errors import ExampleConfirmationError

_WITH_REASON = (Action.REQUEST_CHANGES, Action.DECLINE, Action.WITHDRAW)
_IMMEDIATE = (Action.APPROVE, Action.CLAIM, Action.RELEASE)


class ReviewActions:
    """The handlers of the review card."""

    def __init__(self, service: ExampleService) -> None:
        self._service = service
        self._worker = service.worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons and selects."""
        immediate: dict[str, Handler] = {f"review_{action}": self._immediate(action) for action in _IMMEDIATE}
        reasons: dict[str, Handler] = {f"review_{action}": self._ask_reason(action) for action in _WITH_REASON}
        tags: dict[str, Handler] = {f"review_{field}": self._tagger(field) for field in TERMS}
        return {
            **immediate,
            **reasons,
            **tags,
            "review_confirm": self._confirm,
            "review_tags": self._tags,
            "review_merge": self._merge,
            "review_merge_other": self._ask_merge,
            "review_merge_chosen": lambda i, key, values: self._merge_into(i, key, values[0]),
            "review_open": lambda i, _, values: self._open(i, values[0]),
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handlers of its forms."""
        return {
            **{f"review_{action}": self._reasoned(action) for action in _WITH_REASON},
            "review_merge_into": lambda i, key, values: self._merge_into(i, key, modals.typed_in(values, "into")),
        }

    def _immediate(self, action: Action) -> Handler:
        async def act(interaction: discord.Interaction, key: str, _: list[str]) -> None:
            if await begin(self._worker, interaction, update=True):
                await self._act(interaction, key, action, None)

        return act

    def _ask_reason(self, action: Action) -> Handler:
        async def ask(interaction: discord.Interaction, key: str, _: list[str]) -> None:
            # Nobody writes a reason for nothing; where the look takes too long, the decision itself is checked.
            with contextlib.suppress(TooSlowError):
                checked = self._moderator(interaction, key.partition(":")[0], action)
                await self._worker.before_modal(checked, runtime_texts.MODERATORS_ONLY)
            await interaction.response.send_modal(modals.reason_form(action, key))

        return ask

    def _reasoned(self, action: Action) -> FormHandler:
        async def decide(interaction: discord.Interaction, key: str, values: dict[str, list[str]]) -> None:
            if await begin(self._worker, interaction, update=True):
                await self._act(interaction, key, action, modals.typed_in(values, "reason"))

        return decide

    async def _confirm(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        """Publish what identifies a person: what that is was named, and it is the version in which it was found."""
        if not await begin(self._worker, interaction, update=True):
            return
        submission_id, version = _read(key)
        actor = await self._moderator(interaction, submission_id, Action.APPROVE)
        view = await self._worker.db(lambda backend: backend.examples.show(actor, submission_id))
        labels = tuple(found.label for found in view.personal_data) if view.version == version else ()
        await self._act(interaction, key, Action.APPROVE, None, labels)

    async def _act(
        self,
        interaction: discord.Interaction,
        key: str,
        action: Action,
        reason: str | None,
        confirmed: tuple[str, ...] = (),
    ) -> None:
        submission_id, version = _read(key)
        actor = await self._moderator(interaction, submission_id, action)
        request = f"discord:{interaction.id}"
        try:
            if action is Action.WITHDRAW:
                await self._worker.model(
                    lambda backend: backend.examples.withdraw(actor, submission_id, reason, request)
                )
            else:
                await self._worker.model(
                    lambda backend: backend.examples.review(
                        actor, submission_id, action, reason, version, request, confirmed
                    )
                )
        except ExampleConfirmationError as error:
            panel = confirm_panel(key, error.labels)
            await interaction.followup.send(view=panel, ephemeral=True)
        finally:
            # Whether it worked or another was quicker: the card shows what is so now.
            await self._show(interaction, submission_id)
            self._service.send_now()

    async def _moderator(self, interaction: discord.Interaction, submission_id: str, action: Action) -> Actor:
        """Return the actor, who may do this with this example.

        Raises:
            RefusedError: They may not.
        """
        actor = await self._service.actor(interaction, submission_id)
        if actor.role not in TEAM:
            raise RefusedError(runtime_texts.MODERATORS_ONLY)
        await self._worker.db(lambda backend: backend.examples.require_review(actor, submission_id, action))
        return actor

    async def _show(self, interaction: discord.Interaction, submission_id: str) -> None:
        """Show the card as any moderator sees it, in the place of what was pressed."""
        shown = await self._worker.model(lambda backend: preview_of(backend, REVIEWER, submission_id))
        await interaction.edit_original_response(view=review_card(shown))

    async def _open(self, interaction: discord.Interaction, submission_id: str) -> None:
        if await begin(self._worker, interaction):
            await self._moderator(interaction, submission_id, Action.TAG)
            await self._show(interaction, submission_id)

    async def _tags(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction):
            return
        submission_id, _version = _read(key)
        actor = await self._moderator(interaction, submission_id, Action.TAG)
        view = await self._worker.db(lambda backend: backend.examples.show(actor, submission_id))
        await interaction.edit_original_response(view=tags_panel(view))

    def _tagger(self, field: str) -> Handler:
        async def tag(interaction: discord.Interaction, submission_id: str, values: list[str]) -> None:
            if not await begin(self._worker, interaction, update=True):
                return
            actor = await self._moderator(interaction, submission_id, Action.TAG)
            chosen = chosen_update(field, values)
            await self._worker.model(lambda backend: backend.examples.tag(actor, submission_id, **chosen))  # type: ignore[arg-type]
            self._service.send_now()
            view = await self._worker.db(lambda backend: backend.examples.show(actor, submission_id))
            await interaction.edit_original_response(view=tags_panel(view))

        return tag

    async def _merge(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction):
            return
        submission_id, _version = _read(key)
        actor = await self._moderator(interaction, submission_id, Action.MERGE)
        shown = await self._worker.model(lambda backend: preview_of(backend, actor, submission_id))
        await interaction.edit_original_response(view=merge_panel(key, shown))

    async def _ask_merge(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        await interaction.response.send_modal(modals.merge_form(key))

    async def _merge_into(self, interaction: discord.Interaction, key: str, into: str) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        submission_id, version = _read(key)
        actor = await self._moderator(interaction, submission_id, Action.MERGE)
        await self._service.find(into)
        if (await self._service.actor(interaction, into)).role not in TEAM:
            raise RefusedError(runtime_texts.MODERATORS_ONLY)
        request = f"discord:{interaction.id}"
        await self._worker.model(lambda backend: backend.examples.merge(actor, submission_id, into, version, request))
        self._service.send_now()
        await self._show(interaction, submission_id)


def _read(key: str) -> tuple[str, int]:
    """Return the example and the version of it that a button belongs to."""
    submission_id, _, version = key.partition(":")
    return submission_id, int(version or 0)
