"""`haln discord` and `haln run`."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import ask
from bot.commands.options import DataDir, load_settings
from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from knowledge.settings import Settings


def discord(
    invite: Annotated[
        bool, typer.Option("--invite", help="Print the link that invites the bot into a server, and end.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Run the Discord bot (needs HALN_DISCORD_TOKEN)."""
    settings = load_settings(data_dir)
    if invite:
        typer.echo(_invite_link(settings))
    else:
        _discord(settings)


def run(data_dir: DataDir = None) -> None:
    """Start the assistant: the Discord bot when HALN_DISCORD_TOKEN is set, else a chat in the terminal."""
    settings = load_settings(data_dir)
    if settings.discord_token is None:
        ask.chat(data_dir)
    else:
        _discord(settings)


def _token(settings: "Settings") -> "SecretStr":
    if settings.discord_token is None:
        raise SettingsError(
            "There is no Discord token. Make a bot at https://discord.com/developers/applications and set "
            "HALN_DISCORD_TOKEN to its token; the README shows how."
        )
    return settings.discord_token


def _invite_link(settings: "Settings") -> str:
    from bot.discord.admin.permissions import application_id_in, invite_link

    application_id = application_id_in(_token(settings).get_secret_value())
    if application_id is None:
        raise SettingsError("HALN_DISCORD_TOKEN is no bot token. Copy it again from the developer portal.")
    return invite_link(application_id)


def _discord(settings: "Settings") -> None:
    token = _token(settings)
    from bot.discord.client import run_bot
    from bot.session import Behind, open_library
    from knowledge.assistant import Assistant

    # The starter library goes in, and a setting that cannot be followed is told, before the bot says that it is there.
    with open_library(settings, behind=Behind.LEAVE) as library:
        Assistant(library)
    typer.echo("Connecting to Discord. Stop with Ctrl-C.", err=True)
    run_bot(settings, token)
