"""The register of an installation's networks: a small database of its own, which holds nothing that members wrote.

In SQLite it is a file beside the networks' folders; on a server a schema beside theirs. An installation with one
network has none, and nothing is asked of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from knowledge.dates import stamp
from knowledge.domain.networks import MAIN, Network, Share
from knowledge.storage.engines import open_bare_connections
from knowledge.storage.network_removals import NetworkRemovals

if TYPE_CHECKING:
    from knowledge.settings import Settings
    from knowledge.storage.sqlite.connection import Connections

# Under this name its connections are made: no network can have it.
REGISTER = "register"
_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS networks (
        name TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        added_at TEXT NOT NULL  -- ISO 8601, UTC
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS network_servers (
        server_id BIGINT PRIMARY KEY,
        network TEXT NOT NULL REFERENCES networks (name)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS network_shares (
        network TEXT NOT NULL,
        pattern TEXT NOT NULL,
        shared_with TEXT NOT NULL,
        PRIMARY KEY (network, pattern, shared_with)
    )
    """,
)


class NetworkRegister:
    """The networks beside the first one. Open it with `opened`; it is closed at the end of the `with` block."""

    def __init__(self, connections: Connections | None) -> None:
        """Work on opened connections; `None` stands for an installation that has the first network only."""
        self._connections = connections

    @classmethod
    def opened(cls, settings: Settings, *, make: bool = False, beside: Connections | None = None) -> Self:
        """Return the register of the settings' installation, with `make` begun where there is none.

        `beside` are connections of one of the networks in this process: see `open_connections`.

        Raises:
            StorageError: It cannot be read, or not be made.
        """
        connections = open_bare_connections(settings.for_network(REGISTER), make=make, beside=beside)
        if connections is not None and make:
            with connections.write() as connection:
                for statement in _TABLES:
                    connection.execute(statement)
                connections.protect(connection)
        return cls(connections)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connections is not None:
            self._connections.close()

    def all(self) -> list[Network]:
        """Return every network, the first one foremost."""
        rows = self._rows("SELECT name, title, added_at FROM networks ORDER BY added_at, name")
        found = [Network(name=row[0], title=row[1], added_at=row[2]) for row in rows]
        # The first one is in the register only once it has a title of its own.
        first = [one for one in found if one.name == MAIN] or [Network(name=MAIN, title=MAIN)]
        return [*first, *(one for one in found if one.name != MAIN)]

    def find(self, name: str) -> Network | None:
        """Return one of the networks beside the first one; `None` where there is none of that name."""
        rows = self._rows("SELECT name, title, added_at FROM networks WHERE name = ?", [name])
        return Network(name=rows[0][0], title=rows[0][1], added_at=rows[0][2]) if rows else None

    def add(self, network: Network, now: datetime) -> bool:
        """Add a network, or give one another title; whether it is new."""
        with self._required().write() as connection:
            new = connection.execute("SELECT 1 FROM networks WHERE name = ?", [network.name]).fetchone() is None
            connection.execute(
                "INSERT INTO networks (name, title, added_at) VALUES (?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET title = excluded.title",
                [network.name, network.title, stamp(now)],
            )
        return new

    @property
    def removals(self) -> NetworkRemovals:
        """Return the removals of networks that have begun and are not finished."""
        return NetworkRemovals(self._connections)

    def servers(self) -> dict[int, str]:
        """Return the servers of the networks beside the first one, with whose each is."""
        return {row[0]: row[1] for row in self._rows("SELECT server_id, network FROM network_servers")}

    def add_server(self, server_id: int, network: str) -> str:
        """Note whose a server is, unless somebody has it already; return who has it then."""
        with self._required().write() as connection:
            connection.execute(
                "INSERT INTO network_servers (server_id, network) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [server_id, network],
            )
            row = connection.execute("SELECT network FROM network_servers WHERE server_id = ?", [server_id]).fetchone()
        return str(row[0])

    def remove_server(self, server_id: int) -> bool:
        """Forget whose a server is; whether that was known."""
        if self._connections is None:
            return False
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM network_servers WHERE server_id = ?", [server_id]).rowcount > 0

    def shares(self) -> list[Share]:
        """Return what each network shows to another."""
        rows = self._rows("SELECT network, pattern, shared_with FROM network_shares ORDER BY 1, 2, 3")
        return [Share(network=row[0], pattern=row[1], shared_with=row[2]) for row in rows]

    def share(self, share: Share) -> bool:
        """Note that a network shows documents to another; whether it did not before."""
        with self._required().write() as connection:
            added = connection.execute(
                "INSERT INTO network_shares (network, pattern, shared_with) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [share.network, share.pattern, share.shared_with],
            )
            return added.rowcount > 0

    def unshare(self, share: Share) -> bool:
        """Note that it does so no more; whether it did."""
        with self._required().write() as connection:
            removed = connection.execute(
                "DELETE FROM network_shares WHERE network = ? AND pattern = ? AND shared_with = ?",
                [share.network, share.pattern, share.shared_with],
            )
            return removed.rowcount > 0

    def _required(self) -> Connections:
        if self._connections is None:
            raise ValueError("the register was opened for reading, and there is none")
        return self._connections

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if self._connections is None:
            return []
        with self._connections.read() as connection:
            return [tuple(row) for row in connection.execute(query, values).fetchall()]
