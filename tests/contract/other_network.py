"""Tries statements from another network: where it has a row in every table, and where it has none.

What comes of both must be the same, for every statement that any test of the stores runs on PostgreSQL.
"""

from contextlib import contextmanager

import psycopg

from knowledge.storage.postgres.connection import PostgresConnections
from knowledge.storage.postgres.database import open_postgres
from knowledge.storage.postgres.row_security import schema_of
from knowledge.storage.postgres.statements import PostgresConnection, connection_options

# In every column of the full network's rows.
MARK = "ours-and-nobody-elses"
NUMBER = 424242
_OF_TYPE = {
    "text": f"'{MARK}'",
    "bigint": f"{NUMBER}",
    "boolean": "true",
    "bytea": f"'{MARK}'",
    "tsvector": "'ours'",
    "timestamp with time zone": "now()",
    "USER-DEFINED": "'[1]'",  # vectors
}
_COLUMNS = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = %s AND table_type = 'BASE TABLE' ORDER BY 1, ordinal_position
"""
# These are about a connection and the whole database, and no table's rows.
_ELSEWHERE = ("SET ", "VACUUM", "CREATE", "pg_advisory", "last_value", "pg_class", "pg_constraint", "pg_get_serial")


def recorded(monkeypatch):
    """Return a mapping that fills itself: statements as they are run, each with the values of its first time."""
    statements = {}
    execute = PostgresConnection.execute
    streamed, networks_with = PostgresConnections.streamed, PostgresConnections.networks_with

    def noting(self, statement, values=(), **form):
        statements.setdefault(statement, values)
        return execute(self, statement, values, **form)

    def streaming(self, connection, query, most, values=()):
        statements.setdefault(query, values)
        return streamed(self, connection, query, most, values)

    def asking(self, networks, query, values):
        statements.setdefault(query, values)
        return networks_with(self, networks, query, values)

    monkeypatch.setattr(PostgresConnection, "execute", noting)
    monkeypatch.setattr(PostgresConnections, "streamed", streaming)
    monkeypatch.setattr(PostgresConnections, "networks_with", asking)
    return statements


class Prober:
    """Runs statements as a connection of the first network that was led to another one's tables."""

    def __init__(self, connection):
        self._connection = connection
        self._tried = set()

    def outcome(self, statement, values, network):
        """What comes of a statement on a network's tables; nothing of it stays."""
        raw = self._connection.raw
        raw.execute("BEGIN")
        try:
            raw.execute("SELECT set_config('search_path', %s, true)", [f'"{schema_of(network)}", public'])
            cursor = self._connection.execute(statement, values)
            return sorted(map(repr, cursor.fetchall())) if cursor.description else cursor.rowcount
        except psycopg.Error as error:
            return type(error).__name__
        finally:
            raw.execute("ROLLBACK")

    def faults(self, statement, values):
        """The statement, if it tells of the other network's rows; each is tried once in a run."""
        if statement in self._tried or any(word in statement for word in _ELSEWHERE):
            return []
        self._tried.add(statement)
        full, empty = (self.outcome(statement, values, network) for network in ("full", "empty"))
        return [] if full == empty else [(statement, full, empty)]


@contextmanager
def prober(address, administrator, path):
    """Make two more networks, fill one and empty the other, and lend what looks at them from the first."""
    for network in ("full", "empty"):
        open_postgres(address, path.with_name(network) / "haln.db", network).close()
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # rows that point at nothing, and no triggers
        tables = {}
        for table, column, kind in connection.execute(_COLUMNS, [schema_of("full")]).fetchall():
            tables.setdefault(table, {})[column] = _OF_TYPE[kind]
        for table, values in tables.items():
            names, row = ", ".join(f'"{name}"' for name in values), ", ".join(values.values())
            connection.execute(f'DELETE FROM "{schema_of("empty")}"."{table}"')
            connection.execute(f'DELETE FROM "{schema_of("full")}"."{table}"')
            connection.execute(f'INSERT INTO "{schema_of("full")}"."{table}" ({names}) VALUES ({row})')
    with psycopg.connect(address, **connection_options(address)) as raw:
        raw.execute("SELECT set_config('haln.network', 'main', false)")
        yield Prober(PostgresConnection(raw))
