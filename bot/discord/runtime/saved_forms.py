"""A form that was refused is not lost: what was typed is kept, and the form opens again with it."""

import discord
from discord import ui

from bot.discord.peers import texts
from bot.discord.runtime.components import button
from bot.discord.runtime.interactions import notice
from bot.discord.runtime.worker import Worker


async def keep(worker: Worker, interaction: discord.Interaction, form: str, values: dict[str, list[str]]) -> None:
    """Keep what was typed into a form."""
    user_id, now = interaction.user.id, worker.now()
    await worker.read(lambda library: library.servers.members.keep_form(user_id, form, values, now))


async def drop(worker: Worker, interaction: discord.Interaction, form: str) -> None:
    """Forget it: it was taken."""
    user_id = interaction.user.id
    await worker.read(lambda library: library.servers.members.drop_form(user_id, form))


def refused_view(reason: str, action: str, key: str) -> ui.LayoutView:
    """Why a form was refused, with the button `action` that opens it again."""
    view = notice(texts.REFUSED.format(reason=reason))
    view.add_item(ui.ActionRow(button(action, key, texts.OPEN_AGAIN, discord.ButtonStyle.primary)))
    return view
