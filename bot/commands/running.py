"""`haln discord` and `haln run`."""

from typing import TYPE_CHECKING

from bot.commands import asking
from bot.commands.options import DataDir

if TYPE_CHECKING:
    from knowledge.settings import Settings


def discord(data_dir: DataDir = None) -> None:
    """Run the Discord bot (needs HALN_DISCORD_TOKEN)."""
    from bot.startup import load_settings

    _discord(load_settings(data_dir))


def run(data_dir: DataDir = None) -> None:
    """Start the assistant: the Discord bot when HALN_DISCORD_TOKEN is set, else a chat in the terminal."""
    from bot.startup import load_settings

    settings = load_settings(data_dir)
    if settings.discord_token is None:
        asking.chat(data_dir)
    else:
        _discord(settings)


def _discord(settings: "Settings") -> None:
    from bot.discord.running import run_bot
    from bot.session import open_library

    with open_library(settings):
        pass  # the starter library goes in before the bot says that it is there
    run_bot(settings)
