"""Members' digests in SQLite."""

import sqlite3

from knowledge.digest.storage.protocols import AddressState, DigestChoice, DigestStore, Frequency, Means
from knowledge.domain.outbox import Message
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.outbox import enqueue

_COLUMNS = ", ".join(DigestChoice.model_fields)
_CHOICE = f"SELECT {_COLUMNS} FROM digest_choices"
_KINDS = "kind LIKE 'digest.%'"


class SQLiteDigestStore(ConnectedStore, DigestStore):
    """`DigestStore` over one file; see there for what each method promises."""

    def hashed(self, text: str) -> str:
        return self._connections.hash_key.hashed(text)

    def choice(self, member_id: str) -> DigestChoice | None:
        with self._connections.read() as connection:
            return _choice(connection, member_id)

    def choose(self, choice: DigestChoice) -> DigestChoice:
        values = choice.model_dump()
        with self._connections.write() as connection:
            connection.execute(
                f"INSERT INTO digest_choices ({_COLUMNS}) VALUES ({', '.join('?' for _ in values)}) "
                "ON CONFLICT (member_id) DO UPDATE SET frequency = excluded.frequency, means = excluded.means, "
                "email = excluded.email, chosen_at = excluded.chosen_at",
                list(values.values()),
            )
            return _choice(connection, choice.member_id) or choice

    def stop(self, member_id: str) -> bool:
        with self._connections.write() as connection:
            connection.execute(
                f"DELETE FROM outbox WHERE recipient = ? AND {_KINDS} AND leased_until IS NULL", [member_id]
            )
            return connection.execute("DELETE FROM digest_choices WHERE member_id = ?", [member_id]).rowcount > 0

    def begin(
        self, means: Means, kinds: dict[Means, str], now: str, cutoffs: dict[Frequency, str], most: int = 500
    ) -> int:
        due = " OR ".join("(frequency = ? AND looked_at <= ?)" for _ in cutoffs)
        values = [value for pair in cutoffs.items() for value in pair]
        with self._connections.write() as connection:
            rows = connection.execute(
                f"{_CHOICE} WHERE means = ? AND ({due}) ORDER BY member_id LIMIT ?", [means, *values, most]
            )
            choices = [DigestChoice.model_validate(dict(row)) for row in rows.fetchall()]
            for choice in choices:
                data = {"number": choice.number + 1, "since": choice.missed_since or choice.looked_at}
                enqueue(connection, Message(recipient=choice.member_id, kind=kinds[means], data=data), now)
            connection.executemany(
                "UPDATE digest_choices SET looked_at = ?, number = number + 1, missed_since = NULL WHERE member_id = ?",
                [(now, choice.member_id) for choice in choices],
            )
        return len(choices)

    def hand_over(self, member_id: str, number: int) -> bool:
        with self._connections.write() as connection:
            return (
                connection.execute(
                    "UPDATE digest_choices SET handed = ?1 WHERE member_id = ?2 AND handed < ?1 AND ?1 <= number",
                    [number, member_id],
                ).rowcount
                > 0
            )

    def take_back(self, member_id: str, number: int) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE digest_choices SET handed = ?1 - 1 WHERE member_id = ?2 AND handed = ?1", [number, member_id]
            )

    def missed(self, member_id: str, since: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE digest_choices SET missed_since = CASE WHEN missed_since < ?1 THEN missed_since ELSE ?1 END "
                "WHERE member_id = ?2",
                [since, member_id],
            )

    def address(self, address: str) -> AddressState | None:
        with self._connections.read() as connection:
            return _address(connection, address)

    def failed(self, address: str, now: str, *, off: bool, most: int, forget_before: str) -> AddressState:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM failed_addresses WHERE latest < ?", [forget_before])
            connection.execute(
                "INSERT INTO failed_addresses (address, failures, latest) VALUES (?1, 1, ?2) "
                "ON CONFLICT (address) DO UPDATE "
                "SET failures = failed_addresses.failures + 1, latest = excluded.latest",
                [address, now],
            )
            connection.execute(
                "UPDATE failed_addresses SET off_since = ?2 "
                "WHERE address = ?1 AND off_since IS NULL AND (?3 OR failures >= ?4)",
                [address, now, off, most],
            )
            state = _address(connection, address)
        return state or AddressState(address=address, failures=1, latest=now)

    def works(self, address: str) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM failed_addresses WHERE address = ?", [address])

    def export(self, member_id: str) -> dict[str, object] | None:
        choice = self.choice(member_id)
        return None if choice is None else choice.model_dump(mode="json", exclude={"member_id"})

    def forget(self, member_id: str, addresses: tuple[str, ...]) -> dict[str, int]:
        with self._connections.write() as connection:
            of_addresses = sum(
                connection.execute("DELETE FROM failed_addresses WHERE address = ?", [address]).rowcount
                for address in addresses
            )
            gone = {
                "outbox": connection.execute(
                    f"DELETE FROM outbox WHERE recipient = ? AND {_KINDS}", [member_id]
                ).rowcount,
                "digest_choices": connection.execute(
                    "DELETE FROM digest_choices WHERE member_id = ?", [member_id]
                ).rowcount,
                "failed_addresses": of_addresses,
            }
        return {table: count for table, count in gone.items() if count}


def _choice(connection: sqlite3.Connection, member_id: str) -> DigestChoice | None:
    row = connection.execute(f"{_CHOICE} WHERE member_id = ?", [member_id]).fetchone()
    return None if row is None else DigestChoice.model_validate(dict(row))


def _address(connection: sqlite3.Connection, address: str) -> AddressState | None:
    row = connection.execute(
        "SELECT address, failures, latest, off_since FROM failed_addresses WHERE address = ?", [address]
    ).fetchone()
    return None if row is None else AddressState.model_validate(dict(row))
