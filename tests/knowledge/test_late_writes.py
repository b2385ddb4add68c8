"""While another process holds the database, questions are answered at once, and kept as soon as it can be."""

import sqlite3
import time

import pytest

from knowledge import late_writes
from knowledge.assistant import Assistant
from knowledge.errors import StorageBusyError

QUESTION = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"


@pytest.fixture
def held(filled):
    """Another program that writes, and does not end."""
    connection = sqlite3.connect(filled.settings.database_path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_an_answer_does_not_wait_for_the_database_and_is_kept(filled, held):
    assistant = Assistant(filled)
    began = time.monotonic()
    assistant.takes_part("c", "discord:1")
    first = assistant.of_member("1").ask(QUESTION, "c")
    second = assistant.of_member("1").ask("And what of green roofs?", "c")
    assert time.monotonic() - began < 15, "each of the five writes would have waited for thirty seconds"
    assert first.answered
    assert filled.questions.logged(first.question_id) is None
    held.execute("ROLLBACK")
    assert filled.late_writes.finish(30)
    assert filled.questions.logged(first.question_id).answer.text == first.text
    assert filled.questions.logged(second.question_id)
    assert [turn.question for turn in filled.questions.turns_of("discord:1")] == [QUESTION, "And what of green roofs?"]


def test_a_question_that_was_logged_before_the_database_was_held_is_whole_in_the_end(filled, monkeypatch, caplog):
    save, failures = filled.insights.save_vector, [StorageBusyError("held"), StorageBusyError("held")]

    def held_at_first(*arguments):
        if failures:
            raise failures.pop()
        save(*arguments)

    monkeypatch.setattr(filled.insights, "save_vector", held_at_first)
    kept = Assistant(filled).ask(QUESTION).question_id
    assert filled.late_writes.finish(30)
    assert caplog.messages == []
    with filled.questions._connections.read() as connection:
        assert connection.execute("SELECT question_id FROM question_vectors").fetchall()[0][0] == kept


def test_what_waits_is_written_before_the_library_is_closed(filled, held):
    kept = Assistant(filled).ask(QUESTION).question_id
    held.execute("ROLLBACK")
    filled.close()
    connection = sqlite3.connect(filled.settings.database_path)
    assert connection.execute("SELECT id FROM questions").fetchall() == [(kept,)]
    connection.close()


def test_what_cannot_be_written_in_time_is_given_up_and_said(filled, held, monkeypatch, caplog):
    monkeypatch.setattr(late_writes.LateWrites.finish, "__defaults__", (0.1,))
    assert Assistant(filled).ask(QUESTION).answered
    filled.late_writes.close()
    assert "1 writes to the question log were given up" in caplog.text
    held.execute("ROLLBACK")
