"""Dates in words."""

from datetime import UTC, date, datetime

import pytest

from knowledge.dates import beginning, spoken_date, spoken_event
from knowledge.domain.library import Metadata, on_the_calendar


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2026-05-12T13:00:00Z", "2026-05-12T14:30:00Z", "Tuesday 12 May 2026, 14:00 to 15:30 (UK time)"),
        ("2026-01-12T13:00:00Z", None, "Monday 12 January 2026, 13:00 (UK time)"),
        (
            "2026-05-12T22:30:00Z",
            "2026-05-13T00:30:00Z",
            "Tuesday 12 May 2026, 23:30 to Wednesday 13 May, 01:30 (UK time)",
        ),
        ("2026-05-12", None, "Tuesday 12 May 2026"),
        ("2026-05-12", "2026-05-12", "Tuesday 12 May 2026"),
        ("2026-05-12", "2026-05-13", "Tuesday 12 May 2026 to Wednesday 13 May 2026"),
        # What makes no sense is left out rather than said.
        ("2026-05-12", "2026-05-11", "Tuesday 12 May 2026"),
        ("2026-05-12", "2026-05-12T14:30:00Z", "Tuesday 12 May 2026"),
    ],
)
def test_an_event_is_said_in_uk_time_its_last_day_included(starts, ends, said):
    assert spoken_event(starts, ends) == said


@pytest.mark.parametrize(
    ("published", "said"), [("2021", "2021"), ("2021-03", "March 2021"), ("2021-03-05", "5 March 2021")]
)
def test_a_date_is_as_precise_as_it_is_known(published, said):
    assert spoken_date(published) == said


def test_a_day_begins_at_midnight_in_the_uk():
    assert beginning(date(2026, 6, 1)) == datetime(2026, 5, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2024", "2024-02", "2024-02-29", "2024-02-29T23:59:00Z", None])
def test_a_day_on_the_calendar_stays_as_it_is(text):
    assert on_the_calendar(text) == text


@pytest.mark.parametrize("text", ["0000", "2024-00", "2024-13", "2023-02-29"])
def test_a_day_that_the_calendar_does_not_have_is_no_date_of_a_document(text):
    with pytest.raises(ValueError, match="published"):
        Metadata(title="x", published=text)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-01-01T25:00:00Z"])
def test_an_event_is_on_a_day_that_there_is(text):
    with pytest.raises(ValueError, match="starts"):
        Metadata(title="x", starts=text)
