"""Connects the bot and runs it until it is stopped."""

import aiohttp
import discord

from bot.discord.client import create_bot
from knowledge.errors import SettingsError, TransientError
from knowledge.settings import Settings


def run_bot(settings: Settings) -> None:
    """Run the bot; returns when it is stopped.

    Raises:
        SettingsError: There is no token, or Discord does not know it.
        TransientError: Discord cannot be reached.
    """
    if settings.discord_token is None:
        raise SettingsError(
            "There is no Discord token. Make a bot at https://discord.com/developers/applications and set "
            "HALN_DISCORD_TOKEN to its token; the README shows how."
        )
    try:
        create_bot(settings).run(settings.discord_token.get_secret_value(), log_handler=None)
    except discord.LoginFailure:
        raise SettingsError("Discord does not know this HALN_DISCORD_TOKEN. Copy the bot's token again.") from None
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise TransientError(f"Discord cannot be reached ({error}). Check the network and start again.") from None
