"""What one of several processes does at a time: on files here, and on PostgreSQL by `tests/contract`."""

import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from knowledge.domain.outbox import Message
from knowledge.library import open_stores
from knowledge.storage.claims import ASK_SECONDS, FileClaims
from knowledge.storage.engines import open_claims
from tests.conftest import ROOT

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
_OTHER = """
import sys
from datetime import UTC, datetime
from knowledge.library import open_stores
from knowledge.settings import Settings
stores = open_stores(Settings.from_environment())
print(stores.claims.claim("digests"), *(one.message.key for one in stores.outbox.take(["test"], datetime.now(UTC))))
sys.stdout.flush()
sys.stdin.read()
"""


@pytest.fixture
def two(settings):
    """The claims of two processes."""
    opened = [open_claims(settings) for _ in range(2)]
    yield opened
    for claims in opened:
        claims.close()


@pytest.fixture
def other(settings):
    """Starts another process, which claims the digests, takes the messages that wait, and says what it got."""
    environment = {"HALN_DATA_DIR": str(settings.data_dir), "PATH": "", "OMP_NUM_THREADS": "1"}
    if settings.database_url is not None:
        environment["HALN_DATABASE_URL"] = settings.database_url.get_secret_value()
    started = []

    def start():
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        command = [sys.executable, "-c", _OTHER]
        started.append(subprocess.Popen(command, text=True, cwd=ROOT, env=environment, **pipes))
        return started[-1], started[-1].stdout.readline().split()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def soon(done):
    """Ask until it is so: a server notices a moment later that a process has ended."""
    give_up = time.monotonic() + 10
    while not (found := done()) and time.monotonic() < give_up:
        time.sleep(0.02)
    return found


def test_one_has_a_claim_until_it_gives_it_back(two):
    one, other = two
    assert one.claim("digests")
    assert one.claim("digests")
    assert not other.claim("digests")
    assert other.claim("coffee")
    one.release("digests")
    assert other.claim("digests")
    assert not one.claim("digests")


def test_who_ends_leaves_everything_to_the_others(two):
    one, other = two
    assert [one.claim(name) for name in ("digests", "coffee")] == [True, True]
    one.close()
    assert [other.claim(name) for name in ("digests", "coffee")] == [True, True]


def test_a_turn_comes_once_in_its_time_to_one_and_at_once_to_who_takes_over(two):
    one, other = two
    asks = int(300 / ASK_SECONDS)
    for _ in range(3):
        assert [one.turn("digests", 300) for _ in range(asks)] == [True, *[False] * (asks - 1)]
    assert [one.turn("cards", ASK_SECONDS) for _ in range(3)] == [True] * 3
    assert not other.turn("digests", 300)
    one.close()
    assert [other.turn("digests", 300) for _ in range(asks)] == [True, *[False] * (asks - 1)]


def test_processes_know_of_each_other_who_lives(two):
    one, other = two
    name = one.present()
    assert not one.is_gone(name)
    assert not other.is_gone(name)
    one.close()
    assert other.is_gone(name)
    assert other.is_gone(name)


def test_what_a_killed_process_was_doing_is_taken_over_at_once(settings, two, other):
    stores = open_stores(settings)
    stores.outbox.add(Message(key="letter", recipient="ann", kind="test", data={}), NOW)
    process, said = other()
    assert said == ["True", "letter"]
    assert not two[0].claim("digests")
    assert stores.outbox.take(["test"], datetime.now(UTC)) == []
    process.kill()
    process.wait()
    assert soon(lambda: two[0].claim("digests"))
    [taken] = soon(lambda: stores.outbox.take(["test"], datetime.now(UTC)))
    assert (taken.message.key, taken.attempts) == ("letter", 2)
    stores.outbox.delivered(taken, datetime.now(UTC))
    assert stores.outbox.waiting() == 0
    stores.claims.close()
    stores.library.close()


def test_where_nothing_can_be_locked_the_work_is_done(tmp_path):
    (tmp_path / "claims").write_text("a file where the folder should be")
    claims = FileClaims(tmp_path / "claims")
    assert claims.claim("digests")
    claims.close()
