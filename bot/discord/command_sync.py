"""Tells Discord of the commands, again and again until it has taken them. Until then it knows those of before."""

import asyncio
import logging

import aiohttp
import discord
from discord import app_commands

from bot.discord.runtime.retry import lasts

_log = logging.getLogger(__name__)
_FIRST_WAIT = 30.0
_LONGEST_WAIT = 3600.0
# More commands made in a day than Discord allows: it takes them again later.
_TOO_MANY_TODAY = 30034


async def sync_commands(tree: app_commands.CommandTree) -> None:
    """Send the commands; ends when they have arrived, or can never arrive as they are. An error is logged."""
    wait = _FIRST_WAIT
    while not await _sent(tree):
        await asyncio.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


async def _sent(tree: app_commands.CommandTree) -> bool:
    """Return whether there is nothing left to try."""
    try:
        await tree.sync()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        given_up = lasts(error) and getattr(error, "code", 0) != _TOO_MANY_TODAY
        next_step = "it is tried again at the next start" if given_up else "it is tried again later"
        _log.error("Discord has not taken the commands, and still offers those of before; %s (%s)", next_step, error)
        return given_up
    except Exception:  # noqa: BLE001 - whatever it is, everything but new commands works
        _log.exception("the commands could not be sent to Discord, which still offers those of before")
    return True
