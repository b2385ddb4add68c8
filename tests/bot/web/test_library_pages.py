import re

import icalendar
import pytest
from lxml import etree

from indexer.pipeline import Indexer


def test_browsing_filters_by_what_documents_are(browser):
    everything = browser.get("/browse").text
    assert "3 documents" in everything
    filtered = browser.get("/browse?pillar=employment&nation=wales").text
    assert "1 document<" in filtered
    assert "Jobs for local people" in filtered
    assert "Buying food nearby" not in filtered
    assert "0 documents" in browser.get("/browse?pillar=employment&kind=event").text


@pytest.mark.parametrize(
    "nonsense", ["pillar=nonsense", "page=0", "page=99", "page=abc", "level=%00", "kind=" + "x" * 5000]
)
def test_filters_that_mean_nothing_are_left_out(browser, nonsense):
    assert "3 documents" in browser.get(f"/browse?{nonsense}").text


def test_a_document_says_what_it_is_and_which_are_similar(browser):
    page = browser.get("/documents/jobs").text
    for text in ("Jobs for local people", "Sample Hospital Trust", "Case study", "Wales", "What happened", "Similar"):
        assert text in page
    assert "<li>Start with the porters&#39; vacancies.</li>" in page
    assert 'id="passage"' not in page


def test_a_passage_that_is_not_there_any_more_is_said_to_be_gone(browser):
    assert "is not in this document any more" in browser.get("/documents/jobs?chunk=999999").text
    assert "is not in this document any more" in browser.get("/documents/jobs?answer=nonsense&n=1").text


def test_a_search_leads_to_the_passage_and_leaves_no_trace(browser, site):
    page = browser.get("/search?q=roofs that hold rain water").text
    assert "/documents/green?chunk=" in page
    counts = site.backend.library.store.naming("anybody")
    assert counts == {}
    assert browser.get("/search?q=").status_code == 400
    assert browser.get("/search").status_code == 200


def test_events_are_listed_and_come_as_calendar_files(browser, site, tmp_path):
    assert "no calendar" in browser.get("/events").text
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "all.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:sample\n"
        "BEGIN:VEVENT\nUID:1\nSUMMARY:Sample meeting\\, of all\\; members\nDTSTART:20260512T130000Z\n"
        "DTEND:20260512T143000Z\nLOCATION:Sample Hall\nDESCRIPTION:We meet and talk.\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:2\nSUMMARY:Sample days\nDTSTART;VALUE=DATE:20260601\nDTEND;VALUE=DATE:20260603\n"
        "DESCRIPTION:Two days together.\nEND:VEVENT\nEND:VCALENDAR\n".replace("\n", "\r\n")
    )
    Indexer(site.backend.library).add([str(folder)])
    page = browser.get("/events").text
    assert page.index("Sample meeting") < page.index("Sample days")
    assert "Tuesday 12 May 2026, 14:00 to 15:30 (UK time) · Sample Hall" in page
    calendar = icalendar.Calendar.from_ical(browser.get("/events.ics").content)
    first, second = calendar.walk("VEVENT")
    assert str(first["summary"]) == "Sample meeting, of all; members"
    assert first["dtstart"].dt.isoformat() == "2026-05-12T13:00:00+00:00"
    assert second["dtend"].dt.isoformat() == "2026-06-03"
    one = browser.get(re.search(r"/events/[^\"]+[.]ics", page.replace("/events.ics", ""))[0])
    assert one.headers["content-type"].startswith("text/calendar")
    assert one.text.count("BEGIN:VEVENT") == 1
    assert browser.get("/events/jobs.ics").status_code == 404


def test_new_items_come_as_a_feed(browser):
    feed = etree.fromstring(browser.get("/new.xml").content)
    assert {item.findtext("title") for item in feed.iter("item")} >= {"Jobs for local people", "Green roofs"}
    assert all(item.findtext("link").startswith("http://localhost:8017/documents/") for item in feed.iter("item"))


def test_the_search_box_may_stand_in_other_pages_and_nothing_else_may(browser):
    box = browser.get("/embed")
    assert "frame-ancestors *" in box.headers["content-security-policy"]
    assert "x-frame-options" not in box.headers
    assert "set-cookie" not in box.headers
    assert "/embed" in browser.get("/embed.js").text
    assert browser.get("/about").headers["x-frame-options"] == "DENY"


def test_what_is_not_there_is_said_in_one_line(browser):
    for path in ("/nothing", "/documents/nothing", "/answers/nothing", "/static/nothing.css"):
        page = browser.get(path)
        assert page.status_code == 404
        assert "Page not found" in page.text


def test_browsing_asks_how_it_was_measured(browser, site, tmp_path):
    (tmp_path / "counted.md").write_text(
        "---\ntitle: Counted work\nkind: case_study\nmeasured:\n  - indicator: share of local suppliers\n"
        "    baseline: 35%\n---\n\nThe Sample Trust counted its suppliers.\n"
    )
    Indexer(site.backend.library).add([str(tmp_path / "counted.md")])
    assert "1 document<" in browser.get("/browse?measured=baseline").text
    assert "share of local suppliers (before: 35%)" in browser.get("/documents/counted").text
