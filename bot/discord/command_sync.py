"""Sends the commands to Discord: only when they have changed, again until they are there, and nothing waits for it."""

import asyncio
import contextlib
import hashlib
import json
import logging
from datetime import datetime, timedelta

import aiohttp
import discord
from discord import app_commands

from bot.discord.runtime.retry import lasts
from bot.discord.runtime.worker import Worker
from knowledge.errors import HalnError
from knowledge.storage.claims import ASK_SECONDS

_log = logging.getLogger(__name__)
FIRST_WAIT = 30.0
_LONGEST_WAIT = 3600.0
# More commands made in a day than Discord allows: it takes them again later.
_TOO_MANY_TODAY = 30034
_FLAG = "commands_sent"  # and the claim of who sends them
# Should somebody have changed them by other means, they are put right within a week.
_SENT_ANYWAY = timedelta(days=7)


async def sync_changed(tree: app_commands.CommandTree, worker: Worker) -> None:
    """Send the commands, unless these are the ones that were sent in the last days; of several processes one does."""
    while not await _first(worker):  # noqa: ASYNC110 - it is another process that is waited for
        await asyncio.sleep(ASK_SECONDS)
    try:
        await _sync(tree, worker)
    finally:
        await _done(worker)


async def _first(worker: Worker) -> bool:
    try:
        return await worker.claim(_FLAG)
    except HalnError:
        return True  # without the database the commands are there all the same, twice at worst


async def _done(worker: Worker) -> None:
    with contextlib.suppress(HalnError):
        await worker.db(lambda backend: backend.library.claims.release(_FLAG))


async def _sync(tree: app_commands.CommandTree, worker: Worker) -> None:
    sent = await digest_of(tree)
    if await _is_sent(worker, sent):
        _log.info("the commands are those that Discord has")
    elif await sync_commands(tree):
        try:
            note = json.dumps({"digest": sent, "at": worker.now().isoformat()})
            await worker.db(lambda backend: backend.library.store.set_flag(_FLAG, note))
        except HalnError as error:
            _log.warning("that the commands were sent could not be noted: %s", error)


async def digest_of(tree: app_commands.CommandTree) -> str:
    """Return a digest of all that Discord is told of the commands, translations and the application's id included."""
    commands = [
        command
        for kind in discord.AppCommandType
        for command in sorted(tree.get_commands(type=kind), key=lambda one: one.name)
    ]
    translator = tree.translator
    told = [
        await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        for command in commands
    ]
    text = json.dumps([tree.client.application_id, told], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


async def sync_commands(tree: app_commands.CommandTree) -> bool:
    """Send the commands until they have arrived or never can as they are; return which. Errors are logged."""
    wait = FIRST_WAIT
    while True:
        try:
            await tree.sync()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            given_up = lasts(error) and getattr(error, "code", 0) != _TOO_MANY_TODAY
            next_step = "it is tried again at the next start" if given_up else "it is tried again later"
            _log.error(
                "Discord has not taken the commands, and still offers those of before; %s (%s)", next_step, error
            )
            if given_up:
                return False
        except Exception:  # noqa: BLE001 - whatever it is, everything but new commands works
            _log.exception("the commands could not be sent to Discord, which still offers those of before")
            return False
        else:
            return True
        await asyncio.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


async def _is_sent(worker: Worker, digest: str) -> bool:
    try:
        note = await worker.db(lambda backend: backend.library.store.flag(_FLAG))
        said = json.loads(note or "{}")
        return said.get("digest") == digest and worker.now() - datetime.fromisoformat(said["at"]) < _SENT_ANYWAY
    except (HalnError, ValueError, KeyError):
        return False
