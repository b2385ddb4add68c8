"""Learning sets in SQLite: the part of `MemberStore` that knows them, their members, and the days that suit them."""

import json
from collections.abc import Collection

from knowledge.domain.members import RunningSet
from knowledge.storage.sqlite.connection import ConnectedStore

_COLUMNS = tuple(RunningSet.model_fields)
_NAMED = ", ".join(f":{name}" for name in _COLUMNS)


class SQLiteLearningSets(ConnectedStore):
    """Implements what `knowledge.storage.member_protocols.MemberStore` promises of learning sets."""

    def add_set(self, made: RunningSet, members: Collection[str]) -> None:
        with self._connections.write() as connection:
            connection.execute(
                f"INSERT INTO learning_sets ({', '.join(_COLUMNS)}) VALUES ({_NAMED})", made.model_dump()
            )
            connection.executemany(
                "INSERT INTO learning_set_members (set_id, member_id) SELECT ?1, id FROM members WHERE id = ?2",
                [(made.id, member) for member in members],
            )

    def learning_set(self, set_id: str) -> RunningSet | None:
        return next(iter(self._sets("WHERE id = ?", set_id)), None)

    def save_set(self, changed: RunningSet) -> None:
        with self._connections.write() as connection:
            connection.execute(
                f"UPDATE learning_sets SET {', '.join(f'{name} = :{name}' for name in _COLUMNS)} WHERE id = :id",
                changed.model_dump(),
            )

    def set_members(self, set_id: str) -> list[str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT member_id FROM learning_set_members WHERE set_id = ? ORDER BY member_id", [set_id]
            )
            return [row[0] for row in rows]

    def keep_in_set(self, set_id: str, members: Collection[str]) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "DELETE FROM learning_set_members WHERE set_id = ? "
                "AND member_id NOT IN (SELECT value FROM json_each(?))",
                [set_id, json.dumps(list(members))],
            )

    def sets_of(self, member_id: str) -> list[RunningSet]:
        mine = "SELECT set_id FROM learning_set_members WHERE member_id = ?"
        return self._sets(f"WHERE started_at IS NOT NULL AND id IN ({mine})", member_id)

    def open_sets(self) -> list[RunningSet]:
        return self._sets("WHERE started_at IS NOT NULL AND closed_at IS NULL")

    def choose_days(self, set_id: str, member_id: str, days: Collection[str]) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM learning_set_votes WHERE set_id = ? AND member_id = ?", [set_id, member_id])
            connection.executemany(
                "INSERT INTO learning_set_votes (set_id, day, member_id) "
                "SELECT set_id, day, ?3 FROM learning_set_dates WHERE set_id = ?1 AND day = ?2 ON CONFLICT DO NOTHING",
                [(set_id, day, member_id) for day in days],
            )

    def add_days(self, set_id: str, days: Collection[str]) -> None:
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT INTO learning_set_dates (set_id, day) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(set_id, day) for day in days],
            )

    def days_of(self, set_id: str) -> dict[str, list[str]]:
        with self._connections.read() as connection:
            days = connection.execute("SELECT day FROM learning_set_dates WHERE set_id = ? ORDER BY day", [set_id])
            found: dict[str, list[str]] = {row[0]: [] for row in days}
            votes = connection.execute(
                "SELECT day, member_id FROM learning_set_votes WHERE set_id = ? ORDER BY member_id", [set_id]
            )
            for day, member_id in votes:
                found[day].append(member_id)
        return found

    def remove_sets_before(self, moment: str) -> int:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM learning_sets WHERE made_at < ?", [moment]).rowcount

    def _sets(self, where: str, *values: str) -> list[RunningSet]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM learning_sets {where} ORDER BY made_at, id", values
            )
            return [RunningSet.model_validate(dict(row)) for row in rows]
