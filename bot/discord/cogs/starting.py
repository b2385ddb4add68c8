"""Receives `/start` and `/help`."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import events, finding, shelf
from bot.discord.acting import begin, showing_work
from bot.discord.desk import Desk
from bot.discord.forms import FormHandler
from bot.discord.ui.start_form import start_form, start_from
from bot.texts import discord_finding as texts
from bot.texts.languages import languages

_MOST_CHOICES = 25


class Starting(commands.Cog):
    """The first steps."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def forms(self) -> dict[str, FormHandler]:
        """What its forms do."""
        return {"start_form": self._started}

    @app_commands.command(name="start", description=texts.START)
    async def start(self, interaction: discord.Interaction) -> None:
        """Ask four things in one screen."""
        await interaction.response.send_modal(start_form())

    async def _started(self, interaction: discord.Interaction, _: str, values: dict[str, list[str]]) -> None:
        if not await begin(self._desk, interaction):
            return
        chosen, now = start_from(values), self._desk.now()
        wish = texts.STAGES[chosen.stage][1]
        async with showing_work(interaction):
            library = await self._desk.library()
            found = await self._desk.ask(lambda assistant: shelf.to_begin_with(assistant, library, chosen, wish, 3))
            lesson = await self._desk.read(
                lambda lib: shelf.not_to_plan(lib, chosen.pillar, chosen.nation, found, chosen.stage)
            )
            told = await self._desk.read(lambda lib: events.of_library(lib, now))
        coming = events.in_order([*events.of_server(interaction.guild, interaction.user), *told])
        event = events.entry(coming[0]) if coming else None
        await interaction.edit_original_response(view=finding.start_view(found, lesson, event))

    @app_commands.command(name="help", description=texts.HELP)
    @app_commands.describe(language=texts.HELP_LANGUAGE)
    async def show_help(self, interaction: discord.Interaction, language: str | None = None) -> None:
        """Say what the assistant does; in the server's language unless the member chooses another."""
        if not await begin(self._desk, interaction):
            return
        spoken = language or await self._desk.language(interaction.guild_id)
        await interaction.edit_original_response(view=finding.help_view(spoken))

    @show_help.autocomplete("language")
    async def _languages(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = {spoken.name: spoken.code for spoken in languages()}
        fitting = shelf.suggested(list(names), typed, _MOST_CHOICES)
        return [app_commands.Choice(name=name, value=names[name]) for name in fitting]
