"""A server with members, a moderator and a review channel; examples as members give them there."""

import re

import discord
import pytest

from bot.discord.examples import texts
from tests.bot.conftest import offer, said, text_in

ANSWERS = {
    "what": "We opened a bicycle workshop next to the canteen.",
    "for_whom": "Night staff who could not get a bus home.",
    "what_happened": "Forty colleagues cycle now, but the workshop ran out of tyres in winter.",
    "differently": "Order winter tyres in summer.",
    "measured": "We counted repairs each month.",
}
CHOICES = {"pillars": ["environment"], "outcome": ["partly"], "level": ["local"], "nation": ["wales"]}


@pytest.fixture
def review(guild):
    return guild.create_text_channel("review")


@pytest.fixture
def team(simcord_env, guild):
    role = guild.create_role("moderators")
    offer(simcord_env, guild, role, "insights", "queue", "sets")
    return role


@pytest.fixture
def setting(guild, review, team, filled):
    """The server is set up: review channel and moderators' role."""
    settings = filled.servers.settings
    chosen = {"review_channel": review.id, "moderator_role": team.id}
    settings.save_server(settings.server(guild.id).model_copy(update=chosen))


@pytest.fixture
def moderator(simcord_env, guild, team, setting):
    return guild.add_member(simcord_env.create_user("sample-mod"), roles=[team])


@pytest.fixture
def second(simcord_env, guild, team, setting):
    return guild.add_member(simcord_env.create_user("second"), roles=[team])


@pytest.fixture
def author(simcord_env, guild, setting):
    return guild.add_member(simcord_env.create_user("sam-sample"))


class Giver:
    """A member who shares: each step as they would take it."""

    def __init__(self, library, channel):
        self.library, self.channel = library, channel

    async def draft(self, member, **answers):
        """The card of a new draft."""
        shown = await member.slash(self.channel, "share")
        result = await member.submit_modal(shown, ANSWERS | answers)
        assert texts.CARD_TITLE in said(result), said(result)
        return result.response

    async def complete(self, member, credit="anonymous", **answers):
        """The card of a draft that lacks nothing."""
        card = await self.draft(member, **answers)
        for field, values in (CHOICES | {"credit": [credit], "clearance": ["yes"]}).items():
            await member.select(card, values, custom_id=f"haln:example_{field}:{self.newest()}")
        return card

    async def submitted(self, member, credit="anonymous", **answers):
        """The id of an example that is handed in."""
        card = await self.complete(member, credit, **answers)
        await member.click(card, label=texts.SUBMIT)
        assert texts.SUBMITTED in text_in(card), text_in(card)
        return self.newest()

    def newest(self):
        with self.library.examples._connections.read() as connection:
            row = connection.execute("SELECT id FROM submissions ORDER BY created_at DESC, rowid DESC").fetchone()
        return row[0]

    def state(self, example_id=None):
        return self.library.examples.find(example_id or self.newest()).state.value


@pytest.fixture
def giver(filled, channel, setting):
    return Giver(filled, channel)


def id_in(message):
    """The id of the example that a message shows."""
    return re.search(r"ex-[a-z0-9]{8}", text_in(message))[0]


def direct(member):
    """The texts of all direct messages to somebody."""
    return [text_in(message) for message in member.user.dm_channel.history()]


def permissions(**allowed):
    return discord.Permissions(view_channel=True, **allowed)
