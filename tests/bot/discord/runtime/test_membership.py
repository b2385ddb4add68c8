"""Whether somebody is on one of many servers: asked where they were last, and no further than it takes."""

from types import SimpleNamespace

import discord
import pytest

from bot.discord.runtime.membership import Membership
from knowledge.domain.outbox import Shards
from tests.fakes import Clock

SERVERS, ANN = list(range(1, 1001)), 5


class Guild:
    """A server that knows who is on it and counts who asks."""

    unavailable = False

    def __init__(self, server_id, members):
        self.id, self.members, self.asked = server_id, members, 0

    async def fetch_member(self, user_id):
        self.asked += 1
        if user_id not in self.members:
            raise discord.NotFound(SimpleNamespace(status=404, reason="Not Found"), "unknown member")


class Worker:
    """Work for one network with a thousand registered servers."""

    settings = SimpleNamespace(shards=Shards())

    def __init__(self, now):
        self.now = now

    async def network(self):
        return "main"

    async def db(self, work):
        return work(SimpleNamespace(servers=SimpleNamespace(register=SimpleNamespace(ids=lambda: list(SERVERS)))))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def guilds():
    return {one: Guild(one, {ANN} if one in (500, 700) else set()) for one in SERVERS}


@pytest.fixture
def membership(guilds, clock):
    client = SimpleNamespace(guilds=list(guilds.values()), get_guild=guilds.get)
    return Membership(client, Worker(clock))


def asked(guilds):
    number = sum(guild.asked for guild in guilds.values())
    for guild in guilds.values():
        guild.asked = 0
    return number


async def test_who_is_somewhere_is_asked_for_there_first(membership, guilds, clock):
    assert await membership.present(ANN)
    assert asked(guilds) == 500  # of a thousand
    assert await membership.present(ANN)
    assert asked(guilds) == 0
    clock.later(hours=2)
    assert not await membership.has_left(ANN)
    assert asked(guilds) <= 10
    guilds[500].members.clear()
    clock.later(hours=2)
    assert await membership.present(ANN)
    assert asked(guilds) > 100


async def test_who_has_left_all_is_asked_for_everywhere_and_all_servers_are_told_of_who_is_on_them(membership, guilds):
    assert await membership.servers_of(ANN) == [500, 700]
    assert asked(guilds) == 1000
    for guild in guilds.values():
        guild.members.clear()
    assert await membership.has_left(6)
    assert asked(guilds) == 1000
