"""Days and moments: as they are stored, and as people in the UK say them."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
# Characters of a Retry-After that means something.
_LONGEST_WAIT = 40
_SATURDAY = 5


def stamp(moment: datetime) -> str:
    """Return a moment as it is stored and compared: ISO 8601, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def utc_now() -> datetime:
    """Return this moment in UTC: the clock of everything that is not given another."""
    return datetime.now(UTC)


def seconds_asked_for(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, which may also be a date; `None` where it says nothing of use."""
    said = (retry_after or "").strip()
    if not said or len(said) > _LONGEST_WAIT:
        return None
    # Only the ten digits: "²" is one to Python, and no number.
    if re.fullmatch(r"-?[0-9]+", said):
        return max(0.0, float(said))
    try:
        when = parsedate_to_datetime(said)
        return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def spoken(moment: date, length: timedelta | None) -> str:
    """Return a day or a moment, and how long it goes on: "Tuesday 12 May 2026, 14:00 to 15:30 (UK time)"."""
    if not isinstance(moment, datetime):
        last = moment + length - timedelta(days=1) if length else moment
        until = f" to {last:%A} {last.day} {last:%B %Y}" if last > moment else ""
        return f"{moment:%A} {moment.day} {moment:%B %Y}{until}"
    local = moment.astimezone(UK)
    text = f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"
    if length:
        end = (moment + length).astimezone(UK)
        text += f" to {end:%H:%M}" if end.date() == local.date() else f" to {end:%A} {end.day} {end:%B}, {end:%H:%M}"
    return f"{text} (UK time)"


def spoken_event(starts: str, ends: str | None) -> str:
    """Return when an event is, from the two ends in its metadata: days (the last one included) or moments in UTC."""
    begin, end = moment_of(starts), moment_of(ends) if ends else None
    if end is None or isinstance(begin, datetime) != isinstance(end, datetime) or end <= begin:
        return spoken(begin, None)
    return spoken(begin, end - begin if isinstance(begin, datetime) else end - begin + timedelta(days=1))


def spoken_date(published: str) -> str:
    """Return a date as precise as it is known: "2021", "March 2021" or "25 March 2021"."""
    year, month, day = (*published.split("-"), "", "")[:3]
    if not month:
        return year
    named = date(int(year), int(month), int(day or 1))
    return f"{named.day} {named:%B %Y}" if day else f"{named:%B %Y}"


def last_day(text: str) -> str:
    """Return the last day that a date may mean: "2019" is "2019-12-31", "2019-02" is "2019-02-31" (to compare by)."""
    return text + "-12-31"[len(text) - len("2019-02-28") :] if len(text) < len("2019-02-28") else text


def moment_of(text: str) -> date:
    """Return a day ("2026-05-12"), or a moment ("2026-05-12T13:00:00Z") as a datetime in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC) if "T" in text else date.fromisoformat(text)


def beginning(moment: date) -> datetime:
    """Return the moment at which a day begins in the UK, or the moment itself: what events are put in order by."""
    return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day, tzinfo=UK)


def month_before(moment: datetime) -> datetime:
    """Return the same time of the same day a month earlier, or of that month's last day where it is shorter."""
    last = moment.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(moment.day, last.day))


def is_working_time(now: datetime, quiet_hours: str) -> bool:
    """Return whether a moment is on a working day in the UK, outside the quiet hours."""
    return now.astimezone(UK).weekday() < _SATURDAY and not is_quiet(now, quiet_hours)


def is_quiet(now: datetime, hours: str) -> bool:
    """Return whether a moment is within the quiet hours; see `after_quiet_hours`."""
    return after_quiet_hours(now, hours) > now


def after_quiet_hours(now: datetime, hours: str) -> datetime:
    """Return `now`, or the end of the quiet hours that it falls into.

    `hours` is like "18-8", UK time; "0-0" is none.
    """
    start, end = (int(part) for part in hours.split("-"))
    local = now.astimezone(UK)
    quiet = start <= local.hour < end if start <= end else local.hour >= start or local.hour < end
    if not quiet:
        return now
    over = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return over if over > local else over + timedelta(days=1)
