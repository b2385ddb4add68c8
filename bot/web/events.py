"""Events to come, on a page and as files that calendars read."""

from datetime import datetime, timedelta

import icalendar
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import texts
from bot.web.errors import not_found
from bot.web.site import site_of
from knowledge.dates import moment_of
from knowledge.domain.library import Metadata

_READ = 100
_CALENDAR = "text/calendar; charset=utf-8"


async def events(request: Request) -> Response:
    """List what is on or still to come, the next first."""
    site = site_of(request)
    now = site.now()
    coming = await site.db(lambda backend: backend.library.store.upcoming(now, _READ))
    return await site.page(request, "events.html", title=texts.EVENTS_TITLE, events=coming)


async def calendar(request: Request) -> Response:
    """Return all events to come as one calendar, to subscribe to."""
    site = site_of(request)
    now = site.now()
    coming = await site.db(lambda backend: backend.library.store.upcoming(now, _READ)) or []
    found = _calendar()
    for chunk in coming:
        address = site.address(request, f"/documents/{chunk.document_id}")
        found.add_component(_event(chunk.document_id, chunk.metadata, now, address))
    return Response(found.to_ical(), media_type=_CALENDAR)


async def one_event(request: Request) -> Response:
    """Return one event as a file for a calendar."""
    site, event_id = site_of(request), request.path_params["document_id"]
    document = await site.db(lambda backend: backend.library.store.document(event_id))
    if document is None or document.metadata.starts is None:
        raise not_found()
    found = _calendar()
    address = site.address(request, f"/documents/{event_id}")
    found.add_component(_event(event_id, document.metadata, site.now(), address))
    return Response(
        found.to_ical(),
        media_type=_CALENDAR,
        headers={"Content-Disposition": f'attachment; filename="event-{_ascii(event_id)}.ics"'},
    )


def _calendar() -> icalendar.Calendar:
    found = icalendar.Calendar()
    found.add("prodid", f"-//{texts.NAME}//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", f"{texts.NETWORK}: {texts.EVENTS_TITLE}")
    return found


def _event(event_id: str, metadata: Metadata, now: datetime, address: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{event_id}@haln-assistant")
    event.add("dtstamp", now)
    event.add("summary", metadata.title)
    starts = moment_of(metadata.starts or "")
    event.add("dtstart", starts)
    if metadata.ends:
        ends = moment_of(metadata.ends)
        # A day in the library is the last one; in a calendar it is the one after that.
        event.add("dtend", ends if isinstance(ends, datetime) else ends + timedelta(days=1))
    if metadata.place:
        event.add("location", metadata.place)
    event.add("url", metadata.url or address)
    return event


def _ascii(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text)


ROUTES = (
    Route("/events", events),
    Route("/events.ics", calendar),
    Route("/events/{document_id}.ics", one_event),
)
