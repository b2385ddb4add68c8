"""The process that reads files: held to its limits, killed and replaced, and nothing of it stops the next file."""

import os
import signal
import sys
import threading
import time

import pytest

from indexer.sandbox import Limits, Sandbox
from indexer.sandbox.limits import TOO_LARGE_EXIT, MemoryWatch
from indexer.sandbox.worker_process import WorkerProcess
from knowledge.errors import SourceError

NOTE = b"---\ntitle: A note\npublished: 2024-03-01\n---\n## Jobs\n\nForty people were hired.\n"
# Seconds of work for a reader of tables, and nothing wrong with it.
LONG = b"name,value\n" + b"a sample name,12\n" * 190_000
needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a size")


@pytest.fixture
def sandbox():
    with Sandbox() as opened:
        yield opened


def wait_for(condition):
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_file_says_there_what_it_says_here(sandbox):
    parsed = sandbox.file("a.md", NOTE)
    assert parsed.title == "A note"
    assert parsed.front_matter == {"title": "A note", "published": "2024-03-01"}
    assert [(s.heading_path, s.text) for s in parsed.sections] == [(("Jobs",), "Forty people were hired.")]
    assert sandbox.file("a.md", NOTE, "Another title").title == "Another title"


def test_one_process_serves_many_files(sandbox):
    pids = set()
    for number in range(20):
        sandbox.file(f"{number}.md", NOTE)
        pids.add(sandbox.pid)
    assert len(pids) == 1
    assert os.getpid() not in pids


def test_no_process_is_started_before_the_first_file_and_none_is_left(sandbox):
    assert sandbox.pid is None
    sandbox.file("a.md", NOTE)
    pid = sandbox.pid
    sandbox.close()
    assert sandbox.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert sandbox.file("a.md", NOTE).title == "A note"


def test_a_file_that_cannot_be_read_costs_no_process(sandbox):
    sandbox.file("a.md", NOTE)
    pid = sandbox.pid
    with pytest.raises(SourceError, match="not a PDF file"):
        sandbox.file("a.pdf", b"nothing of the kind")
    assert sandbox.file("a.md", NOTE).title == "A note"
    assert sandbox.pid == pid


def test_what_takes_too_long_is_left_out_in_time_and_the_next_file_is_read():
    with Sandbox(Limits(seconds=5, waiting_seconds=0.3)) as sandbox:
        started = time.monotonic()
        with pytest.raises(SourceError, match="takes more than 5 seconds to read, so it was left out"):
            sandbox.file("a.csv", LONG)
        assert time.monotonic() - started < 20
        assert sandbox.file("a.md", NOTE).title == "A note"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has only the clock")
def test_the_time_of_the_processor_counts_too():
    with Sandbox(Limits(seconds=0.1, waiting_seconds=60)) as sandbox:
        with pytest.raises(SourceError, match=r"takes more than 0\.1 seconds"):
            sandbox.file("a.csv", LONG)
        assert sandbox.file("a.md", NOTE).title == "A note"


@needs_limits
def test_what_takes_too_much_memory_is_left_out_and_the_next_file_is_read():
    with Sandbox(Limits(memory_bytes=24 * 2**20)) as sandbox:
        with pytest.raises(SourceError, match="24 MB of memory"):
            sandbox.file("a.csv", LONG)
        assert sandbox.file("a.md", NOTE).title == "A note"


def test_what_says_too_much_is_left_out():
    with Sandbox(Limits(output_bytes=2**20)) as sandbox:
        with pytest.raises(SourceError, match="more than 1 MB of text"):
            sandbox.file("a.txt", b"Sample words of a long, long text.\n\n" * 40_000)
        assert sandbox.file("a.md", NOTE).title == "A note"


def test_a_process_killed_over_a_file_stops_no_other_file(sandbox):
    errors = []

    def read():
        try:
            sandbox.file("a.csv", LONG)
        except SourceError as error:
            errors.append(str(error))

    reading = threading.Thread(target=read)
    reading.start()
    wait_for(lambda: sandbox.pid is not None)
    time.sleep(1.5)
    os.kill(sandbox.pid, signal.SIGSEGV)
    reading.join()
    assert len(errors) == 1
    assert "could not be read safely" in errors[0]
    assert "\n" not in errors[0]
    assert sandbox.file("a.md", NOTE).title == "A note"


def test_a_file_does_not_pay_for_the_one_before(sandbox):
    """A process that dies after it has served others is replaced, and the file read once more."""
    sandbox.file("a.md", NOTE)
    first = sandbox.pid
    os.kill(first, signal.SIGKILL)
    assert sandbox.file("a.md", NOTE).title == "A note"
    assert sandbox.pid != first


def test_threads_that_share_one_get_each_their_own_file(sandbox):
    titles = {}

    def read(number):
        titles[number] = sandbox.file("a.md", f"---\ntitle: Note {number}\n---\nSome text.".encode()).title

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert titles == {number: f"Note {number}" for number in range(8)}


def test_no_token_goes_along(monkeypatch, sandbox):
    monkeypatch.setenv("HALN_DISCORD_TOKEN", "sample-secret")
    sandbox.file("a.md", NOTE)
    environment = f"/proc/{sandbox.pid}/environ"
    if not os.path.exists(environment):  # noqa: PTH110
        pytest.skip("this system does not show the environment of a process")
    with open(environment, "rb") as stream:  # noqa: PTH123
        assert b"sample-secret" not in stream.read()


def test_an_interrupt_leaves_no_reply_for_the_next_file(monkeypatch):
    process = WorkerProcess(Limits())
    process.ask("file", NOTE, {"name": "a.md", "known_title": None})
    with monkeypatch.context() as interrupted:
        interrupted.setattr("indexer.sandbox.worker_process.read_frame", lambda *_: (_ for _ in ()).throw(KeyError))
        with pytest.raises(KeyError):
            process.ask("file", NOTE, {"name": "b.md", "known_title": None})
    assert process.pid is None
    process.close()


def test_a_system_without_a_limit_of_memory_is_watched():
    """As on macOS: the process looks itself and ends with a code that is told from others."""
    held, ended = [100], threading.Event()
    watch = MemoryWatch(end=lambda code: (codes.append(code), ended.set()), peak=lambda: held[0])
    codes = []
    watch.allow(50)
    watch.start()
    held[0] = 140
    assert not ended.wait(0.2)
    held[0] = 160
    assert ended.wait(10)
    assert codes == [TOO_LARGE_EXIT]
