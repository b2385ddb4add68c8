"""Threads that live briefly leave no open file behind."""

import sqlite3
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.errors import StorageBusyError
from knowledge.servers.storage.sqlite import cards, open_servers
from knowledge.storage.sqlite import SQLiteStore, open_database


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list open files")
def test_short_lived_threads_leave_no_descriptors(tmp_path):
    connections = open_database(tmp_path / "haln.db")
    store = SQLiteStore(connections)

    def look():
        store.version()

    def opened():
        return len(list(Path("/proc/self/fd").iterdir()))

    before = opened()
    for _ in range(30):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert opened() <= before + 2, sys.platform
    connections.close()


def test_threads_of_one_process_take_turns_and_hear_when_it_takes_too_long(tmp_path):
    connections, order = open_database(tmp_path / "haln.db"), []

    def write(name):
        with connections.write() as connection:
            connection.execute("INSERT INTO flags VALUES (?, 'x')", [name])
            order.append(name)

    with connections.write():
        waiting = [threading.Thread(target=write, args=(f"flag {number}",)) for number in range(8)]
        for thread in waiting:
            thread.start()
        with connections.write() as connection:  # within its own it does not wait for itself
            connection.execute("INSERT INTO flags VALUES ('own', 'x')")

        def impatient():
            with connections.impatient(20), pytest.raises(StorageBusyError, match="Nothing was lost"):
                write("late")

        other = threading.Thread(target=impatient)
        other.start()
        other.join()
        assert order == []
    for thread in waiting:
        thread.join()
    assert sorted(order) == [f"flag {number}" for number in range(8)]
    connections.close()


def test_what_another_thread_closed_is_opened_anew(tmp_path):
    connections = open_database(tmp_path / "haln.db")
    store = SQLiteStore(connections)
    first = store.version()
    closing = threading.Thread(target=connections.close)
    closing.start()
    closing.join()
    assert store.version() == first
    store.release()
    store.release()
    assert store.version() == first
    connections.close()


def test_a_file_of_before_it_could_shrink_is_written_anew_once_and_nothing_is_lost(tmp_path):
    path = tmp_path / "haln.db"
    open_database(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("INSERT INTO flags VALUES ('kept', 'yes')")
        old.execute("PRAGMA auto_vacuum = NONE")
        old.execute("VACUUM")
        assert old.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    connections = open_database(path)
    other = open_database(path)
    for opened in (connections, other):
        with opened.read() as connection:
            assert connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 2
            assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert SQLiteStore(connections).flag("kept") == "yes"
    assert SQLiteStore(connections).problems() == []
    connections.close()
    other.close()


def test_a_file_in_use_is_opened_all_the_same_and_written_anew_later(tmp_path):
    path = tmp_path / "haln.db"
    open_database(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("PRAGMA auto_vacuum = NONE")
        old.execute("VACUUM")
        old.execute("BEGIN IMMEDIATE")
        opened = open_database(path)
        with opened.read() as connection:
            assert connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 0
        opened.close()
        old.execute("ROLLBACK")
    opened = open_database(path)
    with opened.read() as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 2
    opened.close()


def test_whoever_presses_a_button_while_the_database_is_held_hears_of_it_within_seconds(tmp_path, monkeypatch):
    assert 1000 <= cards._FIRST_TIME_MS <= 5000
    monkeypatch.setattr(cards, "_FIRST_TIME_MS", 300)
    connections = open_database(tmp_path / "haln.db")
    with closing(sqlite3.connect(tmp_path / "haln.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(StorageBusyError):
            open_servers(connections).interactions.first_time(1, datetime.now(UTC))
        assert time.monotonic() - began < 10
        other.execute("ROLLBACK")
    assert open_servers(connections).interactions.first_time(1, datetime.now(UTC))
    connections.close()


def test_the_file_shrinks_after_much_was_deleted(tmp_path):
    path = tmp_path / "haln.db"
    connections = open_database(path)
    store = SQLiteStore(connections)
    with connections.write() as connection:
        connection.executemany("INSERT INTO flags VALUES (?, ?)", [(f"f{n}", "x" * 4000) for n in range(2000)])
    assert store.finish_scrub()
    with connections.read() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    before = path.stat().st_size
    with connections.write() as connection:
        connection.execute("DELETE FROM flags WHERE name LIKE 'f%'")
    assert store.finish_scrub()
    with connections.read() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert path.stat().st_size < before / 4
    assert store.problems() == []
    connections.close()
