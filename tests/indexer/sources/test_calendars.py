"""Calendars into the library: times, zones, repeats, what stays and what goes."""

import pytest

from tests.indexer.counting import counts, ids

EVENTS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//sample//EN
BEGIN:VEVENT
UID:one@sample
SUMMARY:Green agenda webinar
DTSTART;TZID={zone}:20260512T140000
DTEND;TZID={zone}:20260512T153000
LOCATION:Online
URL:https://example.org/green
DESCRIPTION:How estates teams cut their carbon.
END:VEVENT
BEGIN:VEVENT
UID:two@sample
SUMMARY:Housing session
DTSTART:20260113T100000Z
DTEND:20260113T110000Z
DESCRIPTION:What housing associations do. The recording is at https://example.org/video.
END:VEVENT
BEGIN:VEVENT
UID:three@sample
SUMMARY:Monthly coffee
DTSTART;VALUE=DATE:20260105
RRULE:FREQ=MONTHLY;COUNT=24
END:VEVENT
BEGIN:VEVENT
UID:four@sample
SUMMARY:Cancelled talk
STATUS:CANCELLED
DTSTART:20260601T100000Z
END:VEVENT
END:VCALENDAR
"""


def calendar(zone="Europe/London", text=EVENTS):
    return text.format(zone=zone).replace("\n", "\r\n")


def events(text, *uids):
    """The calendar without these events."""
    parts = text.split("BEGIN:VEVENT")
    return "BEGIN:VEVENT".join(p for p in parts if not any(f"UID:{uid}@" in p for uid in uids)) + (
        "END:VCALENDAR\n" if f"UID:{uids[-1]}" in parts[-1] else ""
    )


def test_a_calendar_gives_events_with_time_place_and_link(index, server, library):
    url = server.says("/events.ics", calendar(), media_type="text/calendar")
    report = index().add([url])
    assert sorted(report.added_ids) == [
        "green-agenda-webinar-2026-05-12",
        "housing-session-2026-01-13",
        "monthly-coffee-2026-05-05",
    ]
    green = library.store.document("green-agenda-webinar-2026-05-12").metadata
    assert (green.starts, green.ends, green.place) == ("2026-05-12T13:00:00Z", "2026-05-12T14:30:00Z", "Online")
    assert green.url == "https://example.org/green"
    text = library.store.sections("green-agenda-webinar-2026-05-12")[0].text
    assert text.startswith("Green agenda webinar: Tuesday 12 May 2026, 14:00 to 15:30 (UK time), Online.")
    coffee = library.store.sections("monthly-coffee-2026-05-05")[0].text
    assert " is also on Friday 5 June 2026; Sunday 5 July 2026" in coffee
    assert counts(index().refresh()) == (0, 0, 3, 0)


def test_what_leaves_a_calendar_is_gone_but_a_past_event_with_a_recording_stays(index, server, library):
    url = server.says("/events.ics", calendar(), media_type="text/calendar")
    index().add([url])
    server.says("/events.ics", calendar(text=events(EVENTS, "one", "two")), media_type="text/calendar")
    report = index().refresh()
    assert (report.removed, report.unchanged) == (1, 1)
    assert ids(library) == {"housing-session-2026-01-13", "monthly-coffee-2026-05-05"}
    assert "Recording: https://example.org/video" in library.store.sections("housing-session-2026-01-13")[0].text


@pytest.mark.parametrize("zone", ["Nowhere/Land", "GMT Standard Time", '"(UTC+00:00) Dublin, London"'])
def test_a_broken_time_zone_is_taken_as_uk_time(index, server, library, zone):
    index().add([server.says("/e.ics", calendar(zone), media_type="text/calendar")])
    assert library.store.document("green-agenda-webinar-2026-05-12").metadata.starts == "2026-05-12T13:00:00Z"


def test_what_is_no_calendar_says_so(index, server, library, tmp_path):
    bad = server.says("/bad.ics", "<p>log in first</p>", media_type="text/calendar")
    assert "not a calendar" in index().add([bad]).failed[0].error
    (tmp_path / "cut.ics").write_text(calendar()[:300])
    assert index().add([str(tmp_path / "cut.ics")]).added == 0


def test_a_calendar_file_in_a_folder(index, library, sources):
    (sources / "events.ics").write_text(calendar())
    assert index().add([str(sources)]).added == 6
    assert counts(index().refresh()) == (0, 0, 6, 0)
    (sources / "events.ics").unlink()
    assert counts(index().refresh()) == (0, 0, 3, 3)
