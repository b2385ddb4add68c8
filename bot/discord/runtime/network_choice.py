"""The card on which somebody who belongs to several networks chooses which they mean in direct messages."""

from collections.abc import Mapping

import discord
from discord import ui

from bot.discord.runtime import texts
from bot.discord.runtime.components import Handler, choice, notice
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.networks import Locator, settle
from bot.discord.runtime.worker import Worker
from knowledge.domain.networks import MAIN

_ACTION = "network"
# Of a select: https://discord.com/developers/docs/components/reference
_MOST_OPTIONS = 25


def choice_view(text: str, titles: Mapping[str, str]) -> ui.LayoutView:
    """Return a text with the networks to choose from, by their titles."""
    view = notice(text)
    options = [discord.SelectOption(label=title, value=name) for name, title in titles.items()]
    view.add_item(ui.ActionRow(choice(_ACTION, "", texts.CHOOSE_NETWORK, options[:_MOST_OPTIONS])))
    return view


class NetworkChoice:
    """Takes what somebody chose."""

    def __init__(self, worker: Worker, locator: Locator) -> None:
        self._worker = worker
        self._locator = locator

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handler of its select."""
        return {_ACTION: self._choose}

    async def _choose(self, interaction: discord.Interaction, _: str, values: list[str]) -> None:
        networks = (await self._worker.directory()).networks
        chosen = networks.get(values[0]) if values else None
        settle(chosen.name if chosen else MAIN)
        if not await begin(self._worker, interaction, update=True):
            return
        if chosen is None:
            raise RefusedError(texts.OUTDATED)
        self._locator.choose(interaction.user.id, chosen.name)
        await interaction.edit_original_response(view=notice(texts.NETWORK_CHOSEN.format(title=chosen.title)))
