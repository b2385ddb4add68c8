"""The bot against a Discord on the loopback: what happens to connections, rates, failures and slow responses."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from bot.discord.runtime import texts
from knowledge.assistant import Assistant
from tests.bot.conftest import discord_description
from tests.bot.discord.test_discord import POINT, QUESTION
from tests.bot.discord_rules import faults
from tests.bot.wire.api import CALLBACK_SECONDS
from tests.bot.wire.server import CHANNEL, GUILD, wire_discord


@pytest.fixture
async def wire(make_bot, monkeypatch):
    async with wire_discord(make_bot(discord_servers=str(GUILD)), monkeypatch) as server:
        yield server
    sent = [fault for request in server.api.requests for fault in faults(discord_description(), request)]
    assert sent == []


async def until(true, seconds=30):
    """Wait for something that no event tells of."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def answered(interaction, seconds=20):
    """Wait for the answer to an interaction; all that Discord shows of it."""
    await asyncio.wait_for(interaction.done.wait(), seconds)
    return json.dumps([interaction.message, *interaction.followups], ensure_ascii=False)


async def test_it_identifies_beats_and_answers(wire):
    assert POINT in await answered(await wire.ask(51, QUESTION))
    assert wire.gateway.identifies[0]["intents"] & (1 << 15) == 0
    await until(lambda: wire.gateway.heartbeats >= 2)


async def test_a_dropped_connection_is_resumed_and_what_was_missed_is_answered(wire):
    await wire.gateway.drop(hold=True)
    missed = await wire.ask(51, QUESTION)
    wire.gateway.accepting.set()
    assert POINT in await answered(missed)
    assert len(wire.gateway.identifies) == 1
    assert wire.gateway.resumes[0]["session_id"] == "session-1"


async def test_it_reconnects_when_it_is_asked_to(wire):
    await wire.gateway.ask_to_reconnect()
    await asyncio.wait_for(wire.gateway.connected.wait(), 10)
    assert POINT in await answered(await wire.ask(51, QUESTION))
    assert len(wire.gateway.resumes) == 1


@pytest.mark.slow
async def test_an_invalid_session_is_identified_anew(wire):
    await wire.gateway.invalidate()
    await asyncio.wait_for(wire.gateway.connected.wait(), 30)
    assert len(wire.gateway.identifies) == 2
    assert POINT in await answered(await wire.ask(51, QUESTION))


async def test_what_is_delivered_twice_is_answered_once(wire, filled):
    await answered(await wire.ask(51, QUESTION))
    await wire.mention(51, QUESTION)
    await until(lambda: wire.api.messages[CHANNEL])
    await wire.gateway.replay(2)
    marker = await wire.ask(52, QUESTION)
    await answered(marker)
    assert len(callbacks(wire)) == 3
    assert len(wire.api.messages[CHANNEL]) == 1
    with filled.questions._connections.read() as connection:
        assert connection.execute("SELECT count(*) FROM questions").fetchone()[0] == 3


async def test_a_rate_limit_is_waited_out(wire):
    wire.api.limit("PATCH", "/webhooks/", 0.2)
    assert POINT in await answered(await wire.ask(51, QUESTION))
    patches = [request for request in wire.api.requests if request.method == "PATCH"]
    assert len(patches) == 2
    assert patches[1].at - patches[0].at >= 0.2


@pytest.mark.slow
@pytest.mark.parametrize("status", [502, 504])
async def test_a_mention_is_answered_once_though_discord_fails(wire, status):
    wire.api.fail("POST", f"/channels/{CHANNEL}/messages", status)
    await wire.mention(51, QUESTION)
    await until(lambda: len(posts(wire)) == 2)
    await answered(await wire.ask(51, QUESTION))
    assert len(wire.api.messages[CHANNEL]) == 1
    first, second = posts(wire)
    assert first.json["nonce"] == second.json["nonce"]


def posts(wire):
    """The messages that the bot sent into channels."""
    return [request for request in wire.api.requests if request.method == "POST" and request.path.endswith("/messages")]


@pytest.mark.slow
async def test_a_callback_after_three_real_seconds_is_too_late_and_asks_nothing(wire, monkeypatch):
    asked = []
    with monkeypatch.context() as patched:
        patched.setattr(Assistant, "ask", lambda *arguments: asked.append(arguments))
        late = await wire.ask(51, QUESTION, held_up=CALLBACK_SECONDS + 0.1)
        await until(lambda: callbacks(wire))
        await asyncio.sleep(0.2)
    assert POINT in await answered(await wire.ask(52, QUESTION))
    assert late.answered_after is None
    assert late.message is None
    assert asked == []


@pytest.mark.slow
async def test_a_callback_just_in_time_is_answered(wire):
    held_up = await wire.ask(51, QUESTION, held_up=CALLBACK_SECONDS - 0.7)
    assert POINT in await answered(held_up)
    assert CALLBACK_SECONDS - 0.7 <= held_up.answered_after < CALLBACK_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("status", [503, 504])
async def test_an_acknowledgement_that_fails_or_whose_reply_is_lost_costs_no_answer(wire, filled, status, caplog):
    wire.api.fail("POST", "/interactions/", status)
    assert POINT in await answered(await wire.ask(51, QUESTION))
    assert len(callbacks(wire)) == 2
    # So it looks, too, where a second bot runs with the same token.
    assert ("another program runs with the same token" in caplog.text) == (status == 504)
    with filled.questions._connections.read() as connection:
        assert connection.execute("SELECT count(*) FROM questions").fetchone()[0] == 1


def callbacks(wire):
    """The acknowledgements that the bot sent."""
    return [request for request in wire.api.requests if request.path.endswith("/callback")]


async def test_a_bucket_that_is_empty_is_waited_for_before_discord_says_no(wire):
    wire.api.empty_bucket("POST", f"/channels/{CHANNEL}/messages", 0.4)
    await wire.mention(51, QUESTION)
    await until(lambda: len(posts(wire)) == 1)
    await wire.mention(52, QUESTION)
    await until(lambda: len(posts(wire)) == 2)
    assert posts(wire)[1].at - posts(wire)[0].at >= 0.3
    assert len(wire.api.messages[CHANNEL]) == 2


async def test_a_limit_on_everything_is_waited_out(wire):
    wire.api.limit("POST", f"/channels/{CHANNEL}/messages", 0.3, everywhere=True)
    await wire.mention(51, QUESTION)
    await until(lambda: len(wire.api.messages[CHANNEL]) == 1)
    assert len(posts(wire)) == 2


async def test_an_answer_does_not_wait_for_the_sign_that_it_is_on_its_way(wire):
    for _ in range(5):
        wire.api.fail("POST", f"/channels/{CHANNEL}/typing", 503)
    await wire.mention(51, QUESTION)
    await until(lambda: len(wire.api.messages[CHANNEL]) == 1, 3)
    assert len([r for r in wire.api.requests if r.path.endswith("/typing")]) < 5


async def test_a_slow_answer_shows_that_it_is_worked_on_and_then_the_answer(wire, monkeypatch):
    monkeypatch.setattr("bot.discord.runtime.interactions.SLOW_SECONDS", 0.05)
    ask = Assistant.ask
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(self, question, conversation=None):
        asyncio.run_coroutine_threadsafe(told.wait(), loop).result(20)
        return ask(self, question, conversation)

    monkeypatch.setattr(Assistant, "ask", slow)
    interaction = await wire.ask(51, QUESTION)
    await asyncio.wait_for(interaction.done.wait(), 10)
    assert texts.STILL_WORKING in json.dumps(interaction.message)
    interaction.done.clear()
    told.set()
    assert POINT in await answered(interaction)
    assert texts.STILL_WORKING not in json.dumps(interaction.message)


def test_the_judge_sees_what_goes_over_the_wire():
    request = SimpleNamespace(method="POST", path=f"/channels/{CHANNEL}/messages", json={"content": "x"})
    assert faults(None, request)
