"""The stores about servers over one SQLite file."""

from knowledge.storage.servers import Servers
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.servers.cards import SQLiteCards
from knowledge.storage.sqlite.servers.deliveries import SQLiteDeliveries
from knowledge.storage.sqlite.servers.digests import SQLiteDigests
from knowledge.storage.sqlite.servers.giving import SQLiteGiving
from knowledge.storage.sqlite.servers.members import SQLiteMembers
from knowledge.storage.sqlite.servers.posts import SQLitePosts
from knowledge.storage.sqlite.servers.settings import SQLiteServerSettings

__all__ = ["open_servers"]


def open_servers(connections: Connections) -> Servers:
    """The stores about servers on an opened database."""
    return Servers(
        settings=SQLiteServerSettings(connections),
        cards=SQLiteCards(connections),
        posts=SQLitePosts(connections),
        deliveries=SQLiteDeliveries(connections),
        digests=SQLiteDigests(connections),
        members=SQLiteMembers(connections),
        giving=SQLiteGiving(connections),
    )
