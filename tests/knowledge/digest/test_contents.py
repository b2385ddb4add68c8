"""What a digest holds, for whom, and when there is nothing to say."""

from datetime import timedelta

import pytest

from indexer.pipeline import Indexer
from knowledge.digest.contents import ANYBODY, MOST_LINES, News, Reader, Waiting
from knowledge.domain.members import ForPeer
from knowledge.domain.vocabulary import Nation, Pillar, Stage
from knowledge.storage.sqlite import documents
from tests.fakes import Clock

QUESTION = Waiting(ForPeer(question_id="q1", question="How did you begin?", asker=None), new=True)
OLD_QUESTION = QUESTION._replace(new=False)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(documents, "utc_now", clock)
    return clock


@pytest.fixture
def add(library, tmp_path):
    def write(title, **front):
        lines = "".join(f"{key}: {value}\n" for key, value in {"title": title, **front}.items())
        path = tmp_path / f"{title}.md"
        path.write_text(f"---\n{lines}---\n\nSample Trust did {title}.\n")
        assert Indexer(library).add([str(path)]).added == 1

    return write


@pytest.fixture
def digest(library, clock):
    since = clock() - timedelta(days=7)

    def made(reader=ANYBODY, waiting=(), number=0):
        return News(library, clock()).for_reader(since, number, reader, waiting)

    return made


def titles(documents):
    return [document.metadata.title for document in documents]


def test_what_is_on_other_pillars_is_left_out_and_counted(add, digest):
    add("Roofs", pillars="[environment]")
    add("Jobs", pillars="[employment]")
    add("Anything")
    found = digest(Reader(pillars=(Pillar.EMPLOYMENT,)))
    assert titles(found.documents) == ["Jobs", "Anything"]
    assert (found.news, found.more) == (True, 1)


def test_nothing_on_the_readers_pillars_is_nothing_to_say(add, digest):
    add("Roofs", pillars="[environment]")
    assert digest(Reader(pillars=(Pillar.EMPLOYMENT,))).news is False
    assert digest().news is True


def test_two_stages_read_another_order(add, digest):
    add("First steps", stage="starting")
    add("Going on", stage="established")
    starting, established = digest(Reader(stage=Stage.STARTING)), digest(Reader(stage=Stage.ESTABLISHED))
    assert titles(starting.documents) == ["First steps", "Going on"]
    assert titles(established.documents) == ["Going on", "First steps"]


def test_the_readers_nation_comes_first(add, digest):
    add("In England", nation="england")
    add("In Wales", nation="wales")
    assert titles(digest(Reader(nation=Nation.WALES)).documents)[0] == "In Wales"


def test_there_are_ten_lines_at_most_and_one_is_what_did_not_go_to_plan(add, digest, library, tmp_path):
    for number in range(7):
        add(f"Document {number}")
        add(f"Example {number}", kind="example")
    add("It closed", outcome="did_not_work", kind="glossary")
    dates = "".join(
        f"BEGIN:VEVENT\nUID:{n}\nSUMMARY:Event {n}\nDTSTART:2026090{n}T130000Z\nEND:VEVENT\n" for n in range(1, 8)
    )
    (tmp_path / "events.ics").write_text(f"BEGIN:VCALENDAR\n{dates}END:VCALENDAR\n")
    Indexer(library).add([str(tmp_path / "events.ics")])
    found = digest(waiting=[QUESTION] * 4)
    assert found.lines == MOST_LINES
    shown = [len(found.examples), len(found.documents), len(found.coming), len(found.questions)]
    assert shown == [3, 3, 2, 1]
    assert found.lesson.metadata.title == "It closed"
    assert (found.more, found.more_events) == (8, 5)


def test_room_that_is_left_is_used(add, digest):
    for number in range(7):
        add(f"Document {number}")
    found = digest(waiting=[QUESTION])
    assert (len(found.documents), len(found.questions), found.more) == (5, 1, 2)


def test_a_question_that_came_is_news_and_one_that_waits_is_none(digest):
    assert digest(waiting=[QUESTION]).news is True
    waits = digest(waiting=[OLD_QUESTION])
    assert (waits.news, len(waits.questions)) == (False, 1)


def test_an_example_alone_that_did_not_go_to_plan_is_no_news(add, library, clock):
    add("It closed", outcome="partly")
    found = News(library, clock()).for_reader(clock() + timedelta(seconds=1), 0)
    assert found.lesson is not None
    assert found.news is False


def test_what_did_not_go_to_plan_is_near_the_reader_and_another_each_time(add, library, clock):
    add("Jobs lost", outcome="partly", pillars="[employment]")
    add("Jobs gone", outcome="partly", pillars="[employment]")
    add("Roof fell", outcome="partly", pillars="[environment]")
    news, later = News(library, clock()), clock() + timedelta(days=1)
    shown = {news.for_reader(later, number, Reader(pillars=(Pillar.EMPLOYMENT,))).lesson.id for number in range(4)}
    assert len(shown) == 2
    [roof] = {
        news.for_reader(later, number, Reader(pillars=(Pillar.ENVIRONMENT,))).lesson.metadata.title
        for number in range(3)
    }
    assert roof == "Roof fell"
