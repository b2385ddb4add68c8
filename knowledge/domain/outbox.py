"""Messages that a face must deliver, kept until it has: nothing is lost while it is down, nothing is said twice."""

from datetime import UTC, datetime, timedelta

from knowledge.domain.library import Noun

MODERATORS = "moderators"
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)


class Message(Noun):
    """Something to be told. `key` is its identity: it is stored once, and delivered once.

    `recipient` is a member's id or `MODERATORS`. `kind` says which text a face makes of `data`. `not_before` is a
    moment (ISO 8601, UTC) until which it waits.
    """

    key: str
    recipient: str
    kind: str
    data: dict[str, str | int | None]
    not_before: str | None = None


class QueuedMessage(Noun):
    """A message that is being delivered, by whoever holds `lease`; `attempts` counts this one."""

    message: Message
    lease: str
    attempts: int


def next_attempt(now: datetime, attempts: int) -> datetime:
    """When to try again after `attempts` failures: half a minute, doubled each time, an hour at most."""
    doublings = min(max(attempts - 1, 0), 20)
    return now + min(_LONGEST_WAIT, timedelta(seconds=_FIRST_WAIT.total_seconds() * float(2**doublings)))


def stamp(moment: datetime) -> str:
    """A moment as it is stored and compared: ISO 8601, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
