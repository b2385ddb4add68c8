"""Fifty members ask at once, with the real model: everybody hears at once, and the event loop is never held up."""

import asyncio
import json
import shutil
import time

import pytest

from bot.discord.client import HalnBot
from knowledge.library import Library
from knowledge.settings import Settings
from tests.bot.discord.test_wire import until
from tests.bot.wire.server import GUILD, wire_discord

MEMBERS = 50
LONGEST_BLOCK_SECONDS = 0.1
FIRST_RESPONSE_SECONDS = 3
TOPICS = ("local recruitment", "the Real Living Wage", "green space", "buying from small firms", "apprenticeships")


class Watchdog:
    """Sees how much the event loop does before it comes back to a task that only sleeps.

    In seconds of the processor: how long the loop waited, for its turn among other programs as well, is measured where
    nothing else runs, by `tests.benchmarks.load`.
    """

    def __init__(self, pause=0.005):
        self.longest, self._pause = 0.0, pause

    async def watch(self):
        """Until cancelled."""
        while True:
            before = time.thread_time()
            await asyncio.sleep(self._pause)
            self.longest = max(self.longest, time.thread_time() - before)


def shown(interaction):
    """All that Discord shows of an interaction."""
    return json.dumps([interaction.message, *interaction.followups], ensure_ascii=False)


@pytest.mark.model
@pytest.mark.slow
async def test_fifty_members_ask_at_once(tmp_path, indexed_starter, monkeypatch):
    shutil.copytree(indexed_starter, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data", discord_servers=str(GUILD))
    opened = []

    def open_library(settings):
        opened.append(Library.open(settings))
        return opened[0]

    bot = HalnBot(settings, open_library)
    async with wire_discord(bot, monkeypatch) as server:
        await bot.worker.model(lambda backend: backend.assistant.ask("What is an anchor institution?"))
        batches = []
        embedder = opened[0].embedder
        embed = embedder.embed_queries
        monkeypatch.setattr(embedder, "embed_queries", lambda texts: batches.append(len(texts)) or embed(texts))
        watchdog = Watchdog()
        watching = asyncio.create_task(watchdog.watch())
        questions = [f"What has been learned about {TOPICS[n % 5]} in place number {n}?" for n in range(MEMBERS)]
        asked = [await server.ask(100 + n, question) for n, question in enumerate(questions)]
        await until(lambda: all(question in shown(one) for question, one in zip(questions, asked, strict=True)), 120)
        watching.cancel()
    first = max(interaction.answered_after for interaction in asked)
    print(f"first responses {first:.3f} s, longest work of the loop {watchdog.longest:.3f} s")
    assert first < FIRST_RESPONSE_SECONDS
    assert watchdog.longest < LONGEST_BLOCK_SECONDS
    assert sum(batches) == MEMBERS


async def test_the_watchdog_sees_work_on_the_loop_alone():
    watchdog = Watchdog()
    watching = asyncio.create_task(watchdog.watch())
    await asyncio.sleep(0.05)
    await asyncio.to_thread(work, 2 * LONGEST_BLOCK_SECONDS)
    await asyncio.sleep(0.05)
    assert watchdog.longest < LONGEST_BLOCK_SECONDS
    work(2 * LONGEST_BLOCK_SECONDS)
    await asyncio.sleep(0.05)
    watching.cancel()
    assert watchdog.longest > LONGEST_BLOCK_SECONDS


def work(seconds):
    """Keep this thread busy for so long."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(1000))
