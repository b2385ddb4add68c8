"""Messages to and from members who were introduced and are not on Discord: written in a form, read as a message."""

from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.discord.peers import modals, texts
from bot.discord.peers.match_view import name_first, person
from bot.discord.runtime.components import Handler, button, notice, page_view
from bot.discord.runtime.interactions import RateLimit, begin
from bot.discord.runtime.markdown import safe, safe_cut, safe_with_links
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.worker import Worker
from knowledge.domain.outbox import QueuedMessage
from knowledge.errors import MemberError, QuestionError

_FORM = "letter_form"
_MOST_TEXT, _MOST_SHOWN = 2000, 3200


class LetterViews:
    """Messages to members who are written to."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def letter(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return a message; `None` where the two are apart by now, or one of them is paused."""
        me, introduction_id = queued.message.recipient, str(queued.message.data["introduction_id"])
        writer = await self._worker.model(lambda backend: backend.access.met(me, introduction_id))
        if writer is None:
            return None
        text = "\n".join(safe_with_links(line) for line in str(queued.message.data["text"]).splitlines())
        if len(text) > _MOST_SHOWN:  # links and marks make it longer than it was written
            text = safe_cut(str(queued.message.data["text"]), _MOST_SHOWN)
        return page_view(
            f"### {texts.LETTER_FROM.format(name=name_first(writer))}\n{text}\n-# {person(writer)}",
            button("letter_write", introduction_id, texts.REPLY, discord.ButtonStyle.primary),
        )

    async def lost(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that what somebody wrote did not arrive; `None` where the two are apart by now."""
        me, introduction_id = queued.message.recipient, str(queued.message.data["introduction_id"])
        other, known = await self._worker.db(
            lambda backend: (
                backend.access.agreed(me, introduction_id),
                backend.library.members.introduction(introduction_id),
            )
        )
        if other is None or known is None:
            return None
        topic = f" {texts.ABOUT.format(topic=safe(known.topic))}" if known.topic else ""
        return page_view(f"{texts.LETTER_LOST}{topic}")


class LetterForms:
    """The form in which somebody writes."""

    def __init__(self, bot: commands.Bot, worker: Worker, rate_limit: RateLimit) -> None:
        self._bot = bot
        self._worker = worker
        self._rate_limit = rate_limit

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return each handler under its action's name."""
        return {
            "letter_write": lambda i, introduction_id, _: self.open(i, introduction_id),
            "letter_to": lambda i, _, chosen: self.open(i, chosen[0]),
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handler of its form."""
        return {_FORM: self.written}

    async def open(self, interaction: discord.Interaction, introduction_id: str) -> None:
        """Open the form, with what was typed before if it was refused."""
        user_id = interaction.user.id
        typed = await self._worker.before_modal(
            self._worker.db(lambda backend: backend.servers.members.form(user_id, f"{_FORM}:{introduction_id}")),
            texts.STARTING,
        )
        form = ui.Modal(title=texts.LETTER_TITLE, custom_id=component_id(_FORM, introduction_id), timeout=None)
        before = (typed or {}).get("text", [""])[0]
        written: ui.TextInput[Any] = ui.TextInput(
            custom_id="text", style=discord.TextStyle.paragraph, max_length=_MOST_TEXT, default=before or None
        )
        form.add_item(ui.Label(text=texts.LETTER_TEXT, description=texts.LETTER_HELP, component=written))
        await interaction.response.send_modal(form)

    async def written(
        self, interaction: discord.Interaction, introduction_id: str, values: dict[str, list[str]]
    ) -> None:
        """Send what was written on its way."""
        worker, me = self._worker, str(interaction.user.id)
        if not await begin(worker, interaction):
            return
        text = values.get("text", [""])[0]
        try:
            self._rate_limit.ask(interaction.user.id)
            await worker.db(lambda backend: backend.peers.write(me, introduction_id, text), atomic=True)
        except (QuestionError, MemberError) as error:
            await modals.keep_form(worker, interaction, f"{_FORM}:{introduction_id}", values)
            view = modals.refused_view(str(error), "letter_write", introduction_id)
            await interaction.edit_original_response(view=view)
            return
        await modals.drop_form(worker, interaction, f"{_FORM}:{introduction_id}")
        await interaction.edit_original_response(view=notice(texts.LETTER_SENT))
        self._bot.dispatch("outgoing")
