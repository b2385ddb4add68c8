"""Several processes on one server: what happens once does so once, nobody waits for long, and all find the same."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from indexer.pipeline import Indexer, publisher
from knowledge.domain.examples import Action
from knowledge.domain.outbox import Message
from knowledge.errors import StorageBusyError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from tests.fakes import Clock, WordCheck, WordEmbedder
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, content

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def two(settings):
    """Two libraries with connections of their own, as two processes have them."""
    opened = [Library.open(settings, WordEmbedder) for _ in range(2)]
    yield opened
    for library in opened:
        library.close()


def message(key, recipient):
    return Message(key=key, recipient=recipient, kind="test", data={"text": key})


def test_each_message_is_taken_once_and_in_order(two):
    for number in range(60):
        two[0].outbox.add(message(f"{number}", f"member-{number % 6}"), NOW)
    taken, failures = [], []

    def work(library):
        try:
            for _ in range(200):
                for queued in library.outbox.take(("test",), NOW, limit=3):
                    taken.append(queued.message)
                    library.outbox.delivered(queued, NOW)
                if not library.outbox.waiting():
                    return
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=work, args=[library]) for library in (*two, *two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(int(one.key) for one in taken) == list(range(60))
    for member in range(6):
        keys = [int(one.key) for one in taken if one.recipient == f"member-{member}"]
        assert keys == sorted(keys)


def test_what_another_takes_on_is_passed_over_without_waiting(two):
    for recipient in ("ann", "bob"):
        two[0].outbox.add(message(recipient, recipient), NOW)
    first, second = (library.outbox for library in two)
    with two[0].members.atomically():
        [held] = first.take(("test",), NOW, limit=1)
        found = []
        thread = threading.Thread(target=lambda: found.extend(second.take(("test",), NOW)))
        thread.start()
        thread.join(10)
        assert [queued.message.key for queued in (held, *found)] == ["ann", "bob"]
    assert first.take(("test",), NOW) == second.take(("test",), NOW) == []
    assert [one.message.key for one in second.take(("test",), NOW + timedelta(hours=1))] == ["ann", "bob"]


def test_who_writes_for_long_delays_no_question_and_no_press(two):
    writing, done = threading.Event(), threading.Event()

    def write():
        with two[0].members.atomically():
            writing.set()
            done.wait(20)

    thread = threading.Thread(target=write)
    thread.start()
    writing.wait(20)
    try:
        assert two[1].servers.interactions.first_time(1, NOW)
        assert not two[1].servers.interactions.first_time(1, NOW)
        with two[1].questions.impatient(), pytest.raises(StorageBusyError, match="busy"):
            two[1].store.set_flag("waits", "for the other writer")
    finally:
        done.set()
        thread.join()


def test_an_approved_example_is_found_by_all_at_once(two, sources):
    Indexer(two[0]).add([str(sources)])
    assert "jobs" in [r.document_id for r in two[1].searcher.search("entry jobs for residents", 3).results]
    examples = Examples(two[0], publisher(two[0]), WordCheck(), Clock())
    receipt = examples.share(AUTHOR, content())
    examples.review(MODERATOR, receipt.id, Action.APPROVE)
    assert receipt.id in [r.document_id for r in two[1].searcher.search("bicycle repair workshop", 3).results]
    examples.withdraw(AUTHOR, receipt.id)
    assert receipt.id not in [r.document_id for r in two[1].searcher.search("bicycle repair workshop", 3).results]
