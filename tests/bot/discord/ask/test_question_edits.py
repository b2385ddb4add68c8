"""An answer follows the message that it replies to: edited, deleted, or meant for the assistant no more."""

import pytest

from bot.discord.ask import texts
from knowledge.assistant import Assistant
from tests.bot.conftest import labels_in, text_in
from tests.bot.discord.ask.test_threads import every_answer_is_long, mention  # noqa: F401 - a fixture
from tests.bot.discord.test_discord import POINT, QUESTION

TREES = "What did the Sample University plant?"


def answers_in(channel):
    return [message for message in channel.history() if message.author.bot]


async def test_an_edited_question_is_answered_anew_in_the_same_place(channel, member, simcord_env, filled):
    message = await member.send(channel, mention(simcord_env, QUESTION))
    (before,) = answers_in(channel)
    assert POINT in text_in(before)
    await member.edit(message, mention(simcord_env, TREES))
    (after,) = answers_in(channel)
    assert after.id == before.id
    assert text_in(after).startswith(f"> {TREES}")
    assert texts.HELPFUL in labels_in(after)


async def test_the_answer_follows_after_a_restart_too(channel, member, simcord_env, make_bot):
    message = await member.send(channel, mention(simcord_env, QUESTION))
    await simcord_env.restart_bot(make_bot())
    await member.edit(message, mention(simcord_env, TREES))
    (after,) = answers_in(channel)
    assert text_in(after).startswith(f"> {TREES}")
    await simcord_env.restart_bot(make_bot())
    await member.delete(message)
    assert answers_in(channel) == []


async def test_an_edit_that_changes_nothing_of_the_question_asks_nothing(channel, member, simcord_env, monkeypatch):
    message = await member.send(channel, mention(simcord_env, QUESTION))
    monkeypatch.setattr(Assistant, "ask", lambda *_: pytest.fail("asked again"))
    await member.edit(message, mention(simcord_env, f"  {QUESTION} "))
    assert POINT in text_in(answers_in(channel)[0])


async def test_the_answer_to_a_deleted_question_is_deleted(channel, member, simcord_env):
    message = await member.send(channel, mention(simcord_env, QUESTION))
    await member.delete(message)
    assert answers_in(channel) == []


async def test_while_discord_fails_the_answer_to_a_deleted_question_goes_later(channel, member, simcord_env, clock):
    message = await member.send(channel, mention(simcord_env, QUESTION))
    simcord_env.inject_error("DELETE", "/channels/*/messages/*", status=503, times=None)
    await member.delete(message)
    assert len(answers_in(channel)) == 1
    simcord_env.backend.faults.clear()
    clock.pass_(minutes=2)
    await simcord_env.advance_time(60)
    assert answers_in(channel) == []


async def test_a_long_answer_goes_from_its_thread(channel, member, simcord_env, every_answer_is_long):  # noqa: F811
    message = await member.send(channel, mention(simcord_env, QUESTION))
    (thread,) = channel.threads
    assert len(answers_in(thread)) == 1
    await member.edit(message, mention(simcord_env, TREES))
    (answer,) = answers_in(thread)
    assert text_in(answer).startswith(f"> {TREES}")
    await member.delete(message)
    assert answers_in(thread) == []


async def test_who_takes_the_mention_out_takes_the_question_back(channel, member, simcord_env):
    message = await member.send(channel, mention(simcord_env, QUESTION))
    await member.edit(message, "Never mind")
    assert answers_in(channel) == []


async def test_a_mention_alone_that_becomes_a_question_is_answered_in_the_same_place(channel, member, simcord_env):
    message = await member.send(channel, f"<@{simcord_env.bot.user.id}>")
    (before,) = answers_in(channel)
    assert text_in(before) == texts.EMPTY_MENTION
    await member.edit(message, mention(simcord_env, QUESTION))
    (after,) = answers_in(channel)
    assert after.id == before.id
    assert POINT in text_in(after)


async def test_a_mention_that_is_put_in_counts(channel, member, simcord_env):
    message = await member.send(channel, QUESTION)
    assert answers_in(channel) == []
    await member.edit(message, mention(simcord_env, QUESTION))
    assert POINT in text_in(answers_in(channel)[0])


async def test_whose_question_it_was_is_still_known(channel, member, simcord_env, filled):
    message = await member.send(channel, mention(simcord_env, QUESTION))
    await member.delete(message)
    kept = filled.servers.members.export(member.id)
    assert [one["question"] for one in kept["library_questions"]] == [QUESTION]
