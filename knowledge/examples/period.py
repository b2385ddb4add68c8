"""The period in which an example happened, in the ways that people write it, and as a reader is told it."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from knowledge.dates import last_day, spoken_date
from knowledge.domain.library import on_the_calendar
from knowledge.language.dates import MONTHS

# What a spreadsheet keeps a day as: the number of days since then. These numbers are the years 1955 to 2064.
_SHEET_BEGINS = date(1899, 12, 30)
_SHEET_DAY = re.compile(r"[2-5]\d{4}(?:\.0+)?")
_SHORT_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH_NUMBERS = _SHORT_MONTHS | MONTHS
_NAMES = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_ONGOING = re.compile(r"\b(?:now|present|ongoing|on-going|today|current(?:ly)?|onwards?|to date|still|since)\b", re.I)
# A year of accounts begins in April: its second quarter in July.
_ACCOUNTS_BEGIN = 4
_DATE = re.compile(
    rf"(?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])(?:-\d\d)?)(?!\d)"
    rf"|\bq(?P<quarter>[1-4])[ ,]*(?P<accounts>(?:20)?\d\d)\s?[/–-]\s?(?:20)?\d\d\b"
    rf"|\b(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-](?P<year>{_YEAR}|\d\d)\b"
    rf"|\b(?P<months>\d{{1,2}})/(?P<of>{_YEAR})\b"
    rf"|\b(?P<span>{_YEAR})\s?[/–-]\s?(?P<until>\d\d)(?!\d)"
    r"|\b(?P<in_words>(?:(?:(?P<begin>\d{1,2})(?:st|nd|rd|th)? ?(?:-|–|to|and|&) ?)?"
    rf"(?P<first>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?)?(?P<named>{_NAMES})\b\.?"
    rf"(?: (?P<then>\d{{1,2}})(?:st|nd|rd|th)?(?=,? {_YEAR}))?"
    rf"(?:[ ,'’-]*(?P<in_year>{_YEAR}|(?<=[ '’-])\d\d(?!\d)))?)"
    rf"|\b(?P<only>{_YEAR})\b",
    re.IGNORECASE,
)


class HappenedPeriod(NamedTuple):
    """A period between two dates, as precise as they are known ("2023", "2023-03", "2023-03-25")."""

    first: str
    last: str


def read_period(text: str, today: date) -> HappenedPeriod | None:
    """Return the period that a text names, `None` where it names none: "March 2022 to June 2024", "2023/24".

    What goes on still ("since 2021") is told up to the month of `today`, for that is how far anybody can know.
    """
    said = " ".join(text.split())
    if _SHEET_DAY.fullmatch(said):
        day = (_SHEET_BEGINS + timedelta(days=int(float(said)))).isoformat()
        return HappenedPeriod(day, day)
    found = list(_dates(said, today))
    if not found:
        return None
    first, last = min(found), max(found, key=last_day)
    if _ONGOING.search(said) and last_day(last) < today.isoformat():
        last = f"{today:%Y-%m}"
    return HappenedPeriod(first, last)


def spoken_period(first: str | None, last: str | None) -> str:
    """Return when it was: "2023", "March 2022 to June 2024"; empty where that is not known."""
    if first is None or last is None or first == last:
        return spoken_date(first or last or "") if first or last else ""
    return f"{spoken_date(first)} to {spoken_date(last)}"


def known_until(first: str | None, last: str | None, shared: str) -> str:
    """Return the date up to which an example tells what was so; where it goes on after it was `shared`, that day.

    Dates are as precise as they are known; `shared` is a day.
    """
    end = last or first
    return end if end is not None and end <= shared else shared


def _dates(text: str, today: date) -> Iterator[str]:
    """Yield the dates in a text; a month without a year is of the year that the next date names."""
    matches = list(_DATE.finditer(text))
    for place, match in enumerate(matches):
        following = next((_year_of(later) for later in matches[place + 1 :] if _year_of(later)), None)
        for found in _read(match, following, today):
            try:
                yield on_the_calendar(found) or found
            except ValueError:
                continue  # the 31st of June


def _read(match: re.Match[str], following: str | None, today: date) -> Iterator[str]:
    if match["iso"]:
        yield match["iso"]
    elif match["quarter"]:
        begins = _ACCOUNTS_BEGIN + 3 * (int(match["quarter"]) - 1)
        year = int(match["accounts"][-2:]) + 2000
        for month in (begins, begins + 2):
            yield f"{year + (month - 1) // 12}-{(month - 1) % 12 + 1:02}"
    elif match["day"]:
        yield f"{_full(match['year'], today)}-{int(match['month']):02}-{int(match['day']):02}"
    elif match["months"]:
        yield f"{match['of']}-{int(match['months']):02}"
    elif match["span"]:
        yield match["span"]
        yield match["span"][:2] + match["until"]
    elif match["in_words"]:
        year_said = _full(match["in_year"], today) if match["in_year"] else following
        if year_said:
            month_said = f"{year_said}-{_MONTH_NUMBERS[match['named'].lower()]:02}"
            days = [day for day in (match["begin"], match["first"] or match["then"]) if day]
            yield from [f"{month_said}-{int(day):02}" for day in days] or [month_said]
    else:
        yield match["only"]


def _year_of(match: re.Match[str]) -> str | None:
    found: str | None = match["in_year"] or match["only"] or match["of"] or match["year"] or match["span"]
    return found if found is None or len(found) > 2 else f"20{found}"


def _full(year: str, today: date) -> str:
    """Return a year in four digits; one of two digits that would lie ahead is of the last century."""
    if len(year) > 2:
        return year
    return f"20{year}" if 2000 + int(year) <= today.year + 1 else f"19{year}"
