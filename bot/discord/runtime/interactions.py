"""How every interaction begins: Discord hears at once that we are at it, and what comes twice acts once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord import ui

from bot.discord.runtime import texts
from bot.discord.runtime.errors import ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION
from bot.discord.runtime.worker import Worker

_log = logging.getLogger(__name__)
# Discord itself shows "thinking"; a member who has looked at that for so long wants to know that we are still there.
SLOW_SECONDS = 6.0


async def begin(
    worker: Worker, interaction: discord.Interaction, *, private: bool = True, update: bool = False
) -> bool:
    """Defer, then claim the interaction; false when it was delivered before or is gone: then do nothing more.

    `update` acknowledges a button without a message of its own; `private` is whether only the member sees the reply.
    """
    # Discord drops an interaction that hears nothing for three seconds, so nothing at all comes before this.
    try:
        if update:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=private, thinking=True)
    except discord.HTTPException as error:
        if error.code == UNKNOWN_INTERACTION:
            _log.info("an interaction came too late, or is gone")
            return False
        # Acknowledged by us before: it came twice, or Discord's reply to our first try was lost. Who claims it knows.
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
    return await first_time(worker, interaction.id)


async def first_time(worker: Worker, snowflake: int) -> bool:
    """Whether this interaction or message was not handled before, restarts included."""
    return await worker.read(lambda library: library.servers.interactions.first_time(snowflake, worker.now()))


@asynccontextmanager
async def showing_typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """While the body runs, the channel shows that the bot is typing. Should that fail, the body does not wait."""
    typing = asyncio.create_task(_type(channel))
    try:
        yield
    finally:
        typing.cancel()
        await asyncio.wait([typing])


async def _type(channel: discord.abc.Messageable) -> None:
    try:
        async with channel.typing():
            await asyncio.Event().wait()
    except (discord.HTTPException, aiohttp.ClientError) as error:
        _log.info("it could not be shown that an answer is on its way (%s)", error)


@asynccontextmanager
async def showing_work(interaction: discord.Interaction) -> AsyncIterator[None]:
    """While the body runs longer than `SLOW_SECONDS`, the placeholder says that we are still working."""
    sending = asyncio.Event()
    telling = asyncio.create_task(_tell(interaction, SLOW_SECONDS, sending))
    try:
        yield
    finally:
        # What is on its way already must arrive before the answer does, not after it.
        if not sending.is_set():
            telling.cancel()
        await asyncio.wait([telling])


async def _tell(interaction: discord.Interaction, seconds: float, sending: asyncio.Event) -> None:
    await asyncio.sleep(seconds)
    sending.set()
    try:
        await interaction.edit_original_response(view=notice(texts.STILL_WORKING))
    except (discord.HTTPException, aiohttp.ClientError) as error:
        _log.info("a member could not be told that their answer takes longer (%s)", error)


def notice(text: str) -> ui.LayoutView:
    """One short text as a message."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view
