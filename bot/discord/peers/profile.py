"""Receives `/profile` and what its buttons and forms do."""

from collections.abc import Callable

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.peers import modals, texts
from bot.discord.peers.members import known, member_of
from bot.discord.peers.modals import FORM, SECTIONS, changes_of, profile_form, values_of
from bot.discord.peers.profile_view import consent_view, leave_view, no_profile_view, profile_view
from bot.discord.runtime.components import Handler, notice
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.worker import Backend, Worker
from knowledge.domain.members import Member
from knowledge.errors import MemberError, QuestionError
from knowledge.matching.peers import Peers
from knowledge.matching.wording import CONSENT_VERSION


class ProfileCog(commands.Cog):
    """A member's own profile."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {
            "profile_start": lambda i, _, __: self._show(i),
            "profile_show": lambda i, _, __: self._show(i, update=True),
            "profile_agree": self._agree,
            "profile_not_now": self._not_now,
            "profile_edit": self._edit,
            "profile_find": lambda i, _, __: self._change(i, lambda p, me: p.set_findable(me, findable=True)),
            "profile_hide": lambda i, _, __: self._change(i, lambda p, me: p.set_findable(me, findable=False)),
            "profile_pause": lambda i, _, __: self._change(i, lambda p, me: p.pause(me)),
            "profile_resume": lambda i, _, __: self._change(i, lambda p, me: p.resume(me)),
            "profile_leave": self._leave,
            "profile_left": self._left,
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handlers of its forms."""
        return {FORM: self._filled_in}

    @app_commands.command(name="profile", description=texts.PROFILE)
    async def profile(self, interaction: discord.Interaction) -> None:
        """Show the profile, or what to agree to before there is one."""
        await self._show(interaction)

    async def _show(self, interaction: discord.Interaction, *, update: bool = False) -> None:
        if await begin(self._worker, interaction, update=update):
            await self._show_now(interaction)

    async def _show_now(self, interaction: discord.Interaction, *, kept: bool = False) -> None:
        member = await member_of(self._worker, interaction.user)
        if member is not None and member.consent == CONSENT_VERSION:
            view = profile_view(member)
        else:
            text = await self._worker.db(lambda backend: backend.peers.consent_text())
            view = consent_view(text, CONSENT_VERSION, changed=kept or member is not None, kept=kept)
        await interaction.edit_original_response(view=view)

    async def _agree(self, interaction: discord.Interaction, version: str, _: list[str]) -> None:
        """Open the first form, or the one that was filled in under an earlier text, with what was typed."""
        user_id = interaction.user.id
        member, typed = await self._worker.before_modal(
            self._worker.db(lambda backend: (known(backend.peers, user_id), _typed(backend, user_id))), texts.STARTING
        )
        section = next(iter(typed), "about")
        values = (values_of(member) if member else {}) | typed.get(section, {})
        await interaction.response.send_modal(profile_form(section, values, version))

    async def _not_now(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            for section in SECTIONS:
                await modals.drop_form(self._worker, interaction, f"{FORM}:{section}")
            await interaction.edit_original_response(view=notice(texts.NOTHING_KEPT))

    async def _edit(self, interaction: discord.Interaction, section: str, _: list[str]) -> None:
        """Open a form, with what was typed and refused last time, if it was."""
        user_id = interaction.user.id
        member, typed = await self._worker.before_modal(
            self._worker.db(
                lambda backend: (
                    known(backend.peers, user_id),
                    backend.servers.members.form(user_id, f"{FORM}:{section}"),
                )
            ),
            texts.STARTING,
        )
        if member is None:
            await interaction.response.send_message(view=no_profile_view(), ephemeral=True)
            return
        await interaction.response.send_modal(profile_form(section, values_of(member) | (typed or {}), member.consent))

    async def _filled_in(self, interaction: discord.Interaction, key: str, values: dict[str, list[str]]) -> None:
        section, _, version = key.partition(":")
        worker = self._worker
        # From a button the form changes that message; a form may come from elsewhere, too.
        if not await begin(worker, interaction, update=interaction.message is not None):
            return
        if version != CONSENT_VERSION:
            # Not taken, and not lost either: it comes up again when they agree.
            await modals.keep_form(worker, interaction, f"{FORM}:{section}", values)
            await self._show_now(interaction, kept=True)
            return
        name = interaction.user.display_name
        try:
            changes = changes_of(section, values)
            member = await self._worker.db(
                lambda backend: _saved(backend.peers, str(interaction.user.id), name, changes), atomic=True
            )
        except (QuestionError, MemberError) as error:
            await modals.keep_form(worker, interaction, f"{FORM}:{section}", values)
            view = modals.refused_view(str(error), "profile_edit", section)
            await interaction.edit_original_response(view=view)
            return
        await modals.drop_form(worker, interaction, f"{FORM}:{section}")
        await interaction.edit_original_response(view=profile_view(member))

    async def _change(self, interaction: discord.Interaction, change: Callable[[Peers, str], Member]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        if await member_of(self._worker, interaction.user) is None:
            await interaction.edit_original_response(view=no_profile_view())
            return
        member = await self._worker.db(lambda backend: change(backend.peers, str(interaction.user.id)))
        await interaction.edit_original_response(view=profile_view(member))

    async def _leave(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            await interaction.edit_original_response(view=leave_view())

    async def _left(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        if await member_of(self._worker, interaction.user) is not None:
            await self._worker.db(lambda backend: backend.peers.forget(str(interaction.user.id)))
        await interaction.edit_original_response(view=notice(texts.LEFT))


def _typed(backend: Backend, user_id: int) -> dict[str, dict[str, list[str]]]:
    """Return what was typed into forms and not taken yet, by form."""
    found = {section: backend.servers.members.form(user_id, f"{FORM}:{section}") for section in SECTIONS}
    return {section: values for section, values in found.items() if values is not None}


def _saved(peers: Peers, member_id: str, name: str, changes: dict[str, object]) -> Member:
    """Store a profile with what a form changes; made where there is none, and not findable then. In one transaction."""
    member = known(peers, int(member_id))
    before = {"id": member_id, "display_name": name} if member is None else member.profile.model_dump(mode="json")
    decided = {"findable": member is not None and member.findable, "consent": True}
    return peers.save({**before, **changes, **decided})
