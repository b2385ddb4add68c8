"""The networks of an installation and the servers of each: a server belongs to one network, and never to two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.domain.networks import MAIN, NAME_PATTERN, Network, Share
from knowledge.errors import QuestionError, SettingsError
from knowledge.servers.storage.sqlite import open_servers
from knowledge.servers.types import RegisteredBy
from knowledge.storage.engines import admit_networks, open_connections, with_database
from knowledge.storage.networks import REGISTER, NetworkRegister

if TYPE_CHECKING:
    from knowledge.servers.storage.protocols import ServerRegister
    from knowledge.settings import Settings
    from knowledge.storage.sqlite.connection import Connections

_MOST_NAMED = 20


def require_known(settings: Settings) -> None:
    """Accept settings of a network that the installation has.

    Raises:
        SettingsError: It has none of that name.
        StorageError: The register of networks cannot be read.
    """
    if settings.network == MAIN:
        return
    with NetworkRegister.opened(settings) as register:
        _known(register, settings.network)


def add_network(settings: Settings, name: str, title: str, now: datetime) -> bool:
    """Add a network with its empty library, or give one another title; whether it is new.

    Raises:
        QuestionError: No network can have that name, or one of that name is being removed.
        StorageError: It cannot be made, or the database's account may bypass row-level security.
    """
    network = _named(name, title)
    admit_networks(settings)
    with NetworkRegister.opened(settings, make=True) as register:
        if register.removals.unfinished(name) is not None:
            raise QuestionError(
                f"The removal of the network {name} was cut off. `haln network remove {name}` goes on with it; then "
                "the name is free."
            )
        new = register.add(network, now) and name != MAIN
    open_connections(settings.for_network(name)).close()
    return new


def carry_networks(source: Settings, target: Settings, now: datetime) -> list[str]:
    """Have another database know the networks of this one, their servers and what they show; their names but the first.

    Raises:
        StorageError: One of the two cannot be used, or the target's account may bypass row-level security.
    """
    with NetworkRegister.opened(source) as register:
        networks, servers, shares = register.all(), register.servers(), register.shares()
    if len(networks) == 1 and networks[0].added_at is None:
        return []
    admit_networks(target)
    with NetworkRegister.opened(target, make=True) as register:
        for network in networks:
            register.add(network, datetime.fromisoformat(network.added_at) if network.added_at else now)
        for server_id, owner in servers.items():
            register.add_server(server_id, owner)
        for shared in shares:
            register.share(shared)
    return [network.name for network in networks if network.name != MAIN]


def share(settings: Settings, shared: Share, *, add: bool) -> bool:
    """Have a network show documents to another, or no more; whether that changes anything.

    Raises:
        SettingsError: There is no network of one of the names.
        QuestionError: Both are the same, or the set is empty.
    """
    if shared.network == shared.shared_with:
        raise QuestionError(f"{shared.network} sees its own documents anyway. Name another network after --with.")
    with NetworkRegister.opened(settings) as register:
        for name in (shared.network, shared.shared_with):
            _known(register, name)
        return register.share(shared) if add else register.unshare(shared)


def servers_of(settings: Settings, names: Sequence[str]) -> dict[str, list[int]]:
    """Return the servers that are registered for networks; those whose database is gone are left out, none is made.

    Raises:
        StorageError: One of the databases cannot be used.
    """
    there = with_database(settings, names)
    found: dict[str, list[int]] = {}
    first = open_connections(settings.installation) if MAIN in there else None
    try:
        for name in names:
            if name in there:
                with own_servers(settings.for_network(name), first) as own:
                    found[name] = own.ids()
            elif name == MAIN:  # an installation in files that nothing was done with yet
                found[name] = []
    finally:
        if first is not None:
            first.close()
    return found


def allow_server(settings: Settings, server_id: int, now: datetime) -> bool:
    """Register a server for the settings' network; whether it was not before.

    Raises:
        SettingsError: There is no network of that name.
        QuestionError: The server belongs to another network.
    """
    name = settings.network
    with NetworkRegister.opened(settings) as register:
        _known(register, name)
        owner = register.servers().get(server_id)
        if name != MAIN and owner is None:
            with own_servers(settings.installation) as first:
                owner = MAIN if first.has(server_id) else register.add_server(server_id, name)
        if owner not in (None, name):
            raise QuestionError(
                f"Server {server_id} belongs to the network {owner}. Take it out there first: "
                f"`haln network remove-server {server_id}`."
            )
    with own_servers(settings) as servers:
        return servers.add(server_id, RegisteredBy.COMMAND, now)


def remove_server(settings: Settings, server_id: int) -> str | None:
    """Take a server out of the network that has it; return whose it was, or `None` where it was nobody's.

    What was set up there is kept.
    """
    with NetworkRegister.opened(settings) as register:
        owner = register.servers().get(server_id, MAIN)
        register.remove_server(server_id)
    with own_servers(settings.for_network(owner)) as servers:
        return owner if servers.remove(server_id) else None


@contextmanager
def own_servers(settings: Settings, beside: Connections | None = None) -> Iterator[ServerRegister]:
    """Open the servers of one network. No model is loaded; `beside`: see `open_connections`."""
    connections = open_connections(settings, beside)
    try:
        yield open_servers(connections).register
    finally:
        connections.close()


def no_network(register: NetworkRegister, name: str) -> SettingsError:
    """Return the error that there is no network of a name, with the one that may be meant."""
    known = [one.name for one in register.all()]
    if name in {one.network for one in register.removals.all()}:
        return SettingsError(
            f"There is no network {name} here any more: its removal has begun. Unless that is running now, "
            f"`haln network remove {name}` goes on with it."
        )
    meant = [one for one in known if one == name.strip().lower()]
    hint = f" Did you mean {meant[0]}?" if meant else ""
    some = ", ".join(known[:_MOST_NAMED]) + (", ..." if len(known) > _MOST_NAMED else "")
    return SettingsError(f"There is no network {name} here, only {some}.{hint}")


def _known(register: NetworkRegister, name: str) -> None:
    if name not in [one.name for one in register.all()]:
        raise no_network(register, name)


def _named(name: str, title: str) -> Network:
    if name == REGISTER:
        raise QuestionError("A network cannot be called 'register': what all have in common is kept under that name.")
    if not re.fullmatch(NAME_PATTERN, name):
        raise QuestionError(
            f"A network cannot be called {name!r}. A name is what folders are called by: up to 20 small letters, "
            "digits and hyphens, a letter first. What members read is its --title."
        )
    try:
        return Network(name=name, title=title.strip())
    except ValueError:
        raise QuestionError("A title is what members read: 1 to 100 characters. Nothing was changed.") from None
