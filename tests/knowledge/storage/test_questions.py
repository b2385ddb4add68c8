"""The question log: kept without names, shown again without what is gone, expired for good."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.domain.library import Answer
from knowledge.domain.vocabulary import FeedbackReason
from knowledge.settings import Settings
from knowledge.storage.question_protocols import Turn
from knowledge.storage.sqlite import SQLiteQuestionStore, open_database

ANSWER = Answer(question="What is an anchor?", answered=True, text="A place. [1]", timings_ms={"total": 1.5})
MEMBER = "discord:member:81234567890"


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "haln.db"


@pytest.fixture
def store(path, clock):
    connections = open_database(path)
    yield SQLiteQuestionStore(connections, Settings(conversation_minutes=60, question_days=30), clock)
    connections.close()


def rows(path, table):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        connection.close()


def turn(question="What is an anchor?", **fields):
    return Turn(**{"question": question, "understood": question, "topic": question, "answered": True} | fields)


def test_an_answer_comes_back_whole_under_an_id_for_a_button(store):
    first, second = store.log(ANSWER, "discord:thread:1"), store.log(ANSWER)
    assert first != second
    assert all(re.fullmatch(r"[\w-]{16}", question_id) for question_id in (first, second))
    logged = store.logged(first)
    assert logged.answer == ANSWER.model_copy(update={"question_id": first})
    assert logged.asked_at == "2026-03-01T12:00:00.000+00:00"
    assert store.logged("nobody-knows-it!") is None


def test_an_answer_in_a_form_of_another_version_is_not_shown(store, path):
    question_id = store.log(ANSWER)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE questions SET answer = json_set(answer, '$.unheard_of', 1)")
    connection.close()
    assert store.logged(question_id) is None


def test_a_second_press_changes_the_vote_and_never_doubles_it(store):
    question_id = store.log(ANSWER)
    assert store.vote(question_id, MEMBER, helpful=True)
    assert store.vote(question_id, MEMBER, helpful=False, reason=FeedbackReason.OUT_OF_DATE)
    assert store.vote(question_id, "another", helpful=True)
    counts = store.feedback(question_id)
    assert (counts.helpful, counts.not_helpful, counts.reasons) == (1, 1, {FeedbackReason.OUT_OF_DATE: 1})
    assert not store.vote("nobody-knows-it!", MEMBER, helpful=True)


def test_neither_who_voted_nor_which_conversation_it_was_can_be_read(store, path):
    ids = [store.log(ANSWER, f"discord:dm:{MEMBER}") for _ in range(2)]
    for question_id in ids:
        store.vote(question_id, MEMBER, helpful=True)
    store.add_turn(f"discord:dm:{MEMBER}", turn())
    stored = str([rows(path, table) for table in ("questions", "feedback", "turns")])
    assert MEMBER not in stored
    assert "discord" not in stored
    voters = {row[1] for row in rows(path, "feedback")}
    assert len(voters) == 2, "votes of one person on two answers cannot be joined"


def test_a_voter_can_see_and_erase_what_they_said(store):
    ids = [store.log(ANSWER) for _ in range(2)]
    for question_id in ids:
        store.vote(question_id, MEMBER, helpful=False, reason=FeedbackReason.WRONG)
        store.vote(question_id, "another", helpful=True)
    assert {vote.question_id for vote in store.votes_of(MEMBER)} == set(ids)
    assert store.forget_voter(MEMBER) == 2
    assert store.votes_of(MEMBER) == []
    assert store.feedback(ids[0]).helpful == 1


def test_turns_come_back_in_order_and_only_those_of_the_conversation(store):
    said = [turn("one"), turn("two", documents=("a", "b"), shown=("x",), answered=False)]
    for each in said:
        store.add_turn("terminal:1", each)
    store.add_turn("terminal:2", turn("elsewhere"))
    assert store.turns("terminal:1") == said
    for number in range(20):
        store.add_turn("terminal:1", turn(str(number)))
    assert [each.question for each in store.turns("terminal:1")] == [str(number) for number in range(8, 20)]


def test_a_conversation_that_has_expired_is_deleted(store, path, clock):
    store.add_turn("terminal:1", turn("my question"))
    clock.pass_(minutes=59)
    store.add_turn("terminal:1", turn("another"))
    assert len(store.turns("terminal:1")) == 2
    clock.pass_(minutes=2)
    assert [each.question for each in store.turns("terminal:1")] == ["another"]
    assert "my question" in str(rows(path, "turns"))
    assert store.purge() == 1
    assert "my question" not in str(rows(path, "turns"))


def test_questions_expire_with_their_feedback(store, path, clock):
    question_id = store.log(ANSWER)
    store.vote(question_id, MEMBER, helpful=True)
    clock.pass_(days=31)
    assert store.logged(question_id) is None
    assert not store.vote(question_id, MEMBER, helpful=True)
    store.log(ANSWER)
    assert [row[0] == question_id for row in rows(path, "questions")] == [False]
    assert rows(path, "feedback") == []


def test_a_conversation_can_be_forgotten_at_once(store, path):
    question_id = store.log(ANSWER, "terminal:1")
    store.add_turn("terminal:1", turn())
    store.add_turn("terminal:2", turn())
    assert store.forget("terminal:1")
    assert not store.forget("terminal:1")
    assert store.turns("terminal:1") == []
    assert len(store.turns("terminal:2")) == 1
    assert store.logged(question_id) is not None
    assert [row[6] for row in rows(path, "questions")] == [None]


def test_what_was_logged_outlives_the_process(store, path, clock):
    question_id = store.log(ANSWER)
    store.vote(question_id, MEMBER, helpful=True)
    store.add_turn("terminal:1", turn())
    connections = open_database(path)
    again = SQLiteQuestionStore(connections, Settings(), clock)
    assert again.logged(question_id).answer.text == ANSWER.text
    assert len(again.turns("terminal:1")) == 1
    assert again.vote(question_id, MEMBER, helpful=False)
    assert (again.feedback(question_id).helpful, again.feedback(question_id).not_helpful) == (0, 1)
    connections.close()


def test_a_database_of_the_version_before_is_brought_up_to_date(path, monkeypatch, clock):
    monkeypatch.setattr("knowledge.storage.sqlite.migrations.STEPS", ("m001_library",))
    open_database(path).close()
    monkeypatch.undo()
    connections = open_database(path)
    store = SQLiteQuestionStore(connections, Settings(), clock)
    assert store.logged(store.log(ANSWER)).answer.text == ANSWER.text
    connections.close()
