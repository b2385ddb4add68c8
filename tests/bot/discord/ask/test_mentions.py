"""What a message asks: itself, or by pointing at another one; and the assistant's role, mistaken for its name."""

import discord
import pytest

from bot.discord.ask import texts
from bot.discord.ask.mentions import points_at_reply
from knowledge.settings import Switch
from tests.bot.conftest import labels_in, text_in
from tests.bot.discord.ask.test_threads import mention
from tests.bot.discord.test_discord import POINT, QUESTION

READING = pytest.mark.bot_settings(discord_read_messages=Switch.ON)


@pytest.fixture
def own_role(guild, monkeypatch):
    """The role that Discord makes for a bot when it joins; simcord makes none."""
    role = guild.create_role("HALN Assistant")
    monkeypatch.setattr(discord.Guild, "self_role", property(lambda self: self.get_role(role.id)))
    return role


@READING
async def test_a_mention_of_its_role_is_a_mention(channel, member, own_role):
    await member.send(channel, f"<@&{own_role.id}> {QUESTION}")
    assert POINT in text_in(channel.last_message)


async def test_where_its_role_hides_the_question_it_says_so(channel, member, own_role):
    await member.send(channel, f"<@&{own_role.id}> {QUESTION}")
    assert text_in(channel.last_message) == texts.ROLE_MENTION


@READING
async def test_a_mention_of_another_role_is_none(channel, member, guild, own_role):
    await member.send(channel, f"<@&{guild.create_role('Sample role').id}> {QUESTION}")
    assert len(channel.history()) == 1


@READING
async def test_a_reply_that_only_points_asks_what_it_replies_to_and_keeps_no_others_words(
    channel, member, other, simcord_env, filled
):
    theirs = await other.send(channel, QUESTION)
    await member.send(channel, mention(simcord_env, "can you answer this?"), reply_to=theirs)
    assert POINT in text_in(channel.last_message)
    assert labels_in(channel.last_message) == []
    assert filled.servers.members.export(member.id)["library_questions"] == []


@READING
async def test_a_reply_to_ones_own_words_is_a_question_of_ones_own(channel, member, simcord_env):
    mine = await member.send(channel, QUESTION)
    await member.send(channel, f"<@{simcord_env.bot.user.id}>", reply_to=mine)
    assert POINT in text_in(channel.last_message)
    assert texts.HELPFUL in labels_in(channel.last_message)


@READING
async def test_a_reply_that_asks_something_itself_is_asked_that(channel, member, other, simcord_env):
    theirs = await other.send(channel, "What did the Sample University plant?")
    await member.send(channel, mention(simcord_env, QUESTION), reply_to=theirs)
    assert POINT in text_in(channel.last_message)


async def test_where_the_other_message_cannot_be_seen_it_says_what_to_do(channel, member, other, simcord_env):
    theirs = await other.send(channel, QUESTION)
    await member.send(channel, mention(simcord_env, "Can you answer this?"), reply_to=theirs)
    assert text_in(channel.last_message) == texts.REPLY_NOT_SEEN.format(menu=texts.FIND_RESOURCES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "^",
        "this",
        "Can you answer this?",
        "could you please help with this question?",
        "do you know the answer to this?",
        "any ideas?",
        "What do you think?",
        "Hi, can you help us with this one?",
        "could you have a look at this please",
        "What does the library say about this?",
        "does the library have anything on this?",
        "can you help with Sam's question?",
        "any resources on this?",
        "Over to you",
        "please respond",
        "thoughts please",
        "same question",
        "☝️ please",
    ],
)
def test_these_only_point(text):
    assert points_at_reply(text)


@pytest.mark.parametrize(
    "text",
    [
        "can you answer this about roofs?",
        "What is an anchor?",
        "help with procurement",
        "What is this?",
        "Thanks",
        "hello",
        "what can you do?",
        "how do we start this?",
        "is this true for Scotland?",
        "does the library have anything on roofs?",
        "what about Wales?",
        "this trust kept forty jobs",
    ],
)
def test_these_ask_something(text):
    assert not points_at_reply(text)
