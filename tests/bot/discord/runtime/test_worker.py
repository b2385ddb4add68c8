"""A modal must be the first thing that Discord hears: nothing keeps it waiting, and nothing is broken off for it."""

import asyncio

import pytest

from bot.discord.runtime import worker as worker_module
from bot.discord.runtime.errors import RefusedError, TooSlowError
from bot.discord.runtime.worker import Worker


@pytest.fixture
async def worker(filled):
    there = Worker(filled.settings)
    yield there
    await there.close()


async def test_what_takes_too_long_is_not_waited_for_and_goes_on(worker, monkeypatch):
    monkeypatch.setattr(worker_module, "MODAL_SECONDS", 0)
    go, gone = asyncio.Event(), asyncio.Event()

    async def look():
        await go.wait()
        gone.set()
        return "a draft"

    with pytest.raises(TooSlowError, match="a moment"):
        await worker.before_modal(look(), "a moment")
    go.set()
    await asyncio.wait_for(gone.wait(), 10)


async def test_what_is_there_in_time_is_used(worker):
    async def look():
        return "a draft"

    assert await worker.before_modal(look(), "a moment") == "a draft"


async def test_a_refusal_in_time_is_said(worker):
    async def look():
        raise RefusedError("no")

    with pytest.raises(RefusedError, match="no"):
        await worker.before_modal(look(), "a moment")
