"""Connects the bot and runs it until it is stopped."""

import aiohttp
import discord
from pydantic import SecretStr

from bot.discord.client import create_bot
from knowledge.errors import SettingsError, TransientError
from knowledge.settings import Settings


def run_bot(settings: Settings, token: SecretStr) -> None:
    """Run the bot; returns when it is stopped.

    Raises:
        SettingsError: Discord does not know the token.
        TransientError: Discord cannot be reached.
    """
    try:
        create_bot(settings).run(token.get_secret_value(), log_handler=None)
    except discord.LoginFailure:
        raise SettingsError("Discord does not know this HALN_DISCORD_TOKEN. Copy the bot's token again.") from None
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise TransientError(f"Discord cannot be reached ({error}). Check the network and start again.") from None
