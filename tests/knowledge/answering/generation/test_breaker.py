from knowledge.answering.generation.limits import Breaker
from knowledge.errors import LanguageModelError, LanguageModelRefusedError


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_one_failure_may_be_chance_three_in_a_row_are_not():
    clock = Clock()
    breaker = Breaker(clock)
    assert [breaker.failed(LanguageModelError("x")) for _ in range(2)] == [0.0, 0.0]
    assert breaker.allows()
    assert breaker.failed(LanguageModelError("x")) == 60.0
    assert not breaker.allows()


def test_after_a_pause_one_may_try_and_each_failure_makes_it_longer():
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(3):
        breaker.failed(LanguageModelError("x"))
    clock.now += 61
    assert breaker.allows()
    assert not breaker.allows()  # the others wait for what becomes of the first
    pauses = [breaker.failed(LanguageModelError("x")) for _ in range(6)]
    assert pauses == [120.0, 240.0, 480.0, 900.0, 900.0, 900.0]


def test_what_works_ends_it():
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(3):
        breaker.failed(LanguageModelError("x"))
    clock.now += 61
    assert breaker.allows()
    breaker.worked()
    assert breaker.allows()
    assert breaker.failed(LanguageModelError("x")) == 0.0


def test_a_refusal_waits_for_the_operator_at_once():
    breaker = Breaker(Clock())
    assert breaker.failed(LanguageModelRefusedError("x")) > 0
    assert not breaker.allows()


def test_a_server_is_left_alone_as_long_as_it_asks_within_reason():
    clock = Clock()
    breaker = Breaker(clock)
    assert breaker.failed(LanguageModelError("x", retry_after=5.0)) == 5.0
    assert not breaker.allows()
    clock.now += 5
    assert breaker.allows()
    assert breaker.failed(LanguageModelError("x", retry_after=1e9)) == 3600.0
