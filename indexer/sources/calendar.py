"""Calendars (iCalendar): a document an event, with when and where it is, its link and its recording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from indexer.parsing.text import printable
from indexer.sources.files import slug
from knowledge.dates import UK, spoken
from knowledge.domain.library import Document, Metadata, Section
from knowledge.domain.vocabulary import Kind
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from icalendar import Component

RECORDING = "Recording: "
_MOST_EVENTS = 5000
_MOST_DATES = 6
_MOST_REPEATS = 2000
_LINK = re.compile(r"https?://[^\s<>\"')]+[^\s<>\"').,;:!?]")
_RECORDED = re.compile(r"record(?:ing|ed)[^\n]{0,80}?(https?://[^\s<>\"')]+[^\s<>\"').,;:!?])", re.IGNORECASE)


def calendar_documents(content: bytes, address: str, now: datetime) -> Iterator[Document]:
    """The events of a calendar that is kept at `address`; cancelled ones are left out.

    Raises:
        SourceError: It is not a calendar that can be read.
    """
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except Exception as error:
        problem = str(error).split("\n", maxsplit=1)[0]
        raise SourceError(f"it is not a calendar that can be read ({problem}); export it again as .ics") from error
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not calendars:
        raise SourceError("it is not a calendar (.ics); check the address, and that the calendar is public")
    if len(events) > _MOST_EVENTS:
        raise SourceError(f"it has more than {_MOST_EVENTS} events; export fewer years of it")
    taken: set[str] = set()
    for event in events:
        try:
            document = _document(event, address, now)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
            continue  # an event that makes no sense hides none of the others
        if document is not None and document.location not in taken:
            taken.add(document.location)
            yield document


def _document(event: Component, address: str, now: datetime) -> Document | None:
    title = " ".join(_text(event, "SUMMARY").split())
    starts = _moment(event, "DTSTART")
    if not title or starts is None or _text(event, "STATUS").upper() == "CANCELLED":
        return None
    length = _length(event, starts)
    dates = _dates(event, starts, now)
    first = dates[0]
    place = " ".join(_text(event, "LOCATION").split())
    description = _text(event, "DESCRIPTION")
    recording = _RECORDED.search(description)
    link = _text(event, "URL") or next(iter(_LINK.findall(f"{place}\n{description}")), "")
    own = _text(event, "UID") or title
    if event.get("RECURRENCE-ID") is not None:
        own += f"/{_stamp(starts)}"
    return Document(
        location=f"{address}#{own}",
        suggested_id=slug(f"{title} {first:%Y-%m-%d}"),
        metadata=Metadata(
            title=title[:300],
            kind=Kind.EVENT,
            starts=_stamp(first),
            ends=_stamp(_last(first, length)) if length else None,
            place=place or None,
            url=link if re.match(r"^https?://\S+$", link) else None,
        ),
        sections=(Section(text=_told(title, dates, length, place, description, recording and recording.group(1))),),
    )


def _told(
    title: str, dates: list[date], length: timedelta | None, place: str, description: str, recording: str | None
) -> str:
    """An event in words. The first sentence says all that matters, so that it can be quoted alone."""
    where = f", {place}" if place else ""
    parts = [f"{title.rstrip('.')}: {spoken(dates[0], length)}{where}."]
    if len(dates) > 1:
        parts.append(f"{title.rstrip('.')} is also on " + "; ".join(spoken(day, None) for day in dates[1:]) + ".")
    parts += [" ".join(part.split()) for part in re.split(r"\n\s*\n", description) if part.strip()]
    if recording:
        parts.append(f"{RECORDING}{recording}")
    return "\n\n".join(parts)


def _dates(event: Component, starts: date, now: datetime) -> list[date]:
    """When the event is: of a repeated one the next times, or the last one when it is over."""
    rule = event.get("RRULE")
    if rule is None:
        return [starts]
    from dateutil.rrule import rrulestr

    if isinstance(starts, datetime):
        # Repeats are counted in local time: 14:00 stays 14:00 when the clocks change.
        local = starts.astimezone(UK).replace(tzinfo=None)
    else:
        local = datetime.combine(starts, time(0))
    try:
        text = re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", rule.to_ical().decode())
        repeats = rrulestr(text, dtstart=local)
    except (ValueError, TypeError, AttributeError):
        return [starts]
    left_out = {_local(value) for value in _excluded(event)}
    here = now.astimezone(UK).replace(tzinfo=None)
    last, coming = local, list[datetime]()
    for count, moment in enumerate(repeats):
        if count > _MOST_REPEATS or len(coming) == _MOST_DATES:
            break
        if moment not in left_out:
            last = moment
            if moment >= here:
                coming.append(moment)
    found = coming or [last]
    if isinstance(starts, datetime):
        return [moment.replace(tzinfo=UK).astimezone(UTC) for moment in found]
    return [moment.date() for moment in found]


def _excluded(event: Component) -> Iterator[date]:
    dates = event.get("EXDATE", [])
    for part in dates if isinstance(dates, list) else [dates]:
        for value in part.dts:
            yield value.dt


def _local(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(0))
    return moment.astimezone(UK).replace(tzinfo=None) if moment.tzinfo else moment


def _length(event: Component, starts: date) -> timedelta | None:
    ends = _moment(event, "DTEND")
    if ends is not None and isinstance(ends, datetime) == isinstance(starts, datetime) and ends > starts:
        return ends - starts
    duration = event.get("DURATION")
    value = getattr(duration, "dt", None)
    return value if isinstance(value, timedelta) and value > timedelta(0) else None


def _moment(event: Component, name: str) -> date | None:
    """A day, or a moment in UTC. A time without a zone, or with one that nobody knows, is taken as UK time."""
    value: Any = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None and value.utcoffset() is not None else value.replace(tzinfo=UK)
        return aware.astimezone(UTC)
    return value if isinstance(value, date) else None


def _last(moment: date, length: timedelta) -> date:
    """When it ends: of days the last one that is part of it, where a calendar names the day after."""
    return moment + length if isinstance(moment, datetime) else moment + length - timedelta(days=1)


def _stamp(moment: date) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()


def _text(event: Component, name: str) -> str:
    value = event.get(name)
    first = value[0] if isinstance(value, list) else value
    return printable(str(first)).strip() if first is not None else ""
