"""The one place where an error in Discord becomes a reply."""

import logging
import secrets

import discord
from discord import app_commands

from bot.texts import discord as texts
from knowledge.errors import HalnError, QuestionError

_log = logging.getLogger(__name__)


async def report_app_command_error(interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
    """Tell the member in one friendly line, with a reference that is in the log. The question is not logged."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, QuestionError):
        await _reply(interaction, str(cause))
        return
    if isinstance(cause, discord.NotFound):
        # The interaction is gone (deleted, or older than Discord keeps it): there is nobody to tell.
        _log.warning("an interaction was gone before it could be answered")
        return
    reference = secrets.token_hex(4)
    if isinstance(cause, HalnError):
        _log.error("reference %s: %s", reference, cause)
    else:
        _log.error("reference %s", reference, exc_info=cause)
    await _reply(interaction, texts.FAILED.format(reference=reference))


async def _reply(interaction: discord.Interaction, text: str) -> None:
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException as error:
        _log.warning("the member could not be told of an error (%s)", error)
