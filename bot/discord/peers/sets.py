"""Receives `/sets`: learning sets for moderators, as a list and as a file."""

import asyncio
import io

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.peers import texts
from bot.discord.peers.set_life import start_choice
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import RateLimit, begin, showing_work
from bot.discord.runtime.markdown import cut, fitting, safe, safe_cut
from bot.discord.runtime.worker import Worker
from bot.texts.learning_sets import named_members, sets_file, without_set
from knowledge.domain.members import LearningSets, Profile
from knowledge.matching import wording
from knowledge.matching.peers import Peers
from knowledge.matching.sets import Rules
from knowledge.matching.wording import counted

# A search for better sets ends well before the interaction does.
_SECONDS = 20.0
_MOST_TEXT = 3600
_FILE = "learning-sets.csv"
Found = tuple[LearningSets, dict[str, Profile]]


class SetsCog(commands.Cog):
    """The commands of learning sets."""

    def __init__(self, worker: Worker, rate_limit: RateLimit) -> None:
        self._worker = worker
        self._rate_limit = rate_limit
        # Each takes a thread from those who ask for as long as it lasts: never two at once.
        self._solving = asyncio.Lock()

    @app_commands.command(name="sets", description=texts.SETS)
    @app_commands.describe(
        size=texts.SETS_SIZE,
        per_organisation=texts.SETS_PER_ORGANISATION,
        keep_apart=texts.SETS_KEEP_APART,
        apart_from=texts.SETS_APART_FROM,
    )
    @app_commands.guild_only()
    # Discord offers it to whoever may manage messages; admins can offer it to a role. The answer checks anew.
    @app_commands.default_permissions(manage_messages=True)
    async def sets(
        self,
        interaction: discord.Interaction,
        size: app_commands.Range[str, 1, 10] = "6..8",
        per_organisation: app_commands.Range[int, 1, 20] = 1,
        keep_apart: discord.User | None = None,
        apart_from: discord.User | None = None,
    ) -> None:
        """Make the sets anew from who can be found now."""
        if not await begin(self._worker, interaction):
            return
        rules = _rules(size, per_organisation, keep_apart, apart_from)
        self._rate_limit.ask(interaction.user.id)
        async with showing_work(interaction), self._solving:
            found, profiles = await self._worker.model(lambda backend: _made(backend.peers, rules))
        place = interaction.guild_id, interaction.channel_id
        kept = await self._worker.db(
            lambda backend: [backend.peers.keep_set(one, *place) for one in found.sets], atomic=True
        )
        file = discord.File(io.BytesIO(sets_file(found, profiles, ".csv").encode()), _FILE)
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(fitting(_lines(found, profiles), _MOST_TEXT)))
        view.add_item(ui.TextDisplay(f"-# {texts.SETS_FILE}"))
        view.add_item(ui.File(file))
        if kept:
            view.add_item(ui.ActionRow(start_choice(kept)))
        await interaction.edit_original_response(view=view, attachments=[file])


def _made(peers: Peers, rules: Rules) -> Found:
    found = peers.learning_sets(rules, _SECONDS)
    return found, {member_id: peers.profile(member_id).profile for member_id in named_members(found)}


def _rules(size: str, per_organisation: int, one: discord.User | None, other: discord.User | None) -> Rules:
    smallest, _, largest = size.replace(" ", "").partition("..")
    if not smallest.isdecimal() or (largest and not largest.isdecimal()):
        raise RefusedError(texts.SETS_BAD_SIZE.format(size=safe(size)))
    if (one is None) != (other is None) or (one is not None and one == other):
        raise RefusedError(texts.SETS_TWO)
    apart = frozenset({frozenset({str(one.id), str(other.id)})}) if one and other else frozenset()
    return Rules(int(smallest), int(largest or smallest), apart, per_organisation).check()


def _lines(found: LearningSets, profiles: dict[str, Profile]) -> list[str]:
    lines = [f"### {texts.SETS_TITLE}"]
    for number, group in enumerate(found.sets, start=1):
        lines.append(f"**{number}. {safe(group.topic)}**\n{safe(group.reason)}")
        lines += [f"- {_named(profiles[member_id])}" for member_id in group.members]
        lines.append(texts.SETS_QUESTION.format(question=safe(cut(group.first_question, 400))))
    if found.note:
        lines.append(found.note)
    for reason, ids in without_set(found, profiles).items():
        names = "; ".join(_named(profiles[member_id]) for member_id in ids)
        lines.append(texts.SETS_UNPLACED.format(count=counted(len(ids), "member"), reason=safe(reason), names=names))
    if found.sets and not found.optimal:
        lines.append(wording.NOT_BEST)
    return lines


def _named(profile: Profile) -> str:
    parts = [part for part in (profile.display_name, profile.organisation) if part]
    return safe_cut(", ".join(parts) or texts.SOMEBODY_FIRST, 120)
