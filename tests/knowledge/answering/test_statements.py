"""What a question asks of the database: each statement is a journey where that is another machine."""

from contextlib import contextmanager

import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.calibration.gate import own_gate_path
from knowledge.library import Library
from tests.fakes import WORD_GATE, WordEmbedder, WordReader

# Four look at the library's state: as it begins, twice for what is kept of answers, and once for the model.
MOST, OF_THE_STATE = 26, 4


class Counted:
    """A connection that notes what is asked of it."""

    def __init__(self, connection, asked):
        self._connection, self._asked = connection, asked

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def execute(self, statement, *values):
        self._asked.append(" ".join(statement.split()))
        return self._connection.execute(statement, *values)


@pytest.fixture
def answering(filled):
    filled.reader = WordReader()
    own_gate_path(filled.settings.data_dir, filled.reader.name).write_text(WORD_GATE.model_dump_json())
    return filled


def statements_of(connections, monkeypatch):
    """Return a list that fills itself with the statements that are run, as they come."""
    statements, lend = [], connections.read

    @contextmanager
    def read():
        with lend() as connection:
            yield Counted(connection, statements)

    monkeypatch.setattr(connections, "read", read)
    return statements


@pytest.fixture
def asked(answering, monkeypatch):
    """The statements that this library's stores run."""
    return statements_of(answering.store._connections, monkeypatch)


def test_a_question_asks_the_database_little(answering, asked):
    assistant = Assistant(answering)
    assistant.ask("What was hard about growers and wholesalers?")
    for question in (
        "How many entry jobs were kept in 2022?",
        "Which univercity planted roofs, and what do they hold?",
    ):
        del asked[:]
        answer = assistant.ask(question)
        assert answering.late_writes.finish()
        assert answer.answered
        assert len([one for one in asked if "FROM library" in one]) <= OF_THE_STATE
        there = [one for one in asked if not one.startswith("PRAGMA")]  # those stay within the process
        assert len(there) <= MOST, "\n".join(there)


def test_what_was_published_before_a_question_began_is_found(answering, settings):
    assistant = Assistant(answering)
    assert not assistant.ask("Where do otters sleep?").answered
    with answering.store.one_state():
        other = Library.open(settings, WordEmbedder)
        Indexer(other).add([str(page(settings, "Otters", "Otters sleep in holts by the river."))])
        other.close()
        # The state of this body is read when it is first needed, which is now.
        assert "holts" in assistant.ask("Where do otters sleep?").text


def test_what_is_published_while_a_question_is_answered_is_found_by_the_next(answering, settings):
    with answering.store.one_state():
        before = answering.searcher.search("otters in holts", 5)
        other = Library.open(settings, WordEmbedder)
        Indexer(other).add([str(page(settings, "Otters", "Otters sleep in holts by the river."))])
        other.close()
        assert [one.chunk_id for one in answering.searcher.search("otters in holts", 5).results] == [
            one.chunk_id for one in before.results
        ]
        answering.refresh_indexes()  # as another thread does, whose question began later
        assert answering.searcher.search("otters in holts", 5).results[0].title == "Otters"
    assert answering.searcher.search("otters in holts", 5).results[0].title == "Otters"


def page(settings, title, text):
    path = settings.data_dir / f"{title}.md"
    path.write_text(f"# {title}\n\n{text}\n")
    return path
