"""Backups: consistent while others write, checked before they count, and none in the place of something else."""

import os
import sqlite3
import stat
import subprocess
import sys
import textwrap

import pytest

from knowledge.backup.backup import make_backup
from knowledge.errors import StorageBusyError, StorageError
from knowledge.storage.sqlite import open_database
from knowledge.storage.sqlite.snapshot import problems_of_copy
from tests.conftest import ROOT

# Two rows that always agree, changed again and again in one transaction.
WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from knowledge.storage.sqlite import open_database
    connections = open_database(Path(sys.argv[1]))
    number = 0
    while True:
        number += 1
        with connections.write() as connection:
            for name in ("one", "other"):
                connection.execute("INSERT OR REPLACE INTO flags VALUES (?, ?)", [name, f"{number:09}" * 500])
        if number == 3:
            print("writing", flush=True)
    """
)


def test_a_backup_is_one_file_that_opens_with_everything_in_it(filled, settings, tmp_path):
    made = make_backup(settings, tmp_path / "b.db")
    assert made.documents == 3
    assert {path.name for path in tmp_path.glob("b.db*")} == {"b.db", "b.db.key"}
    assert problems_of_copy(tmp_path / "b.db") == []
    assert (tmp_path / "b.db.key").read_text() == (settings.data_dir / "haln.key").read_text()
    for name in ("b.db", "b.db.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600 or os.name == "nt"


def test_a_backup_that_is_made_while_another_process_writes_is_of_one_moment(settings, tmp_path):
    open_database(settings.database_path).close()
    arguments = [sys.executable, "-c", WRITER, str(settings.database_path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "writing\n"
        seen = set()
        for _ in range(10):
            make_backup(settings, tmp_path / "b.db")
            connection = sqlite3.connect(tmp_path / "b.db")
            one, other = (
                row[0] for row in connection.execute("SELECT value FROM flags WHERE name IN ('one', 'other')")
            )
            connection.close()
            assert one == other
            seen.add(one)
        process.kill()
    assert len(seen) > 1, "it was written to meanwhile"


def test_a_first_run_that_is_still_open_is_backed_up_whole(settings, tmp_path):
    """What was copied by hand in this moment opened as an empty library."""
    connections = open_database(settings.database_path)
    made = make_backup(settings, tmp_path / "b.db")
    assert problems_of_copy(tmp_path / "b.db") == []
    assert made.documents == 0
    connections.close()


@pytest.mark.parametrize("content", [b"my notes", b"SQLite format 3\0" + b"\0" * 84])
def test_a_file_that_is_something_else_stays(filled, settings, tmp_path, content):
    (tmp_path / "b.db").write_bytes(content)
    with pytest.raises(StorageError, match="something else"):
        make_backup(settings, tmp_path / "b.db")
    assert (tmp_path / "b.db").read_bytes() == content


def test_another_programs_database_stays(filled, settings, tmp_path):
    connection = sqlite3.connect(tmp_path / "b.db")
    connection.execute("CREATE TABLE recipes (name)")
    connection.close()
    with pytest.raises(StorageError, match="something else"):
        make_backup(settings, tmp_path / "b.db")


def test_neither_the_database_itself_nor_a_folder_is_a_place_for_it(filled, settings, tmp_path):
    for place in (settings.database_path, settings.data_dir / "haln.db-wal"):
        with pytest.raises(StorageError, match="the database itself"):
            make_backup(settings, place)
    with pytest.raises(StorageError, match="is a folder"):
        make_backup(settings, tmp_path)
    with pytest.raises(StorageError, match="does not exist"):
        make_backup(settings, tmp_path / "nowhere" / "b.db")
    assert filled.store.problems() == []


def test_an_earlier_backup_stays_when_a_new_one_cannot_be_made(filled, settings, tmp_path, monkeypatch):
    make_backup(settings, tmp_path / "b.db")
    before = (tmp_path / "b.db").read_bytes()
    monkeypatch.setattr("knowledge.backup.backup.problems_of_copy", lambda path: ["page 3 is torn"])
    with pytest.raises(StorageError, match="damaged"):
        make_backup(settings, tmp_path / "b.db")
    assert (tmp_path / "b.db").read_bytes() == before
    assert {path.name for path in tmp_path.glob("*b.db*")} == {"b.db", "b.db.key"}


def test_a_disk_without_room_is_said_before_anything_is_written(filled, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 10_000}))
    with pytest.raises(StorageBusyError, match="Free some space"):
        make_backup(settings, tmp_path / "b.db")
    assert list(tmp_path.glob("*b.db*")) == []


def test_without_a_database_there_is_nothing_to_back_up(settings, tmp_path):
    with pytest.raises(StorageError, match="nothing to back up"):
        make_backup(settings, tmp_path / "b.db")
    assert not settings.database_path.exists()
