"""The database is ours or it is left alone, and nobody else may read it or its folder."""

import os
import sqlite3
import stat
import sys
import threading

import pytest

from knowledge.errors import StorageError
from knowledge.storage.sqlite import SQLiteStore, open_database
from knowledge.storage.sqlite.private_files import close_to_others

not_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def lax():
    before = os.umask(0o002)
    yield
    os.umask(before)


@not_windows
def test_the_folder_and_the_database_are_for_their_owner_alone(tmp_path, lax):
    path = tmp_path / "new" / "data" / "haln.db"
    connections = open_database(path)
    with connections.write() as connection:
        connection.execute("CREATE TABLE sample (a)")
    assert mode(path.parent) == 0o700
    assert {file.name: mode(file) for file in path.parent.iterdir()} == dict.fromkeys(
        ("haln.db", "haln.db-wal", "haln.db-shm", "haln.key"), 0o600
    )
    connections.close()


@not_windows
def test_what_was_open_to_others_is_closed(tmp_path, lax):
    path = tmp_path / "data" / "haln.db"
    open_database(path).close()
    path.parent.chmod(0o755)
    path.chmod(0o644)
    open_database(path).close()
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


@not_windows
def test_a_folder_that_all_share_and_what_cannot_be_changed_stay_as_they_are(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    open_database(shared / "haln.db").close()
    assert (mode(shared), mode(shared / "haln.db")) == (0o1777, 0o600)

    def refuse(*_arguments, **_more):
        raise PermissionError

    (shared / "haln.db").chmod(0o644)
    monkeypatch.setattr("pathlib.Path.chmod", refuse)
    open_database(shared / "haln.db").close()
    assert mode(shared / "haln.db") == 0o644
    close_to_others(tmp_path / "nothing")


def test_an_empty_file_is_refused_and_stays_empty(tmp_path):
    path = tmp_path / "haln.db"
    path.touch()
    with pytest.raises(StorageError, match=r"empty \(0 bytes\).*backup"):
        open_database(path)
    assert path.stat().st_size == 0
    assert [file.name for file in tmp_path.iterdir()] == ["haln.db"]


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
@pytest.mark.parametrize("migrated", [False, True])
def test_another_programs_database_is_refused_untouched(tmp_path, journal, migrated):
    path = tmp_path / "haln.db"
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA journal_mode = {journal}")
    db.execute("CREATE TABLE recipes (name)")
    db.execute("INSERT INTO recipes VALUES ('soup')")
    if migrated:  # by the same library, of another program
        db.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set, name, applied_at)")
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('kitchen', 'm001_recipes')")
    db.commit()
    db.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"another program.*recipes"):
        open_database(path)
    assert path.read_bytes() == before


def test_a_database_whose_making_was_killed_is_made(tmp_path):
    path = tmp_path / "haln.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    assert path.stat().st_size > 0
    store = SQLiteStore(open_database(path))
    assert store.documents() == []
    store.close()


def test_several_that_begin_at_once_make_one(tmp_path):
    path = tmp_path / "data" / "haln.db"
    opened, failed = [], []

    def begin():
        try:
            opened.append(open_database(path))
        except StorageError as error:
            failed.append(error)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for connections in opened:
        connections.close()
