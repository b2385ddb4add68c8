"""`haln backup` and `haln restore`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json

if TYPE_CHECKING:
    from knowledge.settings import Settings
    from knowledge.storage.library_protocols import Erasure

_MEGABYTE = 1_000_000


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the backup is put; its key goes to FILE.key.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make a backup, also while the assistant is running. It is checked before it takes the place of an older one."""
    from knowledge.backup.backup import make_backup

    made = make_backup(load_settings(data_dir), file)
    if as_json:
        print_json(made)
        return
    typer.echo(
        f"Backed up {made.documents} documents, {made.members} members and {made.questions} questions to {made.file} "
        f"({made.bytes / _MEGABYTE:.1f} MB), with the key in {made.key_file}. Keep both where only you can read them."
    )


def restore(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="A backup, or a copy of an earlier haln.db; with --erasures another machine's erasures.jsonl.",
        ),
    ] = None,
    erasures: Annotated[
        bool,
        typer.Option(
            "--erasures",
            help="After `pg_restore`, or a copy put back by hand: erase again what was erased since, and nothing else.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first; needed where there is no terminal.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Put a backup in the place of the database; stop the assistant first. The present database is kept beside it.

    What was erased after the backup was made is erased again. A pause or a changed profile is as it was then.
    """
    from knowledge.backup.backup import require_file
    from knowledge.backup.restore import check_backup, restore
    from knowledge.dates import utc_now
    from knowledge.errors import QuestionError

    settings = load_settings(data_dir)
    if erasures:
        _erase_since(settings, file, as_json=as_json)
        return
    require_file(settings)
    if file is None:
        raise QuestionError("Name the backup that is to be put in the place of the database.")
    check_backup(file)
    if not yes:
        if not sys.stdin.isatty():
            raise QuestionError("Nobody can be asked here. Add --yes to put the backup in the place of the database.")
        if not typer.confirm(f"Put {file} in the place of {settings.database_path}?", err=True):
            typer.echo("Nothing was changed.", err=True)
            raise typer.Exit(1)
    done = restore(settings, file, _erase, utc_now())
    if as_json:
        print_json(done)
    else:
        typer.echo(f"Restored {done.documents} documents, {done.members} members and {done.questions} questions.")
        if done.kept:
            typer.echo(
                f"The database that was there is kept as {done.kept}. Delete it when you do not need it any more."
            )
        if done.erased:
            typer.echo(f"Erased again what was erased after the backup was made: {done.erased}.")
    if done.closed:
        _say_closed(done.closed, "Put the key they were made with (haln.key) beside the backup as its .key file")


def _say_closed(closed: int, advice: str) -> None:
    typer.echo(
        f"{closed} erasures were noted with another key, so they could not be made again. {advice} and restore again.",
        err=True,
    )
    raise typer.Exit(1)


def _erase_since(settings: "Settings", journal: Path | None, *, as_json: bool) -> None:
    """Make the erasures that the database does not know, by the notes beside it and in another file.

    Raises:
        StorageError: There is no such file.
    """
    from bot.session import make_erasures, open_library
    from knowledge.errors import StorageError

    if journal is not None and not journal.is_file():
        raise StorageError(f"There is no {journal}.")
    with open_library(settings, starter=False) as library:
        missing, closed = library.store.unknown_erasures([journal] if journal else [])
        done = make_erasures(library, missing)
    if as_json:
        print_json({"erased": done, "closed": closed})
    else:
        typer.echo(f"Erased again what was erased after the backup was made: {done}.")
    if closed:
        _say_closed(closed, "Put the key they were made with (haln.key) into the data directory")


def _erase(settings: "Settings", erasures: "Sequence[Erasure]") -> "tuple[int, Sequence[str]]":
    """Bring a copy up to date and make erasures in it; how many were made, and what disagrees in it afterwards."""
    from bot.session import make_erasures, open_library

    with open_library(settings, starter=False) as library:
        done = make_erasures(library, erasures)
        return done, [*library.store.problems(), *library.examples.problems()]
