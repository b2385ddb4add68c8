"""Gives members back what they typed into a form that could not be taken: at once, or by direct message."""

import io
import json
import logging
from collections.abc import Sequence
from typing import Any

import aiohttp
import discord
from discord import ui

from bot.discord.runtime import texts
from bot.discord.runtime.components import notice
from bot.discord.runtime.errors import ALREADY_ACKNOWLEDGED, FENCE, FormLostError, error_line, report
from bot.discord.runtime.outbox import MessageKind, Outbox
from bot.discord.runtime.worker import Worker
from knowledge.domain.outbox import Message, QueuedMessage

_log = logging.getLogger(__name__)
KIND = "form_returned"
# Of the 4000 characters that a message of this kind may have.
_MOST_TEXT = 3800


class TextReturner:
    """Replies to a form that failed with what was typed; where no reply arrives, a direct message waits for Discord."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker

    def deliver_through(self, outbox: Outbox) -> None:
        """Let an outbox deliver what could not be given back at once."""
        outbox.kinds[KIND] = MessageKind(self._deliver)

    async def report(self, interaction: discord.Interaction, error: Exception, typed: Sequence[str]) -> None:
        """Tell the member why a form was not taken, and give back the texts that were typed into it."""
        if not typed:
            await report(interaction, error)
            return
        line = error_line(error) or texts.FORM_LATE
        # Discord has dropped the interaction: there is no reply to it.
        if isinstance(error, FormLostError) or not await _replied(interaction, line, typed):
            await self._send(interaction.user, line, typed)

    async def _send(self, user: discord.User | discord.Member, line: str, typed: Sequence[str]) -> None:
        data = {"line": line, "typed": json.dumps(list(typed), ensure_ascii=False)}
        message = Message(recipient=str(user.id), kind=KIND, data=data)
        try:
            await self._worker.db(lambda backend: backend.library.outbox.add(message, self._worker.now()))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the text must not be lost for it
            _log.error("what was typed into a form could not be kept (%s); it is sent at once", type(error).__name__)
            await user.send(**_message(line, typed))
        else:
            self._client.dispatch("outgoing")

    async def _deliver(self, queued: QueuedMessage) -> None:
        data = queued.message.data
        user = await self._client.fetch_user(queued.message.user_id or 0)
        await user.send(**_message(str(data["line"]), json.loads(data["typed"])), nonce=queued.nonce)


async def _replied(interaction: discord.Interaction, line: str, typed: Sequence[str]) -> bool:
    """Return whether a reply that only the member sees has arrived."""
    try:
        if not interaction.response.is_done():
            try:
                await interaction.response.send_message(**_message(line, typed), ephemeral=True)
            except discord.HTTPException as error:
                if error.code != ALREADY_ACKNOWLEDGED:
                    raise
            else:
                return True
        await interaction.followup.send(**_message(line, typed), ephemeral=True)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.warning("a form could not be given back in reply to it (%s); it goes by direct message", error)
        return False
    return True


def _message(line: str, typed: Sequence[str]) -> dict[str, Any]:
    """Return a message with the texts to be copied: each in a block of its own, or all in a file where they are long.

    It is made anew for each attempt, since a file can be sent once only.
    """
    blocks = [f"{FENCE}\n{text}\n{FENCE}" for text in typed]
    said = f"{line}\n{texts.FORM_RETURNED}"
    if len(said) + sum(map(len, blocks)) <= _MOST_TEXT and not any(FENCE in text for text in typed):
        view = notice(said)
        for block in blocks:
            view.add_item(ui.TextDisplay(block))
        return {"view": view}
    file = discord.File(io.BytesIO("\n\n".join(typed).encode()), texts.FORM_FILE)
    view = notice(said)
    view.add_item(ui.File(file))
    return {"view": view, "files": [file]}
