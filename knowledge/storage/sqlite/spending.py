"""Tokens by day in SQLite: `SpendingStore` over the one file."""

from datetime import date

from knowledge.storage.sqlite.connection import Connections


class SQLiteSpending:
    """Implements `knowledge.storage.spending_protocols.SpendingStore`; see there for what each method promises."""

    def __init__(self, connections: Connections) -> None:
        """Work on an opened database (see `open_database`)."""
        self._connections = connections

    def reserve(self, day: date, tokens: int, limit: int) -> bool:
        """Count tokens about to be spent, if the day's total stays within the limit."""
        # Looking and counting are one transaction that holds the write lock: two processes cannot both have the rest.
        with self._connections.write() as connection:
            row = connection.execute("SELECT tokens FROM spending WHERE day = ?", [day.isoformat()]).fetchone()
            if (row["tokens"] if row else 0) + tokens > limit:
                return False
            connection.execute(
                "INSERT INTO spending (day, tokens) VALUES (?, ?) "
                "ON CONFLICT (day) DO UPDATE SET tokens = tokens + excluded.tokens",
                [day.isoformat(), tokens],
            )
        return True

    def settle(self, day: date, reserved: int, spent: int) -> None:
        """Put what was spent in the place of what was reserved."""
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE spending SET tokens = max(0, tokens + ?) WHERE day = ?", [spent - reserved, day.isoformat()]
            )

    def spent(self, day: date) -> int:
        """The tokens counted on a day."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT tokens FROM spending WHERE day = ?", [day.isoformat()]).fetchone()
        return int(row["tokens"]) if row else 0
