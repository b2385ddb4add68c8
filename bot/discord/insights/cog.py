"""Receives `/insights` and its buttons."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.backend import Backend
from bot.discord.insights import texts, views
from bot.discord.runtime.components import Handler, notice
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import RateLimit, begin, showing_work
from bot.discord.runtime.markdown import safe_cut
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.worker import Worker
from knowledge.dates import spoken_date
from knowledge.domain.insights import CuratedAnswer
from knowledge.domain.members import Profile
from knowledge.matching.wording import counted

_MOST_MEMBERS = 5
_MOST_NEAREST = 3
_READ = 6


class InsightsCog(commands.Cog):
    """The command of insights, for moderators."""

    def __init__(self, worker: Worker, rate_limit: RateLimit) -> None:
        self._worker = worker
        self._rate_limit = rate_limit

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons and selects."""
        return {
            "insight_open": lambda i, _, values: self._show(i, values[0]),
            "insight_show": lambda i, key, _: self._show(i, key),
            "insight_write": lambda i, key, _: i.response.send_modal(views.answer_form(key)),
            "insight_ask": self._ask,
            "insight_settle": self._settle,
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handler of the form of an answer."""
        return {"insight_answer": self._write}

    @app_commands.command(name="insights", description=texts.INSIGHTS)
    @app_commands.guild_only()
    # Discord offers it to whoever may manage messages; admins can offer it to a role. The answer checks anew.
    @app_commands.default_permissions(manage_messages=True)
    async def insights(self, interaction: discord.Interaction) -> None:
        """Show what is asked and what is missing, with charts."""
        if not await begin(self._worker, interaction):
            return
        self._rate_limit.ask(interaction.user.id)
        # With many questions it takes seconds, and nobody who asks should wait behind it.
        async with showing_work(interaction):
            view, files = await self._worker.slow(lambda backend: views.overview(backend.insights.latest()))
        await interaction.edit_original_response(view=view, attachments=files)

    async def _show(self, interaction: discord.Interaction, question_id: str) -> None:
        """Show what can be done about a question."""
        if not await begin(self._worker, interaction):
            return
        question = await self._question(question_id)
        nearest, members = await self._worker.model(lambda backend: _who_and_what(backend, question))
        await interaction.edit_original_response(view=views.gap(question_id, question, nearest, members))

    async def _ask(self, interaction: discord.Interaction, question_id: str, _: list[str]) -> None:
        """Pass a question to members, in the moderator's name."""
        if not await begin(self._worker, interaction):
            return
        question, member_id = await self._question(question_id), str(interaction.user.id)
        asked = await self._worker.model(lambda backend: backend.peers.ask_peers(member_id, question))
        interaction.client.dispatch("peers_due")
        said = asked.note or texts.ASKED_THEM.format(count=counted(asked.peers, "member"))
        await interaction.edit_original_response(view=notice(said))

    async def _settle(self, interaction: discord.Interaction, question_id: str, _: list[str]) -> None:
        """Note that a question is dealt with, where the button was."""
        if not await begin(self._worker, interaction, update=True):
            return
        if not await self._worker.db(lambda backend: backend.insights.settle(question_id)):
            raise RefusedError(texts.GONE)
        one = await self._worker.slow(lambda backend: backend.insights.one_disliked(question_id))
        await interaction.edit_original_response(view=notice(texts.SETTLED) if one is None else views.vote(one))

    async def _write(self, interaction: discord.Interaction, question_id: str, values: dict[str, list[str]]) -> None:
        """Keep an answer; what cannot be kept is given back with the reason."""
        if not await begin(self._worker, interaction):
            return
        question, member_id = await self._question(question_id), str(interaction.user.id)
        typed = {field: (values.get(field) or [""])[0] for field in texts.FORM}
        kept = await self._worker.model(lambda backend: _kept(backend, question, typed, member_id))
        said = texts.KEPT.format(question=safe_cut(question, 300), day=spoken_date(kept.review_by))
        await interaction.edit_original_response(view=notice(said))

    async def _question(self, question_id: str) -> str:
        question = await self._worker.slow(lambda backend: backend.insights.question(question_id))
        if question is None:
            raise RefusedError(texts.GONE)
        return question


def _who_and_what(backend: Backend, question: str) -> tuple[list[str], list[Profile]]:
    found = backend.unlogged.search(question, _READ).results
    nearest = list(dict.fromkeys(result.title for result in found))[:_MOST_NEAREST]
    return nearest, backend.peers.members_on(question, _MOST_MEMBERS)


def _kept(backend: Backend, question: str, typed: dict[str, str], member_id: str) -> CuratedAnswer:
    kept = backend.assistant.curated.write(
        question,
        typed["text"],
        typed["sources"].split(),
        review_by=typed["review_by"].strip() or None,
        wordings=typed["wordings"].splitlines(),
        checked_by=member_id,
    )
    backend.insights.forget()
    return kept
