"""Quiet hours: when nobody is reminded of anything."""

from datetime import datetime, timedelta

from knowledge.dates import UK


def is_quiet(now: datetime, hours: str) -> bool:
    """Whether a moment is within the quiet hours; see `after_quiet_hours`."""
    return after_quiet_hours(now, hours) > now


def after_quiet_hours(now: datetime, hours: str) -> datetime:
    """`now`, or the end of the quiet hours that it falls into. `hours` is like "18-8", UK time; "0-0" is none."""
    start, end = (int(part) for part in hours.split("-"))
    local = now.astimezone(UK)
    quiet = start <= local.hour < end if start <= end else local.hour >= start or local.hour < end
    if not quiet:
        return now
    over = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return over if over > local else over + timedelta(days=1)
