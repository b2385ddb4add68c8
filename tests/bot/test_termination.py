"""SIGTERM ends every command: also as the first process of a container, and within ten seconds."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from bot.termination import TERMINATED
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
