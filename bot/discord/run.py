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
        SettingsError: Discord does not know the token, or does not grant the intent that the settings ask for.
        TransientError: Discord cannot be reached.
    """
    # It speaks in no voice channel: what discord.py would need for that is not missing.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    try:
        create_bot(settings).run(token.get_secret_value(), log_handler=None)
    except discord.LoginFailure:
        raise SettingsError("Discord does not know this HALN_DISCORD_TOKEN. Copy the bot's token again.") from None
    except discord.PrivilegedIntentsRequired:
        raise SettingsError(
            "HALN_DISCORD_READ_MESSAGES=on needs the message content intent: switch it on for the bot at "
            "https://discord.com/developers/applications (Bot, Privileged Gateway Intents), or leave the setting off."
        ) from None
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise TransientError(f"Discord cannot be reached ({error}). Check the network and start again.") from None
