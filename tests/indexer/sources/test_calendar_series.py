"""Calendars' series: what is cancelled, moved or added, in whatever zone it is written, and text that is HTML."""

from datetime import UTC, datetime
from time import monotonic

import pytest

from indexer.sources.calendar import calendar_documents

NOW = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)
WEEKLY = (
    "DTSTART;TZID=Europe/London:20261105T100000",
    "DTEND;TZID=Europe/London:20261105T110000",
    "RRULE:FREQ=WEEKLY;COUNT=8",
)


def event(*lines, uid="a@x", title="Drop-in"):
    return "\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]
    )


def documents(*parts, head=()):
    text = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sample//EN", *head, *parts, "END:VCALENDAR", ""])
    return list(calendar_documents(text.replace("\n", "\r\n").encode(), "c.ics", NOW))


def told(*parts, head=()):
    (document,) = documents(*parts, head=head)
    return document.sections[0].text


def days(text):
    """The day and month of each date that a text names."""
    words = text.replace(",", "").replace(";", "").split()
    return [
        f"{words[i]} {words[i + 1]}"
        for i in range(len(words) - 1)
        if words[i].isdigit() and words[i + 1][:3] in "Nov Dec Jan Feb"
    ]


@pytest.mark.parametrize(
    "cancelled",
    [
        event("RECURRENCE-ID;TZID=Europe/London:20261203T100000", "STATUS:CANCELLED", *WEEKLY[:1]),
        event("RECURRENCE-ID:20261203T100000Z", "STATUS:CANCELLED", "DTSTART:20261203T100000Z"),
        event("RECURRENCE-ID;TZID=Europe/Paris:20261203T110000", "STATUS:CANCELLED", "DTSTART:20261203T100000Z"),
    ],
)
def test_a_cancelled_date_is_not_announced(cancelled):
    assert days(told(event(*WEEKLY), cancelled)) == ["26 November", "10 December", "17 December", "24 December"]


@pytest.mark.parametrize(
    "excluded",
    [
        "EXDATE;TZID=Europe/London:20261203T100000",
        "EXDATE:20261203T100000Z",
        "EXDATE;TZID=America/New_York:20261203T050000",
        "EXDATE;VALUE=DATE:20261203",
    ],
)
def test_an_excluded_date_is_not_announced(excluded):
    assert days(told(event(*WEEKLY, excluded))) == ["26 November", "10 December", "17 December", "24 December"]


@pytest.mark.parametrize("old", ["TZID=Europe/London:20261203T100000", "TZID=Europe/Paris:20261203T110000"])
def test_a_moved_date_is_announced_at_its_new_time_only(old):
    moved = event(
        f"RECURRENCE-ID;{old}", "DTSTART;TZID=Europe/London:20261204T140000", "DTEND;TZID=Europe/London:20261204T160000"
    )
    text = told(event(*WEEKLY), moved)
    assert days(text) == ["26 November", "4 December", "10 December", "17 December", "24 December"]
    assert "Friday 4 December 2026, 14:00 to 16:00 (UK time)" in text


def test_a_date_with_a_title_of_its_own_is_a_document_of_its_own():
    moved = event(
        "RECURRENCE-ID;TZID=Europe/London:20261203T100000",
        "DTSTART;TZID=Europe/London:20261204T140000",
        "LOCATION:Town hall",
        title="Open day",
    )
    series, day = documents(event(*WEEKLY), moved)
    assert days(series.sections[0].text) == ["26 November", "10 December", "17 December", "24 December"]
    assert day.sections[0].text == "Open day: Friday 4 December 2026, 14:00 (UK time), Town hall."


@pytest.mark.parametrize(
    "added", ["20261210T090000,20270112T090000", "20261210T090000\nRDATE;TZID=Europe/London:20270112T090000"]
)
def test_added_dates_count(added):
    once = ("DTSTART;TZID=Europe/London:20260901T090000", "DTEND;TZID=Europe/London:20260901T100000")
    assert days(told(event(*once, f"RDATE;TZID=Europe/London:{added}"))) == ["10 December", "12 January"]


@pytest.mark.parametrize("zone", ["America/New_York", "Eastern Standard Time", "US/Eastern"])
def test_repeats_are_counted_in_the_zone_of_the_event(zone):
    text = told(event(f"DTSTART;TZID={zone}:20270301T120000", "RRULE:FREQ=WEEKLY;COUNT=5"))
    assert [part.split(" (")[0] for part in text.split(", ")[1::1] if "(UK" in part] == [
        "17:00",
        "17:00",
        "16:00",
        "16:00",
        "17:00",
    ]


def test_a_zone_that_the_calendar_defines_itself_is_believed():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Customised\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0200\n"
        "END:STANDARD\nEND:VTIMEZONE"
    )
    assert "10:00 (UK time)" in told(zone, event("DTSTART;TZID=Customised:20261201T120000"))
    weekly = told(zone, event("DTSTART;TZID=Customised:20261201T120000", "RRULE:FREQ=WEEKLY;COUNT=2"))
    assert weekly.count("10:00 (UK time)") == 2


@pytest.mark.parametrize(
    ("zone", "said"), [("America/New_York", "17:00"), ("Europe/London", "12:00"), ("Nowhere", "12:00")]
)
def test_the_zone_of_a_whole_calendar_is_that_of_times_without_one(zone, said):
    assert f"{said} (UK time)" in told(event("DTSTART:20261201T120000"), head=[f"X-WR-TIMEZONE:{zone}"])
    weekly = told(event("DTSTART:20261201T120000", "RRULE:FREQ=WEEKLY;COUNT=2"), head=[f"X-WR-TIMEZONE:{zone}"])
    assert weekly.count(f"{said} (UK time)") == 2


@pytest.mark.parametrize("until", ["20261210T100000Z", "20261210", "20261210T235959Z", "20261216T000000Z"])
def test_the_last_date_counts_and_none_after_it(until):
    assert days(told(event(*WEEKLY[:2], f"RRULE:FREQ=WEEKLY;UNTIL={until}")))[:2] == ["26 November", "3 December"]
    assert "17 December" not in told(event(*WEEKLY[:2], f"RRULE:FREQ=WEEKLY;UNTIL={until}"))


def test_a_series_that_is_over_names_its_last_date():
    text = told(event("DTSTART:20250105T100000Z", "RRULE:FREQ=MONTHLY;COUNT=3"))
    assert text == "Drop-in: Wednesday 5 March 2025, 10:00 (UK time)."


@pytest.mark.parametrize(
    ("ends", "said", "last"),
    [
        ("DTEND;VALUE=DATE:20261204", "Tuesday 1 December 2026 to Thursday 3 December 2026", "2026-12-03"),
        ("DTEND;VALUE=DATE:20261202", "Tuesday 1 December 2026", "2026-12-01"),
        ("DTEND;VALUE=DATE:20261201", "Tuesday 1 December 2026", None),
        ("DURATION:P2D", "Tuesday 1 December 2026 to Wednesday 2 December 2026", "2026-12-02"),
    ],
)
def test_whole_days_end_on_the_last_day_that_is_part_of_them(ends, said, last):
    (document,) = documents(event("DTSTART;VALUE=DATE:20261201", ends))
    assert document.sections[0].text == f"Drop-in: {said}."
    assert document.metadata.ends == last


def test_a_whole_day_of_today_is_still_to_come():
    assert days(told(event("DTSTART;VALUE=DATE:20261119", "RRULE:FREQ=WEEKLY;COUNT=3")))[0] == "26 November"


def test_a_cancelled_series_or_calendar_says_nothing():
    assert documents(event(*WEEKLY, "STATUS:CANCELLED")) == []
    assert documents(event(*WEEKLY), head=["METHOD:CANCEL"]) == []


def test_of_an_event_that_is_there_twice_the_later_version_counts():
    assert days(
        told(event("DTSTART:20261201T100000Z", "SEQUENCE:1"), event("DTSTART:20261202T100000Z", "SEQUENCE:2"))
    ) == ["2 December"]
    alike = documents(event("DTSTART:20261201T100000Z"), event("DTSTART:20261202T100000Z", title="Another"))
    assert [document.metadata.title for document in alike] == ["Drop-in", "Another"]
    assert len({document.location for document in alike}) == 2


@pytest.mark.parametrize(
    ("description", "said"),
    [
        (
            '<p>Join us for <b>local hiring</b>.</p><br><a href="https://example.org/j?x=1">Join here</a>&nbsp\\;now',
            "Join us for local hiring.\n\nJoin here (https://example.org/j?x=1) now",
        ),
        ("Fish &amp\\; chips&nbsp\\;here", "Fish & chips here"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n\n- Two"),
        ("Costs < 5 pounds and > 3", "Costs < 5 pounds and > 3"),
        ("<html-blob>One<br>Two</html-blob>", "One, Two"),
        ("Welcome.\\n\\n________________\\nJoin on your phone", "Welcome.\n\nJoin on your phone"),
    ],
)
def test_a_description_is_plain_text(description, said):
    (document,) = documents(event("DTSTART:20261201T100000Z", f"DESCRIPTION:{description}"))
    assert document.sections[0].text.partition("\n\n")[2] == said


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=NEVER", "INTERVAL=0"]
)
def test_a_rule_that_never_ends_or_makes_no_sense_costs_no_time_and_no_event(rule):
    begun = monotonic()
    assert (
        len(documents(event("DTSTART:20260101T100000Z", f"RRULE:{rule}"), event("DTSTART:20261201T100000Z", uid="b")))
        >= 1
    )
    assert monotonic() - begun < 10
