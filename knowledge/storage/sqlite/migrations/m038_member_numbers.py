"""Step 38: each member has a random number, by which handles find them; indexes for notices. Released: never edited."""

import secrets
import sqlite3

INDEXES = (
    "CREATE UNIQUE INDEX members_by_number ON members (number)",
    "CREATE INDEX members_waiting ON members (id) WHERE waiting",
    "CREATE INDEX members_by_consent ON members (consented_at)",
)


def apply(connection: sqlite3.Connection) -> None:
    """Add the column and fill it, then make the indexes."""
    # random; what stands for a member on buttons and in forms is made of it
    connection.execute("ALTER TABLE members ADD COLUMN number INTEGER")
    fill(connection)
    for statement in INDEXES:
        connection.execute(statement)


def fill(connection: sqlite3.Connection) -> None:
    """Give a number to those who are there."""
    members = connection.execute("SELECT id FROM members").fetchall()
    connection.executemany(
        "UPDATE members SET number = ? WHERE id = ?", [(secrets.randbits(63), row[0]) for row in members]
    )
