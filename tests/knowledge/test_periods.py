"""Spans of days that questions name."""

from datetime import date

import pytest

from knowledge.answering.periods import days_in, period_in

TODAY = date(2026, 11, 18)  # a Wednesday


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What is on today?", date(2026, 11, 18), date(2026, 11, 18)),
        ("anything on tomorrow", date(2026, 11, 19), date(2026, 11, 19)),
        ("webinars this week", date(2026, 11, 18), date(2026, 11, 22)),
        ("webinars next week", date(2026, 11, 23), date(2026, 11, 29)),
        ("events next month", date(2026, 12, 1), date(2026, 12, 31)),
        ("events in December", date(2026, 12, 1), date(2026, 12, 31)),
        ("events in March", date(2027, 3, 1), date(2027, 3, 31)),
        ("events in November", date(2026, 11, 1), date(2026, 11, 30)),
        ("events in February 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("events on 3 December", date(2026, 12, 3), date(2026, 12, 3)),
        ("events on March 1st", date(2027, 3, 1), date(2027, 3, 1)),
        ("events on Friday", date(2026, 11, 20), date(2026, 11, 20)),
    ],
)
def test_periods(question, first, last):
    assert period_in(question, TODAY) == (first, last)


@pytest.mark.parametrize("question", ["What may we do?", "Who marches?", "Is 31 June a day?", "What is social value?"])
def test_no_period(question):
    assert period_in(question, TODAY) is None


def test_days_with_their_year_are_read_from_texts():
    assert days_in("Tuesday 12 May 2026, 14:00; 3 June 2026 and 4 July") == {date(2026, 5, 12), date(2026, 6, 3)}
