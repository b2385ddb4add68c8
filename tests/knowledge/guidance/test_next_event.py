"""The next event that fits: by topic and nation, in the future; nothing where none fits."""

from datetime import UTC, datetime

import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation, Pillar
from knowledge.guidance.next_event import event_for, event_for_member, next_event

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def event(title, starts, *, pillars="", nation="", text=""):
    more = f"pillars: [{pillars}]\n" * bool(pillars) + f"nation: {nation}\n" * bool(nation)
    return f"---\ntitle: {title}\nkind: event\nstarts: '{starts}'\n{more}---\n\n{text or title}\n"


EVENTS = {
    "past.md": event("Entry jobs past", "2026-05-01", pillars="employment"),
    "far.md": event("Entry jobs webinar", "2026-09-01", pillars="employment", nation="uk"),
    "scots.md": event("Entry jobs north", "2026-06-03", pillars="employment", nation="scotland"),
    "roofs.md": event("Planted roofs talk", "2026-07-01", pillars="environment"),
    "all.md": event("Gathering of everybody", "2026-06-02", pillars="employment, procurement, estates"),
}


@pytest.fixture
def calendar(filled, sources):
    for name, text in EVENTS.items():
        (sources / name).write_text(text)
    Indexer(filled).add([str(sources)])
    return filled


def title(found):
    return None if found is None else found.metadata.title


def test_the_soonest_on_the_topic_and_in_the_nation(calendar):
    assert title(next_event(calendar, NOW, "Entry jobs for residents")) == "Entry jobs north"
    assert title(next_event(calendar, NOW, "Entry jobs for residents", nation=Nation.WALES)) == "Entry jobs webinar"
    assert title(next_event(calendar, NOW, "Entry jobs in Wales", nation=Nation.SCOTLAND)) == "Entry jobs webinar"
    assert title(next_event(calendar, NOW, "Planted roofs")) == "Planted roofs talk"


def test_a_pillar_will_do_and_what_is_about_everything_fits_nothing(calendar):
    assert title(next_event(calendar, NOW, "", pillars=(Pillar.ENVIRONMENT,))) == "Planted roofs talk"
    assert next_event(calendar, NOW, "Zebra crossings", pillars=(Pillar.PROCUREMENT,)) is None


def test_nothing_where_none_fits_or_there_is_no_calendar(calendar, library):
    assert next_event(calendar, NOW, "Zebra crossings") is None
    assert next_event(calendar, datetime(2027, 1, 1, tzinfo=UTC), "Entry jobs") is None


def test_an_answer_and_a_member_have_theirs(calendar):
    answer = Assistant(calendar).ask("How many entry jobs for local residents did the Sample Hospital Trust keep?")
    assert answer.answered
    assert title(event_for(calendar, NOW, answer, Nation.WALES)) == "Entry jobs webinar"
    profile = Profile(id="ann", looking_for="Planted roofs", nation=Nation.WALES, pillars=(Pillar.EMPLOYMENT,))
    assert title(event_for_member(calendar, NOW, profile)) == "Planted roofs talk"
    assert title(event_for_member(calendar, NOW, profile, "Entry jobs", Nation.SCOTLAND)) == "Entry jobs north"
    assert event_for(calendar, NOW, Assistant(calendar).ask("Thank you!")) is None
