"""`haln health`: whether the bot that runs on this machine is well, for a container's health check."""

import http.client
import json
from typing import TYPE_CHECKING

import typer

from bot.commands.options import AsJson, DataDir, load_settings

if TYPE_CHECKING:
    from knowledge.settings import Settings

_SECONDS = 10.0


def health(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Ask the running bot whether it is well (needs HALN_HEALTH_PORT); status 1 when it is not, or does not answer."""
    from knowledge.errors import SettingsError

    settings = load_settings(data_dir)
    if not settings.health_port:
        raise SettingsError("HALN_HEALTH_PORT is not set, so a running bot cannot be asked. Set it for both.")
    try:
        found = problems_of_running(settings)
    except NoAnswerError as error:
        found = [str(error)]
    if as_json:
        typer.echo(json.dumps({"healthy": not found, "problems": found}))
    else:
        typer.echo("The bot is well." if not found else f"The bot is not well: {'; '.join(found)}.")
    if found:
        raise typer.Exit(1)


class NoAnswerError(Exception):
    """No bot answers; the message says where, and what came instead."""


def problems_of_running(settings: "Settings") -> list[str]:
    """Return what the running bot says is wrong with it, one line each.

    Raises:
        NoAnswerError: No bot answers.
    """
    # Where it is opened on every address, it is on this one, too.
    host = "127.0.0.1" if settings.health_host in ("0.0.0.0", "::") else settings.health_host  # noqa: S104
    try:
        connection = http.client.HTTPConnection(host, settings.health_port or 0, timeout=_SECONDS)
        connection.request("GET", "/healthz")
        return [str(line) for line in json.loads(connection.getresponse().read())["problems"]]
    except OSError as error:
        reason = error.strerror or "no answer in time"
    except (http.client.HTTPException, ValueError, KeyError, TypeError):
        reason = "another program answers"
    raise NoAnswerError(f"the bot does not answer on {host}, port {settings.health_port} ({reason})")
