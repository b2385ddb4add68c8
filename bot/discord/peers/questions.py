"""A question goes to members: passing it on, replying, and whether the reply helped."""

from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot import peer_actions
from bot.discord.peers import modals, texts
from bot.discord.peers.match_view import name_of
from bot.discord.peers.members import member_of
from bot.discord.peers.notice_views import reply_text
from bot.discord.peers.profile_view import no_profile_view
from bot.discord.runtime import texts as answer_texts
from bot.discord.runtime.components import Handler, button, notice, page_view
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin, showing_work
from bot.discord.runtime.markdown import cut
from bot.discord.runtime.membership import Admission
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.worker import Backend, Worker
from knowledge.errors import MemberError, QuestionError
from knowledge.matching.wording import counted

_MOST_QUESTION, _MOST_REPLY = 1500, 2000
_FORM = "peer_reply_form"


class PeerQuestionButtons:
    """The handlers of questions to peers."""

    def __init__(self, bot: commands.Bot, worker: Worker) -> None:
        self._bot = bot
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return each handler under its action's name."""
        return {
            "ask_peer": self.pass_on,
            "ask_peer_named": self.show_name,
            # Of the messages of an earlier release.
            "ask_peer_unnamed": self.pass_on,
            "peer_reply": self.open_form,
            "peer_helpful": self.helpful,
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handler of its form."""
        return {_FORM: self.replied}

    async def pass_on(self, interaction: discord.Interaction, question_id: str, _: list[str]) -> None:
        """Pass a question on without its asker's name, and let them wait for the library's answer: in one press."""
        if not await begin(self._worker, interaction, admission=Admission.MEMBERS):
            return
        question, me, now = await self._question(question_id), str(interaction.user.id), self._worker.now()
        if await member_of(self._worker, interaction.user) is None:
            await interaction.edit_original_response(view=no_profile_view())
            return
        async with showing_work(interaction):
            asked = await self._worker.model(
                lambda backend: peer_actions.ask_a_peer(backend, me, question_id, question, now)
            )
        if asked.question_id is None:
            view = page_view(
                f"{asked.note or ''} {texts.WILL_TELL} {texts.CAN_BE_TOLD}".strip(),
                button("peers_tell", "", texts.TELL_ME),
            )
        elif asked.note:
            view = notice(asked.note)
        else:
            view = page_view(
                texts.PASSED_ON.format(count=counted(asked.peers, "member")),
                button("ask_peer_named", question_id, texts.SHOW_NAME),
                button("untell", question_id, texts.DO_NOT_TELL_ANSWER),
            )
        await interaction.edit_original_response(view=view)
        self._bot.dispatch("peers_due")

    async def show_name(self, interaction: discord.Interaction, question_id: str, _: list[str]) -> None:
        """Let those who have the question know who asks."""
        if not await begin(self._worker, interaction, update=True, admission=Admission.MEMBERS):
            return
        question, me = await self._question(question_id), str(interaction.user.id)
        async with showing_work(interaction):
            asked = await self._worker.model(lambda backend: backend.peers.ask_peers(me, question, named=True))
        text = asked.note or texts.PASSED_ON_NAMED.format(count=counted(asked.peers, "member"))
        await interaction.edit_original_response(view=notice(text))
        self._bot.dispatch("peers_due")

    async def open_form(self, interaction: discord.Interaction, question_id: str, _: list[str]) -> None:
        """Open the form of a reply, with what was typed before if it was refused."""
        user_id = interaction.user.id
        typed = await self._worker.before_modal(
            self._worker.db(lambda backend: backend.servers.members.form(user_id, f"{_FORM}:{question_id}")),
            texts.STARTING,
        )
        await interaction.response.send_modal(_reply_form(question_id, (typed or {}).get("reply", [""])[0]))

    async def replied(self, interaction: discord.Interaction, question_id: str, values: dict[str, list[str]]) -> None:
        """Send a reply on its way."""
        worker, me = self._worker, str(interaction.user.id)
        if not await begin(worker, interaction, admission=Admission.MEMBERS):
            return
        text, share = values.get("reply", [""])[0], values.get("share") == ["yes"]
        try:
            draft = await self._worker.db(
                lambda backend: peer_actions.reply(backend, me, question_id, text, may_share=share), atomic=True
            )
        except (QuestionError, MemberError) as error:
            await modals.keep_form(worker, interaction, f"{_FORM}:{question_id}", values)
            await interaction.edit_original_response(view=modals.refused_view(str(error), "peer_reply", question_id))
            return
        await modals.drop_form(worker, interaction, f"{_FORM}:{question_id}")
        found = await self._worker.db(lambda backend: backend.library.members.question(question_id))
        name = await self._name(found.asker) if found is not None and found.named else None
        said = texts.REPLIED_TO.format(name=name) if name else texts.REPLIED
        if draft is None:
            await interaction.edit_original_response(view=notice(said))
        else:
            share_it = button("example_draft", draft, texts.SHARE_EXAMPLE, discord.ButtonStyle.primary)
            await interaction.edit_original_response(view=page_view(f"{said} {texts.REPLY_DRAFTED}", share_it))
        self._bot.dispatch("peers_due")

    async def helpful(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        """Note whether a reply helped. One that did becomes a draft of its author's, who agreed to that."""
        question_id, handle, said = key.rsplit(":", 2)
        worker, me = self._worker, str(interaction.user.id)
        if not await begin(worker, interaction, update=True):
            return

        def note(backend: Backend) -> str:
            author = backend.library.members.behind(question_id, handle) or handle
            peer_actions.note_helpful(backend, me, question_id, author, worker.now(), yes=said == "yes")
            return author

        author = await self._worker.db(note, atomic=True)
        thanks = texts.THANKS_HELPFUL if said == "yes" else texts.THANKS_NOT_HELPFUL
        # What helped is to be read again: it stays, as long as its author may be seen.
        found = await self._worker.model(lambda backend: backend.access.reply(me, question_id, author))
        view = page_view(reply_text(found, f"**{thanks}**")) if found is not None else notice(thanks)
        await interaction.edit_original_response(view=view)
        self._bot.dispatch("outgoing")

    async def _name(self, asker: str) -> str:
        member = await self._worker.db(lambda backend: backend.library.members.member(asker))
        return name_of(member.profile) if member is not None else texts.SOMEBODY

    async def _question(self, question_id: str) -> str:
        stored = await self._worker.db(lambda backend: backend.assistant.stored_answer(question_id))
        if stored is None:
            raise RefusedError(answer_texts.NOT_KEPT)
        return cut(stored.answer.understood or stored.answer.question, _MOST_QUESTION)


def _reply_form(question_id: str, typed: str) -> ui.Modal:
    form = ui.Modal(title=texts.REPLY_TITLE, custom_id=component_id(_FORM, question_id), timeout=None)
    reply: ui.TextInput[Any] = ui.TextInput(
        custom_id="reply", style=discord.TextStyle.paragraph, max_length=_MOST_REPLY, default=typed or None
    )
    share: ui.Select[Any] = ui.Select(
        custom_id="share",
        options=[
            discord.SelectOption(label=texts.REPLY_SHARE_NO, value="no", default=True),
            discord.SelectOption(label=texts.REPLY_SHARE_YES, value="yes"),
        ],
    )
    form.add_item(ui.Label(text=texts.REPLY_TEXT, component=reply))
    form.add_item(ui.Label(text=texts.REPLY_SHARE, description=texts.REPLY_SHARE_HELP, component=share))
    return form
