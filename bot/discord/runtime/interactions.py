"""The beginning of every interaction: Discord hears at once that we are at it, and what comes twice acts once.

And what it may cost: nobody asks more than so many questions a minute.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord.ext import commands

from bot.discord.runtime import texts
from bot.discord.runtime.components import notice
from bot.discord.runtime.errors import (
    ALREADY_ACKNOWLEDGED,
    UNKNOWN_INTERACTION,
    FormLostError,
    TooOftenError,
    waits_openly,
)
from bot.discord.runtime.membership import Admission, enter
from bot.discord.runtime.worker import Worker
from knowledge.matching.wording import counted

_log = logging.getLogger(__name__)
# Discord itself shows "thinking"; a member who has looked at that for so long wants to know that we are still there.
SLOW_SECONDS = 6.0
_MINUTE = 60.0
_OTHER_COPY = "another program runs with the same token and another data folder, and members get two answers; stop it"


async def begin(
    worker: Worker,
    interaction: discord.Interaction,
    *,
    private: bool = True,
    update: bool = False,
    admission: Admission = Admission.REGISTERED,
) -> bool:
    """Defer, then claim the interaction; false when it was delivered before or is gone: then do nothing more.

    `update` acknowledges a button without a message of its own; `private` is whether only the member sees the reply.

    Raises:
        FormLostError: It is a form that came too late; what was typed into it is given back.
        RefusedError: Who sent it may not do this here, by the permission matrix or by a stricter `admission`.
        MissingPermissions: It is for who manages the server.
    """
    # Discord drops an interaction that hears nothing for three seconds, so nothing at all comes before this.
    is_acknowledged = False
    try:
        if update:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=private, thinking=True)
            if not private:
                waits_openly(interaction)
    except discord.HTTPException as error:
        if error.code == UNKNOWN_INTERACTION:
            _log.info("an interaction came too late, or is gone")
            if interaction.type is discord.InteractionType.modal_submit:
                raise FormLostError(texts.FORM_LATE) from None
            return False
        # Acknowledged by us before: it came twice, or Discord's reply to our first try was lost. Who claims it knows.
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
        is_acknowledged = True
    if not await first_time(worker, interaction.id):
        return False
    if is_acknowledged:
        _log.warning("an interaction was acknowledged already: if this comes often, %s", _OTHER_COPY)
    await enter(worker, interaction, admission)
    return True


async def first_time(worker: Worker, snowflake: int) -> bool:
    """Return whether this interaction or message was not handled before, restarts included."""
    return await worker.db(lambda backend: backend.servers.interactions.first_time(snowflake, worker.now()))


@asynccontextmanager
async def showing_typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show in the channel that the bot is typing while the body runs. Should that fail, the body does not wait."""
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
    """Say in the placeholder that we are still working where the body runs longer than `SLOW_SECONDS`."""
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


class RateLimit:
    """A limit on each member's questions in a minute, kept in memory: one person cannot keep all others waiting."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._members = commands.CooldownMapping[int](commands.Cooldown(most, _MINUTE), int)

    def ask(self, member_id: int) -> None:
        """Count a question.

        Raises:
            TooOftenError: It is one too many; the message says when to ask again.
        """
        seconds = self._members.update_rate_limit(member_id, self._clock())
        if seconds is not None:
            raise TooOftenError(texts.COOL_DOWN.format(seconds=counted(max(1, math.ceil(seconds)), "second")))
