"""A short form of the crash campaign, and the machine's other troubles; `make chaos` kills five hundred processes."""

import sqlite3
from contextlib import closing

import pytest

from knowledge.assistant import Assistant
from knowledge.errors import StorageBusyError
from tests.chaos import crash, workers
from tests.fakes import WordEmbedder

QUESTION = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_processes_at_work_were_killed(tmp_path):
    found = crash.campaign(tmp_path, kills=12, seed=5)
    assert found["kills"] == 12
    assert sum(found["acknowledged"].values()) > 0


@pytest.mark.slow
def test_processes_that_begin_at_once_make_one_database(tmp_path):
    with crash.Forker() as forker:
        for turn in range(3):
            data, files = tmp_path / f"data{turn}", [tmp_path / f"{turn}-{role}" for role in ("introduce", "digest")]
            running = [forker.start(file.name[2:], data, turn, file) for file in files]
            crash.wait_for_work(files[:1])
            for worker in running:
                forker.kill(worker)
            library = workers.opened(data)
            assert library.store.problems() == library.index.problems() == library.examples.problems() == []
            assert library.members.members()
            library.close()


@pytest.fixture
def disk(filled, monkeypatch):
    """Return what says how many pages the database may have, on the connections of all threads."""
    connections = filled.questions._connections
    opened, most = connections._open, 1_000_000

    def limited(connection):
        connection.execute(f"PRAGMA max_page_count = {most}")
        return connection

    def allow(pages):
        nonlocal most
        most = pages
        for held in list(connections._all):
            limited(held.connection)

    monkeypatch.setattr(connections, "_open", lambda: limited(opened()))
    return allow


def test_while_the_disk_is_full_questions_are_answered_and_nothing_is_lost(filled, disk, caplog):
    assistant = Assistant(filled)
    kept = [assistant.ask(QUESTION)]
    with filled.questions._connections.read() as connection:
        disk(connection.execute("PRAGMA page_count").fetchone()[0])
    for _ in range(60):
        kept.append(assistant.ask(QUESTION))
        if full := not filled.questions.logged(kept[-1].question_id):
            break
    assert full
    assert all(answer.answered for answer in kept)
    with pytest.raises(StorageBusyError, match="full"), filled.questions._connections.write() as connection:
        connection.executemany("INSERT INTO flags VALUES (?, ?)", [(f"f{n}", "x" * 4000) for n in range(500)])
    disk(1_000_000)
    assert filled.late_writes.finish(60)
    assert all(filled.questions.logged(answer.question_id) for answer in kept)
    assert QUESTION not in caplog.text
    assert filled.store.problems() == []


def test_a_lost_log_file_costs_what_was_in_it_alone(settings, tmp_path, sources):
    """Whatever had been moved into the database is there, whole, and the library goes on."""
    from indexer.pipeline import Indexer
    from knowledge.library import Library

    library = Library.open(settings, WordEmbedder)
    Indexer(library).add([str(sources)])
    with closing(sqlite3.connect(settings.database_path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    last = Assistant(library).ask(QUESTION).question_id
    copy = settings.model_copy(update={"data_dir": tmp_path / "found"})
    copy.data_dir.mkdir()
    for file in settings.data_dir.iterdir():
        if file.is_file() and not file.name.endswith(("-wal", "-shm")):
            (copy.data_dir / file.name).write_bytes(file.read_bytes())
    assert settings.database_path.with_name("haln.db-wal").stat().st_size > 0
    library.close()
    found = Library.open(copy, WordEmbedder)
    assert found.store.problems() == found.index.problems() == []
    assert {document.id for document in found.store.documents()} == {"jobs", "food", "green"}
    assert found.questions.logged(last) is None
    again = Assistant(found).ask(QUESTION)
    assert again.answered
    assert found.questions.logged(again.question_id)
    found.close()
