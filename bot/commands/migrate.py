"""`haln migrate`: move everything from one file to PostgreSQL, or back."""

from contextlib import closing
from typing import TYPE_CHECKING

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json

if TYPE_CHECKING:
    from knowledge.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Move everything to PostgreSQL, or back into one file.")


@app.command("sqlite-to-postgres")
def sqlite_to_postgres(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Copy the file of the data directory into the empty database of HALN_DATABASE_URL; stop the assistant first.

    What was cut off goes on where it was. Both are compared at the end; the file stays as it is.
    """
    settings = load_settings(data_dir)
    _move(_file_of(settings), settings, as_json=as_json)
    if not as_json:
        typer.echo(
            f"HALN_DATABASE_URL is set, so the assistant uses PostgreSQL from now on. {settings.database_path} is not "
            "used any more: delete it with its copies once you are content, for members' data are in it."
        )


@app.command("postgres-to-sqlite")
def postgres_to_sqlite(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Copy the database of HALN_DATABASE_URL into a new file in the data directory; stop the assistant first."""
    settings = load_settings(data_dir)
    _move(settings, _file_of(settings), as_json=as_json)
    if not as_json:
        typer.echo(f"Take HALN_DATABASE_URL out of the settings, and the assistant uses {settings.database_path}.")


def _file_of(settings: "Settings") -> "Settings":
    """Return the settings of the same data directory without a server.

    Raises:
        SettingsError: There is none to move to or from.
    """
    from knowledge.errors import SettingsError

    if settings.database_url is None:
        raise SettingsError("HALN_DATABASE_URL is not set. Set it to the PostgreSQL database to move to or from.")
    return settings.model_copy(update={"database_url": None})


def _move(source: "Settings", target: "Settings", *, as_json: bool) -> None:
    from knowledge.dates import utc_now
    from knowledge.domain.networks import MAIN
    from knowledge.errors import StorageError
    from knowledge.library import Library
    from knowledge.networks.directory import carry_networks
    from knowledge.storage.engines import open_connections
    from knowledge.storage.transfer import require_room, transfer

    if source.is_new:
        raise StorageError(f"There is no {source.database_path}, so there is nothing to move.")
    others: list[str] = []
    one = open_connections(source)
    try:
        other = open_connections(target)
        try:
            require_room(one, other)
            if source.network == MAIN:
                others = carry_networks(source, target, utc_now())
            moved = transfer(one, other, lambda table, _: typer.echo(f"{table} …", err=True))
        finally:
            other.close()
    finally:
        one.close()
    # Members would wait for these with their first question.
    typer.echo("what is searched …", err=True)
    with closing(Library.open(target)) as library:
        library.index.refresh()
        library.lexical.refresh()
    if as_json:
        print_json({"tables": [table._asdict() for table in moved]})
        return
    rows = sum(table.rows for table in moved)
    typer.echo(f"Moved {rows} rows of {len(moved)} tables. Their counts and checksums are the same in both.")
    for name in others:
        typer.echo(f"Network {name} is still to be moved, by the same command with --network {name}.")
