"""The health check sees a bot that is not connected, hangs, or cannot reach its database; the figures name nobody."""

import asyncio
import re
import socket
import threading

import aiohttp
import pytest

from bot.discord.operations import health
from knowledge.errors import StorageError
from tests.bot.discord.test_discord import QUESTION

pytestmark = pytest.mark.simcord
FIGURES = {
    *("haln_questions_total", "haln_question_seconds", "haln_discord_connected", "haln_outbox_waiting"),
    *("haln_documents", "haln_database_bytes", "haln_last_backup_timestamp_seconds", "haln_log_lines_total"),
    "haln_longest_running_seconds",
}


@pytest.fixture
def port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@pytest.fixture
def simcord_bot(make_bot, port):
    return make_bot(health_port=port)


@pytest.fixture
async def cog(simcord_bot, guild):
    loaded = simcord_bot.get_cog("Health")
    yield loaded
    await loaded.cog_unload()


@pytest.fixture
def got(cog, port):
    async def get(path):
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
            return response.status, await response.text()

    return get


async def test_a_bot_that_is_connected_is_well(got, cog):
    assert await got("/healthz") == (200, '{"healthy": true, "problems": []}')


async def test_a_bot_that_stays_disconnected_is_ill_and_well_again_when_it_is_back(got, cog, monkeypatch):
    await cog.on_disconnect()
    assert await cog.problems() == []  # a moment without Discord is no fault
    monkeypatch.setattr(health, "DISCONNECTED_SECONDS", -1.0)
    status, text = await got("/healthz")
    assert status == 503
    assert "Discord is not connected" in text
    await cog.on_resumed()
    assert (await got("/healthz"))[0] == 200


async def test_a_bot_that_hangs_is_ill(got, cog, simcord_bot, monkeypatch):
    monkeypatch.setattr(health, "HANGING_SECONDS", -1.0)
    over = threading.Event()
    hanging = asyncio.ensure_future(simcord_bot.worker.model(lambda backend: over.wait(30)))
    await asyncio.sleep(0.2)
    assert "under way for minutes" in (await got("/healthz"))[1]
    over.set()
    await hanging
    monkeypatch.undo()
    assert await cog.problems() == []


async def test_a_bot_without_its_database_is_ill(got, cog, simcord_bot, monkeypatch):
    backend = await simcord_bot.worker.backend()

    def fails():
        raise StorageError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(backend.library.store, "version", fails)
        assert await cog.problems() == ["the database cannot be read"]
        over = threading.Event()
        patched.setattr(backend.library.store, "version", lambda: over.wait(30))
        patched.setattr(health, "_DATABASE_SECONDS", 0.05)
        assert await cog.problems() == ["the database does not answer"]
        over.set()


async def test_the_figures_count_questions_and_name_nobody(got, cog, channel, member):
    await member.slash(channel, "ask", question=QUESTION)
    await member.slash(channel, "ask", question="What about zebras in Zanzibar?")
    status, text = await got("/metrics")
    assert status == 200
    assert 'haln_questions_total{outcome="answered"} 1.0' in text
    assert 'haln_questions_total{outcome="refused"} 1.0' in text
    assert "haln_documents 3.0" in text
    assert "haln_discord_connected 1.0" in text
    assert str(member.id) not in text
    assert "Zanzibar" not in text


async def test_the_figures_are_these_and_none_counts_people(got):
    """A new one is added here once it is clear that it says nothing of fewer than five people."""
    status, text = await got("/metrics")
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE haln_")}
    assert status == 200
    assert {name for name in names if not name.endswith("_created")} == FIGURES
    labels = {label for found in re.findall(r"^haln_\w+\{([^}]*)\}", text, re.MULTILINE) for label in found.split(",")}
    assert {label.partition("=")[0] for label in labels} <= {"outcome", "level", "le"}
