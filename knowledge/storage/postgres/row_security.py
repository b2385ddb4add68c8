"""Separates the networks in one PostgreSQL database: a schema for each, and row-level security on every table.

The first network's tables are where the search path leads, as they were before there was a second one. A schema for
each of the others, rather than a column in every table, leaves keys, counters and `ON CONFLICT` as they are, and no
index of a small network is filled with the rows of a large one; a network can be dumped, moved and dropped alone. The
path alone would stop no mistake: every table also has a policy that only connections of its network pass,
forced upon its owner. A statement that names another network's table finds it empty and cannot write to it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
from psycopg import sql

from knowledge.domain.networks import MAIN
from knowledge.errors import StorageError

# "HALN".
_ALONE = 0x48414C4E
_POLICY = "own_network"
_SETTING = "haln.network"
_ENTER = "SELECT set_config('haln.network', %s, %s), set_config('search_path', %s, %s)"
# The path by itself, and where the vectors' types and operators are.
_AROUND = """
    SELECT current_setting('search_path'), ARRAY(
        SELECT CAST(nspname AS text) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
        WHERE extname = %s
    )
"""
_OPEN = """
    SELECT relname FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
      AND NOT (relrowsecurity AND relforcerowsecurity)
"""
_IS_PROTECTED = """
    SELECT EXISTS (
        SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relname = %s
        AND relrowsecurity
    )
"""
_BYPASSES = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def schema_of(network: str) -> str | None:
    """Return the schema of a network's tables; `None` stands for wherever the account's search path leads."""
    return None if network == MAIN else f"haln_{network}"


def alone_key(network: str) -> int:
    """Return the number of the lock of those who must write alone: each network has one of its own."""
    if network == MAIN:
        return _ALONE
    return int.from_bytes(hashlib.blake2b(network.encode(), digest_size=8).digest(), signed=True)


class BoundConnection(psycopg.Connection[Any]):
    """A connection that is one network's at a time; nobody's at first, and then it sees nothing."""

    network: str | None = None
    _own_path = ""
    _extensions: tuple[str, ...] = ()

    def look_around(self) -> None:
        """Learn where names of tables lead by themselves, to the first network's, and where the vectors are."""
        row = self.execute(_AROUND, ["vector"]).fetchone()
        self._own_path, self._extensions = (row[0], tuple(row[1])) if row else ("", ())

    def path_of(self, network: str) -> str:
        """Return where names of tables lead for a network."""
        if (schema := schema_of(network)) is None:
            return self._own_path
        return sql.SQL(", ").join(map(sql.Identifier, dict.fromkeys([schema, *self._extensions]))).as_string(self)


def enter(connection: BoundConnection, network: str) -> None:
    """Make a connection a network's, until it is made another's; no transaction may be open, which could undo it."""
    if connection.network == network:
        return
    connection.network = None  # should this fail, it is nobody's
    connection.execute(_ENTER, [network, False, connection.path_of(network), False])
    connection.network = network


def enter_for_transaction(connection: BoundConnection, network: str) -> None:
    """Make a connection a network's until the transaction that is open ends, or another one is entered."""
    connection.execute(_ENTER, [network, True, connection.path_of(network), True])


def make_schema(connection: psycopg.Connection[Any], network: str) -> None:
    """Make the schema of a network where there is none."""
    if (schema := schema_of(network)) is not None:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))


def schemas(connection: psycopg.Connection[Any]) -> set[str]:
    """Return the names of all schemas of the database."""
    return {row[0] for row in connection.execute("SELECT CAST(nspname AS text) FROM pg_namespace").fetchall()}


def drop_schema(connection: psycopg.Connection[Any], schema: str) -> None:
    """Drop a network's schema with all of its tables."""
    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def protect(connection: psycopg.Connection[Any], network: str) -> None:
    """Give every table of a connection's schema that has none the policy that only its network's connections pass."""
    condition = sql.SQL("current_setting({}, true) = {}").format(_SETTING, network)
    for (table,) in connection.execute(_OPEN).fetchall():
        name = sql.Identifier(table)
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))
        connection.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(name))
        connection.execute(
            sql.SQL("CREATE POLICY {} ON {} USING ({})").format(sql.Identifier(_POLICY), name, condition)
        )


def are_protected(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the tables of a connection's schema are protected: the first network's are with the second."""
    return is_protected(connection, "library")


def is_protected(connection: psycopg.Connection[Any], table: str) -> bool:
    """Return whether a table of a connection's schema is protected."""
    row = connection.execute(_IS_PROTECTED, [table]).fetchone()
    return bool(row and row[0])


def require_bound(connection: psycopg.Connection[Any]) -> None:
    """Accept an account that row-level security holds for.

    Raises:
        StorageError: It may see past them.
    """
    if bypasses(connection):
        raise StorageError(
            "The account in HALN_DATABASE_URL is a superuser or has BYPASSRLS, so nothing would keep the networks "
            "apart. Give it the address of an ordinary account that owns the database."
        )


def bypasses(connection: psycopg.Connection[Any]) -> bool:
    """Return whether a connection's account is bound by no policy."""
    row = connection.execute(_BYPASSES).fetchone()
    return bool(row and row[0])
