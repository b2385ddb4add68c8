"""Receives `/start`, with the one screen that it asks with, and `/help`."""

from datetime import datetime
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.browse import events, library_queries, texts, views
from bot.discord.runtime.interactions import begin, showing_work
from bot.discord.runtime.membership import admit_before_form
from bot.discord.runtime.modals import FormHandler
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.worker import Worker
from bot.texts.languages import languages
from knowledge.domain.vocabulary import Nation, Pillar, Sector, Stage, Term
from knowledge.guidance.first_steps import Start, first_steps, not_to_plan
from knowledge.guidance.next_event import next_event
from knowledge.matching.wording import counted

_MOST_CHOICES = 25
FORM = "start_form"
_NATIONS = (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND, Nation.UK)


class StartCog(commands.Cog):
    """The first steps."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @property
    def forms(self) -> dict[str, FormHandler]:
        """Return the handlers of its forms."""
        return {"start_form": self._started}

    @app_commands.command(name="start", description=texts.START)
    async def start(self, interaction: discord.Interaction) -> None:
        """Ask four things in one screen."""
        await admit_before_form(self._worker, interaction)
        await interaction.response.send_modal(start_form())

    async def _started(self, interaction: discord.Interaction, _: str, values: dict[str, list[str]]) -> None:
        if not await begin(self._worker, interaction):
            return
        chosen, now = start_from(values), self._worker.now()
        wish = texts.STAGES[chosen.stage][1]
        async with showing_work(interaction):
            steps = await self._worker.model(
                lambda backend: first_steps(backend.unlogged, backend.library, chosen, wish)
            )
            lesson = await self._worker.db(
                lambda backend: not_to_plan(
                    backend.library, chosen.pillar, chosen.nation, [step.document for step in steps], chosen.stage
                )
            )
            event = await self._event(interaction, chosen, wish, now)
            peers = await self._peers(interaction, chosen, wish)
        await interaction.edit_original_response(view=views.start_view(steps, lesson, event, peers))

    async def _event(self, interaction: discord.Interaction, chosen: Start, wish: str, now: datetime) -> str | None:
        """Return the next event: the soonest of this server's and of the library's, one that fits before others."""
        of_library = await self._worker.db(lambda backend: events.of_library(backend.library, now))
        fitting = await self._worker.model(
            lambda backend: next_event(
                backend.library,
                now,
                f"{wish}, {chosen.pillar.label}",
                pillars=(chosen.pillar,),
                nation=chosen.nation,
            )
        )
        coming = events.in_order([*events.of_server(interaction.guild, interaction.user), *of_library])
        fits = [event for event in coming if fitting is not None and event.document_id == fitting.document_id]
        return events.entry((fits or coming)[0]) if coming else None

    async def _peers(self, interaction: discord.Interaction, chosen: Start, wish: str) -> str | None:
        """Return how many members may help somebody whose work is established; for others that comes later."""
        if chosen.stage is not Stage.ESTABLISHED:
            return None
        text, reader = f"{wish}, {chosen.pillar.label}", str(interaction.user.id)
        count = await self._worker.model(lambda backend: backend.peers.count_on(text, reader))
        return texts.START_PEERS.format(count=counted(count, "member")) if count else texts.START_NO_PEERS

    @app_commands.command(name="help", description=texts.HELP)
    @app_commands.describe(language=texts.HELP_LANGUAGE)
    async def show_help(self, interaction: discord.Interaction, language: str | None = None) -> None:
        """Say what the assistant does; in the server's language unless the member chooses another."""
        if not await begin(self._worker, interaction):
            return
        spoken = language or await self._worker.language(interaction.guild_id)
        await interaction.edit_original_response(view=views.help_view(spoken))

    @show_help.autocomplete("language")
    async def _languages(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = {spoken.name: spoken.code for spoken in languages()}
        fitting = library_queries.suggested(list(names), typed, _MOST_CHOICES)
        return [app_commands.Choice(name=name, value=names[name]) for name in fitting]


def start_form() -> ui.Modal:
    """Return a form of four selects. What is sent in comes to the handler of `start_form`, even after a restart."""
    form = ui.Modal(title=texts.START_TITLE, custom_id=component_id(FORM, ""), timeout=None)
    for name, question, options in (
        ("stage", texts.START_STAGE, [(stage, texts.STAGES[stage][0]) for stage in Stage]),
        ("pillar", texts.START_PILLAR, [(pillar, _label(pillar)) for pillar in Pillar]),
        ("nation", texts.START_NATION, [(nation, _label(nation)) for nation in _NATIONS]),
        ("sector", texts.START_SECTOR, [(sector, _label(sector)) for sector in Sector]),
    ):
        select: ui.Select[Any] = ui.Select(
            custom_id=name,
            options=[discord.SelectOption(label=label, value=value) for value, label in options],
        )
        form.add_item(ui.Label(text=question, component=select))
    return form


def start_from(values: dict[str, list[str]]) -> Start:
    """Return what was chosen."""
    return Start(
        Stage(values["stage"][0]), Pillar(values["pillar"][0]), Nation(values["nation"][0]), Sector(values["sector"][0])
    )


def _label(term: Term) -> str:
    return term.label[0].upper() + term.label[1:]
