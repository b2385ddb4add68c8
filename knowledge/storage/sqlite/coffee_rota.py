"""The coffee rota in SQLite: the part of `MemberStore` that knows who takes part, and who was paired with whom."""

from knowledge.domain.members import CoffeeMember
from knowledge.storage.sqlite.connection import ConnectedStore

_COLUMNS = tuple(CoffeeMember.model_fields)


class SQLiteCoffeeRota(ConnectedStore):
    """Implements what `knowledge.storage.member_protocols.MemberStore` promises of the coffee rota."""

    def coffee_member(self, member_id: str) -> CoffeeMember | None:
        return next((one for one in self._coffee("WHERE member_id = ?", member_id)), None)

    def coffee_members(self) -> list[CoffeeMember]:
        return self._coffee("")

    def save_coffee_member(self, coffee: CoffeeMember) -> None:
        with self._connections.write() as connection:
            connection.execute(
                f"INSERT INTO coffee_members ({', '.join(_COLUMNS)}) "
                f"SELECT {', '.join(f':{name}' for name in _COLUMNS)} WHERE :member_id IN (SELECT id FROM members) "
                f"ON CONFLICT (member_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)}",
                coffee.model_dump(),
            )

    def remove_coffee_member(self, member_id: str) -> bool:
        with self._connections.write() as connection:
            gone = connection.execute("DELETE FROM coffee_members WHERE member_id = ?", [member_id])
            return gone.rowcount > 0

    def coffee_drawn(self, month: str) -> bool:
        with self._connections.read() as connection:
            return connection.execute("SELECT 1 FROM coffee_rounds WHERE month = ?", [month]).fetchone() is not None

    def begin_coffee(self, month: str, moment: str) -> bool:
        with self._connections.write() as connection:
            added = connection.execute(
                "INSERT INTO coffee_rounds (month, drawn_at) VALUES (?, ?) ON CONFLICT DO NOTHING", [month, moment]
            )
            return added.rowcount > 0

    def save_coffee_pair(self, month: str, member_id: str, other: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO coffee_pairs (month, member_id, other) VALUES (?, ?, ?)", [month, member_id, other]
            )

    def coffee_history(self) -> set[frozenset[str]]:
        with self._connections.read() as connection:
            return {frozenset(row) for row in connection.execute("SELECT member_id, other FROM coffee_pairs")}

    def coffee_months(self, member_id: str) -> list[str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT month FROM coffee_pairs WHERE member_id = ?1 OR other = ?1 ORDER BY month", [member_id]
            )
            return [row[0] for row in rows]

    def _coffee(self, where: str, *values: str) -> list[CoffeeMember]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM coffee_members {where} ORDER BY member_id", values
            )
            return [CoffeeMember.model_validate(dict(row)) for row in rows]
