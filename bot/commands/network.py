"""`haln network ...`: several networks in one installation, each with its own library, members and servers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, moment, print_json
from bot.commands.servers import ServerId, checked

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.settings import Settings

app = typer.Typer(
    rich_markup_mode=None,
    help="Several networks in one installation: add, list, their servers, and what one shows to another.",
    no_args_is_help=True,
)
SharedWith = Annotated[str, typer.Option("--with", metavar="OTHER", help="The network that they are shown to.")]
Documents = Annotated[
    str,
    typer.Option(
        "--set",
        metavar="SET",
        help="Which documents: a source's address, a folder, or a pattern of locations with * and ?; '*' is all.",
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The network's short name.")]


@app.command()
def add(
    name: Name,
    title: Annotated[str, typer.Option("--title", help="Its name as members read it.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Add a network with an empty library of its own, or give one another title. `main` is there already."""
    from knowledge.dates import utc_now
    from knowledge.networks.directory import add_network
    from knowledge.storage.networks import NetworkRegister

    settings = load_settings(data_dir)
    with NetworkRegister.opened(settings) as register:
        before = {one.name: one.title for one in register.all()}.get(name, "")
    new = add_network(settings, name, title, utc_now())
    if new and settings.database_url is not None:
        # Row-level security holds for the account that dumps, too, from the first second network on.
        typer.echo(
            "From now on `pg_dump` as before fails, or dumps nothing: docs/scale.md, Backup and restore.", err=True
        )
    title = title.strip()
    if as_json:
        print_json({"name": name, "title": title, "new": new})
    elif new:
        typer.echo(
            f"Network {name} is there. `haln network server {name} ID` gives it a Discord server, and "
            f"`haln --network {name} index add ...` fills its library."
        )
    elif before == title:
        typer.echo(f"Network {name} was there already, with that title.")
    else:
        typer.echo(f"Network {name} was there already. Its title is {title} now, no longer {before}.")


@app.command("list")
def list_networks(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the networks with their servers, and what each shows to others."""
    from knowledge.networks.directory import servers_of
    from knowledge.storage.networks import NetworkRegister

    settings = load_settings(data_dir)
    with NetworkRegister.opened(settings) as register:
        networks, shares, removals = register.all(), register.shares(), register.removals.all()
    registered = servers_of(settings, [network.name for network in networks])
    found: list[dict[str, object]] = []
    for network in networks:
        servers = registered.get(network.name)
        shown = [{"set": one.pattern, "with": one.shared_with} for one in shares if one.network == network.name]
        folder = str(settings.for_network(network.name).data_dir)
        found.append({**network.model_dump(), "folder": folder, "servers": servers or [], "shares": shown})
        if not as_json:
            typer.echo(f"{network.name}  {network.title}  ({folder})")
            if servers is None:
                typer.echo("  its database is gone: `haln doctor` says what to do")
            else:
                typer.echo(f"  servers: {', '.join(map(str, servers)) or 'none'}")
            for one in shown:
                typer.echo(f"  shows to {one['with']}: {one['set']}")
    if as_json:
        print_json({"networks": found, "removals": [one.model_dump() for one in removals]})
        return
    for removal in removals:
        typer.echo(f"{removal.network}  being removed since {moment(removal.began_at)}")
        typer.echo(f"  unless that is running now, `haln network remove {removal.network}` goes on with it")


@app.command()
def remove(
    name: Name,
    with_servers: Annotated[
        bool, typer.Option("--with-servers", help="Also while Discord servers are registered for it.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask for the name again; needed without a terminal.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Remove a network with everything that is in it, for good; a backup of its file is made first.

    Stop its web page and other processes of its own before. A running bot lets go of it by itself. What it showed to
    other networks is gone there, too. On PostgreSQL its schema is dropped, and the backup is yours to make: `pg_dump`.
    """
    from bot.session import open_library
    from indexer.shared_documents import follow_shares
    from knowledge.dates import utc_now
    from knowledge.networks.removal import removable, remove_network

    def unshare(other: "Settings") -> None:
        with open_library(other) as library:
            follow_shares(library)

    settings = load_settings(data_dir)
    removable(settings, name, with_servers=with_servers)
    if not yes:
        _ask_for(name, settings)
    done = remove_network(settings, name, utc_now(), with_servers=with_servers, unshare=unshare, wait=_wait())
    if as_json:
        print_json(done)
        return
    typer.echo(f"The network {name} is removed, with everything that was in it.")
    if done.shown_to:
        typer.echo(f"What it showed is gone from: {', '.join(done.shown_to)}.")
    if done.backup:
        typer.echo(f"A last backup is {done.backup}. It holds what members wrote: delete it when you need it no more.")
    elif done.kept:
        typer.echo(f"Its key and the notes of what was erased are in {done.kept}: keep them as long as a dump of it.")


def _wait() -> "Callable[[float], None]":
    """Return what lets seconds pass, and says so the first time."""
    import itertools
    import time

    first = itertools.chain([True], itertools.repeat(False))

    def wait(seconds: float) -> None:
        if next(first):
            typer.echo("Somebody has its database open. This waits for them, a minute at most.", err=True)
        time.sleep(seconds)

    return wait


def _ask_for(name: str, settings: "Settings") -> None:
    import sys

    from knowledge.errors import QuestionError

    if not sys.stdin.isatty():
        raise QuestionError(f"Nobody can be asked here. Add --yes to remove the network {name}.")
    if settings.database_url is not None:
        # Without naming the network the server lets a dump see nothing: it is refused, or holds no rows.
        dump = f"PGOPTIONS='-c haln.network={name}' pg_dump -Fc --enable-row-security -n haln_{name} -f FILE ADDRESS"
        typer.echo(f"Make a dump first if you may want it back: {dump}", err=True)
    if typer.prompt(f"Everything in the network {name} is deleted. Its name again", err=True) != name:
        typer.echo("That is another name. Nothing was changed.", err=True)
        raise typer.Exit(1)


@app.command()
def server(name: Name, server_id: ServerId, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Register a Discord server for a network; a bot that is running works there within seconds."""
    from knowledge.dates import utc_now
    from knowledge.networks.directory import allow_server

    number = checked(server_id)
    added = allow_server(_of(name, load_settings(data_dir)), number, utc_now())
    if as_json:
        print_json({"id": number, "network": name, "registered": True, "new": added})
    else:
        typer.echo(f"Server {number} belongs to {name}." if added else f"Server {number} belonged to {name} already.")


@app.command()
def remove_server(server_id: ServerId, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Take a Discord server out of its network. What was set up there is kept."""
    from knowledge.errors import QuestionError
    from knowledge.networks.directory import remove_server
    from knowledge.servers.types import server_ids

    number, settings = checked(server_id), load_settings(data_dir)
    if number in server_ids(settings.installation.discord_servers):
        raise QuestionError(f"HALN_DISCORD_SERVERS names server {number}: take it out there. Nothing was changed.")
    owner = remove_server(settings, number)
    if as_json:
        print_json({"id": number, "network": owner, "removed": owner is not None})
    else:
        said = f"is no server of {owner} any more" if owner else "belonged to no network; nothing was changed"
        typer.echo(f"Server {number} {said}.")


@app.command()
def share(
    name: Name,
    documents: Documents,
    shared_with: SharedWith,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show documents of a network to another, which finds and quotes them as that network's. Nothing else is shown."""
    _share(name, documents, shared_with, as_json=as_json, data_dir=data_dir, add=True)


@app.command()
def unshare(
    name: Name,
    documents: Documents,
    shared_with: SharedWith,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show them no more: the other network's library loses them at once, and answers that quote them are cut."""
    _share(name, documents, shared_with, as_json=as_json, data_dir=data_dir, add=False)


def _share(name: str, documents: str, shared_with: str, *, as_json: bool, data_dir: Path | None, add: bool) -> None:
    from bot.session import open_library
    from indexer.shared_documents import count_in_set, follow_shares
    from knowledge.domain.networks import Share
    from knowledge.matching.wording import counted
    from knowledge.networks import directory
    from knowledge.storage.networks import NetworkRegister

    settings = load_settings(data_dir)
    shared = Share(network=name, pattern=documents.strip() or "*", shared_with=shared_with)
    changed = directory.share(settings, shared, add=add)
    with NetworkRegister.opened(settings) as register:
        sets = [one.pattern for one in register.shares() if (one.network, one.shared_with) == (name, shared_with)]
    with open_library(settings.for_network(shared_with)) as library:
        done = follow_shares(library)
        there = sorted(library.store.sources.stored(f"network:{name}/"))
    if as_json:
        print_json({"network": name, "set": shared.pattern, "with": shared_with, "shared": add, "new": changed,
                    "documents": len(there), **done._asdict()})  # fmt: skip
        return
    if add and not count_in_set(settings.for_network(name), shared.pattern):
        typer.echo(
            f"No document of {name} is in {shared.pattern} yet, so nothing of it is shown. Where each is: "
            f"`haln --network {name} index list`.",
            err=True,
        )
    elif not changed:
        typer.echo("That set was shown already." if add else f"{shared.pattern} was not shown, so nothing changed.")
    typer.echo(f"Sets of {name} that {shared_with} sees: {', '.join(sets) or 'none'}.")
    typer.echo(
        f"{shared_with} shows {counted(len(there), 'document')} of {name} now (added {len(done.added)}, "
        f"updated {len(done.updated)}, removed {len(done.removed)})."
    )


def _of(name: str, settings: "Settings") -> "Settings":
    """Return the settings of a network of this installation.

    Raises:
        SettingsError: There is none of that name.
    """
    from knowledge.networks.directory import require_known

    chosen = settings.for_network(name)
    require_known(chosen)
    return chosen
