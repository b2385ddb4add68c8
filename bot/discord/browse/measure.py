"""Receives `/measure`: a project is described, and what others measured in such work is shown, by pillar."""

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.browse import texts
from bot.discord.runtime.components import left_out, link_rows, page_view, within
from bot.discord.runtime.interactions import RateLimit, begin, showing_work
from bot.discord.runtime.markdown import cut, link, safe
from bot.discord.runtime.worker import Worker
from bot.texts import indicators
from bot.texts.sources import source_details
from knowledge.domain.vocabulary import Pillar
from knowledge.guidance.indicators import IndicatorIdeas, indicator_ideas

_LONGEST_PROJECT = 1000
_MOST_TEXT = 3800
_MOST_SHOWN, _MOST_QUOTE = 250, 200


class MeasureCog(commands.Cog):
    """The command that shows what others measured."""

    def __init__(self, worker: Worker, rate_limit: RateLimit) -> None:
        self._worker = worker
        self._rate_limit = rate_limit

    @app_commands.command(name="measure", description=texts.MEASURE)
    @app_commands.describe(project=texts.MEASURE_PROJECT, pillar=texts.MEASURE_PILLAR)
    @app_commands.choices(
        pillar=[app_commands.Choice(name=pillar.label.capitalize(), value=pillar.value) for pillar in Pillar]
    )
    async def measure(
        self,
        interaction: discord.Interaction,
        project: app_commands.Range[str, 1, _LONGEST_PROJECT],
        pillar: str | None = None,
    ) -> None:
        """Show it to the member alone. Nothing of it is kept."""
        if not await begin(self._worker, interaction):
            return
        self._rate_limit.ask(interaction.user.id)
        wanted = Pillar(pillar) if pillar else None
        async with showing_work(interaction):
            found = await self._worker.model(lambda backend: indicator_ideas(backend.library, project, wanted))
        await interaction.edit_original_response(view=measure_view(found))


def measure_view(found: IndicatorIdeas) -> ui.LayoutView:
    """Return the ideas by pillar, then where each is said."""
    head = f"> {safe(cut(found.project, _MOST_SHOWN))}"
    if found.reason:
        return page_view(f"{head}\n{found.reason} {texts.MEASURE_NOBODY}")
    parts = []
    for group in found.pillars:
        lines = [f"- {safe(cut(words, _MOST_SHOWN))} `[{n}]`" for words, n, _ in indicators.idea_lines(group)]
        parts.append("\n".join([f"**{group.pillar.label.capitalize()}**", *lines]))
    sources = [
        f"`[{citation.n}]` {link(citation.title, citation.url)}\n-# {safe(source_details(citation))}: "
        f"“{safe(cut(citation.quote, _MOST_QUOTE))}”"
        for citation in found.citations
    ]
    lines = [f"### {indicators.TITLE}", head, f"-# {indicators.ABOUT}", *parts]
    lines += [f"### {texts.MEASURE_SOURCES}", *sources]
    shown = within(lines, _MOST_TEXT)
    view = page_view("\n".join(shown))
    for row in link_rows(left_out(lines, shown)):
        view.add_item(row)
    return view
