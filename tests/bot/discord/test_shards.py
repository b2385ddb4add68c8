"""Two processes share the servers: each server's interactions reach one, and what happens once does so once."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from bot.discord import command_sync
from bot.discord.client import HalnBot
from bot.discord.runtime.membership import Membership
from knowledge.domain.outbox import Message, channel_recipient
from knowledge.library import Library
from tests.bot.discord.test_discord import POINT, QUESTION
from tests.bot.discord.test_wire import answered
from tests.bot.wire.server import CHANNEL, GUILD, OTHER_CHANNEL, OTHER_GUILD, sharded_discord

SHARDS = {"discord_shards": 2, "discord_servers": f"{GUILD}, {OTHER_GUILD}"}


@pytest.fixture
def bots(filled, clock, monkeypatch):
    monkeypatch.setattr(command_sync, "ASK_SECONDS", 0.05)

    def make(number):
        settings = filled.settings.model_copy(update={**SHARDS, "discord_shard_ids": number})
        return HalnBot(settings, lambda s: Library.open(s, lambda _: filled.embedder), clock)

    return [make(number) for number in "01"]


async def test_each_server_reaches_one_process_and_what_is_for_all_is_done_once(bots, monkeypatch, filled):
    heard = Counter()

    def listener(number):
        async def on_interaction(interaction):
            heard[number, interaction.guild_id] += 1

        return on_interaction

    for number, bot in enumerate(bots):
        bot.add_listener(listener(number), "on_interaction")
    async with sharded_discord(bots, monkeypatch) as server:
        assert [gateway.identifies[0]["shard"] for gateway in server.gateways] == [[0, 2], [1, 2]]
        assert [[guild.id for guild in bot.guilds] for bot in bots] == [[GUILD], [OTHER_GUILD]]
        for guild in (GUILD, OTHER_GUILD, OTHER_GUILD):
            assert POINT in await answered(await server.ask(51, QUESTION, guild=guild))
        await answered(await server.ask(52, QUESTION, guild=None))
        assert heard == {(0, GUILD): 1, (1, OTHER_GUILD): 2, (0, None): 1}
        sent = [request for request in server.api.requests if request.path.startswith("/applications/")]
        assert [request.method for request in sent] == ["PUT"]
        await messages_go_out_where_their_server_is(bots, filled)
        await nobody_has_left_who_is_on_the_other_process_s_server(bots, server)


async def messages_go_out_where_their_server_is(bots, filled):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for guild, channel in ((GUILD, CHANNEL), (OTHER_GUILD, OTHER_CHANNEL)):
        filled.outbox.add(Message(recipient=channel_recipient(channel), kind="test", data={"server_id": guild}), now)
    filled.outbox.add(Message(recipient="51", kind="test", data={}), now)
    shards = [bot.worker.settings.shards for bot in bots]
    taken = [filled.outbox.take(["test"], now, shards=one) for one in reversed(shards)]
    # What is for a person goes by whoever takes it first.
    assert [[one.message.channel_id for one in found] for found in taken] == [[OTHER_CHANNEL, None], [CHANNEL]]


async def nobody_has_left_who_is_on_the_other_process_s_server(bots, server):
    before = len(server.api.requests)
    assert await Membership(bots[0], bots[0].worker).has_left(53)
    asked = {request.path for request in server.api.requests[before:]}
    assert asked == {f"/guilds/{guild}/members/53" for guild in (GUILD, OTHER_GUILD)}
    server.api.members.add((OTHER_GUILD, 53))
    for bot in bots:
        assert not await Membership(bot, bot.worker).has_left(53)
