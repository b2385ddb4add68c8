"""Forum posts in SQLite: where they are and their embeddings, never their text."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.servers.storage.protocols import Posts
from knowledge.servers.types import Post
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.hash_key import HashKey

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Vectors

_COLUMNS = tuple(Post.model_fields)


class SQLitePosts(ConnectedStore, Posts):
    """`Posts` over one file; see there for what each method promises."""

    def save(self, post: Post, vector: Vectors, model: str) -> bool:
        with self._connections.write() as connection:
            if opted_out(connection, self._connections.hash_key, post.author_id):
                return False
            connection.execute(
                f"INSERT INTO posts ({', '.join(_COLUMNS)}, model, vector) "
                f"VALUES ({', '.join('?' for _ in _COLUMNS)}, ?, ?) ON CONFLICT (thread_id) DO UPDATE SET "
                "title = excluded.title, model = excluded.model, vector = excluded.vector",
                [*post.model_dump().values(), model, vector.astype("<f4").tobytes()],
            )
        return True

    def post(self, server_id: int, thread_id: int) -> Post | None:
        with self._connections.read() as connection:
            row = connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM posts WHERE server_id = ? AND thread_id = ?", [server_id, thread_id]
            ).fetchone()
        return Post.model_validate(dict(row)) if row else None

    def vectors(self, server_id: int, model: str) -> tuple[Ids, Vectors]:
        import numpy as np

        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT thread_id, vector FROM posts WHERE server_id = ? AND model = ? ORDER BY thread_id",
                [server_id, model],
            ).fetchall()
        ids = np.array([row["thread_id"] for row in rows], dtype=np.int64)
        matrix = np.frombuffer(b"".join(row["vector"] for row in rows), dtype="<f4")
        return ids, matrix.reshape(len(rows), -1 if rows else 0).astype(np.float32)

    def of_forum(self, server_id: int, forum_id: int) -> list[Post]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM posts WHERE server_id = ? AND forum_id = ? ORDER BY thread_id",
                [server_id, forum_id],
            )
            return [Post.model_validate(dict(row)) for row in rows]

    def remove(self, thread_id: int) -> bool:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM posts WHERE thread_id = ?", [thread_id]).rowcount > 0

    def mark_solved(self, server_id: int, thread_id: int, message_id: int | None) -> bool:
        with self._connections.write() as connection:
            updated = connection.execute(
                "UPDATE posts SET solved_message_id = ? WHERE server_id = ? AND thread_id = ?",
                [message_id, server_id, thread_id],
            )
            return updated.rowcount > 0

    def opt_out(self, user_id: int) -> int:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO post_opt_outs (person) VALUES (?) ON CONFLICT DO NOTHING",
                [self._person(connection, user_id)],
            )
            return connection.execute("DELETE FROM posts WHERE author_id = ?", [user_id]).rowcount

    def opt_in(self, user_id: int) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM post_opt_outs WHERE person = ?", [self._person(connection, user_id)])

    def opted_out(self, user_id: int) -> bool:
        with self._connections.read() as connection:
            return opted_out(connection, self._connections.hash_key, user_id)

    def claim(self, thread_id: int, now: datetime) -> bool:
        with self._connections.write(alone=False) as connection:
            added = connection.execute(
                "INSERT INTO claimed_threads (thread_id, claimed_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [thread_id, now.isoformat()],
            )
            return added.rowcount > 0

    def _person(self, connection: sqlite3.Connection, user_id: int) -> str:
        return _person(connection, self._connections.hash_key, user_id)


def opted_out(connection: sqlite3.Connection, key: HashKey, user_id: int | str) -> bool:
    """Return whether this author's posts are left out."""
    person = _person(connection, key, user_id)
    return connection.execute("SELECT 1 FROM post_opt_outs WHERE person = ?", [person]).fetchone() is not None


def _person(connection: sqlite3.Connection, key: HashKey, user_id: int | str) -> str:
    """Return what tells somebody who left their posts out; nobody reads it back without the key."""
    salt = bytes.fromhex(connection.execute("SELECT salt FROM question_salt").fetchone()[0])
    return key.hashed(hmac.new(salt, f"posts\0{user_id}".encode(), hashlib.sha256).hexdigest())
