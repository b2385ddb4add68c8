"""A wrong clock erases nobody: after a jump nothing expires, and says so, until the clock is right or confirmed."""

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.assistant import Assistant
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.storage.sqlite import SQLiteQuestionStore
from tests.fakes import WordCheck
from tests.knowledge.examples.conftest import AUTHOR, content
from tests.knowledge.matching.people import GARDEN, RememberingEmbedder, add

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
QUESTION = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"
WRONG = [datetime(2029, 1, 1, tzinfo=UTC), datetime(2036, 5, 5, tzinfo=UTC)]


@pytest.fixture
def embedder():
    return RememberingEmbedder()


class House:
    """Everything that expires, on one clock that is moved by hand."""

    def __init__(self, library):
        self.library, self.now = library, NOW
        self.peers = Peers(library, self.clock)
        self.examples = Examples(library, None, WordCheck(), self.clock)
        self.questions = SQLiteQuestionStore(library.questions._connections, library.settings, self.clock)

    def clock(self):
        return self.now

    def fill(self):
        add(self.peers, "1", GARDEN)
        add(self.peers, "2", GARDEN)
        self.examples.draft(AUTHOR, content(what="We did word1 there."))
        self.questions.log(Assistant(self.library, log_questions=False).ask(QUESTION))

    def tick(self, moment=None, **later):
        self.now = moment or self.now + timedelta(**later)
        self.peers.due()
        self.questions.purge()
        self.examples.look_after()

    def held(self):
        with self.library.store._connections.read() as connection:
            return {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("members", "questions", "submissions")
            }


@pytest.fixture
def house(filled):
    made = House(filled)
    made.fill()
    return made


@pytest.mark.parametrize("wrong", WRONG)
def test_one_tick_in_the_future_deletes_nothing_and_says_so(house, wrong, caplog):
    before = house.held()
    house.tick(wrong)
    assert house.held() == before
    assert "The clock jumped" in caplog.text
    assert "haln doctor --clock-is-right" in caplog.text
    assert {part for part, *_ in house.library.store.clock_jumps()} == {"questions", "members", "examples"}
    house.tick(NOW + timedelta(days=1))
    assert house.held() == before
    assert house.library.store.clock_jumps() == []


@pytest.mark.parametrize("ticked_before", [False, True])
def test_also_when_many_ticks_follow_in_the_wrong_time(house, ticked_before):
    if ticked_before:
        house.tick(hours=1)
    before = house.held()
    house.tick(WRONG[0])
    for _ in range(48):
        house.tick(hours=3)
    assert house.held() == before


def test_nobody_is_told_that_their_profile_goes(house):
    assert [due.kind for due in house.peers.due()] == []
    house.now = WRONG[0]
    assert [due.kind for due in house.peers.due()] == []


def test_what_was_written_while_the_clock_was_wrong_is_kept_as_if_written_when_it_is_right(house):
    """At the first right tick records from 1970 would be decades old, and those from 2029 would stay for years."""
    for number, wrong in enumerate([datetime(1970, 1, 1, 5, tzinfo=UTC), WRONG[0]]):
        house.now = wrong
        house.fill()
        add(house.peers, f"wrong{number}", GARDEN)
        before = house.held()
        house.tick(NOW + timedelta(days=number + 1))
        assert house.held() == before
        for table, column in (("members", "active_at"), ("questions", "asked_at")):
            with house.library.store._connections.read() as connection:
                moments = [row[0] for row in connection.execute(f"SELECT {column} FROM {table}")]
            assert [moment for moment in moments if "2026-" not in moment] == []
    for _ in range(20):
        house.tick(days=40)
    assert house.held()["members"] == 0


def test_time_that_passes_as_it_should_lets_things_expire(house):
    for _ in range(10):
        house.tick(days=40)
    assert house.held()["questions"] == 0
    assert house.held()["members"] == 2
    for _ in range(10):
        house.tick(days=40)
    assert house.held()["members"] == 0


def test_a_jump_that_goes_on_for_a_week_is_believed(house):
    """A bot that was off for a long time: nobody has to do anything but wait."""
    house.tick(hours=1)
    house.tick(days=800)
    assert house.held()["members"] == 2
    for _ in range(8):
        house.tick(days=1)
    assert house.held() == {"members": 0, "questions": 0, "submissions": 0}


def test_a_jump_that_is_confirmed_is_believed_at_once(house):
    house.tick(hours=1)
    house.now += timedelta(days=800)
    house.library.store.accept_clock(house.now)
    house.tick(minutes=1)
    assert (house.held()["members"], house.held()["questions"]) == (0, 0)


def test_it_is_remembered_over_restarts(house, settings):
    before = house.held()
    house.tick(WRONG[0])
    house.library.close()
    library = Library.open(settings, RememberingEmbedder)
    again = House(library)
    again.now = WRONG[0]
    for _ in range(5):
        again.tick(hours=1)
    assert again.held() == before
    library.close()
