"""The two schemas hold the same: tables, columns, what may be empty, and what points where."""

import pytest

from knowledge.storage.sqlite import open_database

# How columns are kept: SQLite knows no booleans.
KINDS = {"text": "TEXT", "bigint": "INTEGER", "boolean": "INTEGER", "bytea": "BLOB"}
# What only one of the two has: words as each searches them, and its own records.
POSTGRES_ALONE = {"chunk_words", "chunk_word_totals", "written_words", "chunk_vectors", "schema_steps"}


def of_sqlite(connection):
    tables = [
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not row[0].startswith(("sqlite_", "_sqlite", "chunks_fts", "chunk_words", "vocabulary"))
    ]
    columns = {
        (table, row["name"], row["type"], bool(row["notnull"] or row["pk"]))
        for table in tables
        for row in connection.execute(f"PRAGMA table_info({table})")
    }
    keys = {
        (table, row["name"])
        for table in tables
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row["pk"]
    }
    references = {
        (table, row["from"], row["table"], row["on_delete"])
        for table in tables
        for row in connection.execute(f"PRAGMA foreign_key_list({table})")
    }
    return columns, keys, references


def of_postgres(connection):
    columns = {
        (row[0], row[1], KINDS[row[2]], row[3])
        for row in connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable = 'NO' FROM information_schema.columns "
            "JOIN information_schema.tables USING (table_schema, table_name) "
            "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        if row[0] not in POSTGRES_ALONE
    }
    keys = {
        (row[0], row[1])
        for row in connection.execute(
            "SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute "
            "ON attrelid = conrelid AND attnum = ANY (conkey) WHERE contype = 'p' "
            "AND connamespace = current_schema()::regnamespace"
        )
        if row[0] not in POSTGRES_ALONE
    }
    references = {
        (row[0], row[1], row[2], "CASCADE" if row[3] == "c" else "NO ACTION")
        for row in connection.execute(
            "SELECT conrelid::regclass::text, attname, confrelid::regclass::text, confdeltype FROM pg_constraint "
            "JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) WHERE contype = 'f'"
        )
        if row[0] not in POSTGRES_ALONE
    }
    return columns, keys, references


@pytest.mark.parametrize("part", [0, 1, 2], ids=["columns", "keys", "references"])
def test_both_hold_the_same(tmp_path, connections, part):
    with open_database(tmp_path / "haln.db").read() as sqlite, connections.read() as postgres:
        wanted, found = of_sqlite(sqlite)[part], of_postgres(postgres)[part]
    assert (wanted - found, found - wanted) == (set(), set())
