"""Threads that live briefly leave no open file behind."""

import sys
import threading
from pathlib import Path

import pytest

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
