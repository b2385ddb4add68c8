"""Dates in texts, and spans of days that questions name."""

from datetime import date

import pytest

from knowledge.language.dates import asks_for_date, dates_in, days_in, period_in

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


def test_the_dates_that_a_text_gives():
    assert dates_in("Between August and November 2020 they met.") == {"august 2020", "november 2020"}
    assert dates_in("In March 2021, and again in 2023") == {"march 2021", "2023"}
    assert dates_in("every March, and on 3 May") == frozenset({"may"})
    assert dates_in("opens in March; people may march") == {"march"}
    assert dates_in("no date, 350 people") == frozenset()


def test_what_asks_for_a_date():
    assert asks_for_date("When were the conversations held?")
    assert asks_for_date("in what year did it open?")
    assert asks_for_date("which day is the webinar?")
    assert not asks_for_date("what day-to-day costs are there?")
    assert not asks_for_date("what happens when a trust opens?")
