"""Fifty members ask at once, with the real model: everybody hears at once, and the event loop is never held up."""

import asyncio
import json
import sys
import time

import pytest

from bot.discord.client import HalnBot
from knowledge.library import Library
from knowledge.settings import Settings
from tests.bot.test_wire import until
from tests.bot.wire.server import wire_discord

MEMBERS = 50
LONGEST_BLOCK_SECONDS = 0.1
FIRST_RESPONSE_SECONDS = 3
TOPICS = ("local recruitment", "the Real Living Wage", "green space", "buying from small firms", "apprenticeships")


# Seen from a process of its own: how late this machine is with anybody at all, while other programs keep it busy.
_MACHINE = """
import sys, threading, time
worst, stop = 0.0, threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
while not stop.is_set():
    before = time.perf_counter()
    time.sleep(0.005)
    worst = max(worst, time.perf_counter() - before - 0.005)
print(worst)
"""


class Watchdog:
    """Sees how late the event loop comes back to a task that only sleeps."""

    def __init__(self, pause=0.005):
        self.worst, self._pause = 0.0, pause

    async def watch(self):
        """Until cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(self._pause)
            self.worst = max(self.worst, time.perf_counter() - before - self._pause)


def shown(interaction):
    """All that Discord shows of an interaction."""
    return json.dumps([interaction.message, *interaction.followups], ensure_ascii=False)


@pytest.mark.model
@pytest.mark.slow
async def test_fifty_members_ask_at_once(tmp_path, monkeypatch):
    settings = Settings(data_dir=tmp_path)
    opened = []

    def open_library(settings):
        opened.append(Library.open(settings))
        return opened[0]

    bot = HalnBot(settings, open_library)
    async with wire_discord(bot, monkeypatch) as server:
        await bot.desk.ask(lambda assistant: assistant.ask("What is an anchor institution?"))
        batches = []
        embedder = opened[0].embedder
        embed = embedder.embed_queries
        monkeypatch.setattr(embedder, "embed_queries", lambda texts: batches.append(len(texts)) or embed(texts))
        machine = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _MACHINE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        watchdog = Watchdog()
        watching = asyncio.create_task(watchdog.watch())
        questions = [f"What has been learned about {TOPICS[n % 5]} in place number {n}?" for n in range(MEMBERS)]
        asked = [await server.ask(100 + n, question) for n, question in enumerate(questions)]
        await until(lambda: all(question in shown(one) for question, one in zip(questions, asked, strict=True)), 120)
        watching.cancel()
        late = float((await machine.communicate(b""))[0])
    first = max(interaction.answered_after for interaction in asked)
    print(
        f"first responses {first:.3f} s, longest block {watchdog.worst:.3f} s, machine {late:.3f} s, batches {batches}"
    )
    assert first < FIRST_RESPONSE_SECONDS
    assert watchdog.worst - late < LONGEST_BLOCK_SECONDS
    assert sum(batches) == MEMBERS
    assert len(batches) < MEMBERS
