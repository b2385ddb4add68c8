"""Step 23: accounts without a mail address, of those who sign in by Discord, and accounts that were joined."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables anew, with what is in them: who is signed in stays so."""
    for statement in _TABLES:
        connection.execute(statement)


_TABLES = (
    """
    CREATE TABLE new_accounts (
        member_id TEXT PRIMARY KEY,   -- a number of Discord's, or "web-..."
        email TEXT UNIQUE,            -- in small letters; NULL: signs in by Discord only
        created_at TEXT NOT NULL,
        seen_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "INSERT INTO new_accounts (member_id, email, created_at, seen_at) "
    "SELECT member_id, email, created_at, seen_at FROM accounts",
    """
    CREATE TABLE new_web_sessions (
        visitor TEXT PRIMARY KEY,     -- keyed hash of the cookie
        member_id TEXT NOT NULL REFERENCES new_accounts (member_id) ON DELETE CASCADE,
        since TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        by_discord INTEGER NOT NULL,  -- 1: Discord said who they are, 0: a mailed link
        moderates_until TEXT          -- Discord said that they have the moderators' role; NULL: not
    ) WITHOUT ROWID
    """,
    "INSERT INTO new_web_sessions (visitor, member_id, since, expires_at, by_discord) "
    "SELECT visitor, member_id, since, expires_at, 0 FROM web_sessions",
    "DROP TABLE web_sessions",
    "DROP TABLE accounts",
    "ALTER TABLE new_accounts RENAME TO accounts",
    "ALTER TABLE new_web_sessions RENAME TO web_sessions",
    "CREATE INDEX web_sessions_by_member ON web_sessions (member_id)",
    # Who wants to join a mail address to the account that they are signed in to.
    "ALTER TABLE sign_in_links ADD COLUMN member_id TEXT",
    # What an account was called before it was joined to another: older backups still know it by that.
    """
    CREATE TABLE former_accounts (
        former_id TEXT PRIMARY KEY,
        member_id TEXT NOT NULL REFERENCES accounts (member_id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    "CREATE INDEX former_accounts_by_member ON former_accounts (member_id)",
)
