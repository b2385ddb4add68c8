"""Accounts of members who sign in on the web page, in SQLite."""

import sqlite3
from datetime import datetime

from knowledge.accounts.storage.protocols import Account, AccountStore, Link, Session
from knowledge.accounts.storage.sqlite.joining import join
from knowledge.storage.sqlite.clock import Part, observe
from knowledge.storage.sqlite.connection import ConnectedStore

_ACCOUNT = "SELECT accounts.member_id, email, created_at, seen_at FROM accounts"


class SQLiteAccountStore(ConnectedStore, AccountStore):
    """`AccountStore` over one file; see there for what each method promises."""

    def hashed(self, text: str) -> str:
        return self._connections.hash_key.hashed(text)

    def add_link(self, token: str, email: str, now: str, until: str, most: int, member_id: str | None = None) -> bool:
        with self._connections.write() as connection:
            _expire(connection, now)
            count = connection.execute("SELECT count(*) FROM sign_in_links WHERE email = ?", [email]).fetchone()[0]
            if count >= most:
                return False
            connection.execute(
                "INSERT INTO sign_in_links (token, email, made_at, expires_at, member_id) VALUES (?, ?, ?, ?, ?)",
                [token, email, now, until, member_id],
            )
            return True

    def link(self, token: str, now: str) -> Link | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT email, member_id FROM sign_in_links WHERE token = ? AND expires_at > ?", [token, now]
            ).fetchone()
        return None if row is None else Link(*row)

    def use_link(self, token: str, now: str) -> Link | None:
        with self._connections.write() as connection:
            _expire(connection, now)
            row = connection.execute("SELECT email, member_id FROM sign_in_links WHERE token = ?", [token]).fetchone()
            if row is None:
                return None
            # The others that were sent to this address are not needed any more.
            connection.execute("DELETE FROM sign_in_links WHERE email = ?", [row["email"]])
            return Link(*row)

    def account_for(self, email: str, member_id: str, now: str) -> Account:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO accounts (member_id, email, created_at, seen_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (email) DO UPDATE SET seen_at = excluded.seen_at",
                [member_id, email, now, now],
            )
            return _read(connection.execute(f"{_ACCOUNT} WHERE email = ?", [email]).fetchone())

    def account_of_discord(self, member_id: str, now: str) -> Account:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO accounts (member_id, created_at, seen_at) VALUES (?, ?, ?) "
                "ON CONFLICT (member_id) DO UPDATE SET seen_at = excluded.seen_at",
                [member_id, now, now],
            )
            return _read(connection.execute(f"{_ACCOUNT} WHERE member_id = ?", [member_id]).fetchone())

    def account(self, member_id: str) -> Account | None:
        return self._found("member_id", member_id)

    def account_with(self, email: str) -> Account | None:
        return self._found("email", email)

    def set_email(self, member_id: str, email: str | None) -> None:
        with self._connections.write() as connection:
            connection.execute("UPDATE accounts SET email = ? WHERE member_id = ?", [email, member_id])

    def join(self, former_id: str, member_id: str) -> None:
        with self._connections.write() as connection:
            join(self._connections, connection, former_id, member_id)

    def former_ids(self, member_id: str) -> list[str]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT former_id FROM former_accounts WHERE member_id = ?", [member_id])
            return [row[0] for row in rows]

    def joined_to(self, former_id: str) -> str | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT member_id FROM former_accounts WHERE former_id = ?", [former_id]
            ).fetchone()
        return None if row is None else str(row[0])

    def add_session(
        self, visitor: str, member_id: str, now: str, until: str, *, by_discord: bool, moderates_until: str | None
    ) -> None:
        with self._connections.write() as connection:
            _expire(connection, now)
            connection.execute(
                "INSERT INTO web_sessions (visitor, member_id, since, expires_at, by_discord, moderates_until) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (visitor) DO UPDATE SET member_id = excluded.member_id, "
                "since = excluded.since, expires_at = excluded.expires_at, by_discord = excluded.by_discord, "
                "moderates_until = excluded.moderates_until",
                [visitor, member_id, now, until, by_discord, moderates_until],
            )

    def session(self, visitor: str, now: str) -> Session | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT accounts.member_id, email, created_at, seen_at, by_discord, moderates_until FROM accounts "
                "JOIN web_sessions ON web_sessions.member_id = accounts.member_id WHERE visitor = ? AND expires_at > ?",
                [visitor, now],
            ).fetchone()
        if row is None:
            return None
        values = dict(row)
        by_discord, moderates_until = bool(values.pop("by_discord")), values.pop("moderates_until")
        return Session(Account.model_validate(values), by_discord, moderates_until)

    def end_session(self, visitor: str) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM web_sessions WHERE visitor = ?", [visitor])

    def unused(self, before: str) -> list[str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT member_id FROM accounts WHERE seen_at < ? ORDER BY seen_at, member_id", [before]
            )
            return [row[0] for row in rows]

    def clock_is_right(self, now: datetime) -> bool:
        with self._connections.write() as connection:
            return observe(connection, Part.ACCOUNTS, now)

    def export(self, member_id: str) -> dict[str, object] | None:
        account = self.account(member_id)
        if account is None:
            former = self.former_ids(member_id)
            return {"former_ids": former} if former else None
        with self._connections.read() as connection:
            sessions = connection.execute(
                "SELECT since, expires_at, by_discord, moderates_until FROM web_sessions WHERE member_id = ? "
                "ORDER BY since, visitor",
                [member_id],
            ).fetchall()
        return {
            **account.model_dump(),
            "signed_in": [dict(row) for row in sessions],
            "former_ids": self.former_ids(member_id),
        }

    def forget(self, member_id: str) -> dict[str, int]:
        with self._connections.write() as connection:
            gone = _delete(connection, member_id)
            gone["former_accounts"] = connection.execute(
                "DELETE FROM former_accounts WHERE member_id = ?", [member_id]
            ).rowcount
        return {table: count for table, count in gone.items() if count}

    def expire(self, member_id: str) -> None:
        with self._connections.write() as connection:
            _delete(connection, member_id)

    def _found(self, column: str, value: str) -> Account | None:
        with self._connections.read() as connection:
            row = connection.execute(f"{_ACCOUNT} WHERE {column} = ?", [value]).fetchone()
        return None if row is None else _read(row)


def _delete(connection: sqlite3.Connection, member_id: str) -> dict[str, int]:
    """Delete an account with its links and sessions; how many rows of each table."""
    row = connection.execute("SELECT email FROM accounts WHERE member_id = ?", [member_id]).fetchone()
    if row is None:
        return {}
    return {
        "sign_in_links": connection.execute(
            "DELETE FROM sign_in_links WHERE email = ? OR member_id = ?", [row["email"], member_id]
        ).rowcount,
        "web_sessions": connection.execute("DELETE FROM web_sessions WHERE member_id = ?", [member_id]).rowcount,
        "accounts": connection.execute("DELETE FROM accounts WHERE member_id = ?", [member_id]).rowcount,
    }


def _expire(connection: sqlite3.Connection, now: str) -> None:
    connection.execute("DELETE FROM sign_in_links WHERE expires_at <= ?", [now])
    connection.execute("DELETE FROM web_sessions WHERE expires_at <= ?", [now])


def _read(row: sqlite3.Row) -> Account:
    return Account.model_validate(dict(row))
