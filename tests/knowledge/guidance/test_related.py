"""The parts of one reply: resources, people and the next event; and that a failure costs its part alone."""

import pytest

from knowledge.assistant import Assistant
from knowledge.domain.members import Profile
from knowledge.errors import StorageError
from knowledge.guidance.related import Related, beside_answer, beside_matches, reply_of, resources_on
from knowledge.matching.peers import Peers
from tests.knowledge.guidance.test_next_event import NOW
from tests.knowledge.guidance.test_next_event import calendar as calendar
from tests.knowledge.matching.people import Clock, add

JOBS = "How many entry jobs for local residents were kept?"


@pytest.fixture
def peers(calendar):
    made = Peers(calendar, Clock())
    add(made, "ann", working_on="Entry jobs for local residents", nation="wales")
    return made


def test_an_answer_comes_with_its_sources_people_and_an_event_in_the_readers_nation(calendar, peers):
    answer = Assistant(calendar).ask(JOBS)
    related = beside_answer(calendar, peers, NOW, answer)
    assert [one.id for one in related.resources] == list(dict.fromkeys(one.document_id for one in answer.citations))
    assert related.event.metadata.title == "Entry jobs north"
    own = beside_answer(calendar, peers, NOW, answer, "ann")
    assert own.event.metadata.title == "Entry jobs webinar"
    assert own.people <= related.people  # the reader does not count
    reply = reply_of(answer, own)
    assert (reply.text, reply.people, reply.next_event.starts) == (answer.text, own.people, "2026-09-01")


def test_a_refusal_comes_with_what_is_nearest_and_a_greeting_with_nothing(calendar, peers):
    refused = Assistant(calendar).ask("What does Narnia say of entry jobs for residents of its moon?")
    assert not refused.answered
    named = {one.document_id for one in refused.citations or refused.nearest}
    assert {one.id for one in beside_answer(calendar, peers, NOW, refused).resources} == named
    assert beside_answer(calendar, peers, NOW, Assistant(calendar).ask("Thank you!")) == Related()


def test_resources_are_about_the_words_and_no_events(calendar):
    assert [one.id for one in resources_on(calendar, "Green roofs hold rain water")] == ["green"]
    assert resources_on(calendar, "Gathering of everybody") == ()  # an event
    assert resources_on(calendar, "Zebra crossings") == ()
    assert resources_on(calendar, "?!") == ()


def test_a_search_for_members_comes_with_the_same(calendar):
    profile = Profile(id="ann", looking_for="Green roofs hold rain water")
    related = beside_matches(calendar, NOW, profile, people=2)
    assert ([one.id for one in related.resources], related.people) == (["green"], 2)
    assert beside_matches(calendar, NOW, profile, "Entry jobs").event.metadata.title == "Entry jobs north"


def test_a_failure_costs_its_part_alone(calendar, peers, monkeypatch):
    def fails(*_, **__):
        raise StorageError("The disk is full.")

    answer = Assistant(calendar).ask(JOBS)
    monkeypatch.setattr(calendar.store, "upcoming", fails)
    monkeypatch.setattr(peers, "count_on", fails)
    related = beside_answer(calendar, peers, NOW, answer)
    assert related.resources
    assert (related.people, related.event) == (0, None)
