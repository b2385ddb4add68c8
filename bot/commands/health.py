"""`haln health`: whether the bot or the page that runs on this machine is well, for a container's health check."""

import http.client
import json
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings

if TYPE_CHECKING:
    from knowledge.settings import Settings

_SECONDS = 10.0


def health(
    web: Annotated[bool, typer.Option("--web", help="Ask the web page (HALN_WEB_PORT) instead of the bot.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Ask the running bot whether it is well (needs HALN_HEALTH_PORT); status 1 when it is not, or does not answer."""
    from knowledge.errors import SettingsError

    settings = load_settings(data_dir)
    if not web and not settings.health_port:
        raise SettingsError(
            "HALN_HEALTH_PORT is not set, so a running bot cannot be asked. Set it for both. `--web` asks the page."
        )
    try:
        found = problems_of_page(settings) if web else problems_of_running(settings)
    except NoAnswerError as error:
        found = [str(error)]
    who = "page" if web else "bot"
    if as_json:
        typer.echo(json.dumps({"healthy": not found, "problems": found}))
    else:
        typer.echo(f"The {who} is well." if not found else f"The {who} is not well: {'; '.join(found)}.")
    if found:
        raise typer.Exit(1)


class NoAnswerError(Exception):
    """No bot or page answers; the message says where, and what came instead."""


def problems_of_running(settings: "Settings") -> list[str]:
    """Return what the running bot says is wrong with it, one line each.

    Raises:
        NoAnswerError: No bot answers.
    """
    return _problems("bot", settings.health_host, settings.health_port or 0)


def problems_of_page(settings: "Settings") -> list[str]:
    """Return what the web page that is served says is wrong with it, one line each.

    Raises:
        NoAnswerError: No page answers.
    """
    return _problems("page", settings.web_host, settings.web_port)


def _problems(who: str, host: str, port: int) -> list[str]:
    # Where it is opened on every address, it is on this one, too.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        with closing(http.client.HTTPConnection(host, port, timeout=_SECONDS)) as connection:
            connection.request("GET", "/healthz")
            return [str(line) for line in json.loads(connection.getresponse().read())["problems"]]
    except OSError as error:
        reason = error.strerror or "no answer in time"
    except (http.client.HTTPException, ValueError, KeyError, TypeError):
        reason = "another program answers"
    raise NoAnswerError(f"the {who} does not answer on {host}, port {port} ({reason})")
