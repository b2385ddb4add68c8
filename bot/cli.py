"""The `haln` command: groups the commands and turns every error into one line and an exit status."""

import functools
import itertools
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, cast

import typer
import typer.core

from bot.commands import (
    ask,
    backup,
    doctor,
    evaluate,
    examples,
    health,
    index,
    insights,
    mail,
    measure,
    member,
    migrate,
    network,
    peers,
    run,
    servers,
    web,
)
from bot.terminal.visible_output import visible_output
from bot.termination import end_when_asked
from knowledge.errors import HalnError, QuestionError, SettingsError
from knowledge.models.pool import wait_passively

USAGE_ERROR = 2
FAILED = 1
_INTERRUPTED = 130
_NETWORK = "HALN_NETWORK"

app = typer.Typer(
    name="haln",
    help="The knowledge assistant of the Health Anchors Learning Network.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(ask.ask)
app.command()(ask.search)
app.command()(ask.chat)
app.command()(measure.measure)
app.command()(run.discord)
app.command()(run.run)
app.command()(web.web)
app.command()(web.mcp)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(doctor.doctor)
app.command()(health.health)
app.command()(mail.digest)
app.add_typer(index.app, name="index")
app.add_typer(insights.app, name="insights")
app.add_typer(mail.app, name="mail")
app.add_typer(member.app, name="member")
app.add_typer(migrate.app, name="migrate")
app.add_typer(network.app, name="network")
app.add_typer(peers.app, name="peers")
app.add_typer(servers.app, name="servers")
app.add_typer(evaluate.app, name="eval")
app.add_typer(examples.app, name="examples")


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"HALN Assistant {version('haln-assistant')}")
        raise typer.Exit


@app.callback()
def everywhere(
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="Where everything is kept (or set HALN_DATA_DIR).")
    ] = None,
    network_name: Annotated[
        str | None,
        typer.Option("--network", metavar="NAME", help="Which network it is for (or set HALN_NETWORK)."),
    ] = None,
    _: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", is_eager=True, callback=_say_version)
    ] = False,
) -> None:
    """Answer questions on anchor work from the network's own library, every sentence with its source."""
    if data_dir is not None:
        os.environ["HALN_DATA_DIR"] = str(data_dir)
    if network_name is not None:
        os.environ[_NETWORK] = network_name


def main() -> None:
    """Run a command and exit: 0 done, 1 done but something failed, 2 wrong use."""
    # The tokenizers library warns when a process forks after using its threads; nothing here gains from them.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    wait_passively()
    end_when_asked()
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Run one command line (without the program's name) and return its exit status."""
    with visible_output():
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    chosen = os.environ.get(_NETWORK)
    try:
        return int(_command().main(_network_first(arguments), prog_name="haln", standalone_mode=False) or 0)
    except typer.TyperException as error:
        message = error.format_message()
        if message.startswith("Usage:"):  # a group of commands without a command: its help is the answer
            print(message, file=sys.stderr)
            return USAGE_ERROR
        return _fail(_usage(error), error.exit_code)
    except (SettingsError, QuestionError) as error:
        return _fail(str(error), USAGE_ERROR)
    except HalnError as error:
        return _fail(str(error), FAILED)
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`haln search ... | head`); writing more would only complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        logging.getLogger("haln").debug("unexpected error", exc_info=True)
        problem = " ".join(f"{type(error).__name__}: {error}".split())
        return _fail(f"Something went wrong that should not ({problem}). HALN_LOG_LEVEL=debug shows where.", FAILED)
    finally:
        if chosen is None:  # an option is for one command line
            os.environ.pop(_NETWORK, None)
        else:
            os.environ[_NETWORK] = chosen


@functools.cache
def _command() -> typer.core.TyperGroup:
    """Return the command line as it is parsed: reading all its functions' signatures takes 50 milliseconds."""
    return cast(typer.core.TyperGroup, typer.main.get_command(app))


def _usage(error: typer.TyperException) -> str:
    """Return what is wrong with a command line, and where to read how it goes."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "haln"
    problem = error.format_message().removeprefix("Invalid value: ").replace("Value error, ", "").rstrip(".")
    end = "" if problem.endswith("?") else "."
    if "unexpected extra argument" in problem:
        end = f'. Put words that belong together in quotes: {command} "several words".'
    return " ".join(f"{problem}{end} See `{command} --help`.".split())


def _network_first(arguments: list[str]) -> list[str]:
    """Return a command line with `--network NAME` before everything else, wherever it stood: all commands take it."""
    before, after = list[str](), list[str]()
    waiting = iter(arguments)
    for one in waiting:
        if one == "--":
            after += [one, *waiting]
        elif one == "--network":
            before += [one, *itertools.islice(waiting, 1)]
        else:
            (before if one.startswith("--network=") else after).append(one)
    return [*before, *after]


def _fail(message: str, status: int) -> int:
    print(f"haln: {message}", file=sys.stderr)
    return status
