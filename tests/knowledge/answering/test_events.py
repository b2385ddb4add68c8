"""The question "what is on next?", answered from the calendar."""

from datetime import UTC, date, datetime

import pytest

from indexer.pipeline import Indexer
from knowledge.answering.events import asks_for_events
from knowledge.answering.wording import NO_CALENDAR
from knowledge.assistant import Assistant

CALENDAR = (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Housing webinar\nDTSTART:20260512T130000Z\nDTEND:20260512T140000Z\n"
    "LOCATION:Online\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nSUMMARY:Green estates workshop\nDTSTART;VALUE=DATE:20260601\n"
    "END:VEVENT\nBEGIN:VEVENT\nUID:3\nSUMMARY:Old talk\nDTSTART:20250101T100000Z\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.fixture
def dated(library, tmp_path):
    (tmp_path / "events.ics").write_text(CALENDAR)
    (tmp_path / "note.md").write_text("# Note\n\nThe next step was to plant forty trees behind the clinic.\n")
    Indexer(library, now=lambda: datetime(2026, 5, 1, tzinfo=UTC)).add(
        [str(tmp_path / "events.ics"), str(tmp_path / "note.md")]
    )
    return library


def ask(library, question, *moment):
    return Assistant(library, now=lambda: datetime(*moment, tzinfo=UTC)).ask(question)


@pytest.mark.parametrize(
    ("question", "events"),
    [
        ("What's on next?", True),
        ("whats on", True),
        ("When is the next webinar?", True),
        ("Are there any upcoming HALN events?", True),
        ("Anything coming up on housing?", True),
        ("What are the next steps?", False),
        ("What happened at the last event?", False),
        ("What events are on in June?", True),
        ("Are there webinars next week?", True),
        ("Is anything on on 12 May?", True),
        ("Which events were in March 2024?", False),
        ("What did trusts change in June?", False),
        ("How should we run meetings with tenants this month?", False),
        ("How do hospital trusts use workshops with tenants today?", False),
        ("Any workshops on 3 June?", True),
        ("What is social value?", False),
    ],
)
def test_which_questions_are_about_coming_events(question, events):
    assert asks_for_events(question, date(2026, 5, 1)) is events


def test_what_is_next_is_told_soonest_first_with_its_source(dated):
    answer = ask(dated, "What's on next?", 2026, 5, 1)
    assert [sentence.text for sentence in answer.sentences] == [
        "Housing webinar: Tuesday 12 May 2026, 14:00 to 15:00 (UK time), Online.",
        "Green estates workshop: Monday 1 June 2026.",
    ]
    assert all(c.quote in dated.store.document_chunks(c.document_id)[0].text for c in answer.citations)


def test_an_event_that_goes_on_is_still_on_and_a_day_lasts_until_its_end(dated):
    assert ask(dated, "What's on?", 2026, 5, 12, 13, 30).citations[0].title == "Housing webinar"
    assert ask(dated, "What's on?", 2026, 5, 12, 14, 1).citations[0].title == "Green estates workshop"
    assert ask(dated, "What's on?", 2026, 6, 1, 23).citations[0].title == "Green estates workshop"


def test_a_topic_chooses_among_the_events(dated):
    answer = ask(dated, "When is the next workshop about estates?", 2026, 5, 1)
    assert [citation.title for citation in answer.citations] == ["Green estates workshop"]


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("What events are on in June?", ["Green estates workshop", "Coffee morning"]),
        ("Are there any webinars this month?", ["Housing webinar"]),
        ("What events are there on Monday 8 June?", ["Coffee morning"]),
        ("What's on this month?", ["Housing webinar"]),
    ],
)
def test_a_period_chooses_among_the_events_and_their_repeats(dated, tmp_path, question, titles):
    (tmp_path / "more.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:4\nSUMMARY:Coffee morning\nDTSTART;VALUE=DATE:20260601\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    Indexer(dated, now=lambda: datetime(2026, 5, 1, tzinfo=UTC)).add([str(tmp_path / "more.ics")])
    answer = ask(dated, question, 2026, 5, 1)
    assert sorted(citation.title for citation in answer.citations) == sorted(titles)
    if "8 June" in question:
        assert answer.sentences[0].text.startswith("Coffee morning is also on Monday 8 June 2026")


def test_a_repeated_event_stands_where_its_day_in_the_period_is(dated, tmp_path):
    (tmp_path / "more.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:4\nSUMMARY:Coffee morning\nDTSTART;VALUE=DATE:20260520\n"
        "RRULE:FREQ=MONTHLY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    Indexer(dated, now=lambda: datetime(2026, 5, 1, tzinfo=UTC)).add([str(tmp_path / "more.ics")])

    def told(question):
        return [citation.title for citation in ask(dated, question, 2026, 5, 1).citations]

    assert told("What events are on in May?") == ["Housing webinar", "Coffee morning"]
    assert told("What events are on in June?") == ["Green estates workshop", "Coffee morning"]


def test_a_topic_that_no_event_has_is_looked_for_in_the_library(dated, tmp_path):
    (tmp_path / "tenants.md").write_text("# Tenants\n\nWorkshops with tenants this year are chaired by tenants.\n")
    Indexer(dated).add([str(tmp_path / "tenants.md")])
    answer = ask(dated, "Which workshops with tenants are there this year?", 2027, 1, 1)
    assert answer.answered
    assert answer.citations[0].title == "Tenants"


def test_a_year_that_never_was_is_no_error(dated):
    assert ask(dated, "What events are on in December 0000?", 2026, 5, 1).reason


def test_nothing_in_that_time_is_said(dated):
    answer = ask(dated, "What events are on in September?", 2026, 5, 1)
    assert not answer.answered
    assert answer.reason == "There is nothing in the network's calendar for that time."
    assert [near.title for near in answer.nearest] == ["Housing webinar"]
    assert "Tuesday 12 May 2026" in answer.text


def test_nothing_to_come_is_said(dated):
    answer = ask(dated, "What's on next?", 2027, 1, 1)
    assert not answer.answered
    assert "nothing coming up" in answer.text


@pytest.mark.parametrize("question", ["What's on next?", "any events next week?", "Are there any webinars coming up?"])
def test_without_a_calendar_that_is_said(filled, reader, question):
    answer = Assistant(filled).ask(question)
    assert not answer.answered
    assert answer.text == answer.reason == NO_CALENDAR
    assert (answer.citations, answer.nearest, reader.passages) == ((), (), [])


def test_without_a_calendar_a_topic_is_looked_for_in_the_library(filled):
    answer = Assistant(filled).ask("Are there workshops next week on the entry jobs kept for local residents?")
    assert answer.reason != NO_CALENDAR
    assert "jobs" in {near.document_id for near in answer.nearest}
