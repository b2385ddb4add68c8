"""Servers' settings in SQLite."""

import sqlite3

from knowledge.servers.types import Forum, Server
from knowledge.storage.sqlite.connection import Connections

_CHANNELS = ("review_channel", "digest_channel")
# What is named in none of the places any more is for every server: the examples that wait there are not lost.
_OF_A_SERVER = ("forums", "posts", "cards", "digests", "example_places", "introduction_places", "example_requests")
# A card is in a review channel that the server has, or shows what only that server's moderators review.
_REVIEW_CARDS = """
    DELETE FROM review_cards
    WHERE channel_id IN (SELECT review_channel FROM servers WHERE id = ?1)
       OR submission_id IN (SELECT submission_id FROM example_places WHERE server_id = ?1)
"""


class SQLiteServerSettings:
    """Implements `knowledge.servers.storage.protocols.ServerSettings`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def servers(self) -> list[int]:
        """The ids of all servers that something is kept about, in order."""
        of_all = " UNION ".join(f"SELECT server_id FROM {table}" for table in _OF_A_SERVER)
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT id FROM (SELECT id FROM servers UNION {of_all}) WHERE id IS NOT NULL ORDER BY id"
            )
            return [row[0] for row in rows]

    def server(self, server_id: int) -> Server:
        """A server's settings; the defaults where nothing was chosen."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT * FROM servers WHERE id = ?", [server_id]).fetchone()
        return Server.model_validate(dict(row)) if row else Server(id=server_id)

    def save_server(self, server: Server) -> None:
        """Put settings in the place of those before."""
        values = server.model_dump()
        with self._connections.write() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO servers ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})",
                list(values.values()),
            )

    def forums(self, server_id: int) -> list[Forum]:
        """The forum channels that were set up, by channel id."""
        with self._connections.read() as connection:
            rows = connection.execute("SELECT * FROM forums WHERE server_id = ? ORDER BY channel_id", [server_id])
            return [Forum.model_validate(dict(row)) for row in rows]

    def forum(self, server_id: int, channel_id: int) -> Forum:
        """A forum's switches; both off where nothing was chosen."""
        found = [forum for forum in self.forums(server_id) if forum.channel_id == channel_id]
        return found[0] if found else Forum(channel_id=channel_id, server_id=server_id)

    def save_forum(self, forum: Forum) -> None:
        """Set a forum's switches; see the protocol."""
        with self._connections.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO forums (channel_id, server_id, replies, searchable) VALUES (?, ?, ?, ?)",
                [forum.channel_id, forum.server_id, forum.replies, forum.searchable],
            )
            if not forum.searchable:
                connection.execute("DELETE FROM posts WHERE forum_id = ?", [forum.channel_id])

    def forget_channel(self, server_id: int, channel_id: int) -> None:
        """Take a channel out of the settings, with its posts and cards."""
        with self._connections.write() as connection:
            for column in _CHANNELS:
                _unset(connection, column, server_id, channel_id)
            of_server = [server_id, channel_id]
            connection.execute("DELETE FROM forums WHERE server_id = ? AND channel_id = ?", of_server)
            connection.execute("DELETE FROM posts WHERE server_id = ? AND forum_id = ?", of_server)
            connection.execute("DELETE FROM cards WHERE server_id = ? AND channel_id = ?", of_server)
            connection.execute("DELETE FROM review_cards WHERE channel_id = ?", [channel_id])

    def forget_role(self, server_id: int, role_id: int) -> None:
        """Take a role out of the settings."""
        with self._connections.write() as connection:
            _unset(connection, "moderator_role", server_id, role_id)

    def forget_server(self, server_id: int) -> None:
        """Forget everything about a server."""
        with self._connections.write() as connection:
            connection.execute(_REVIEW_CARDS, [server_id])
            for table in _OF_A_SERVER:
                connection.execute(f"DELETE FROM {table} WHERE server_id = ?", [server_id])
            connection.execute("DELETE FROM servers WHERE id = ?", [server_id])


def _unset(connection: sqlite3.Connection, column: str, server_id: int, value: int) -> None:
    connection.execute(f"UPDATE servers SET {column} = NULL WHERE id = ? AND {column} = ?", [server_id, value])
