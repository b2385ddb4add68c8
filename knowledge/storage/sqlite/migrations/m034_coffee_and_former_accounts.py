"""Step 34: introductions of the coffee rota say so; former ids outlast an expired account. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the column, fill it from the pairs that the rota has made, and let go of the accounts."""
    connection.execute("ALTER TABLE introductions ADD COLUMN coffee INTEGER NOT NULL DEFAULT 0")
    fill(connection)
    for statement in _FORMER_ACCOUNTS:
        connection.execute(statement)


def fill(connection: sqlite3.Connection) -> None:
    """Mark the introductions of pairs of the rota: it accepts in the moment in which it introduces."""
    connection.execute(
        "UPDATE introductions SET coffee = true WHERE state = 'accepted' AND asked_at = answered_at AND EXISTS ("
        "SELECT 1 FROM coffee_pairs WHERE (coffee_pairs.member_id = introductions.seeker "
        "AND coffee_pairs.other = introductions.other) OR (coffee_pairs.member_id = introductions.other "
        "AND coffee_pairs.other = introductions.seeker))"
    )


# SQLite drops a foreign key with its table only.
_FORMER_ACCOUNTS = (
    "CREATE TABLE new_former_accounts (former_id TEXT PRIMARY KEY, member_id TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO new_former_accounts (former_id, member_id) SELECT former_id, member_id FROM former_accounts",
    "DROP TABLE former_accounts",
    "ALTER TABLE new_former_accounts RENAME TO former_accounts",
    "CREATE INDEX former_accounts_by_member ON former_accounts (member_id)",
)
