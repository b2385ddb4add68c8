"""Events that are on or still to come: those of the library's calendar, in order with those that others announce."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from knowledge.dates import beginning, moment_of, spoken_event
from knowledge.domain.library import Metadata
from knowledge.library import Library

# More than anybody scrolls through; a calendar of weekly meetings has as many in a year.
_READ = 100


class Coming(NamedTuple):
    """An event that is on or still to come. `told_on` is when a server announced it, `None` for the library's."""

    title: str
    url: str | None
    starts: date
    when: str
    place: str | None
    document_id: str | None = None
    told_on: datetime | None = None


def of_library(library: Library, now: datetime) -> list[Coming]:
    """Return the library's events that are on or still to come."""
    return [documented(chunk.document_id, chunk.metadata) for chunk in library.store.upcoming(now, _READ) or ()]


def in_order(events: Sequence[Coming]) -> list[Coming]:
    """Return the events, the next first. One that both a server and the library announce is named once."""
    found: dict[tuple[str, datetime], Coming] = {}
    for event in sorted(events, key=lambda event: event.told_on is None):
        found.setdefault((" ".join(event.title.casefold().split()), beginning(event.starts)), event)
    return sorted(found.values(), key=lambda event: (beginning(event.starts), event.title))


def documented(document_id: str, metadata: Metadata) -> Coming:
    """Return an event of the library's calendar, whose metadata say when it starts."""
    starts = metadata.starts or ""
    return Coming(
        title=metadata.title,
        url=metadata.url,
        starts=moment_of(starts),
        when=spoken_event(starts, metadata.ends),
        place=metadata.place,
        document_id=document_id,
    )
