"""The one place where an error in Discord becomes a reply."""

import logging
import re
from collections.abc import Sequence

import aiohttp
import discord
from discord import app_commands, ui

from bot.discord.runtime import texts
from knowledge.errors import ExampleError, ExampleNotFoundError, HalnError, MemberError, QuestionError
from knowledge.question_reference import reference_of

_log = logging.getLogger(__name__)
# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
ALREADY_ACKNOWLEDGED = 40060
UNKNOWN_INTERACTION = 10062
_OPEN = "haln_waits_openly"
FENCE = "```"
_LEAST_TYPED = 15
_DISCORD_ID = re.compile(r"\b\d{15,20}\b")


class RefusedError(Exception):
    """A member cannot do this; the message is for them and says why."""


class FormLostError(RefusedError):
    """A form came in too late for Discord: there is no reply to it, and what was typed goes back another way."""


class TooSlowError(RefusedError):
    """The information that a modal needs was not there in time."""


class TooOftenError(RefusedError):
    """A member asks again too soon; what they typed is given back, so that it can be asked later."""


async def report_app_command_error(interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
    """Tell of an error in a command, and give back what was typed where it can be sent again as it is."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    again = isinstance(cause, TooOftenError) or not isinstance(cause, RefusedError | app_commands.CheckFailure)
    await report(interaction, cause, _typed_options(interaction) if again else ())


async def report(interaction: discord.Interaction, error: Exception, typed: Sequence[str] = ()) -> None:
    """Tell the member in one friendly line, with a reference that is in the log, and give back what they `typed`.

    Nothing of that is logged.
    """
    line = error_line(error)
    if line is not None:
        blocks = [f"{FENCE}\n{text}\n{FENCE}" for text in typed if FENCE not in text]
        await _reply(interaction, "\n".join([line, texts.FORM_RETURNED, *blocks] if blocks else [line]))
    else:
        # Answered already, deleted, or older than Discord keeps it: there is nobody to tell.
        _log.info("an interaction was gone before it could be answered")


def error_line(error: Exception) -> str | None:
    """Return the friendly line for an error; `None` where the interaction is gone, and nobody would read it."""
    if isinstance(error, QuestionError | MemberError | RefusedError):
        return str(error)
    if isinstance(error, ExampleNotFoundError):
        return texts.EXAMPLE_GONE
    if isinstance(error, ExampleError):
        # Moderators know each other by name; the reply is theirs alone and pings nobody.
        return _DISCORD_ID.sub(r"<@\g<0>>", str(error))
    if isinstance(error, app_commands.CheckFailure):
        return texts.NOT_ALLOWED
    return None if _is_gone(error) else failed(error)


def failed(error: Exception) -> str:
    """Return the friendly line for an error that is nobody's doing; its reference goes to the log with the cause."""
    reference = reference_of(error)
    if isinstance(error, HalnError):
        _log.error("reference %s: %s", reference, error)
    elif isinstance(error, discord.Forbidden):
        _log.error("reference %s: Discord does not let the bot do this (%s); /doctor says more", reference, error)
        return texts.NO_PERMISSION.format(reference=reference)
    else:
        _log.error("reference %s", reference, exc_info=error)
    return texts.FAILED.format(reference=reference)


def _is_gone(error: Exception) -> bool:
    return isinstance(error, discord.HTTPException) and (
        error.code in (ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION)
        or (isinstance(error, discord.NotFound) and error.code != 0)
    )


def _typed_options(interaction: discord.Interaction) -> list[str]:
    """Return what was typed into a command in sentences; words that are chosen or short are as soon typed again."""
    given = [value for _, value in interaction.namespace if isinstance(value, str)]
    return [value for value in given if len(value) >= _LEAST_TYPED and " " in value.strip()]


def waits_openly(interaction: discord.Interaction) -> None:
    """Note that everybody sees that this interaction is being answered: an error takes that away first."""
    interaction.extras[_OPEN] = True


def answered(interaction: discord.Interaction) -> None:
    """Note that the answer is there: an error that comes later leaves it."""
    interaction.extras.pop(_OPEN, None)


async def _reply(interaction: discord.Interaction, text: str) -> None:
    try:
        public = interaction.extras.pop(_OPEN, False)
        if public:
            # The first follow-up takes the place of a reply that everybody waits for, and would be as public as that.
            resolved = ui.LayoutView(timeout=None)
            resolved.add_item(ui.TextDisplay(texts.NO_ANSWER_YET))
            await interaction.edit_original_response(view=resolved)
        if not interaction.response.is_done():
            try:
                await interaction.response.send_message(text, ephemeral=True)
            except discord.HTTPException as error:
                if error.code != ALREADY_ACKNOWLEDGED:
                    raise
            else:
                return
        await interaction.followup.send(text, ephemeral=True)
        if public:
            await interaction.delete_original_response()
    except (discord.HTTPException, aiohttp.ClientError) as error:
        _log.warning("the member could not be told of an error (%s)", error)
