"""Receives `/privacy`, `/my-data` and `/forget-me`: what is kept about a member, as a file, and having it deleted."""

import io
import json
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.acting import begin, notice
from bot.discord.desk import Desk
from bot.discord.finding import page_view
from bot.discord.forms import FormHandler
from bot.discord.peers.counter import Counter
from bot.discord.ui.live import Handler, button
from bot.texts import privacy as texts
from knowledge.errors import MemberError
from knowledge.personal import Published

_FORM = "forget_form"
Held = dict[str, object]


class Privacy(commands.Cog):
    """A member's own data, on every server."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        self._desk = desk
        self._counter = counter

    @property
    def handlers(self) -> dict[str, Handler]:
        """What its buttons do."""
        return {
            "privacy_out": self._opt_out,
            "privacy_in": self._opt_in,
            "privacy_get": lambda i, _, __: self._send_data(i),
            "privacy_forget": lambda i, _, __: self._open_form(i),
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """What its form does."""
        return {_FORM: self._forget}

    @app_commands.command(name="privacy", description=texts.PRIVACY)
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Show what is kept, with buttons to change it."""
        if not await begin(self._desk, interaction):
            return
        held = await self._held(interaction)
        switch = ("privacy_in", texts.OPT_IN) if held["posts_left_out"] else ("privacy_out", texts.OPT_OUT)
        view = page_view(
            "\n".join(_summary(held, self._desk.settings.question_days)),
            button(switch[0], "", switch[1]),
            button("privacy_get", "", texts.GET),
            button("privacy_forget", "", texts.FORGET, discord.ButtonStyle.danger),
        )
        await interaction.edit_original_response(view=view)

    @app_commands.command(name="my-data", description=texts.MY_DATA)
    async def my_data(self, interaction: discord.Interaction) -> None:
        """Send everything as a file."""
        await self._send_data(interaction)

    @app_commands.command(name="forget-me", description=texts.FORGET_ME)
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Ask once, then delete everything."""
        await self._open_form(interaction)

    async def _send_data(self, interaction: discord.Interaction) -> None:
        if not await begin(self._desk, interaction):
            return
        held = await self._held(interaction)
        if not any(held.values()):
            await interaction.edit_original_response(view=notice(texts.MY_DATA_NONE))
            return
        text = json.dumps({"id": str(interaction.user.id), **held}, ensure_ascii=False, indent=2)
        file = discord.File(io.BytesIO(text.encode()), texts.FILE_NAME)
        view = notice(texts.MY_DATA_READY)
        view.add_item(ui.File(file))
        await interaction.edit_original_response(view=view, attachments=[file])

    async def _open_form(self, interaction: discord.Interaction) -> None:
        form = ui.Modal(title=texts.FORGET_TITLE, custom_id=f"haln:{_FORM}:", timeout=None)
        form.add_item(ui.TextDisplay(texts.FORGET_TEXT))
        form.add_item(ui.Label(text=texts.FORGET_EXAMPLES, component=_select("examples", texts.FORGET_CHOICES, 0)))
        sure = {"no": texts.FORGET_NO, "yes": texts.FORGET_YES}
        form.add_item(ui.Label(text=texts.FORGET_SURE, component=_select("sure", sure, None)))
        await interaction.response.send_modal(form)

    async def _forget(self, interaction: discord.Interaction, _: str, values: dict[str, list[str]]) -> None:
        if not await begin(self._desk, interaction):
            return
        if values.get("sure") != ["yes"]:
            await interaction.edit_original_response(view=notice(texts.KEPT))
            return
        me, published = str(interaction.user.id), Published(values["examples"][0])
        try:
            forgotten = await self._counter.personal(lambda personal: personal.forget(me, published))
        except MemberError:
            text = texts.NOTHING
        else:
            text = texts.FORGOTTEN.format(rows=sum(forgotten.removed.values()), left=forgotten.left)
        # What others see of it, such as a review card, changes now.
        interaction.client.dispatch("outgoing")
        if (await self._held(interaction))["posts_left_out"]:
            text = f"{text} {texts.OUT_STAYS}"
        await interaction.edit_original_response(view=notice(text))

    async def _opt_out(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._desk, interaction, update=True):
            user_id = interaction.user.id
            number = await self._desk.read(lambda library: library.servers.posts.opt_out(user_id))
            await interaction.edit_original_response(view=notice(texts.OPTED_OUT.format(number=number)))

    async def _opt_in(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._desk, interaction, update=True):
            user_id = interaction.user.id
            await self._desk.read(lambda library: library.servers.posts.opt_in(user_id))
            await interaction.edit_original_response(view=notice(texts.OPTED_IN))

    async def _held(self, interaction: discord.Interaction) -> Held:
        me = str(interaction.user.id)
        return await self._counter.personal(lambda personal: personal.export(me))


def _summary(held: Held, question_days: int) -> list[str]:
    """What is kept, in numbers."""
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
        texts.QUESTIONS.format(days=question_days, number=_number(held, "library_questions")),
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
