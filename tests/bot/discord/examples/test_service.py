"""A form must be the first thing that Discord hears: nothing keeps it waiting, and nothing is broken off for it."""

import asyncio

import pytest

from bot.discord.examples import service
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.errors import RefusedError


@pytest.fixture
def examples():
    return ExampleService(None, None)


async def test_what_takes_too_long_is_not_waited_for_and_goes_on(examples, monkeypatch):
    monkeypatch.setattr(service, "_AT_ONCE_SECONDS", 0)
    go, gone = asyncio.Event(), asyncio.Event()

    async def look():
        await go.wait()
        gone.set()
        return "a draft"

    assert await examples.at_once(look()) is None
    go.set()
    await asyncio.wait_for(gone.wait(), 10)


async def test_what_is_there_in_time_is_used(examples):
    async def look():
        return "a draft"

    assert await examples.at_once(look()) == "a draft"


async def test_a_refusal_in_time_is_said(examples):
    async def look():
        raise RefusedError("no")

    with pytest.raises(RefusedError, match="no"):
        await examples.at_once(look())
