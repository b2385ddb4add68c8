"""Everything that is kept under one person's id, in SQLite: to export and to erase."""

from knowledge.storage.sqlite.connection import Connections

_KEPT = {
    "forum_posts": "SELECT thread_id, server_id, forum_id, title FROM posts WHERE author_id = ? ORDER BY thread_id",
    "waiting_for": "SELECT question_id, since FROM waiting WHERE user_id = ? ORDER BY since",
    "messages_on_their_way": "SELECT payload, due_at FROM outbox WHERE user_id = ? ORDER BY id",
}
_FORGET = (
    "DELETE FROM posts WHERE author_id = ?",
    "DELETE FROM waiting WHERE user_id = ?",
    "DELETE FROM outbox WHERE user_id = ?",
)


class SQLiteMembers:
    """Implements `knowledge.storage.servers.Members`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def export(self, user_id: int) -> dict[str, object]:
        """Everything that is kept under this person's id, as JSON values."""
        with self._connections.read() as connection:
            found: dict[str, object] = {
                name: [dict(row) for row in connection.execute(query, [user_id])] for name, query in _KEPT.items()
            }
            opted_out = connection.execute("SELECT 1 FROM post_opt_outs WHERE user_id = ?", [user_id]).fetchone()
        return {**found, "posts_left_out": opted_out is not None}

    def forget(self, user_id: int) -> None:
        """Delete it all but the wish that posts be left out."""
        with self._connections.write() as connection:
            for statement in _FORGET:
                connection.execute(statement, [user_id])
