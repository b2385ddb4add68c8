"""Receives `/privacy`, `/my-data` and `/forget-me`: what is kept about a member, as a file, and having it deleted."""

import io
import json
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.privacy import texts
from bot.discord.runtime.components import Handler, button, notice, page_view
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.membership import admit_before_form
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.worker import Worker
from knowledge.domain.members import Forgotten
from knowledge.errors import MemberError
from knowledge.matching.wording import counted
from knowledge.privacy.member_data import Published

FORM = "forget_form"
# What `PersonalData.export` gives.
Held = dict[str, object]


def privacy_view(held: Held, question_days: int) -> ui.LayoutView:
    """Return what is kept, in numbers, with buttons to change it."""
    switch = ("privacy_in", texts.OPT_IN) if held["posts_left_out"] else ("privacy_out", texts.OPT_OUT)
    return page_view(
        "\n".join(_summary(held, question_days)),
        button(switch[0], "", switch[1]),
        button("privacy_get", "", texts.GET),
        button("privacy_forget", "", texts.FORGET, discord.ButtonStyle.danger),
    )


def data_file(member_id: str, held: Held) -> discord.File:
    """Return everything that is kept, as a JSON file."""
    text = json.dumps({"id": member_id, **held}, ensure_ascii=False, indent=2)
    return discord.File(io.BytesIO(text.encode()), texts.FILE_NAME)


def forget_form() -> ui.Modal:
    """Return the form that asks once what is to go, and whether they are sure."""
    form = ui.Modal(title=texts.FORGET_TITLE, custom_id=component_id(FORM, ""), timeout=None)
    form.add_item(ui.TextDisplay(texts.FORGET_TEXT))
    form.add_item(ui.Label(text=texts.FORGET_EXAMPLES, component=_select("examples", texts.FORGET_CHOICES, 0)))
    sure = {"no": texts.FORGET_NO, "yes": texts.FORGET_YES}
    form.add_item(ui.Label(text=texts.FORGET_SURE, component=_select("sure", sure, None)))
    return form


def forgotten_text(forgotten: Forgotten) -> str:
    """Return what was deleted, and what is not gone yet: nothing but what is so."""
    said = [
        texts.FORGOTTEN.format(entries=counted(sum(forgotten.removed.values()), "entry", "entries")),
        texts.NOTHING_LEFT if not forgotten.left else texts.LEFT.format(places=counted(forgotten.left, "place")),
    ]
    if forgotten.pending:
        said.append(texts.PENDING)
    if forgotten.unattributed:
        said.append(texts.UNATTRIBUTED.format(questions=counted(forgotten.unattributed, "question")))
    return " ".join(said)


def _summary(held: Held, question_days: int) -> list[str]:
    """Return what is kept, in numbers, as lines."""
    state = texts.NONE
    if "profile" in held:
        state = texts.PAUSED if held["paused"] else texts.FINDABLE if held["findable"] else texts.NOT_FINDABLE
    out = held["posts_left_out"]
    return [
        f"### {texts.TITLE}",
        texts.PROFILE.format(state=state),
        texts.INTRODUCTIONS.format(number=_number(held, "introductions")),
        texts.PEER_QUESTIONS.format(asked=_number(held, "questions"), replies=_number(held, "replies")),
        texts.EXAMPLES.format(number=_number(held, "examples")),
        texts.OUT if out else texts.POSTS.format(number=_number(held, "forum_posts")),
        texts.WAITING.format(number=_number(held, "waiting_for")),
        texts.QUESTIONS.format(days=counted(question_days, "day"), number=_number(held, "library_questions")),
        texts.VOTES.format(number=_number(held, "feedback")),
    ]


def _number(held: Held, name: str) -> int:
    kept = held.get(name)
    return len(kept) if isinstance(kept, list) else 0


def _select(name: str, choices: dict[str, str], chosen: int | None) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=label, value=value, default=place == chosen)
        for place, (value, label) in enumerate(choices.items())
    ]
    return ui.Select(custom_id=name, options=options)


class PrivacyCog(commands.Cog):
    """A member's own data, on every server."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {
            "privacy_out": self._opt_out,
            "privacy_in": self._opt_in,
            "privacy_get": lambda i, _, __: self._send_data(i),
            "privacy_forget": lambda i, _, __: self._open_form(i),
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handler of its form."""
        return {FORM: self._forget}

    @app_commands.command(name="privacy", description=texts.PRIVACY)
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Show what is kept, with buttons to change it."""
        if not await begin(self._worker, interaction):
            return
        held = await self._held(interaction)
        await interaction.edit_original_response(view=privacy_view(held, self._worker.settings.question_days))

    @app_commands.command(name="my-data", description=texts.MY_DATA)
    async def my_data(self, interaction: discord.Interaction) -> None:
        """Send everything as a file."""
        await self._send_data(interaction)

    @app_commands.command(name="forget-me", description=texts.FORGET_ME)
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Ask once, then delete everything."""
        await self._open_form(interaction)

    async def _send_data(self, interaction: discord.Interaction) -> None:
        if not await begin(self._worker, interaction):
            return
        held = await self._held(interaction)
        if not any(held.values()):
            await interaction.edit_original_response(view=notice(texts.MY_DATA_NONE))
            return
        file = data_file(str(interaction.user.id), held)
        view = notice(texts.MY_DATA_READY)
        view.add_item(ui.File(file))
        await interaction.edit_original_response(view=view, attachments=[file])

    async def _open_form(self, interaction: discord.Interaction) -> None:
        await admit_before_form(self._worker, interaction)
        await interaction.response.send_modal(forget_form())

    async def _forget(self, interaction: discord.Interaction, _: str, values: dict[str, list[str]]) -> None:
        if not await begin(self._worker, interaction):
            return
        if values.get("sure") != ["yes"]:
            await interaction.edit_original_response(view=notice(texts.KEPT))
            return
        me, published = str(interaction.user.id), Published(values["examples"][0])
        try:
            forgotten = await self._worker.model(lambda backend: backend.privacy.forget(me, published))
        except MemberError:
            text = texts.NOTHING
        else:
            text = forgotten_text(forgotten)
        # What others see of it, such as a review card, changes now.
        interaction.client.dispatch("outgoing")
        held = await self._held(interaction)
        kept = {"posts_left_out": texts.OUT_STAYS, "never_asked_to_share": texts.NEVER_ASKED_STAYS}
        text = " ".join([text, *(said for name, said in kept.items() if held[name])])
        await interaction.edit_original_response(view=notice(text))

    async def _opt_out(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            user_id = interaction.user.id
            number = await self._worker.db(lambda backend: backend.servers.posts.opt_out(user_id))
            await interaction.edit_original_response(view=notice(texts.OPTED_OUT.format(number=number)))

    async def _opt_in(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            user_id = interaction.user.id
            await self._worker.db(lambda backend: backend.servers.posts.opt_in(user_id))
            await interaction.edit_original_response(view=notice(texts.OPTED_IN))

    async def _held(self, interaction: discord.Interaction) -> Held:
        me = str(interaction.user.id)
        return await self._worker.model(lambda backend: backend.privacy.export(me))
