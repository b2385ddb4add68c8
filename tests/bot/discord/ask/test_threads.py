"""Long public answers go into a thread, where members ask on."""

import discord
import pytest

from bot.discord.ask import texts
from knowledge.settings import Switch
from tests.bot.conftest import text_in
from tests.bot.discord.test_discord import POINT, QUESTION


@pytest.fixture
def every_answer_is_long(monkeypatch):
    monkeypatch.setattr("bot.discord.ask.answer_card.LONG_ANSWER", 10)


def mention(env, text):
    return f"<@{env.bot.user.id}> {text}"


async def test_a_long_public_answer_shows_its_point_and_the_rest_in_a_thread(channel, member, every_answer_is_long):
    await member.slash(channel, "ask", question=QUESTION, share=True)
    opening = text_in(channel.history()[0])
    assert POINT in opening
    assert texts.MORE_IN_THREAD in opening
    assert texts.SOURCES not in opening
    (thread,) = channel.threads
    assert thread.name == QUESTION
    whole = text_in(thread.last_message)
    assert texts.SOURCES in whole
    assert texts.IN_THREAD in whole


async def test_a_long_answer_to_a_mention_goes_in_a_thread_under_it(channel, member, simcord_env, every_answer_is_long):
    message = await member.send(channel, mention(simcord_env, QUESTION))
    (thread,) = channel.threads
    assert thread.id == message.id
    assert POINT in text_in(thread.last_message)


async def test_a_private_answer_stays_private_however_long(channel, member, every_answer_is_long):
    result = await member.slash(channel, "ask", question=QUESTION)
    assert texts.SOURCES in text_in(result.response)
    assert channel.threads == []


async def test_where_no_thread_may_be_started_the_answer_is_in_the_channel(
    guild, member, simcord_env, every_answer_is_long
):
    closed = guild.create_text_channel(
        "closed", overwrites={guild.default_role: discord.PermissionOverwrite(create_public_threads=False)}
    )
    await member.slash(closed, "ask", question=QUESTION, share=True)
    await member.send(closed, mention(simcord_env, QUESTION))
    assert closed.threads == []
    assert all(texts.SOURCES in text_in(message) for message in closed.history() if message.author.bot)


@pytest.mark.simcord(check_errors=False)
async def test_where_starting_the_thread_fails_the_answer_is_in_the_channel(
    channel, member, simcord_env, every_answer_is_long
):
    simcord_env.inject_error("POST", "/channels/*/messages/*/threads", status=500, times=None)
    await member.slash(channel, "ask", question=QUESTION, share=True)
    await member.send(channel, mention(simcord_env, QUESTION))
    assert [texts.SOURCES in text_in(message) for message in channel.history() if message.author.bot] == [True, True]


@pytest.mark.bot_settings(discord_read_messages=Switch.ON)
async def test_with_the_intent_members_ask_on_without_a_mention(
    channel, member, other, simcord_env, every_answer_is_long
):
    await member.send(channel, mention(simcord_env, QUESTION))
    (thread,) = channel.threads
    assert texts.IN_THREAD_READING in text_in(thread.last_message)
    await member.send(thread, "What did the Sample University plant?")
    assert text_in(thread.last_message).startswith("> What did the Sample University plant?")
    before = len(thread.history())
    message = await member.send(thread, f"<@{other.id}> what do you think of roofs?")
    await other.send(thread, "I think they are good", reply_to=message)
    assert len(thread.history()) == before + 2


async def test_without_the_intent_a_mention_asks_on(channel, member, simcord_env, every_answer_is_long):
    await member.send(channel, mention(simcord_env, QUESTION))
    (thread,) = channel.threads
    before = len(thread.history())
    await member.send(thread, "What did the Sample University plant?")
    assert len(thread.history()) == before + 1
    await member.send(thread, mention(simcord_env, "What did the Sample University plant?"))
    assert text_in(thread.last_message).startswith("> What did the Sample University plant?")


async def test_a_follow_up_in_the_thread_knows_what_went_before(
    channel, member, simcord_env, every_answer_is_long, monkeypatch
):
    from knowledge.assistant import Assistant

    conversations = []
    ask = Assistant.ask

    def watched(self, question, conversation=None):
        conversations.append(conversation)
        return ask(self, question, conversation)

    monkeypatch.setattr(Assistant, "ask", watched)
    result = await member.slash(channel, "ask", question=QUESTION, share=True)
    (thread,) = channel.threads
    await member.send(thread, mention(simcord_env, "And the Sample University?"))
    assert conversations == [f"discord:{result.response.id}", f"discord:{thread.id}"]
    assert conversations[0] == conversations[1]
