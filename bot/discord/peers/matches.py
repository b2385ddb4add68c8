"""Receives `/peers`, turns its pages, shows who works on the question of an answer, and takes requests to meet."""

from datetime import datetime
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.peers import texts
from bot.discord.peers.match_view import Listed, match_view
from bot.discord.peers.members import Departures, known, member_of
from bot.discord.peers.profile_view import no_profile_view
from bot.discord.runtime.components import Handler, notice
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import RateLimit, begin, showing_work
from bot.discord.runtime.markdown import cut
from bot.discord.runtime.membership import Admission
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.worker import Backend, Worker
from knowledge.dates import stamp
from knowledge.domain.ids import new_id
from knowledge.domain.members import Introduction, Matches, Member, Place, Search
from knowledge.domain.vocabulary import IntroductionState, Nation, Sector, Term
from knowledge.guidance.related import Related, beside_matches
from knowledge.matching.peers import Peers
from knowledge.matching.wording import counted

_MOST_MATCHES = 12
_LONGEST_TOPIC = 300


def _choices(kind: type[Term]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=term.label, value=term.value) for term in kind]


class MatchesCog(commands.Cog):
    """The commands that find members and ask to meet them."""

    def __init__(self, bot: commands.Bot, worker: Worker, rate_limit: RateLimit, departures: Departures) -> None:
        self._departures = departures
        self._bot = bot
        self._worker = worker
        self._rate_limit = rate_limit

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {
            "peers_find": lambda i, _, __: self._find(i, self._search(i, "")),
            "peers_back": self._turn,
            "peers_on": self._turn,
            "peers_ask": self._open_form,
            "peers_tell": lambda i, _, __: self._tell(i, wanted=True),
            "peers_untell": lambda i, _, __: self._tell(i, wanted=False),
            "peers_on_answer": self._on_answer,
        }

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handlers of its forms."""
        return {"peers_ask_form": self._ask}

    @app_commands.command(name="peers", description=texts.PEERS)
    @app_commands.describe(
        topic=texts.PEERS_TOPIC,
        sector=texts.PEERS_SECTOR,
        nation=texts.PEERS_NATION,
        different=texts.PEERS_DIFFERENT,
    )
    @app_commands.choices(
        sector=_choices(Sector),
        nation=_choices(Nation),
        different=[
            app_commands.Choice(name=texts.SECTOR_TOO, value="sector"),
            app_commands.Choice(name=texts.NATION_TOO, value="nation"),
        ],
    )
    async def peers(
        self,
        interaction: discord.Interaction,
        topic: app_commands.Range[str, 1, _LONGEST_TOPIC] | None = None,
        sector: str | None = None,
        nation: str | None = None,
        different: str | None = None,
    ) -> None:
        """Show who fits."""
        await self._find(interaction, self._search(interaction, topic or "", sector, nation, different))

    def _search(
        self,
        interaction: discord.Interaction,
        topic: str,
        sector: str | None = None,
        nation: str | None = None,
        different: str | None = None,
    ) -> Search:
        return Search(
            id=new_id(),
            member_id=str(interaction.user.id),
            topic=" ".join(topic.split()),
            sector=Sector(sector) if sector else None,
            nation=Nation(nation) if nation else None,
            different=different,
            made_at=stamp(self._worker.now()),
        )

    async def _find(self, interaction: discord.Interaction, search: Search) -> None:
        if await begin(self._worker, interaction, admission=Admission.MEMBERS):
            await self._show(interaction, search)

    async def _show(self, interaction: discord.Interaction, search: Search) -> None:
        self._rate_limit.ask(interaction.user.id)
        member = await member_of(self._worker, interaction.user)
        if member is None:
            await interaction.edit_original_response(view=no_profile_view())
            return
        await self._worker.db(lambda backend: backend.library.members.save_search(search), atomic=True)
        async with showing_work(interaction):
            view = await self._page(search, member, 0)
        await interaction.edit_original_response(view=view)

    async def _on_answer(self, interaction: discord.Interaction, card_id: str, _: list[str]) -> None:
        """Show whoever presses it, and nobody else, who works on what an answer is about."""
        worker = self._worker
        if not await begin(worker, interaction, admission=Admission.MEMBERS):
            return
        card = await worker.db(lambda backend: backend.servers.cards.card(card_id))
        stored = None
        if card is not None and card.server_id == interaction.guild_id:
            stored = await worker.db(lambda backend: backend.assistant.stored_answer(card.question_id))
        if stored is None:
            raise RefusedError(texts.NOT_KEPT)
        topic = cut(stored.answer.understood or stored.answer.question, _LONGEST_TOPIC)
        await self._show(interaction, self._search(interaction, topic))

    async def _turn(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        search_id, page = key.rsplit(":", 1)
        if not await begin(self._worker, interaction, update=True, admission=Admission.MEMBERS):
            return
        search = await self._own(interaction, search_id)
        member = await member_of(self._worker, interaction.user)
        if member is not None:
            await interaction.edit_original_response(view=await self._page(search, member, int(page)))

    async def _page(self, search: Search, member: Member, page: int) -> ui.LayoutView:
        found = await listed(self._worker, search)
        if await self._departures.check([match.member_id for match in found.matches.matches]):
            # Who has left is paused by now, and not among those who are shown.
            found = await listed(self._worker, search)
        thin = not search.topic and not member.profile.looking_for
        return match_view(found, search, page, heading=texts.PEERS_TITLE, waits=member.waiting, thin=thin)

    async def _open_form(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        """Ask in a form what it is about, before anything is sent."""
        search = await self._worker.before_modal(
            self._worker.db(lambda backend: backend.library.members.search(key.partition(":")[0])), texts.STARTING
        )
        form = ui.Modal(title=texts.ASK_TITLE, custom_id=component_id("peers_ask_form", key), timeout=None)
        written: ui.TextInput[Any] = ui.TextInput(
            custom_id="topic",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=_LONGEST_TOPIC,
            default=search.topic or None if search else None,
        )
        form.add_item(ui.Label(text=texts.ASK_TOPIC, description=texts.ASK_TOPIC_HELP, component=written))
        await interaction.response.send_modal(form)

    async def _ask(self, interaction: discord.Interaction, key: str, values: dict[str, list[str]]) -> None:
        search_id, handle = key.split(":", 1)
        if not await begin(self._worker, interaction, admission=Admission.MEMBERS):
            return
        topic = " ".join(values.get("topic", [""])[0].split())
        await self._own(interaction, search_id)
        me, place = str(interaction.user.id), (interaction.guild_id, interaction.channel_id)

        def ask(backend: Backend) -> Introduction:
            # Who has left is refused like anybody else who cannot be asked.
            other = backend.library.members.behind(search_id, handle) or handle
            return asked_at(backend, me, other, topic, place)

        behind = await self._worker.db(lambda backend: backend.library.members.behind(search_id, handle))
        await self._departures.check([behind] if behind else [])
        asked = await self._worker.db(ask, atomic=True)
        days = self._worker.settings.peer_answer_days
        accepted = asked.state is IntroductionState.ACCEPTED
        await interaction.edit_original_response(
            view=notice(texts.BOTH_ASKED if accepted else texts.ASKED.format(days=counted(days, "day")))
        )
        self._bot.dispatch("peers_due")

    async def _tell(self, interaction: discord.Interaction, *, wanted: bool) -> None:
        if not await begin(self._worker, interaction, admission=Admission.MEMBERS):
            return
        me = interaction.user.id
        member = await self._worker.db(
            lambda backend: known(backend.peers, me) and backend.peers.tell_me(str(me), wanted=wanted)
        )
        view = no_profile_view() if member is None else notice(texts.TOLD_LATER if wanted else texts.NOT_TOLD)
        await interaction.edit_original_response(view=view)

    async def _own(self, interaction: discord.Interaction, search_id: str) -> Search:
        search = await self._worker.db(lambda backend: backend.library.members.search(search_id))
        if search is None or search.member_id != str(interaction.user.id):
            raise RefusedError(texts.NOT_KEPT)
        return search


async def listed(worker: Worker, search: Search) -> Listed:
    """Return who fits a search now, each with their handle in its list."""
    matches = await worker.model(lambda backend: matches_for(backend.peers, search))
    ids = [match.member_id for match in matches.matches]
    handles = await worker.db(lambda backend: {one: backend.library.members.handle(search.id, one) for one in ids})
    now = worker.now()
    return Listed(matches, handles, await worker.model(lambda backend: _related(backend, search, now)))


def _related(backend: Backend, search: Search, now: datetime) -> Related:
    """Return the resources and the next event that fit a search."""
    member = known(backend.peers, int(search.member_id))
    if member is None:
        return Related()
    return beside_matches(backend.library, now, member.profile, search.topic, search.nation)


def matches_for(peers: Peers, search: Search) -> Matches:
    """Return who fits a search now: who has left or hidden since is not among them."""
    return peers.match(
        search.member_id,
        k=_MOST_MATCHES,
        topic=search.topic or None,
        sector=search.sector,
        nation=search.nation,
        different=search.different,
    )


def asked_at(backend: Backend, me: str, other: str, topic: str, place: tuple[int | None, int | None]) -> Introduction:
    """Ask to be introduced, and note where the two could meet. Within one transaction."""
    introduction, members = backend.peers.ask(me, other, topic), backend.library.members
    server_id, channel_id = place
    if server_id is not None and channel_id is not None and members.place(introduction.id) is None:
        kept = Place(introduction_id=introduction.id, server_id=server_id, channel_id=channel_id)
        members.save_place(kept)
    return introduction
