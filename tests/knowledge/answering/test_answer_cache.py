"""Answers are given again while nothing has changed, and made anew when something has."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.answering.answer_cache import AnswerCache, Known
from knowledge.domain.library import Answer


class Made:
    """Makes answers and counts them; the state is anything."""

    def __init__(self):
        self.state, self.count, self.wait = 1, 0, threading.Event()
        self.wait.set()

    def make(self):
        self.wait.wait(5)
        self.count += 1
        return Known(Answer(question="q", answered=True, text=str(self.count)), None)

    def ask(self, cache, question="q"):
        return cache.answer(question, lambda: self.state, self.make).answer.text


def test_an_answer_is_made_once_for_each_state():
    cache, made = AnswerCache(), Made()
    assert [made.ask(cache), made.ask(cache), made.ask(cache, " q ")] == ["1", "1", "1"]
    assert made.ask(cache, "another") == "2"
    made.state = 2
    assert made.ask(cache) == "3"
    assert made.ask(cache, "another") == "4"


def test_who_asks_the_same_at_once_waits_for_one_answer():
    cache, made = AnswerCache(), Made()
    made.wait.clear()
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(made.ask, cache) for _ in range(8)]
        made.wait.set()
        assert {one.result() for one in asked} == {"1"}


def test_what_changed_while_it_was_made_is_not_kept():
    cache, made = AnswerCache(), Made()

    def make():
        made.state += 1
        return made.make()

    assert cache.answer("q", lambda: made.state, make).answer.text == "1"
    assert made.ask(cache) == "2"


def test_an_error_is_the_askers_and_the_next_one_gets_an_answer():
    cache, made = AnswerCache(), Made()

    def fail():
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        cache.answer("q", lambda: 1, fail)
    assert made.ask(cache) == "1"
