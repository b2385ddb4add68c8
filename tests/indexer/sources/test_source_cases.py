"""The maintainers' cases of sources that lost or garbled text: PDF, web pages, captions, transcripts, calendars."""

from datetime import UTC, datetime

import pytest

from indexer.parsing import parse_file
from indexer.sources.calendar import calendar_documents

pytestmark = pytest.mark.shared
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def read(shared):
    def parsed(case, name):
        return parse_file(name, (shared / "cases" / "sources" / case / name).read_bytes())

    return parsed


@pytest.fixture
def announced(shared):
    def texts(case, name):
        content = (shared / "cases" / "sources" / case / name).read_bytes()
        return [document.sections[0].text for document in calendar_documents(content, name, NOW)]

    return texts


def text_of(parsed):
    return "\n\n".join(section.text for section in parsed.sections)


@pytest.mark.parametrize(
    ("case", "name", "said", "never"),
    [
        ("pdf-form-values", "form.pdf", ["Number of local jobs promised: 48 jobs in Eastbrook", "paid? ☑"], []),
        (
            "pdf-larger-text-lost",
            "larger-text.pdf",
            ["6 June 2028", "Hollybank", "Bring your own lunch and a signed form"],
            [],
        ),
        ("pdf-ligature", "ligature.pdf", ["are identified by", "that benefit from", "the first part"], ["identi ed"]),
        ("pdf-line-spacing", "spacing-1.5.pdf", ["it took on sixty"], ["took\n", "had\n"]),
        ("pdf-line-spacing", "spacing-double.pdf", ["it took on sixty"], ["took\n", "year\n"]),
        ("pdf-superscript-number", "superscript.pdf", ["31% in 2024 and is expected"], ["20242", "\n"]),
        ("web-email-cell-lost", "email-row.html", ["Field: Email; Value: hub at example.org; Since: 2022"], []),
        ("web-line-breaks-glued", "br.html", ["Hollybank hub, 12 Mill Lane, Eastbrook, EB1 4ZZ"], []),
        ("captions-rolling", "rolling.vtt", ["we opened the hub in Ashcombe last year with forty people"], ["hub we"]),
    ],
)
def test_the_text_is_whole(read, case, name, said, never):
    text = text_of(read(case, name))
    assert all(part in text for part in said)
    assert not any(part in text for part in never)


def test_columns_beside_a_tab_are_read_one_after_the_other(read):
    text = " ".join(text_of(read("pdf-side-tab-columns", "two-column-side-tab.pdf")).split())
    assert text.rindex("Ashcombe") < text.index("Millbrook")
    assert text.endswith("Employment and skills")


def test_headings_without_a_main_element_are_kept(read):
    headings = [section.heading_path[-1] for section in read("web-headings-lost", "no-main-long.html").sections]
    assert headings == ["Jobs for Eastbrook", "Spending with local firms", "Gardens on our land"]


def test_a_timed_transcript_is_whole(read):
    parsed = read("text-transcript-lines-lost", "transcript.txt")
    assert parsed.title == "transcript"
    assert [(section.heading_path, section.locator) for section in parsed.sections] == [
        ((), "at 0:08"),
        ((), "at 12:40"),
    ]
    for said in ("unemployment is high", "So, not only", "fifty of them are still here"):
        assert said in text_of(parsed)


@pytest.mark.parametrize(
    ("case", "name", "said", "never"),
    [
        ("calendar-cancelled-date", "cancelled-occurrence.ics", ["26 November", "10 December"], ["3 December"]),
        ("calendar-extra-dates", "rdate.ics", ["10 December 2026", "12 January 2027"], []),
        ("calendar-html", "html-desc.ics", ["Join us to hear about local hiring."], ["<", "&nbsp"]),
        ("calendar-moved-date", "moved-occurrence.ics", ["4 December 2026, 14:00"], ["3 December"]),
        ("calendar-moved-date", "tz-recurrence-id.ics", ["2 December 2026, 15:00"], ["2 December 2026, 11:00"]),
        ("calendar-other-zone", "new-york.ics", ["15 March 2027, 16:00", "Tuesday 1 December 2026, 01:00"], []),
    ],
)
def test_events_are_announced_as_they_are(announced, case, name, said, never):
    text = "\n".join(announced(case, name))
    assert all(part in text for part in said)
    assert not any(part in text for part in never)
