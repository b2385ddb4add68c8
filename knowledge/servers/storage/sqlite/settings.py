"""Servers as the operator registers them, their settings and round-ups, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from knowledge.dates import month_before, stamp
from knowledge.domain.outbox import Message, channel_recipient
from knowledge.servers.storage.protocols import Digests, ServerRegister, ServerSettings
from knowledge.servers.types import Digest, Forum, RegisteredBy, RegisteredServer, Server
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.outbox import enqueue

_CHANNELS = ("review_channel", "digest_channel")
# What is named in none of the places any more is for every server: the examples that wait there are not lost.
_OF_A_SERVER = ("forums", "posts", "cards", "digests", "example_places", "introduction_places", "example_requests")
# A card is in a review channel that the server has, or shows what only that server's moderators review.
_REVIEW_CARDS = """
    DELETE FROM review_cards
    WHERE channel_id IN (SELECT review_channel FROM servers WHERE id = ?1)
       OR submission_id IN (SELECT submission_id FROM example_places WHERE server_id = ?1)
"""
_ADD = "INSERT INTO registered_servers (id, registered_by, registered_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


class SQLiteServerSettings(ConnectedStore, ServerSettings):
    """`ServerSettings` over one file; see there for what each method promises."""

    def servers(self) -> list[int]:
        of_all = " UNION ".join(f"SELECT server_id FROM {table}" for table in _OF_A_SERVER)
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT id FROM (SELECT id FROM servers UNION {of_all}) AS known WHERE id IS NOT NULL ORDER BY id"
            )
            return [row[0] for row in rows]

    def server(self, server_id: int) -> Server:
        with self._connections.read() as connection:
            row = connection.execute("SELECT * FROM servers WHERE id = ?", [server_id]).fetchone()
        return Server.model_validate(dict(row)) if row else Server(id=server_id)

    def save_server(self, server: Server) -> None:
        values = server.model_dump()
        with self._connections.write() as connection:
            connection.execute(
                f"INSERT INTO servers ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)}) "
                f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in values)}",
                list(values.values()),
            )

    def forums(self, server_id: int) -> list[Forum]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT * FROM forums WHERE server_id = ? ORDER BY channel_id", [server_id])
            return [Forum.model_validate(dict(row)) for row in rows]

    def forum(self, server_id: int, channel_id: int) -> Forum:
        found = [forum for forum in self.forums(server_id) if forum.channel_id == channel_id]
        return found[0] if found else Forum(channel_id=channel_id, server_id=server_id)

    def save_forum(self, forum: Forum) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO forums (channel_id, server_id, replies, searchable) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (channel_id) DO UPDATE SET server_id = excluded.server_id, replies = excluded.replies, "
                "searchable = excluded.searchable",
                [forum.channel_id, forum.server_id, forum.replies, forum.searchable],
            )
            if not forum.searchable:
                connection.execute("DELETE FROM posts WHERE forum_id = ?", [forum.channel_id])

    def forget_channel(self, server_id: int, channel_id: int) -> None:
        with self._connections.write() as connection:
            for column in _CHANNELS:
                _unset(connection, column, server_id, channel_id)
            of_server = [server_id, channel_id]
            connection.execute("DELETE FROM forums WHERE server_id = ? AND channel_id = ?", of_server)
            connection.execute("DELETE FROM posts WHERE server_id = ? AND forum_id = ?", of_server)
            connection.execute("DELETE FROM cards WHERE server_id = ? AND channel_id = ?", of_server)
            connection.execute("DELETE FROM review_cards WHERE channel_id = ?", [channel_id])

    def forget_role(self, server_id: int, role_id: int) -> None:
        with self._connections.write() as connection:
            _unset(connection, "moderator_role", server_id, role_id)

    def forget_server(self, server_id: int) -> None:
        with self._connections.write() as connection:
            connection.execute(_REVIEW_CARDS, [server_id])
            for table in _OF_A_SERVER:
                connection.execute(f"DELETE FROM {table} WHERE server_id = ?", [server_id])
            connection.execute("DELETE FROM servers WHERE id = ?", [server_id])


def _unset(connection: sqlite3.Connection, column: str, server_id: int, value: int) -> None:
    connection.execute(f"UPDATE servers SET {column} = NULL WHERE id = ? AND {column} = ?", [server_id, value])


_WANTED = (
    "FROM servers JOIN registered_servers USING (id) LEFT JOIN digests ON server_id = servers.id "
    "WHERE digest_channel IS NOT NULL"
)
_DUE = "NOT coalesce(paused, false) AND coalesce(looked_at, '') <= CASE WHEN coalesce(monthly, false) THEN ? ELSE ? END"


class SQLiteDigests(ConnectedStore, Digests):
    """`Digests` over one file; see there for what each method promises."""

    def digest(self, server_id: int) -> Digest:
        with self._connections.read() as connection:
            row = connection.execute("SELECT * FROM digests WHERE server_id = ?", [server_id]).fetchone()
        return Digest.model_validate(dict(row)) if row else Digest(server_id=server_id)

    def pause(self, server_id: int, *, paused: bool) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO digests (server_id, paused) VALUES (?, ?) "
                "ON CONFLICT (server_id) DO UPDATE SET paused = excluded.paused",
                [server_id, paused],
            )

    def choose(self, server_id: int, now: datetime) -> None:
        with self._connections.write() as connection:
            # What an earlier channel was not told yet, this one is.
            connection.execute(
                "INSERT INTO digests (server_id, looked_at) VALUES (?1, ?2) ON CONFLICT (server_id) DO UPDATE SET "
                "paused = false, missed_since = coalesce(digests.missed_since, digests.looked_at), "
                "looked_at = excluded.looked_at",
                [server_id, now.isoformat()],
            )

    def set_monthly(self, server_id: int, *, monthly: bool) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO digests (server_id, monthly) VALUES (?, ?) "
                "ON CONFLICT (server_id) DO UPDATE SET monthly = excluded.monthly",
                [server_id, monthly],
            )

    def due(self, now: datetime, every: timedelta) -> list[int]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT servers.id {_WANTED} AND {_DUE} ORDER BY servers.id", _cutoffs(now, every)
            )
            return [row["id"] for row in rows]

    def begin(self, server_id: int, kind: str, data: dict[str, Any], now: datetime, every: timedelta) -> bool:
        with self._connections.write() as connection:
            row = connection.execute(
                f"SELECT digest_channel {_WANTED} AND {_DUE} AND servers.id = ?",
                [*_cutoffs(now, every), server_id],
            ).fetchone()
            if row is None:
                return False
            connection.execute(
                "INSERT INTO digests (server_id, looked_at, number) VALUES (?, ?, 1) "
                "ON CONFLICT (server_id) DO UPDATE SET looked_at = excluded.looked_at, number = digests.number + 1, "
                "missed_since = NULL",
                [server_id, now.isoformat()],
            )
            message = Message(recipient=channel_recipient(row["digest_channel"]), kind=kind, data=data)
            return enqueue(connection, message, stamp(now))

    def missed(self, server_id: int, since: str) -> None:
        with self._connections.write() as connection:
            # One that was begun meanwhile may have been missed as well, in whatever order that is told.
            connection.execute(
                "UPDATE digests SET missed_since = CASE WHEN missed_since < ?1 THEN missed_since ELSE ?1 END "
                "WHERE server_id = ?2",
                [since, server_id],
            )


def _cutoffs(now: datetime, every: timedelta) -> list[str]:
    """Return when the last one must have been begun, for one a month and for one a week."""
    return [month_before(now).isoformat(), (now - every).isoformat()]


class SQLiteServerRegister(ConnectedStore, ServerRegister):
    """`ServerRegister` over one file; see there for what each method promises."""

    def all(self) -> list[RegisteredServer]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT * FROM registered_servers ORDER BY id")
            return [RegisteredServer.model_validate(dict(row)) for row in rows]

    def ids(self) -> list[int]:
        with self._connections.read() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM registered_servers ORDER BY id")]

    def has(self, server_id: int) -> bool:
        with self._connections.read() as connection:
            found = connection.execute("SELECT 1 FROM registered_servers WHERE id = ?", [server_id]).fetchone()
        return found is not None

    def add(self, server_id: int, by: RegisteredBy, now: datetime) -> bool:
        with self._connections.write() as connection:
            return connection.execute(_ADD, [server_id, by, stamp(now)]).rowcount > 0

    def remove(self, server_id: int) -> bool:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM registered_servers WHERE id = ?", [server_id]).rowcount > 0

    def follow_setting(self, server_ids: Collection[int], now: datetime) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "DELETE FROM registered_servers WHERE registered_by = ? "
                "AND id NOT IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
                [RegisteredBy.SETTING, json.dumps(list(server_ids))],
            )
            connection.executemany(_ADD, [(one, RegisteredBy.SETTING, stamp(now)) for one in server_ids])
