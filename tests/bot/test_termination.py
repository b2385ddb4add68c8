"""SIGTERM ends every command: also as the first process of a container, and within ten seconds."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from bot.termination import STOP_SECONDS, TERMINATED
from tests.bot.postbox import free_port
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGTERM")

COMMAND = textwrap.dedent(
    """
    import time
    import bot.cli
    from bot.termination import end_when_asked

    @bot.cli.app.command()
    def wait():
        print("waiting", flush=True)
        time.sleep(60)

    bot.cli.main()
    """
)
# Any command over a stand-in for the model that takes its time, and says when it is at work.
BUSY = textwrap.dedent(
    """
    import sys, time
    import bot.cli
    from knowledge.library import Library
    from tests.fakes import WordEmbedder

    class Slow(WordEmbedder):
        def embed_documents(self, texts):
            print("embedding", flush=True)
            time.sleep(3)
            return super().embed_documents(texts)

    Library.open.__func__.__defaults__ = (lambda settings: Slow(),)
    bot.cli.main()
    """
)
# A bot whose connection never ends, and work in a thread that does not, either.
BOT = textwrap.dedent(
    """
    import asyncio, sys, threading, time
    from pydantic import SecretStr
    import bot.termination
    from bot.discord.client import HalnBot, _run_until_stopped
    from knowledge.library import Library
    from knowledge.settings import Settings, Switch
    from tests.fakes import WordEmbedder
    from pathlib import Path

    bot.termination.STOP_SECONDS = 2.0

    class Staying(HalnBot):
        async def start(self, token, reconnect=True):
            await self.worker.db(lambda backend: backend.library.store.set_flag("written", "yes"))
            if "hanging" in sys.argv:
                asyncio.ensure_future(self.worker.slow(lambda backend: time.sleep(60)))
                await asyncio.sleep(0.2)
            print("connected", flush=True)
            await asyncio.sleep(60)

        async def close(self):
            await super().close()
            print("closed", flush=True)

    settings = Settings(data_dir=Path(sys.argv[1]), starter_library=Switch.OFF)
    made = Staying(settings, lambda s: Library.open(s, WordEmbedder))
    asyncio.run(_run_until_stopped(made, SecretStr("x")))
    """
)


def ended(process, first_line):
    assert process.stdout.readline() == first_line
    sent = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    return out, time.monotonic() - sent


def started(*arguments, before=()):
    return subprocess.Popen(
        [*before, sys.executable, "-c", *map(str, arguments)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_a_command_ends_when_the_system_asks_it_to():
    with started(COMMAND, "wait") as process:
        ended(process, "waiting\n")
    assert process.returncode == TERMINATED


@pytest.fixture
def environment(tmp_path, monkeypatch):
    for name, value in {"DATA_DIR": tmp_path / "data", "STARTER_LIBRARY": "off", "WEB_PORT": free_port()}.items():
        monkeypatch.setenv(f"HALN_{name}", str(value))


def test_several_runs_that_index_end_in_time_and_leave_a_library_that_agrees(environment, tmp_path, sources, run):
    for number in range(40):
        (sources / f"more-{number}.md").write_text(f"# Note {number}\n\nThe orchard grew {number} apples.\n")
    with started(BUSY, "index", "add", sources) as first, started(BUSY, "index", "add", sources) as second:
        assert first.stdout.readline() == "embedding\n"
        sent = time.monotonic()
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
        assert first.wait(timeout=30) == TERMINATED
        assert second.wait(timeout=30) in (TERMINATED, -signal.SIGTERM)  # it may just have begun
        assert time.monotonic() - sent < STOP_SECONDS + 3
    status, out, _ = run("index", "verify")
    assert (status, out) == (0, "Everything agrees.\n")


def test_the_page_ends_in_time(environment):
    serving = subprocess.Popen([sys.executable, "-c", BUSY, "web"], stderr=subprocess.PIPE, text=True, cwd=ROOT)
    with serving as process:
        assert process.stderr.readline().startswith("Web page: ")
        sent = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in (0, TERMINATED)
        assert time.monotonic() - sent < STOP_SECONDS + 3


@pytest.mark.skipif(shutil.which("unshare") is None, reason="there is no unshare")
def test_the_first_process_of_a_container_ends_too(tmp_path):
    before = ("unshare", "--pid", "--fork", "--kill-child")
    if subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow namespaces")
    first = COMMAND.replace('print("waiting"', "import os; print(os.getpid()")
    with started(first, "wait", before=before) as process:
        assert process.stdout.readline() == "1\n"
        (child,) = map(
            int, subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
        )
        os.kill(child, signal.SIGTERM)
        process.wait(timeout=30)
    assert process.returncode == TERMINATED


def test_a_bot_is_closed_and_ends_well(tmp_path):
    with started(BOT, tmp_path) as process:
        out, _ = ended(process, "connected\n")
    assert (out, process.returncode) == ("closed\n", 0)


def test_a_bot_with_work_that_does_not_end_is_ended_all_the_same(tmp_path):
    with started(BOT, tmp_path, "hanging") as process:
        _, seconds = ended(process, "connected\n")
    assert process.returncode == TERMINATED
    assert seconds < 20
