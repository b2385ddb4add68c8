"""The schema in PostgreSQL and its history: applied in order; a released step is never edited.

A step has the number of the step of SQLite's schema that it brings this one level with.
"""

import secrets
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from typing import cast

from knowledge.errors import StorageError
from knowledge.storage.postgres.schema import examples, functions, library, members, questions, servers
from knowledge.storage.postgres.statements import PostgresConnection
from knowledge.storage.sqlite.migrations import (
    m030_outbox_order,
    m032_listing,
    m034_coffee_and_former_accounts,
    m038_member_numbers,
)

# A step's name, and what it does.
STEPS = {
    "m028": (
        *("CREATE EXTENSION IF NOT EXISTS vector", *functions.STATEMENTS, *library.STATEMENTS),
        *(*questions.STATEMENTS, *servers.STATEMENTS, *members.STATEMENTS, *examples.STATEMENTS),
    ),
    "m029": ("ALTER TABLE documents ADD COLUMN shared_by TEXT",),
    "m030": (m030_outbox_order.INDEX,),
    "m032": library.LISTING,
    "m034": members.COFFEE_AND_FORMER_ACCOUNTS,
    "m036": members.OFFERS,
    "m037": library.WORD_COUNTS,
    "m038": ("ALTER TABLE members ADD COLUMN number BIGINT", *m038_member_numbers.INDEXES),
    "m040": functions.READABLE,
    "m041": library.VECTORS,
}
# What a step writes into the rows of an older database.
_FILLS: dict[str, Callable[[sqlite3.Connection], None]] = {
    "m032": m032_listing.fill,
    "m034": m034_coffee_and_former_accounts.fill,
    "m038": m038_member_numbers.fill,
}
# The first with iterative scans, and so with filters: https://github.com/pgvector/pgvector#iterative-index-scans
_PGVECTOR = (0, 8)
_RECORD = "CREATE TABLE IF NOT EXISTS schema_steps (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ DEFAULT now())"


def bring_up_to_date(connection: PostgresConnection) -> None:
    """Apply the steps that a database lacks. The caller holds a write transaction, in which nobody else writes.

    Raises:
        StorageError: It was made by a newer version of the assistant, or may not be changed.
    """
    connection.execute(_RECORD)
    done = {row[0] for row in connection.execute("SELECT name FROM schema_steps")}
    if newer := sorted(done - STEPS.keys()):
        raise StorageError(
            f"This database was made by a newer version of HALN Assistant (step {newer[-1]}). "
            "Update the assistant; the data are untouched."
        )
    for name in STEPS:
        if name not in done:
            if name in _NEEDS:
                _NEEDS[name](connection)
            for statement in _collated(STEPS[name]):
                connection.execute(statement)
            if name in _FILLS:
                _FILLS[name](cast("sqlite3.Connection", connection))
            connection.execute("INSERT INTO schema_steps (name) VALUES (?)", [name])
    if not connection.execute("SELECT 1 FROM library").fetchone():
        _begin(connection)


def _require_pgvector(connection: PostgresConnection) -> None:
    """Accept a pgvector that searches on where a filter leaves too few.

    Raises:
        StorageError: It is older.
    """
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    if row and tuple(int(part) for part in row[0].split(".")[:2]) < _PGVECTOR:
        raise StorageError(
            f"The database has pgvector {row[0]}, and 0.8 or newer is needed. Install a newer package on its server, "
            "and have its administrator run `ALTER EXTENSION vector UPDATE` in this database."
        )


# What has to be there before a step.
_NEEDS = {"m041": _require_pgvector}


def _collated(statements: tuple[str, ...]) -> Iterator[str]:
    """Yield statements whose texts sort by code point, as in SQLite, whatever the database's own language is."""
    for statement in statements:
        is_table = statement.lstrip().startswith(("CREATE TABLE", "ALTER TABLE"))
        yield statement.replace(" TEXT", ' TEXT COLLATE "C"') if is_table else statement


def _begin(connection: PostgresConnection) -> None:
    """Write the rows that every database has from its first moment."""
    connection.execute("INSERT INTO library (uid, generation, change) VALUES (?, 0, '')", [uuid.uuid4().hex])
    connection.execute("INSERT INTO library_states (generation, change) VALUES (0, '')")
    connection.execute("INSERT INTO question_salt (salt) VALUES (?)", [secrets.token_hex(32)])
    connection.execute("INSERT INTO member_changes (latest, salt) VALUES (0, ?)", [secrets.token_hex(16)])
