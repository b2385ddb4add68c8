"""`haln discord` and `haln run`."""

import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import ask
from bot.commands.options import DataDir, load_settings
from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from knowledge.library import Library
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
    """Start the assistant: the Discord bot when HALN_DISCORD_TOKEN is set, else a chat; and beside it the web page."""
    settings = load_settings(data_dir)
    if settings.discord_token is not None:
        _discord(settings, web=settings.web == "on")
    elif settings.web == "on" and sys.stdin.isatty():
        ask.start_chat(settings, lambda library: _web_page(settings, lambda: library))
    else:
        # What is piped in is answered, and then it is over.
        ask.start_chat(settings)


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


def _discord(settings: "Settings", *, web: bool = False) -> None:
    token = _token(settings)
    from bot.discord.client import run_bot
    from bot.session import Behind, open_library
    from knowledge.assistant import Assistant
    from knowledge.domain.networks import MAIN

    # The starter library goes in, and a setting that cannot be followed is told, before the bot says that it is there.
    with open_library(settings, behind=Behind.LEAVE) as library:
        Assistant(library)
    typer.echo("Connecting to Discord. Stop with Ctrl-C.", err=True)
    # One library for both: its models are in memory once. The bot serves every network, the page one.
    shared = _opened_once(settings)
    first = shared if settings.network == MAIN else _opened_once(settings.installation)
    with _web_page(settings, shared) if web else nullcontext():
        run_bot(settings.installation, token, lambda _: first())


def _web_page(settings: "Settings", library: "Callable[[], Library]") -> AbstractContextManager[None]:
    from bot.web.listening import serving_beside

    return serving_beside(settings, library, lambda line: typer.echo(line, err=True))


def _opened_once(settings: "Settings") -> "Callable[[], Library]":
    """Return what opens the library, for whoever comes first, and gives it to all others."""
    from knowledge.library import Library

    opening, opened = threading.Lock(), list[Library]()

    def library() -> Library:
        with opening:
            if not opened:
                opened.append(Library.open(settings))
            return opened[0]

    return library
