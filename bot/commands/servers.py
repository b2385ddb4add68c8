"""`haln servers ...`: the Discord servers that the bot works on. On any other it says one line and does nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, moment, print_json
from knowledge.errors import QuestionError

if TYPE_CHECKING:
    from knowledge.servers.storage.protocols import ServerRegister
    from knowledge.servers.types import RegisteredServer

# Discord's ids are 64 bits with a sign.
_LARGEST = 2**63 - 1

app = typer.Typer(
    rich_markup_mode=None,
    help="The Discord servers that the bot works on: list, allow, remove.",
    no_args_is_help=True,
)
ServerId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="The server's id: in Discord, with developer mode on, in the menu of its name; the bot says it, too.",
    ),
]


@app.command("list")
def list_servers(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the servers that are registered, how and since when."""
    with _register(data_dir) as register:
        found = register.all()
    if as_json:
        print_json({"servers": [server.model_dump(mode="json") for server in found]})
    elif not found:
        typer.echo("No server is registered. `haln servers allow ID` registers one.")
    for server in () if as_json else found:
        typer.echo(f"{server.id}  {_how(server)}, {moment(server.registered_at)}")


@app.command()
def allow(server_id: ServerId, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Let the bot work on a server; a bot that is running does so at once."""
    from knowledge.dates import utc_now
    from knowledge.networks.directory import allow_server

    number = checked(server_id)
    with _register(data_dir) as register:
        added = not register.has(number)
    allow_server(load_settings(data_dir), number, utc_now())
    if as_json:
        print_json({"id": number, "registered": True, "new": added})
    else:
        typer.echo(f"Server {number} is registered." if added else f"Server {number} was registered already.")


@app.command()
def remove(server_id: ServerId, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Stop working on a server. What was set up there is kept; `allow` brings it back."""
    from knowledge.networks.directory import remove_server
    from knowledge.servers.types import server_ids

    number = checked(server_id)
    settings = load_settings(data_dir)
    if number in server_ids(settings.discord_servers):
        raise QuestionError(f"HALN_DISCORD_SERVERS names server {number}: take it out there. Nothing was changed.")
    with _register(data_dir) as register:
        own = register.has(number)
    gone = own and remove_server(settings, number) is not None
    if as_json:
        print_json({"id": number, "registered": False, "removed": gone})
    else:
        typer.echo(f"Server {number} is not registered any more." if gone else f"Server {number} was not registered.")


def checked(server_id: str) -> int:
    """Return the id of a server as it was typed.

    Raises:
        QuestionError: It is none.
    """
    number = int(server_id) if re.fullmatch("[0-9]{1,19}", server_id) else 0
    if not 0 < number <= _LARGEST:
        raise QuestionError(f"{server_id} is no id of a server. Copy it from Discord: a number of 17 to 19 digits.")
    return number


def _how(server: "RegisteredServer") -> str:
    from knowledge.servers.types import RegisteredBy

    return {
        RegisteredBy.SETTING: "by HALN_DISCORD_SERVERS",
        RegisteredBy.COMMAND: "by `haln servers allow`",
        RegisteredBy.OWNER: "by the bot's owner with /setup",
        RegisteredBy.EARLIER: "set up before servers were registered",
    }[server.registered_by]


@contextmanager
def _register(data_dir: Path | None) -> "Iterator[ServerRegister]":
    """Open the register, and what the setting names in it. No model is loaded, and nothing is indexed."""
    from knowledge.dates import utc_now
    from knowledge.servers.storage.sqlite import open_servers
    from knowledge.servers.types import server_ids
    from knowledge.storage.engines import open_connections

    settings = load_settings(data_dir)
    connections = open_connections(settings)
    try:
        register = open_servers(connections).register
        register.follow_setting(server_ids(settings.discord_servers), utc_now())
        yield register
    finally:
        connections.close()
