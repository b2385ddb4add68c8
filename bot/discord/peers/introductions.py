"""A member's own introductions as they may see them, with requests to take back and blocks to end."""

import discord
from discord import ui

from bot.discord.peers import texts
from bot.discord.peers.match_view import name_of
from bot.discord.peers.profile_view import no_profile_view
from bot.discord.peers.service import PeerService, known, on_discord
from bot.discord.runtime.components import Handler, choice
from bot.discord.runtime.interactions import begin, notice
from bot.discord.runtime.markdown import cut, fitting, safe
from knowledge.domain.members import IntroductionView
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.matching.peers import Peers

_MOST_SHOWN = 20
_MOST_TEXT = 3500


class IntroductionList:
    """The list, and what can be done in it."""

    def __init__(self, service: PeerService) -> None:
        self._service = service

    @property
    def handlers(self) -> dict[str, Handler]:
        """Each handler under its action's name."""
        return {"intro_list": self.show, "intro_withdraw": self.withdraw, "intro_unblock_one": self.unblock}

    async def show(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        """Show the list."""
        if not await begin(self._service.worker, interaction):
            return
        user_id = interaction.user.id
        view = await self._service.read(lambda peers: _view(peers, user_id))
        await interaction.edit_original_response(view=view)

    async def withdraw(self, interaction: discord.Interaction, _: str, values: list[str]) -> None:
        """Take a request back."""
        if await begin(self._service.worker, interaction, update=True):
            me = str(interaction.user.id)
            await self._service.read(lambda peers: peers.withdraw(me, values[0]))
            await interaction.edit_original_response(view=notice(texts.TAKEN_BACK))

    async def unblock(self, interaction: discord.Interaction, _: str, values: list[str]) -> None:
        """End a block."""
        if await begin(self._service.worker, interaction, update=True):
            me = str(interaction.user.id)
            await self._service.read(lambda peers: peers.unblock(me, values[0]))
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
    view = notice(fitting([heading, *(lines or [texts.INTRODUCTIONS_NONE])], _MOST_TEXT))
    mine = [
        discord.SelectOption(label=str(number), value=one.introduction_id, description=cut(one.topic, 100) or None)
        for number, one in enumerate(standings, start=1)
        if one.mine and one.state is State.ASKED
    ]
    if mine:
        view.add_item(ui.ActionRow(choice("intro_withdraw", "", texts.TAKE_BACK, mine)))
    if blocked:
        options = [discord.SelectOption(label=str(number), value=one) for number, one in enumerate(blocked, start=1)]
        view.add_item(ui.ActionRow(choice("intro_unblock_one", "", texts.UNBLOCK_ONE, options)))
    return view


def _line(peers: Peers, standing: IntroductionView) -> str:
    name = name_of(peers.profile(standing.counterpart).profile) if standing.counterpart else texts.A_MEMBER
    text = (texts.YOU_ASKED if standing.mine else texts.ASKED_YOU).format(name=name, state=standing.state.label)
    return f"{text} (“{safe(standing.topic)}”)" if standing.topic else text
