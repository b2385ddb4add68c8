"""Accounts of members who sign in by mail, in SQLite."""

import sqlite3

from knowledge.accounts.storage.protocols import Account, AccountStore
from knowledge.storage.sqlite.connection import ConnectedStore

_ACCOUNT = "SELECT accounts.member_id, email, created_at, seen_at FROM accounts"


class SQLiteAccountStore(ConnectedStore, AccountStore):
    """`AccountStore` over one file; see there for what each method promises."""

    def hashed(self, text: str) -> str:
        return self._connections.hash_key.hashed(text)

    def add_link(self, token: str, email: str, now: str, until: str, most: int) -> bool:
        with self._connections.write() as connection:
            _expire(connection, now)
            count = connection.execute("SELECT count(*) FROM sign_in_links WHERE email = ?", [email]).fetchone()[0]
            if count >= most:
                return False
            connection.execute(
                "INSERT INTO sign_in_links (token, email, made_at, expires_at) VALUES (?, ?, ?, ?)",
                [token, email, now, until],
            )
            return True

    def link_is_good(self, token: str, now: str) -> bool:
        with self._connections.read() as connection:
            return (
                connection.execute(
                    "SELECT 1 FROM sign_in_links WHERE token = ? AND expires_at > ?", [token, now]
                ).fetchone()
                is not None
            )

    def use_link(self, token: str, now: str) -> str | None:
        with self._connections.write() as connection:
            _expire(connection, now)
            row = connection.execute("SELECT email FROM sign_in_links WHERE token = ?", [token]).fetchone()
            if row is None:
                return None
            # The others that were sent to this address are not needed any more.
            connection.execute("DELETE FROM sign_in_links WHERE email = ?", [row["email"]])
            return str(row["email"])

    def account_for(self, email: str, member_id: str, now: str) -> Account:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO accounts (member_id, email, created_at, seen_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (email) DO UPDATE SET seen_at = excluded.seen_at",
                [member_id, email, now, now],
            )
            return _read(connection.execute(f"{_ACCOUNT} WHERE email = ?", [email]).fetchone())

    def account(self, member_id: str) -> Account | None:
        with self._connections.read() as connection:
            row = connection.execute(f"{_ACCOUNT} WHERE member_id = ?", [member_id]).fetchone()
        return None if row is None else _read(row)

    def add_session(self, visitor: str, member_id: str, now: str, until: str) -> None:
        with self._connections.write() as connection:
            _expire(connection, now)
            connection.execute(
                "INSERT INTO web_sessions (visitor, member_id, since, expires_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (visitor) DO UPDATE SET member_id = excluded.member_id, since = excluded.since, "
                "expires_at = excluded.expires_at",
                [visitor, member_id, now, until],
            )

    def session(self, visitor: str, now: str) -> Account | None:
        with self._connections.read() as connection:
            row = connection.execute(
                f"{_ACCOUNT} JOIN web_sessions ON web_sessions.member_id = accounts.member_id "
                "WHERE visitor = ? AND expires_at > ?",
                [visitor, now],
            ).fetchone()
        return None if row is None else _read(row)

    def end_session(self, visitor: str) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM web_sessions WHERE visitor = ?", [visitor])

    def export(self, member_id: str) -> dict[str, object] | None:
        account = self.account(member_id)
        if account is None:
            return None
        with self._connections.read() as connection:
            sessions = connection.execute(
                "SELECT since, expires_at FROM web_sessions WHERE member_id = ? ORDER BY since", [member_id]
            ).fetchall()
        return {**account.model_dump(), "signed_in": [dict(row) for row in sessions]}

    def forget(self, member_id: str) -> dict[str, int]:
        with self._connections.write() as connection:
            row = connection.execute("SELECT email FROM accounts WHERE member_id = ?", [member_id]).fetchone()
            if row is None:
                return {}
            gone = {
                "sign_in_links": connection.execute(
                    "DELETE FROM sign_in_links WHERE email = ?", [row["email"]]
                ).rowcount,
                "web_sessions": connection.execute(
                    "DELETE FROM web_sessions WHERE member_id = ?", [member_id]
                ).rowcount,
                "accounts": connection.execute("DELETE FROM accounts WHERE member_id = ?", [member_id]).rowcount,
            }
        return {table: count for table, count in gone.items() if count}


def _expire(connection: sqlite3.Connection, now: str) -> None:
    connection.execute("DELETE FROM sign_in_links WHERE expires_at <= ?", [now])
    connection.execute("DELETE FROM web_sessions WHERE expires_at <= ?", [now])


def _read(row: sqlite3.Row) -> Account:
    return Account.model_validate(dict(row))
