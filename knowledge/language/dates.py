"""Dates in texts, and spans of days that questions name: "next week", "in December", "on 3 March"."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

# Numbers as the calendar counts them, from 1 and from 0.
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
# A year, also of a span: "2024/25" is asked for as 2024.
YEAR = re.compile(r"\b((?:19|20)\d\d)(?:\s?[/–-]\s?\d\d(?:\d\d)?)?\b")
_NAMES = "|".join(MONTHS)
# "may" is a month only where it cannot be the verb.
_MONTH = re.compile(
    rf"\b(?:in|during|for|this|next|of|throughout|events?|webinars?) ({_NAMES})(?: ([12]\d{{3}}))?\b", re.I
)
_DAY = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_NAMES})"
    rf"|(?P<month_first>{_NAMES}) (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?)(?!\d)(?:,? (?P<year>[12]\d{{3}}))?\b",
    re.I,
)
# "Between August and November 2020" gives two dates; "march" and "may" are months only beside a year, a day or "in".
_DATED = re.compile(rf"\b(?:(?P<month>{_NAMES})\s+(?:and\s+(?P<until>{_NAMES})\s+)?)?(?P<year>(?:19|20)\d\d)\b", re.I)
_ASKS_FOR_DATE = re.compile(
    r"^(?:and |so |but )?when\b|\b(?:what|which) (?:day|year|date|month)s?\b(?!-)|\bsince when\b", re.I
)
_WEEKDAY = re.compile(rf"\b(?:on|this|next) ({'|'.join(WEEKDAYS)})\b", re.I)


class Period(NamedTuple):
    """A span of days, both ends in it."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Return whether a day is in it."""
        return self.first <= day <= self.last

    def meets(self, first: date, last: date) -> bool:
        """Return whether it has a day in common with another span."""
        return self.first <= last and first <= self.last


def asks_for_date(question: str) -> bool:
    """Return whether a question asks when something was."""
    return _ASKS_FOR_DATE.search(question) is not None


def dates_in(text: str) -> frozenset[str]:
    """Return the dates that a text gives, both ends of a span, as "2020", "august 2020" or "august" without a year."""
    found: set[str] = set()
    for match in _DATED.finditer(text):
        months = [month.lower() for month in (match["month"], match["until"]) if month]
        found |= {f"{month} {match['year']}" for month in months} or {match["year"]}
    rest = _DATED.sub(" ", text)
    bare = {(day["month"] or day["month_first"]).lower() for day in _DAY.finditer(rest)}
    return frozenset(found | bare | {month[1].lower() for month in _MONTH.finditer(rest)})


def period_in(question: str, today: date) -> Period | None:
    """Return the span that a question names, seen from `today`, or `None`.

    A month or day without a year is the next one to come.
    """
    text = question.lower()
    if day := next(_days(text, today), None):
        return Period(day, day)
    if month := _MONTH.search(text):
        return _month(MONTHS[month[1].lower()], month[2], today)
    if weekday := _WEEKDAY.search(text):
        day = today + timedelta(days=(WEEKDAYS[weekday[1].lower()] - today.weekday()) % 7)
        return Period(day, day)
    monday = today - timedelta(days=today.weekday())
    first_of_month = today.replace(day=1)
    next_month = (first_of_month + timedelta(days=32)).replace(day=1)
    spans = {
        "today": Period(today, today),
        "tonight": Period(today, today),
        "tomorrow": Period(today + timedelta(days=1), today + timedelta(days=1)),
        "this week": Period(today, monday + timedelta(days=6)),
        "next week": Period(monday + timedelta(days=7), monday + timedelta(days=13)),
        "this month": Period(today, next_month - timedelta(days=1)),
        "next month": Period(next_month, (next_month + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
        "this year": Period(today, date(today.year, 12, 31)),
        "next year": Period(date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)),
    }
    return next((span for said, span in spans.items() if re.search(rf"\b{said}\b", text)), None)


def days_in(text: str) -> frozenset[date]:
    """Return the days that a text gives with their year: "Tuesday 12 May 2026"."""
    return frozenset(_days(text, None))


def _days(text: str, today: date | None) -> Iterator[date]:
    """Yield the days in a text; those without a year only where `today` says which one is the next."""
    for found in _DAY.finditer(text):
        month = MONTHS[(found["month"] or found["month_first"]).lower()]
        number = int(found["day"] or found["day_after"])
        years = [int(found["year"])] if found["year"] else [today.year, today.year + 1] if today else []
        for year in years:
            if number <= calendar.monthrange(year, month)[1]:
                day = date(year, month, number)
                if found["year"] or (today is not None and day >= today):
                    yield day
                    break


def _month(month: int, year: str | None, today: date) -> Period:
    chosen = int(year) if year else today.year + (month < today.month)
    return Period(date(chosen, month, 1), date(chosen, month, calendar.monthrange(chosen, month)[1]))
