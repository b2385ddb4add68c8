"""The author's side of a draft: the form, the choices, handing it in. Each step is stored before it is shown."""

import contextlib
from collections.abc import Callable, Mapping

import discord

from bot.discord.examples import modals, texts
from bot.discord.examples.card_parts import TERMS, chosen_update, layout, preview_of
from bot.discord.examples.draft_card import confirmation, draft_card, go_on_card
from bot.discord.examples.service import EDITABLE, ExampleService
from bot.discord.runtime.components import Handler, button
from bot.discord.runtime.errors import RefusedError, TooSlowError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import cut, safe
from bot.discord.runtime.membership import admit_before_form
from bot.discord.runtime.modals import FormHandler
from knowledge.domain.examples import Actor, Author, Content, State, Submission
from knowledge.domain.vocabulary import Credit
from knowledge.examples.form import FormError, read_happened
from knowledge.examples.machine import missing
from knowledge.examples.period import spoken_period

ORIGIN = "discord"


class Drafts:
    """The handlers of the draft's card and of its forms."""

    def __init__(self, service: ExampleService) -> None:
        self._service = service
        self._worker = service.worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons and selects."""
        choices: dict[str, Handler] = {f"example_{field}": self._chooser(field) for field in (*TERMS, "clearance")}
        return choices | {
            "example_begin": lambda i, _, __: i.response.send_modal(modals.text_form("example_new", "")),
            "example_open": self._open,
            "example_draft": lambda i, key, _: self._edit(i, key, "example_fill"),
            "example_edit": lambda i, key, _: self._edit(i, key, "example_text"),
            "example_edit_details": self._edit_details,
            "example_edit_measure": self._edit_measure,
            "example_credit": self._credit,
            "example_submit": self._submit,
            "example_discard": self._ask_discard,
            "example_discard_yes": self._discard,
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handlers of its forms."""
        return {
            "example_new": self._new,
            "example_fill": lambda i, key, values: self._written(i, key, values, update=False),
            "example_text": lambda i, key, values: self._written(i, key, values, update=True),
            "example_details": self._described,
            "example_measure": self._measured,
        }

    async def begin(self, interaction: discord.Interaction) -> None:
        """Open the form at once; where there is a draft, offer to go on with it."""
        await admit_before_form(self._worker, interaction)
        draft = None
        with contextlib.suppress(TooSlowError):
            draft = await self._worker.before_modal(self._latest_draft(interaction), texts.NOT_NOW)
        if draft is None:
            await interaction.response.send_modal(modals.text_form("example_new", ""))
            return
        when = discord.utils.format_dt(discord.utils.parse_time(draft.updated_at), "R")
        view = go_on_card(draft.id, draft.content.shown_title, when)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def keep(
        self,
        interaction: discord.Interaction,
        content: Content,
        note: str | None = None,
        place: int | None = None,
        request: str | None = None,
    ) -> None:
        """Keep what somebody gave as a draft, then show its card in reply to an interaction that has begun.

        `place` is the server where it was given, if that is not where this is. `request` names what is asked for, if
        that is not this interaction: what it names makes one draft.
        """
        actor = await self._service.actor(interaction)
        author = Author(member=actor.id, name=interaction.user.display_name)
        once = request or f"discord:{interaction.id}"
        draft = await self._worker.db(lambda backend: backend.examples.draft(actor, content, author, ORIGIN, once))
        await self._service.place(interaction, draft.id, place)
        await self.show(interaction, actor, draft.id, note)

    async def show(
        self,
        interaction: discord.Interaction,
        actor: Actor,
        submission_id: str,
        note: str | None = None,
        *,
        refused: bool = False,
    ) -> None:
        """Show the card of an example in the place of what is there; `refused`: it lacks something to be handed in."""
        shown = await self._worker.model(lambda backend: preview_of(backend, actor, submission_id))
        await interaction.edit_original_response(view=draft_card(shown, note, refused=refused))

    async def _latest_draft(self, interaction: discord.Interaction) -> Submission | None:
        actor = await self._service.actor(interaction)
        await self._worker.db(lambda backend: backend.examples.require_sharing(actor))
        kept = await self._worker.db(lambda backend: backend.examples.data_of(actor))
        drafts = [each for each in kept if each.state is State.DRAFT and each.corrects is None]
        return max(drafts, key=lambda draft: draft.updated_at, default=None)

    async def _new(self, interaction: discord.Interaction, _: str, values: dict[str, list[str]]) -> None:
        if await begin(self._worker, interaction):
            await self.keep(interaction, _with_texts(Content(), values))

    async def _open(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            await self._service.own(interaction, key)
            await self.show(interaction, await self._service.actor(interaction, key), key)

    async def _edit(self, interaction: discord.Interaction, key: str, action: str) -> None:
        found = await self._worker.before_modal(self._editable(interaction, key), texts.NOT_NOW)
        await interaction.response.send_modal(modals.text_form(action, key, found.content))

    async def _editable(self, interaction: discord.Interaction, key: str) -> Submission:
        found = await self._service.own(interaction, key)
        if found.state not in EDITABLE:
            raise RefusedError(texts.TOO_LATE_TO_EDIT)
        return found

    async def _written(
        self, interaction: discord.Interaction, key: str, values: dict[str, list[str]], *, update: bool
    ) -> None:
        if await begin(self._worker, interaction, update=update):
            await self._editable(interaction, key)
            await self._change(interaction, key, lambda content: _with_texts(content, values))

    async def _change(
        self,
        interaction: discord.Interaction,
        key: str,
        revised: Callable[[Content], Content],
        note: str | None = None,
    ) -> None:
        """Change a part of an example; of two quick choices, the second one leaves the first one as it is."""
        found = await self._service.own(interaction, key)
        if found.state is not State.DRAFT and (lacks := missing(revised(found.content))):
            raise RefusedError(texts.NEEDED.format(fields="; ".join(texts.FIELDS[field] for field in lacks)))
        actor = await self._service.actor(interaction, key)
        request = f"discord:{interaction.id}"
        if found.state is State.DRAFT:
            # A step of the form: kept in the quick lane, before anything that takes time.
            await self._worker.db(lambda backend: backend.examples.revise(actor, key, revised, request))
        else:
            await self._worker.model(lambda backend: backend.examples.revise(actor, key, revised, request))
            self._service.send_now()
        await self.show(interaction, actor, key, note)

    def _chooser(self, field: str) -> Handler:
        async def chosen(interaction: discord.Interaction, key: str, values: list[str]) -> None:
            if not await begin(self._worker, interaction, update=True):
                return
            await self._editable(interaction, key)
            update = {"clearance": values == ["yes"]} if field == "clearance" else chosen_update(field, values)
            await self._change(interaction, key, lambda content: content.model_copy(update=update))

        return chosen

    async def _credit(self, interaction: discord.Interaction, key: str, values: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        found = await self._service.own(interaction, key)
        credit = Credit(values[0])
        if found.state is State.DRAFT:
            await self._change(interaction, key, lambda content: content.model_copy(update={"credit": credit}))
            return
        if credit is Credit.ORGANISATION and not found.content.organisation.strip():
            raise RefusedError(texts.NEEDED.format(fields=texts.FIELDS["organisation"]))
        actor = await self._service.actor(interaction)
        await self._worker.model(lambda backend: backend.examples.set_credit(actor, key, credit))
        self._service.send_now()
        await interaction.edit_original_response(
            view=layout(texts.CREDIT_CHANGED, [button("example_mine", key, texts.BACK)])
        )

    async def _edit_details(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        found = await self._worker.before_modal(self._service.own(interaction, key), texts.NOT_NOW)
        content = found.content
        values = {"organisation": content.organisation, "name": found.author.name or ""}
        if found.state in EDITABLE:
            when = spoken_period(content.happened_from, content.happened_to)
            # Whom it is credited to is said of what is published, not of its correction.
            values = {} if found.corrects else values
            values = {"title": content.title, "happened": when, "region": content.region, **values}
        await interaction.response.send_modal(modals.details_form(key, values))

    async def _described(self, interaction: discord.Interaction, key: str, values: dict[str, list[str]]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        found = await self._service.own(interaction, key)
        actor = await self._service.actor(interaction)
        organisation, name = modals.typed_in(values, "organisation"), modals.typed_in(values, "name")
        if found.content.credit is Credit.ORGANISATION and not organisation and found.state is not State.DRAFT:
            raise RefusedError(texts.NEEDED.format(fields=texts.FIELDS["organisation"]))
        if found.corrects is None:
            await self._worker.model(
                lambda backend: backend.examples.set_credit(actor, key, None, organisation, name or None)
            )
        if found.state not in EDITABLE:
            self._service.send_now()
            await interaction.edit_original_response(
                view=layout(texts.CREDIT_CHANGED, [button("example_mine", key, texts.BACK)])
            )
            return
        update: dict[str, object] = {field: modals.typed_in(values, field) for field in ("title", "region")}
        note = None
        try:
            update |= _happened(modals.typed_in(values, "happened"))
        except FormError:
            typed = safe(cut(modals.typed_in(values, "happened"), 100))
            note = texts.DATE_NOT_READ.format(typed=typed, reason=texts.DATE_WRITTEN)
        await self._change(interaction, key, lambda content: content.model_copy(update=update), note)

    async def _edit_measure(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        found = await self._worker.before_modal(self._editable(interaction, key), texts.NOT_NOW)
        await interaction.response.send_modal(modals.measure_form(key, found.content))

    async def _measured(self, interaction: discord.Interaction, key: str, values: dict[str, list[str]]) -> None:
        if await begin(self._worker, interaction, update=True):
            await self._editable(interaction, key)
            update = {field: modals.typed_in(values, field) for field in texts.MEASURE}
            await self._change(interaction, key, lambda content: content.model_copy(update=update))

    async def _submit(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        found = await self._service.own(interaction, key)
        if found.state is not State.DRAFT:
            raise RefusedError(texts.NOT_A_DRAFT)
        actor = await self._service.actor(interaction, key)
        if found.corrects is None:
            await self._service.place(interaction, key)
        request = f"discord:{interaction.id}"
        receipt = await self._worker.model(lambda backend: backend.examples.submit(actor, key, request))
        if receipt.state is State.DRAFT:
            await self.show(interaction, actor, key, refused=True)
            return
        self._service.send_now()
        done = texts.CORRECTION_SUBMITTED if found.corrects else texts.SUBMITTED
        view = layout(done, [button("example_mine", key, texts.BACK)])
        await interaction.edit_original_response(view=view)

    async def _ask_discard(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            await self._service.own(interaction, key)
            yes = button("example_discard_yes", key, texts.DISCARD_YES, discord.ButtonStyle.danger)
            view = confirmation(texts.DISCARD_SURE, yes, button("example_open", key, texts.KEEP))
            await interaction.edit_original_response(view=view)

    async def _discard(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        await self._service.own(interaction, key)
        actor = await self._service.actor(interaction)
        if not await self._worker.db(lambda backend: backend.examples.discard(actor, key)):
            raise RefusedError(texts.NOT_A_DRAFT)
        await interaction.edit_original_response(view=layout(texts.DISCARDED))


def _happened(typed: str) -> dict[str, object]:
    """Return from when to when it happened, as it was typed; nothing typed takes the date away.

    Raises:
        FormError: It names no date, or one that lies ahead.
    """
    period = read_happened(typed) if typed else None
    first, last = period or (None, None)
    return {"happened_from": first, "happened_to": last}


def _with_texts(content: Content, values: Mapping[str, list[str]]) -> Content:
    """Return the content with what was typed into the five questions."""
    return content.model_copy(update={field: modals.typed_in(values, field) for field in texts.QUESTIONS})
