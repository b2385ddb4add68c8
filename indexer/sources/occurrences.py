"""Dates of a calendar's events: series with cancelled, moved and added dates, in the events' own zones."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.dates import UK, beginning

if TYPE_CHECKING:
    from icalendar import Calendar, Component

_MOST_DATES = 6
# Years ahead, then back, that are looked through, the nearest first.
_AHEAD = (1, 5, 30)
_BACK = (1, 5, 60)
# Rules that no event follows, and that are counted through for minutes.
_ENDLESS = frozenset({"SECONDLY", "MINUTELY"})
_LEAP_YEAR = 2024


class Series(NamedTuple):
    """An event and the changes to single dates of it. `event` is `None` where a calendar only has changes.

    `own_uid`: no event before it in the calendar has the same UID.
    """

    event: Component | None
    changes: Sequence[Component]
    own_uid: bool = True


class Occurrence(NamedTuple):
    """A day, or a moment in UTC, at which an event begins, how long it goes on, and what is said of it."""

    starts: date
    length: timedelta | None
    event: Component


def in_its_zone(calendar: Calendar) -> Calendar:
    """Return a calendar with the zone that it names as a whole, as Google's do, in its events."""
    if calendar.get("X-WR-TIMEZONE") is None:
        return calendar
    import x_wr_timezone

    try:
        standard: Calendar = x_wr_timezone.to_standard(calendar)
    except (ValueError, KeyError, TypeError, AttributeError):
        return calendar  # it names no zone that there is
    return standard


def series_of(events: Sequence[Component]) -> Iterator[Series]:
    """Yield events by their UID, each with the changes to it; of one that is there twice the latest version."""
    named: dict[str, list[Component]] = {}
    for position, event in enumerate(events):
        named.setdefault(str(event.get("UID") or f"\0{position}"), []).append(event)
    for group in named.values():
        whole = [event for event in group if event.get("RECURRENCE-ID") is None]
        changes = [event for event in group if event.get("RECURRENCE-ID") is not None]
        latest = max((_sequence(event) for event in whole), default=0)
        # Some programs give one UID to events that have nothing to do with each other.
        different = {(str(moment(event, "DTSTART")), str(event.get("SUMMARY"))): event for event in whole}
        versions = [event for event in different.values() if _sequence(event) == latest]
        yield Series(versions[0] if versions else None, changes)
        yield from (Series(event, (), own_uid=False) for event in versions[1:])


def occurrences(series: Series, calendar: Calendar, now: datetime) -> list[Occurrence]:
    """Return the next times of an event, the soonest first, or its last one when it is over; none if cancelled.

    `calendar` defines the zones that its events name.
    """
    event = series.event
    if event is None or is_cancelled(event):
        return []
    if not any(event.get(name) for name in ("RRULE", "RDATE")):
        moved = [change for change in series.changes if not is_cancelled(change)] if series.changes else []
        single = moved[0] if moved else event
        return [found] if (found := _occurrence(single)) and len(moved) == len(series.changes) else []
    first = _occurrence(event)
    try:
        return [first] if first and _is_endless(event) else _next(series, calendar, now)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        return [first] if first else []  # a rule that makes no sense hides no event


def _is_endless(event: Component) -> bool:
    """Return whether counting an event's dates would take minutes: too many, or none, as on 30 February."""
    rules = event.get("RRULE") or []
    for rule in rules if isinstance(rules, list) else [rules]:
        if any(str(frequency).upper() in _ENDLESS for frequency in rule.get("FREQ", [])):
            return True
        months, days = rule.get("BYMONTH", []), rule.get("BYMONTHDAY", [])
        if (
            months
            and days
            and not any(abs(int(day)) <= monthrange(_LEAP_YEAR, int(m))[1] for m in months for day in days)
        ):
            return True
    return False


def _next(series: Series, calendar: Calendar, now: datetime) -> list[Occurrence]:
    import recurring_ical_events
    from icalendar import Calendar

    alone = Calendar()
    for zone in calendar.walk("VTIMEZONE"):
        alone.add_component(zone)
    for event in (series.event, *series.changes):
        if event is not None:
            alone.add_component(event)
    query = recurring_ical_events.of(alone)
    today = now.astimezone(UK).date()

    def found(begin: datetime, end: datetime) -> list[Occurrence]:
        events = (event for event in query.between(begin, end) if not is_cancelled(event))
        told = {occurrence.starts: occurrence for event in events if (occurrence := _occurrence(event))}
        return sorted(told.values(), key=lambda occurrence: beginning(occurrence.starts))

    def is_coming(occurrence: Occurrence) -> bool:
        starts = occurrence.starts
        return starts >= now if isinstance(starts, datetime) else starts >= today

    midnight = datetime.combine(today, time(0), UK)
    for years in _AHEAD:
        coming = [one for one in found(midnight, midnight + timedelta(days=366 * years)) if is_coming(one)]
        if len(coming) >= _MOST_DATES or (coming and years == _AHEAD[-1]):
            return coming[:_MOST_DATES]
    for years in _BACK:
        past = [one for one in found(now - timedelta(days=366 * years), now) if not is_coming(one)]
        if past:
            return past[-1:]
    return []


def is_cancelled(event: Component) -> bool:
    """Return whether an event, or one date of it, does not take place."""
    return str(event.get("STATUS") or "").strip().upper() == "CANCELLED"


def moment(event: Component, name: str) -> date | None:
    """Return a day, or a moment in UTC. A time without a zone, or with one that nobody knows, is taken as UK time."""
    try:
        value: Any = getattr(event.get(name), "dt", None)
    except ValueError:  # what is there is no time
        return None
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None and value.utcoffset() is not None else value.replace(tzinfo=UK)
        return aware.astimezone(UTC)
    return value if isinstance(value, date) else None


def _occurrence(event: Component) -> Occurrence | None:
    starts = moment(event, "DTSTART")
    return Occurrence(starts, _length(event, starts), event) if starts is not None else None


def _length(event: Component, starts: date) -> timedelta | None:
    ends = moment(event, "DTEND")
    if ends is not None and isinstance(ends, datetime) == isinstance(starts, datetime) and ends > starts:
        return ends - starts
    value = getattr(event.get("DURATION"), "dt", None)
    return value if isinstance(value, timedelta) and value > timedelta(0) else None


def _sequence(event: Component) -> int:
    try:
        return int(event.get("SEQUENCE") or 0)
    except (ValueError, TypeError):
        return 0
