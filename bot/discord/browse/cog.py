"""Receives `/resources`, `/events` and `/glossary`."""

from typing import TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.browse import events, glossary, library_queries, texts, views
from bot.discord.browse.library_queries import Chosen
from bot.discord.browse.views import chosen_from
from bot.discord.runtime.components import Handler
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import safe
from bot.discord.runtime.membership import membership_of
from bot.discord.runtime.worker import Worker
from knowledge.domain.vocabulary import Measured, Nation, Pillar, Term

_MOST_CHOICES = 25
_LONGEST_TERM = 100
_T = TypeVar("_T", bound=Term)


class BrowseCog(commands.Cog):
    """The commands that lead through the library."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {
            "page_back": self._turn,
            "page_on": self._turn,
            "events_back": self._turn_events,
            "events_on": self._turn_events,
        }

    @app_commands.command(name="resources", description=texts.RESOURCES)
    @app_commands.describe(
        pillar=texts.RESOURCES_PILLAR, nation=texts.RESOURCES_NATION, measured=texts.RESOURCES_MEASURED
    )
    async def resources(
        self,
        interaction: discord.Interaction,
        pillar: str | None = None,
        nation: str | None = None,
        measured: str | None = None,
    ) -> None:
        """List what there is, a page at a time."""
        if await begin(self._worker, interaction):
            chosen = Chosen(_term(Pillar, pillar), _term(Nation, nation), _term(Measured, measured))
            await self._show(interaction, chosen)

    @resources.autocomplete("pillar")
    async def _pillars(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _choices(Pillar, typed)

    @resources.autocomplete("nation")
    async def _nations(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _choices(Nation, typed)

    @resources.autocomplete("measured")
    async def _measures(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _choices(Measured, typed)

    async def _turn(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            await self._show(interaction, *chosen_from(key))

    async def _show(self, interaction: discord.Interaction, chosen: Chosen, page: int = 0, part: int = 0) -> None:
        found = await self._worker.db(
            lambda backend: library_queries.resources(backend.library, chosen, views.ON_A_PAGE, max(page, 0) + 1)
        )
        await interaction.edit_original_response(view=views.resources_view(found, chosen, part))

    @app_commands.command(name="events", description=texts.EVENTS)
    async def events(self, interaction: discord.Interaction) -> None:
        """List the server's events and the library's."""
        if await begin(self._worker, interaction):
            await self._show_events(interaction, 0)

    async def _turn_events(self, interaction: discord.Interaction, page: str, _: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            await self._show_events(interaction, int(page))

    async def _show_events(self, interaction: discord.Interaction, page: int) -> None:
        now = self._worker.now()
        of_library = await self._worker.db(lambda backend: events.of_library(backend.library, now))
        past = await self._worker.db(
            lambda backend: library_queries.past_events(backend.library, [one.document_id for one in of_library])
        )
        coming = events.in_order([*events.of_server(interaction.guild, interaction.user), *of_library])
        await interaction.edit_original_response(view=views.events_view(coming, past, page))

    @app_commands.command(name="glossary", description=texts.GLOSSARY)
    @app_commands.describe(term=texts.GLOSSARY_TERM)
    async def glossary(self, interaction: discord.Interaction, term: app_commands.Range[str, 1, _LONGEST_TERM]) -> None:
        """Say what a word means."""
        if await begin(self._worker, interaction):
            found = await self._worker.db(lambda backend: glossary.meaning(backend.library, term))
            if found is None:
                near = await self._worker.db(lambda backend: glossary.near_terms(backend.library, term))
                meant = texts.GLOSSARY_NEAR.format(words=", ".join(f"“{safe(word)}”" for word in near)) if near else ""
                raise RefusedError(f"{texts.GLOSSARY_UNKNOWN.format(term=safe(term))} {meant}".strip())
            await interaction.edit_original_response(view=views.meaning_view(found))

    @glossary.autocomplete("term")
    async def _terms(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        server_id = interaction.guild_id
        if server_id is not None and not await membership_of(interaction).registered(server_id):
            return []
        words = await self._worker.db(lambda backend: glossary.terms(backend.library))
        found = library_queries.suggested(words, typed, _MOST_CHOICES)
        if not found:
            found = await self._worker.db(lambda backend: glossary.near_terms(backend.library, typed))
        # A title that is longer than Discord takes is found by its beginning all the same.
        fitting = [word[:_LONGEST_TERM] for word in found]
        return [app_commands.Choice(name=word, value=word) for word in dict.fromkeys(fitting)]


def _term(kind: type[_T], typed: str | None) -> _T | None:
    """Return the term that a member chose, or typed in their own way."""
    if typed is None:
        return None
    for term in kind:
        if typed.casefold().strip() in (term.value, term.label.casefold()):
            return term
    words = ", ".join(term.label for term in kind)
    raise RefusedError(texts.RESOURCES_UNKNOWN.format(word=safe(typed), words=words))


def _choices(kind: type[_T], typed: str) -> list[app_commands.Choice[str]]:
    by_label = {term.label: term for term in kind}
    fitting = library_queries.suggested(list(by_label), typed, _MOST_CHOICES)
    return [app_commands.Choice(name=label, value=by_label[label].value) for label in fitting]
