"""Searches for peers, and where the two of an introduction can meet."""

from knowledge.domain.members import Place, Search
from knowledge.storage.sqlite.members.transactions import Transactions


class SQLiteSearches(Transactions):
    """Searches and places."""

    def save_search(self, search: Search) -> None:
        """Keep a search; nothing when its member has gone."""
        with self._write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO peer_searches (id, member_id, topic, sector, nation, different, made_at) "
                "SELECT :id, id, :topic, :sector, :nation, :different, :made_at FROM members WHERE id = :member_id",
                search.model_dump(mode="json"),
            )

    def search(self, search_id: str) -> Search | None:
        """The search with that id."""
        found = self._found("id = ?", search_id)
        return found[0] if found else None

    def searches_of(self, member_id: str) -> list[Search]:
        """A member's searches that are kept, oldest first."""
        return self._found("member_id = ?", member_id)

    def remove_searches_before(self, moment: str) -> int:
        """Erase searches from before that moment; how many."""
        with self._write() as connection:
            return connection.execute("DELETE FROM peer_searches WHERE made_at < ?", [moment]).rowcount

    def save_place(self, place: Place) -> None:
        """Note where the two of an introduction can meet; nothing when the introduction has gone."""
        with self._write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO introduction_places (introduction_id, server_id, channel_id, thread_id) "
                "SELECT id, :server_id, :channel_id, :thread_id FROM introductions WHERE id = :introduction_id",
                place.model_dump(),
            )

    def place(self, introduction_id: str) -> Place | None:
        """Where they can meet, if it is known."""
        with self._read() as connection:
            row = connection.execute(
                "SELECT * FROM introduction_places WHERE introduction_id = ?", [introduction_id]
            ).fetchone()
        return None if row is None else Place(**dict(row))

    def _found(self, where: str, value: str) -> list[Search]:
        with self._read() as connection:
            rows = connection.execute(f"SELECT * FROM peer_searches WHERE {where} ORDER BY made_at, id", [value])
            return [Search(**dict(row)) for row in rows]
