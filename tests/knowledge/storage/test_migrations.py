"""Migrations from every earlier schema, with a row in each of its tables: nothing is lost, and the end is the same."""

import sqlite3

import pytest

from knowledge.errors import StorageError
from knowledge.storage.sqlite import migrations, open_database

MOMENT = "2026-03-02T10:00:00.000+00:00"
HASH = "5f" * 32
# What a column holds where its type does not say it.
HOLDS = {
    "answer": '{"question": "What?", "answered": false, "text": "No."}',
    "payload": '{"kind": "answer_found", "question_id": "q"}',
    "salt": HASH,
    "recipient": "100000000000000001",
}
JSON_LISTS = {"sections", "headings", "pillars", "fields", "members"}
# Steps may fill these, or empty them on purpose: what is worked out anew from the rest.
WORKED_OUT = {"member_changes", "hash_keys", "_sqlite_migrations", "sqlite_sequence"}

# Hashes that stand for people got a key of their own, and are other hashes since.
HASHED = {"person", "conversation", "asker", "voter"}


def shadow(name):
    return name.startswith(("chunks_fts", "chunk_words", "sqlite_")) or name in ("vocabulary", *WORKED_OUT)


def tables(connection):
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    return [name for (name,) in rows if not shadow(name)]


def value(connection, table, column):
    """Something that the column can hold: what it refers to, or by its name, or by its type."""
    _, name, kind, _, _, _ = column
    for reference in connection.execute(f"PRAGMA foreign_key_list({table})"):
        if reference[3] == name:
            row = connection.execute(f"SELECT {reference[4] or 'rowid'} FROM {reference[2]} LIMIT 1").fetchone()
            return row[0] if row else None
    if table == "outbox" and name == "channel_id":  # the first outbox had one recipient of two kinds
        return None
    if name in HOLDS:
        return HOLDS[name]
    if name.endswith(("_at", "_until", "_on")) or name in ("since", "day", "starts"):
        return MOMENT
    if name in JSON_LISTS or name.endswith("s_json"):
        return "[]"
    if kind == "BLOB":
        return b"\0" * 8
    return 1 if kind in ("INTEGER", "REAL", "") else "{}" if name in ("data", "content", "values", "metadata") else "x1"


def fill(connection):
    """Put a row into every table that has none; which could not be filled is an error of this test."""
    connection.execute("PRAGMA foreign_keys = ON")
    waiting = [
        table for table in tables(connection) if not connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
    ]
    while waiting:
        left = []
        for table in waiting:
            if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # by the trigger of another one
                continue
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            values = [value(connection, table, column) for column in columns]
            names, marks = ", ".join(f'"{column[1]}"' for column in columns), ", ".join("?" * len(columns))
            try:
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
            except sqlite3.IntegrityError as error:
                left.append((table, str(error)))
        assert len(left) < len(waiting), left
        waiting = [table for table, _ in left]


def rows(connection):
    connection.row_factory = sqlite3.Row
    return {table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in tables(connection)}


def schema(connection):
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    return {name: " ".join((sql or "").split()) for name, sql in found}


@pytest.fixture(scope="module")
def newest(tmp_path_factory):
    path = tmp_path_factory.mktemp("newest") / "haln.db"
    open_database(path).close()
    connection = sqlite3.connect(path)
    yield schema(connection)
    connection.close()


@pytest.mark.parametrize("step", migrations.STEPS[:-1])
def test_every_earlier_schema_with_data_becomes_the_newest(tmp_path, monkeypatch, newest, step):
    path = tmp_path / "haln.db"
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", migrations.STEPS[: migrations.STEPS.index(step) + 1])
        open_database(path).close()
    before = sqlite3.connect(path, isolation_level=None)
    fill(before)
    old = rows(before)
    before.close()
    assert all(old.values()), [table for table in old if not old[table]]
    open_database(path).close()
    after = sqlite3.connect(path)
    assert schema(after) == newest
    assert after.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert after.execute("PRAGMA foreign_key_check").fetchall() == []
    new = rows(after)
    after.close()
    lost = [table for table in old if table in new and not new[table]]
    assert lost == []
    for table in (set(old) & set(new)) - {"outbox"}:  # the outbox writes moments and recipients in another form now
        for row in old[table]:
            kept = (row.keys() & new[table][0].keys()) - HASHED
            assert [one for one in new[table] if all(one[name] == row[name] for name in kept)], (table, row)


def test_a_newer_database_refuses_an_older_program(tmp_path, monkeypatch):
    path = tmp_path / "haln.db"
    open_database(path).close()
    kept = path.read_bytes()
    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS[:-1])
    with pytest.raises(StorageError, match="newer version"):
        open_database(path)
    assert path.read_bytes() == kept
