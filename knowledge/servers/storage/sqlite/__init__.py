"""The stores about servers over one SQLite file."""

from knowledge.servers.storage.protocols import Servers
from knowledge.servers.storage.sqlite.cards import SQLiteCards, SQLiteInteractions
from knowledge.servers.storage.sqlite.follow_requests import SQLiteFollowRequests
from knowledge.servers.storage.sqlite.members import SQLiteMembers
from knowledge.servers.storage.sqlite.posts import SQLitePosts
from knowledge.servers.storage.sqlite.review_cards import SQLiteReviews
from knowledge.servers.storage.sqlite.save_limits import SQLiteSaveLimits
from knowledge.servers.storage.sqlite.settings import SQLiteDigests, SQLiteServerRegister, SQLiteServerSettings
from knowledge.storage.sqlite.connection import Connections

__all__ = ["open_servers"]


def open_servers(connections: Connections) -> Servers:
    """Return the stores about servers on an opened database."""
    return Servers(
        settings=SQLiteServerSettings(connections),
        register=SQLiteServerRegister(connections),
        cards=SQLiteCards(connections),
        posts=SQLitePosts(connections),
        interactions=SQLiteInteractions(connections),
        follow_requests=SQLiteFollowRequests(connections),
        digests=SQLiteDigests(connections),
        members=SQLiteMembers(connections),
        reviews=SQLiteReviews(connections),
        save_limits=SQLiteSaveLimits(connections),
    )
