"""The buttons under an answer: who may press what, that a press counts once, and that they outlive the bot."""

import contextlib
import copy
import sqlite3

import discord
import pytest

from bot.discord.ask import texts
from bot.discord.peers.texts import ASK_A_PEER
from bot.discord.runtime import texts as runtime_texts
from indexer.pipeline import Indexer
from knowledge.domain.vocabulary import FeedbackReason
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.test_discord import POINT, QUESTION
from tests.fakes import expire_questions

UNKNOWN = "Which football club won?"


async def private(member, channel, question=QUESTION):
    return (await member.slash(channel, "ask", question=question)).response


async def shared(member, channel):
    return (await member.slash(channel, "ask", question=QUESTION, share=True)).response


def feedback(bot, library):
    return [library.questions.feedback(logged) for logged in questions(library)]


def questions(library):
    with contextlib.closing(sqlite3.connect(library.settings.database_path)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM questions ORDER BY asked_at")]


async def test_helpful_is_noted_once_for_each_member(channel, member, other, filled, simcord_bot):
    card = await shared(member, channel)
    for one in (member, member, other):
        assert said(await one.click(card, label=texts.HELPFUL)) == texts.THANKS_HELPFUL
    assert [counts.helpful for counts in feedback(simcord_bot, filled)] == [2]


async def test_not_helpful_asks_for_a_reason_and_the_later_word_counts(channel, member, filled, simcord_bot):
    card = await private(member, channel)
    await member.click(card, label=texts.HELPFUL)
    asked = await member.click(card, label=texts.NOT_HELPFUL)
    assert texts.WHY_NOT in said(asked)
    chosen = await member.select(asked.response, [FeedbackReason.OUT_OF_DATE.value])
    assert text_in(asked.response) == texts.THANKS_NOT_HELPFUL
    assert chosen.acknowledged
    counts = feedback(simcord_bot, filled)[0]
    assert (counts.helpful, counts.not_helpful, counts.reasons) == (0, 1, {FeedbackReason.OUT_OF_DATE: 1})


async def test_more_shows_what_the_answer_did_not_cite(channel, member):
    card = await private(member, channel)
    result = await member.click(card, label=texts.MORE)
    assert result.ephemeral
    text = said(result)
    where, more = text.split(texts.MORE_TITLE)
    assert texts.IN_ITS_DOCUMENT in where
    assert "> **The Sample Hospital Trust kept 40 entry jobs for local residents in 2022.**\n" in where
    assert "> -# What happened\n> Retention after one year was 90%." in where
    assert "> - Start with the porters' vacancies.\n> - Tell the job centre early." in where
    assert "Green roofs" in more
    assert "Jobs for local people" not in more


async def test_an_answer_is_shared_once_without_the_name_of_who_asked(channel, member):
    card = await private(member, channel)
    assert texts.SHARED in said(await member.click(card, label=texts.SHARE))
    open_card = channel.last_message
    assert POINT in text_in(open_card)
    assert texts.ASKED_BY_A_MEMBER in text_in(open_card)
    assert str(member.id) not in text_in(open_card)
    assert labels_in(open_card) == [texts.HELPFUL, texts.NOT_HELPFUL, texts.MORE, ASK_A_PEER, runtime_texts.DISMISS]


@pytest.mark.simcord(check_errors=False)
async def test_what_is_shared_is_the_bots_own_message_and_only_moderators_find_out_who_it_was(
    channel, member, other, guild, simcord_env, filled
):
    card = await private(member, channel)
    await member.click(card, label=texts.SHARE)
    (sending,) = [r for r in simcord_env.http_requests if r.path == f"/channels/{channel.id}/messages"]
    assert str(member.id) not in str(sending.json)
    # A reply to an interaction would show everybody whose it was.
    assert channel.last_message.interaction_metadata is None
    role = guild.create_role("moderators")
    settings = filled.servers.settings
    settings.save_server(settings.server(guild.id).model_copy(update={"moderator_role": role.id}))
    moderator = guild.add_member(simcord_env.create_user("moderator"), roles=[role])
    told = await moderator.context_menu(channel, texts.WHO_SHARED, channel.last_message)
    assert told.ephemeral
    assert said(told) == texts.SHARED_BY.format(member=f"<@{member.id}>")
    assert said(await other.context_menu(channel, texts.WHO_SHARED, channel.last_message)) == (
        runtime_texts.MODERATORS_ONLY
    )
    written = await member.send(channel, "Good morning")
    assert said(await moderator.context_menu(channel, texts.WHO_SHARED, written)) == texts.SHARED_BY_NOBODY


async def test_only_who_may_write_in_a_channel_shares_there(guild, member):
    silent = discord.PermissionOverwrite(send_messages=False)
    news = guild.create_text_channel("news", overwrites={guild.default_role: silent})
    card = await private(member, news)
    assert said(await member.click(card, label=texts.SHARE)) == texts.NOT_SHARED_HERE
    assert news.history() == []


async def test_an_unanswered_question_is_not_shared_without_a_name(channel, member, filled):
    card = await private(member, channel, UNKNOWN)
    assert texts.SHARE not in labels_in(card)
    # Nor from a card that was made when there was an answer, or by an earlier release.
    answered = await private(member, channel)
    for question in questions(filled):
        kept = filled.questions.logged(question).answer
        filled.questions.replace(question, kept.model_copy(update={"answered": False, "reason": "Nothing."}))
    assert said(await member.click(answered, label=texts.SHARE)) == texts.NOT_SHARED_UNANSWERED
    assert channel.history() == []


@pytest.mark.simcord(check_errors=False)
async def test_what_cannot_be_sent_can_be_shared_again_and_nobody_else_hears_of_it(channel, member, simcord_env):
    card = await private(member, channel)
    simcord_env.inject_error("POST", f"/channels/{channel.id}/messages", status=403)
    failed = await member.click(card, label=texts.SHARE)
    assert failed.ephemeral
    assert "not allowed" in said(failed)
    assert channel.history() == []
    assert texts.SHARED in said(await member.click(card, label=texts.SHARE))


@pytest.mark.simcord(check_errors=False)
async def test_errors_of_a_shared_question_are_the_askers_own(channel, member, filled, monkeypatch):
    from knowledge.assistant import Assistant

    def broken(*_arguments):
        raise RuntimeError("broken")

    monkeypatch.setattr(Assistant, "ask", broken)
    failed = await member.slash(channel, "ask", question=QUESTION, share=True)
    assert channel.history() == []
    (told,) = failed.followups
    assert told.flags.ephemeral
    assert "that did not work" in text_in(told)


@pytest.mark.simcord(check_errors=False)
async def test_sharing_twice_says_so(channel, member):
    card = await private(member, channel)
    await member.click(card, label=texts.SHARE)
    before = len(channel.history())
    assert said(await member.click(card, label=texts.SHARE)) == texts.SHARED_ALREADY
    assert len(channel.history()) == before


async def test_whoever_asked_may_dismiss_a_shared_answer(channel, member):
    card = await shared(member, channel)
    await member.click(card, label=runtime_texts.DISMISS)
    assert channel.history() == []


async def test_others_may_not_dismiss_it_unless_they_are_moderators(channel, member, other, guild, simcord_env, filled):
    card = await shared(member, channel)
    assert said(await other.click(card, label=runtime_texts.DISMISS)).endswith(runtime_texts.NOT_YOURS_TO_DISMISS)
    assert len(channel.history()) == 1
    role = guild.create_role("moderators")
    settings = filled.servers.settings
    settings.save_server(settings.server(guild.id).model_copy(update={"moderator_role": role.id}))
    moderator = guild.add_member(simcord_env.create_user("moderator"), roles=[role])
    await moderator.click(card, label=runtime_texts.DISMISS)
    assert channel.history() == []


async def test_whoever_manages_messages_in_a_channel_may_dismiss_there(member, other, guild):
    allowed = discord.PermissionOverwrite(manage_messages=True)
    own = guild.create_text_channel("own", overwrites={other: allowed})
    card = await shared(member, own)
    await other.click(card, label=runtime_texts.DISMISS)
    assert own.history() == []


@pytest.mark.simcord(check_errors=False)
async def test_a_private_card_is_its_askers_own(channel, member, other, simcord_env, monkeypatch):
    """Discord shows it to nobody else; should a press come all the same, it does nothing."""
    card = await private(member, channel)
    with pytest.raises(Exception, match="not visible"):
        await other.click(card, label=texts.MORE)
    emit = simcord_env.backend.emit

    def forged(event, payload):
        if event == "INTERACTION_CREATE":
            payload["member"]["user"]["id"] = str(other.id)
        emit(event, payload)

    monkeypatch.setattr(simcord_env.backend, "emit", forged)
    for label in (texts.MORE, texts.HELPFUL, texts.SHARE):
        assert said(await member.click(card, label=label)) == texts.NOT_YOURS


async def test_who_wants_to_be_told_is_told_once_and_can_change_their_mind(channel, member, filled):
    card = await private(member, channel, UNKNOWN)
    result = await member.click(card, label=texts.TELL_ME)
    assert texts.WILL_TELL in said(result)
    assert [waiting.user_id for waiting in filled.servers.follow_requests.waiting()] == [member.id]
    assert texts.TELLS_ALREADY in said(await member.click(card, label=texts.TELL_ME))
    await member.click(result.response, label=texts.DO_NOT_TELL)
    assert text_in(result.response) == texts.WILL_NOT_TELL
    assert filled.servers.follow_requests.waiting() == []


async def test_who_waits_gets_the_answer_when_the_library_has_it(channel, member, filled, sources, simcord_env):
    card = await private(member, channel, "Where does the Sample Trust keep bees?")
    await member.click(card, label=texts.TELL_ME)
    await simcord_env.advance_time(120)
    assert member.user.dm_channel.history() == []
    (sources / "bees.md").write_text("# Bees\n\nThe Sample Trust keeps bees on the roof of its kitchen.\n")
    Indexer(filled).add([str(sources)])
    await simcord_env.advance_time(120)
    told = member.user.dm_channel.history()
    assert len(told) == 1
    assert texts.ANSWER_NOW in text_in(told[0])
    assert "keeps bees" in text_in(told[0])
    await simcord_env.advance_time(120)
    assert len(member.user.dm_channel.history()) == 1


async def test_whom_no_message_reaches_sees_the_answer_at_their_next_command(
    channel, member, filled, sources, simcord_env, discord_faults
):
    card = await private(member, channel, "Where does the Sample Trust keep bees?")
    await member.click(card, label=texts.TELL_ME)
    simcord_env.inject_error("POST", f"/channels/{member.user.dm_channel.id}/messages", status=403, code=50007, times=1)
    (sources / "bees.md").write_text("# Bees\n\nThe Sample Trust keeps bees on the roof of its kitchen.\n")
    Indexer(filled).add([str(sources)])
    await simcord_env.advance_time(120)
    assert member.user.dm_channel.history() == []
    assert filled.servers.follow_requests.waiting() == []

    async def shown():
        before = len(simcord_env.http_requests)
        await member.slash(channel, "resources")
        return str([request.json for request in simcord_env.http_requests[before:]])

    text = await shown()
    assert texts.ANSWER_NOW in text
    assert "keeps bees" in text
    assert texts.ANSWER_NOW not in await shown()


async def test_every_button_works_after_a_restart(channel, member, filled, simcord_env, make_bot):
    card, unknown = await private(member, channel), await private(member, channel, UNKNOWN)
    open_card = await shared(member, channel)
    asked = await member.click(card, label=texts.NOT_HELPFUL)
    await simcord_env.restart_bot(make_bot())
    await member.select(asked.response, [FeedbackReason.WRONG.value])
    assert text_in(asked.response) == texts.THANKS_NOT_HELPFUL
    assert said(await member.click(card, label=texts.HELPFUL)) == texts.THANKS_HELPFUL
    assert "Green roofs" in said(await member.click(card, label=texts.MORE))
    assert texts.WILL_TELL in said(await member.click(unknown, label=texts.TELL_ME))
    assert texts.SHARED in said(await member.click(card, label=texts.SHARE))
    await member.click(open_card, label=runtime_texts.DISMISS)
    assert open_card.id not in [message.id for message in channel.history()]


@pytest.mark.simcord(check_errors=False)
async def test_an_answer_that_is_not_kept_any_more_says_so(channel, member, filled):
    card = await private(member, channel)
    expire_questions(filled.settings)
    for label in (texts.HELPFUL, texts.MORE, texts.SHARE):
        assert said(await member.click(card, label=label)) == runtime_texts.NOT_KEPT


async def test_a_press_that_is_delivered_twice_acts_once(channel, member, simcord_env):
    card = await private(member, channel)
    payload = last_press(simcord_env, await member.click(card, label=texts.SHARE))
    before = len(channel.history())
    await again(simcord_env, payload)
    assert len(channel.history()) == before


async def test_a_question_that_is_delivered_twice_is_answered_once(channel, member, simcord_env, filled, make_bot):
    result = await member.slash(channel, "ask", question=QUESTION, share=True)
    payload = last_press(simcord_env, result)
    await again(simcord_env, payload)
    await simcord_env.restart_bot(make_bot())
    await again(simcord_env, payload)
    assert len(questions(filled)) == 1
    assert len(channel.history()) == 1


async def test_a_mention_that_is_delivered_twice_is_answered_once(channel, member, simcord_env):
    await member.send(channel, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    before = len(channel.history())
    question = next(p for p in delivered(simcord_env, "MESSAGE_CREATE") if QUESTION in p["content"])
    simcord_env.backend.emit("MESSAGE_CREATE", question)
    await simcord_env.settle()
    assert len(channel.history()) == before


def last_press(env, result):
    """The payload of an interaction, to be delivered once more."""
    return copy.deepcopy(
        next(p for p in delivered(env, "INTERACTION_CREATE") if p["token"] == result._interaction.token)
    )


def delivered(env, event):
    """The payloads of all events of a kind that the bot has had."""
    return [payload for kind, name, payload in env.backend.transcript if (kind, name) == ("GATEWAY", event)]


async def again(env, payload):
    """Deliver a payload once more; all text that the bot sent because of it."""
    before = len(env.http_requests)
    env.backend.emit("INTERACTION_CREATE", payload)
    await env.settle()
    return str([request.json for request in env.http_requests[before:]])
