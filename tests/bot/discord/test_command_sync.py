"""Discord may not take the commands now: the bot starts all the same, and tries again."""

import asyncio
import logging

import aiohttp
import discord
import pytest

from bot.discord import client, command_sync
from bot.discord.command_sync import sync_commands
from tests.bot.discord.test_discord import POINT, QUESTION
from tests.bot.discord.test_wire import answered
from tests.bot.wire.server import GUILD, wire_discord


class Response:
    def __init__(self, status):
        self.status, self.reason, self.headers = status, "sample", {}


def refused(status, code=0):
    return discord.HTTPException(Response(status), {"code": code, "message": "sample"})


class Tree:
    """Fails as it is told to, and then takes the commands."""

    def __init__(self, *failures):
        self.failures, self.tries = list(failures), 0

    async def sync(self):
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(command_sync, "FIRST_WAIT", 0.001)


@pytest.mark.parametrize(
    "failure", [refused(429), refused(503), refused(400, 30034), aiohttp.ClientError(), OSError("no route")]
)
async def test_what_passes_is_tried_again(failure, caplog):
    tree = Tree(failure, failure)
    await asyncio.wait_for(sync_commands(tree), 5)
    assert tree.tries == 3
    assert "still offers those of before; it is tried again later" in caplog.text


@pytest.mark.parametrize("failure", [refused(400, 50035), refused(403, 50001), RuntimeError("odd")])
async def test_what_lasts_is_said_and_left(failure, caplog):
    tree = Tree(failure)
    await asyncio.wait_for(sync_commands(tree), 5)
    assert tree.tries == 1
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_the_start_does_not_wait_for_it(make_bot, monkeypatch):
    monkeypatch.setattr(client, "SYNC_SECONDS", 0.01)
    bot, never = make_bot(discord_servers=str(GUILD)), asyncio.Event()

    async def hang(**_):
        await never.wait()

    monkeypatch.setattr(bot.tree, "sync", hang)
    async with wire_discord(bot, monkeypatch) as server:
        assert POINT in await answered(await server.ask(51, QUESTION))


def syncs(server):
    """The commands that were sent."""
    return [one for one in server.api.requests if one.method == "PUT" and one.path.endswith("/commands")]


async def test_they_are_sent_when_they_changed_and_not_at_each_start(make_bot, monkeypatch, clock):
    async with wire_discord(make_bot(discord_servers=str(GUILD)), monkeypatch) as server:
        assert len(syncs(server)) == 1
    async with wire_discord(make_bot(discord_servers=str(GUILD)), monkeypatch) as server:
        assert POINT in await answered(await server.ask(51, QUESTION))
        assert syncs(server) == []
    changed = make_bot(discord_servers=str(GUILD))
    changed.tree.add_command(discord.app_commands.Command(name="new", description="New", callback=new_command))
    async with wire_discord(changed, monkeypatch) as server:
        assert len(syncs(server)) == 1
    clock.pass_(days=8)
    again = make_bot(discord_servers=str(GUILD))
    again.tree.add_command(discord.app_commands.Command(name="new", description="New", callback=new_command))
    async with wire_discord(again, monkeypatch) as server:
        assert len(syncs(server)) == 1


async def new_command(interaction: discord.Interaction):
    """Nothing."""


@pytest.mark.parametrize("refusal", ["ban", "too many today"])
async def test_it_starts_and_answers_while_discord_takes_no_commands(make_bot, monkeypatch, refusal):
    """An hour's ban for too many requests, or more commands made in a day than it allows."""
    monkeypatch.setattr(client, "SYNC_SECONDS", 0.5)
    async with wire_discord(make_bot(discord_servers=str(GUILD)), monkeypatch, refuse_commands=refusal) as server:
        assert POINT in await answered(await server.ask(51, QUESTION))
        assert syncs(server)
