"""Members' introductions: answering a request, saying how it went, taking requests back and ending blocks."""

import discord
from discord import ui
from discord.ext import commands

from bot import peer_actions
from bot.discord.peers import texts
from bot.discord.peers.match_view import name_of
from bot.discord.peers.members import known, member_of, on_discord
from bot.discord.peers.profile_view import no_profile_view
from bot.discord.runtime.components import Handler, button, choice, notice, within
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import cut, safe
from bot.discord.runtime.worker import Backend, Worker
from knowledge.domain.members import IntroductionView
from knowledge.domain.vocabulary import DueKind
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.errors import MemberError
from knowledge.matching.peers import Peers

_MOST_SHOWN = 20
_MOST_TEXT = 3500


class IntroductionList:
    """The list, and what can be done in it."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return each handler under its action's name."""
        return {"intro_list": self.show, "intro_withdraw": self.withdraw, "intro_unblock_one": self.unblock}

    async def show(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        """Show the list."""
        if not await begin(self._worker, interaction):
            return
        user_id = interaction.user.id
        view = await self._worker.db(lambda backend: _view(backend.peers, user_id))
        await interaction.edit_original_response(view=view)

    async def withdraw(self, interaction: discord.Interaction, _: str, values: list[str]) -> None:
        """Take a request back."""
        if await begin(self._worker, interaction, update=True):
            me = str(interaction.user.id)
            await self._worker.db(lambda backend: backend.peers.withdraw(me, values[0]))
            await interaction.edit_original_response(view=notice(texts.TAKEN_BACK))

    async def unblock(self, interaction: discord.Interaction, _: str, values: list[str]) -> None:
        """End a block."""
        if await begin(self._worker, interaction, update=True):
            me = str(interaction.user.id)
            await self._worker.db(lambda backend: backend.peers.unblock(me, values[0]))
            await interaction.edit_original_response(view=notice(texts.UNBLOCKED))


def _view(peers: Peers, user_id: int) -> ui.LayoutView:
    if known(peers, user_id) is None:
        return no_profile_view()
    me = str(user_id)
    standings = peers.standings(me)[-_MOST_SHOWN:]
    blocked = peers.export(me).blocked[:_MOST_SHOWN]
    lines = [
        texts.LISTED.format(number=number, line=_line(peers, one)) for number, one in enumerate(standings, start=1)
    ]
    if blocked:
        lines.append(texts.YOU_BLOCKED)
        named = [f"<@{one}>" if on_discord(one) else safe(one) for one in blocked]
        lines += [texts.LISTED.format(number=number, line=one) for number, one in enumerate(named, start=1)]
    heading = f"### {texts.INTRODUCTIONS}"
    view = notice("\n".join(within([heading, *(lines or [texts.INTRODUCTIONS_NONE])], _MOST_TEXT)))
    mine = [
        discord.SelectOption(label=str(number), value=one.introduction_id, description=cut(one.topic, 100) or None)
        for number, one in enumerate(standings, start=1)
        if one.mine and one.state is State.ASKED
    ]
    met = [
        discord.SelectOption(label=str(number), value=one.introduction_id, description=cut(one.topic, 100) or None)
        for number, one in enumerate(standings, start=1)
        if one.state is State.ACCEPTED and one.counterpart and not on_discord(one.counterpart)
    ]
    if met:
        view.add_item(ui.ActionRow(choice("letter_to", "", texts.WRITE_TO_ONE, met)))
    if mine:
        view.add_item(ui.ActionRow(choice("intro_withdraw", "", texts.TAKE_BACK, mine)))
    if blocked:
        options = [discord.SelectOption(label=str(number), value=one) for number, one in enumerate(blocked, start=1)]
        view.add_item(ui.ActionRow(choice("intro_unblock_one", "", texts.UNBLOCK_ONE, options)))
    return view


def _line(peers: Peers, standing: IntroductionView) -> str:
    name = name_of(peers.profile(standing.counterpart).profile) if standing.counterpart else texts.A_MEMBER
    said = texts.BY_COFFEE if standing.coffee else texts.YOU_ASKED if standing.mine else texts.ASKED_YOU
    text = said.format(name=name, state=standing.state.label)
    return f"{text} (“{safe(standing.topic)}”)" if standing.topic else text


class IntroductionButtons:
    """The handlers of introductions."""

    def __init__(self, bot: commands.Bot, worker: Worker) -> None:
        self._bot = bot
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return each handler under its action's name."""
        return {
            "intro_accept": self.accept,
            "intro_decline": self.decline,
            "intro_block": self.block,
            "intro_unblock": self.unblock,
            "intro_said": self.said,
        }

    async def accept(self, interaction: discord.Interaction, introduction_id: str, _: list[str]) -> None:
        """Agree: both hear of it."""
        if not await begin(self._worker, interaction, update=True):
            return
        me = str(interaction.user.id)
        try:
            # With the model: what the two have in common is worked out here.
            await self._worker.model(lambda backend: backend.peers.accept(me, introduction_id))
        except MemberError as error:
            await self._over(interaction, error)
            return
        await interaction.edit_original_response(view=notice(texts.ACCEPTED))
        self._bot.dispatch("peers_due")

    async def decline(self, interaction: discord.Interaction, introduction_id: str, _: list[str]) -> None:
        """Turn a request down for now: nobody is told."""
        if not await begin(self._worker, interaction, update=True):
            return
        me = str(interaction.user.id)
        try:
            await self._worker.db(lambda backend: backend.peers.decline(me, introduction_id))
        except MemberError as error:
            await self._over(interaction, error)
            return
        await interaction.edit_original_response(view=notice(texts.DECLINED))

    async def block(self, interaction: discord.Interaction, introduction_id: str, _: list[str]) -> None:
        """Keep the two apart from now on; nobody is told."""
        if not await begin(self._worker, interaction, update=True):
            return
        me = str(interaction.user.id)
        done = await self._worker.db(lambda backend: peer_actions.block(backend, me, introduction_id), atomic=True)
        view = notice(texts.BLOCKED if done else texts.ALREADY_OVER)
        if done:
            view.add_item(ui.ActionRow(button("intro_unblock", introduction_id, texts.UNBLOCK)))
        await interaction.edit_original_response(view=view)

    async def unblock(self, interaction: discord.Interaction, introduction_id: str, _: list[str]) -> None:
        """Take the block back."""
        if not await begin(self._worker, interaction, update=True):
            return
        me = str(interaction.user.id)

        def take_back(backend: Backend) -> bool:
            seeker = peer_actions.seeker_of(backend.library, me, introduction_id)
            return seeker is not None and backend.peers.unblock(me, seeker)

        done = await self._worker.db(take_back, atomic=True)
        await interaction.edit_original_response(view=notice(texts.UNBLOCKED if done else texts.ALREADY_OVER))

    async def said(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        """Note how it went; work that changed may become an example."""
        introduction_id, kind, said = key.split(":")
        if not await begin(self._worker, interaction, update=True):
            return
        me = str(interaction.user.id)
        try:
            draft = await self._worker.db(
                lambda backend: peer_actions.note_outcome(
                    backend, me, introduction_id, DueKind(kind), yes=said == "yes"
                ),
                atomic=True,
            )
        except MemberError as error:
            await self._over(interaction, error)
            return
        view = notice(texts.NOTED if draft is None else texts.NOTED_SHARE)
        if draft is not None:
            view.add_item(
                ui.ActionRow(button("example_draft", draft, texts.SHARE_EXAMPLE, discord.ButtonStyle.primary))
            )
        await interaction.edit_original_response(view=view)

    async def _over(self, interaction: discord.Interaction, error: MemberError) -> None:
        """Say what cannot be done below the message, whose buttons stay: it may be possible later."""
        gone = await member_of(self._worker, interaction.user) is None
        await interaction.followup.send(view=notice(texts.ALREADY_OVER if gone else str(error)), ephemeral=True)
