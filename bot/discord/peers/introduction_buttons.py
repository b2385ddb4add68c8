"""What the buttons of a request do, and of the questions how it went. Each looks up its introduction when pressed."""

import contextlib

import discord
from discord import ui
from discord.ext import commands

from bot.discord.peers import texts
from bot.discord.peers.example_drafts import drafted
from bot.discord.peers.service import PeerService
from bot.discord.runtime.components import Handler, button
from bot.discord.runtime.interactions import begin, notice
from knowledge.domain.examples import Content
from knowledge.domain.vocabulary import DueKind
from knowledge.errors import MemberError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers


class IntroductionButtons:
    """The handlers of introductions."""

    def __init__(self, bot: commands.Bot, service: PeerService) -> None:
        self._bot = bot
        self._service = service

    @property
    def handlers(self) -> dict[str, Handler]:
        """Each handler under its action's name."""
        return {
            "intro_accept": self.accept,
            "intro_decline": self.decline,
            "intro_block": self.block,
            "intro_unblock": self.unblock,
            "intro_said": self.said,
        }

    async def accept(self, interaction: discord.Interaction, introduction_id: str, _: list[str]) -> None:
        """Agree: both hear of it."""
        if not await begin(self._service.worker, interaction, update=True):
            return
        me = str(interaction.user.id)
        try:
            # With the model: what the two have in common is worked out here.
            await self._service.match(lambda peers: peers.accept(me, introduction_id))
        except MemberError as error:
            await self._over(interaction, error)
            return
        await interaction.edit_original_response(view=notice(texts.ACCEPTED))
        self._bot.dispatch("peers_due")

    async def decline(self, interaction: discord.Interaction, introduction_id: str, _: list[str]) -> None:
        """Not now: nobody is told."""
        if not await begin(self._service.worker, interaction, update=True):
            return
        me = str(interaction.user.id)
        try:
            await self._service.read(lambda peers: peers.decline(me, introduction_id))
        except MemberError as error:
            await self._over(interaction, error)
            return
        await interaction.edit_original_response(view=notice(texts.DECLINED))

    async def block(self, interaction: discord.Interaction, introduction_id: str, _: list[str]) -> None:
        """Keep the two apart from now on; nobody is told."""
        if not await begin(self._service.worker, interaction, update=True):
            return
        me = str(interaction.user.id)
        done = await self._service.act(lambda peers, library, _: _blocked(peers, library, me, introduction_id))
        view = notice(texts.BLOCKED if done else texts.ALREADY_OVER)
        if done:
            view.add_item(ui.ActionRow(button("intro_unblock", introduction_id, texts.UNBLOCK)))
        await interaction.edit_original_response(view=view)

    async def unblock(self, interaction: discord.Interaction, introduction_id: str, _: list[str]) -> None:
        """Take the block back."""
        if not await begin(self._service.worker, interaction, update=True):
            return
        me = str(interaction.user.id)

        def take_back(peers: Peers, library: Library, _: Examples) -> bool:
            seeker = _seeker(library, me, introduction_id)
            return seeker is not None and peers.unblock(me, seeker)

        done = await self._service.act(take_back)
        await interaction.edit_original_response(view=notice(texts.UNBLOCKED if done else texts.ALREADY_OVER))

    async def said(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        """Note how it went; work that changed may become an example."""
        introduction_id, kind, said = key.split(":")
        if not await begin(self._service.worker, interaction, update=True):
            return
        me = str(interaction.user.id)
        try:
            draft = await self._service.act(
                lambda peers, _, examples: _noted(
                    peers, examples, me, introduction_id, DueKind(kind), yes=said == "yes"
                )
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
        """What cannot be done is said below the message, whose buttons stay: it may be possible later."""
        gone = await self._service.member(interaction.user) is None
        await interaction.followup.send(view=notice(texts.ALREADY_OVER if gone else str(error)), ephemeral=True)


def _seeker(library: Library, me: str, introduction_id: str) -> str | None:
    """Who made that request to this member."""
    found = library.members.introduction(introduction_id)
    return found.seeker if found is not None and found.other == me else None


def _blocked(peers: Peers, library: Library, me: str, introduction_id: str) -> bool:
    seeker = _seeker(library, me, introduction_id)
    if seeker is None:
        return False
    with contextlib.suppress(MemberError):  # it may be over: the block is what counts
        peers.decline(me, introduction_id)
    peers.block(me, seeker)
    return True


def _noted(peers: Peers, examples: Examples, me: str, introduction_id: str, kind: DueKind, *, yes: bool) -> str | None:
    """Note the answer; the id of the draft that was begun, where the work changed and may be shared."""
    if not peers.answer(me, introduction_id, kind, yes=yes):
        return None
    profile = peers.profile(me).profile
    content = Content(
        pillars=profile.pillars, level=profile.level, nation=profile.nation, organisation=profile.organisation[:150]
    )
    # The same press twice gives the same draft.
    return drafted(examples, me, content, origin="introduction", request=f"introduction:{introduction_id}")
