"""The `haln examples` group, and what its commands share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import load_settings, print_json

if TYPE_CHECKING:
    from knowledge.domain.examples import Actor, Submission
    from knowledge.examples.examples import Examples
    from knowledge.library import Library
    from knowledge.settings import Settings

app = typer.Typer(
    rich_markup_mode=None,
    help="Examples of anchor work that members share: give, review, hand on.",
    no_args_is_help=True,
)

ExampleId = Annotated[str, typer.Argument(metavar="ID", help="The example's id, as `haln examples list` shows it.")]
ModeratorId = Annotated[str, typer.Option("--moderator", help="The id of the moderator who acts.")]
AuthorId = Annotated[str, typer.Option("--author", help="The author's member id.")]
RequestId = Annotated[
    str | None, typer.Option("--request-id", help="Any key of yours: used twice, it acts once.", show_default=False)
]
SeenVersion = Annotated[
    int | None,
    typer.Option("--version", help="The version that was looked at; refused if it has changed.", show_default=False),
]


@contextmanager
def opened(data_dir: Path | None) -> "Iterator[tuple[Library, Examples]]":
    """Open the library of the data directory and its shared examples. No model is loaded before one is needed."""
    with opened_with(load_settings(data_dir)) as found:
        yield found


@contextmanager
def opened_with(settings: "Settings") -> "Iterator[tuple[Library, Examples]]":
    """Open the library of some settings and its shared examples."""
    from bot.session import open_library
    from indexer.pipeline import publisher
    from knowledge.examples.examples import Examples

    with open_library(settings, starter=False) as library:
        yield library, Examples(library, publisher(library))


def member(member_id: str) -> "Actor":
    """Return a member who acts for themselves."""
    from knowledge.domain.examples import Actor, Role

    return Actor(member_id, Role.MEMBER)


def moderator(member_id: str) -> "Actor":
    """Return a moderator; whoever runs the command answers for it."""
    from knowledge.domain.examples import Actor, Role

    return Actor(member_id, Role.MODERATOR)


def acknowledge(submission: "Submission", as_json: bool, lines: Sequence[str] = ()) -> None:
    """Say what a submission is now, as JSON for programs or in words."""
    if as_json:
        print_json({"id": submission.id, "state": submission.state, "version": submission.version})
        return
    typer.echo(f"{submission.id} is {submission.state.label}.")
    for line in lines:
        typer.echo(line)
