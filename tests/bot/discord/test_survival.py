"""Nothing that Discord or members do makes the bot fall over, lose what was to be said, or say it twice."""

import asyncio
import logging

import discord
import pytest

from bot.discord.runtime import interactions, texts
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import RateLimit
from knowledge.assistant import Assistant
from knowledge.domain.outbox import Message
from knowledge.servers.types import FollowRequest
from tests.bot.conftest import said
from tests.bot.discord.test_discord import POINT, QUESTION
from tests.fakes import expire_questions


def queue(filled, clock, member_id):
    answer = Assistant(filled).ask(QUESTION)
    message = Message(recipient=str(member_id), kind="answer_found", data={"question_id": answer.question_id})
    filled.outbox.add(message, clock())


async def test_what_waits_is_sent_after_a_restart_in_order_and_once(member, filled, clock, simcord_env, make_bot):
    for _ in range(3):
        queue(filled, clock, member.id)
    await simcord_env.restart_bot(make_bot())
    await simcord_env.advance_time(60)
    sent = [r.json["nonce"] for r in simcord_env.http_requests if isinstance(r.json, dict) and "nonce" in r.json]
    assert sent == ["haln-1", "haln-2", "haln-3"]
    assert len(member.user.dm_channel.history()) == 3


async def test_while_discord_fails_messages_wait_and_keep_their_order(member, filled, clock, simcord_env):
    simcord_env.inject_error("POST", "/channels/*/messages", status=502, times=2)
    for _ in range(2):
        queue(filled, clock, member.id)
    for seconds in (20, 30, 60):
        clock.pass_(seconds=seconds)
        await simcord_env.advance_time(seconds)
    assert len(member.user.dm_channel.history()) == 2
    sent = [r.json["nonce"] for r in simcord_env.http_requests if isinstance(r.json, dict) and "nonce" in r.json]
    assert sent == ["haln-1", "haln-1", "haln-1", "haln-2"]


@pytest.mark.parametrize(("status", "code"), [(403, 50007), (404, 10013)])
async def test_who_left_or_closed_their_messages_is_not_tried_for_ever(
    status, code, member, filled, clock, simcord_env
):
    simcord_env.inject_error("POST", "/channels/*/messages", status=status, code=code, times=None)
    queue(filled, clock, member.id)
    clock.pass_(seconds=20)
    await simcord_env.advance_time(20)
    assert filled.outbox.waiting() == 0


async def test_a_question_that_expired_ends_the_waiting_for_it(member, filled, clock, simcord_env):
    filled.servers.follow_requests.wait(FollowRequest(question_id="gone", recipient=str(member.id)), clock())
    await simcord_env.advance_time(120)
    assert filled.servers.follow_requests.waiting() == []


@pytest.mark.simcord(check_errors=False)
async def test_a_message_that_is_deleted_meanwhile_is_answered_without_a_reference(
    channel, member, simcord_env, monkeypatch
):
    ask = Assistant.ask
    asked = {}

    def while_deleting(self, question, conversation=None):
        backend = simcord_env.backend
        backend.messages[channel.id].clear()
        asked["once"] = True
        return ask(self, question, conversation)

    monkeypatch.setattr(Assistant, "ask", while_deleting)
    await member.send(channel, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    assert asked
    bodies = [r.json for r in simcord_env.http_requests if r.path == f"/channels/{channel.id}/messages"]
    assert bodies[0]["message_reference"]["fail_if_not_exists"] is False


@pytest.mark.simcord(check_errors=False)
async def test_without_permission_to_speak_the_log_says_so_and_nothing_breaks(guild, member, simcord_env, caplog):
    mute = guild.create_text_channel("mute")
    simcord_env.inject_error("POST", f"/channels/{mute.id}/*", status=403, code=50013, times=None)
    with caplog.at_level(logging.WARNING):
        await member.send(mute, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    assert "/doctor" in caplog.text
    assert POINT in said(await member.slash(mute, "ask", question=QUESTION))


@pytest.mark.simcord(check_errors=False)
@pytest.mark.parametrize("path", ["/interactions/*/*/callback", "/webhooks/*/*/messages/@original"])
async def test_when_discord_fails_on_an_answer_the_next_one_works(path, channel, member, simcord_env):
    simcord_env.inject_error("*", path, status=503, times=1)
    await member.slash(channel, "ask", question=QUESTION)
    assert POINT in said(await member.slash(channel, "ask", question=QUESTION))


@pytest.mark.simcord(check_errors=False)
async def test_an_interaction_that_is_gone_does_nothing_more(channel, member, simcord_env, caplog, filled, monkeypatch):
    monkeypatch.setattr(Assistant, "ask", lambda *_: pytest.fail("asked for nobody"))
    simcord_env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062, times=1)
    with caplog.at_level(logging.WARNING):
        await member.slash(channel, "ask", question=QUESTION)
    assert "reference" not in caplog.text


class Placeholder:
    """The message that Discord shows while a member waits."""

    def __init__(self):
        self.shown, self.told = [], asyncio.Event()

    async def edit_original_response(self, *, view):
        self.shown += [item.content for item in view.walk_children()]
        self.told.set()


async def test_a_slow_answer_says_that_it_is_being_worked_on(monkeypatch):
    monkeypatch.setattr(interactions, "SLOW_SECONDS", 0)
    placeholder = Placeholder()
    async with interactions.showing_work(placeholder):
        await asyncio.wait_for(placeholder.told.wait(), 10)
    assert placeholder.shown == [texts.STILL_WORKING]


async def test_a_quick_answer_says_nothing_of_the_sort():
    placeholder = Placeholder()
    async with interactions.showing_work(placeholder):
        await asyncio.sleep(0)
    assert placeholder.shown == []


async def test_a_deleted_card_is_forgotten(channel, member, filled, simcord_env):
    result = await member.slash(channel, "ask", question=QUESTION, share=True)
    card_id = result.response.components[1]["components"][0]["custom_id"].rsplit(":", 1)[-1]
    assert filled.servers.cards.card(card_id)
    simcord_env.backend.delete_message(channel.id, result.response.id)
    await simcord_env.settle()
    assert filled.servers.cards.card(card_id) is None


async def test_the_interactions_seen_and_old_cards_expire(channel, member, filled, simcord_env, clock):
    result = await member.slash(channel, "ask", question=QUESTION)
    card_id = result.response.components[1]["components"][0]["custom_id"].rsplit(":", 1)[-1]
    clock.pass_(days=2)
    await simcord_env.advance_time(120)
    assert filled.servers.interactions.first_time(result._interaction.id, clock())
    assert filled.servers.cards.card(card_id)
    clock.pass_(days=400)
    expire_questions(filled.settings)
    await simcord_env.advance_time(120)
    assert filled.servers.cards.card(card_id) is None


def test_the_cool_down_counts_each_member_for_a_minute():
    now = [100.0]
    rate_limit = RateLimit(2, lambda: now[0])
    rate_limit.ask(1)
    now[0] = 130
    rate_limit.ask(1)
    with pytest.raises(RefusedError, match="30 seconds"):
        rate_limit.ask(1)
    rate_limit.ask(2)
    now[0] = 161
    rate_limit.ask(1)


async def test_a_press_on_what_this_version_does_not_know_is_told_so(channel, member, simcord_env):
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Old", custom_id="haln:no_such_action:key"))
    sent = await simcord_env.bot.get_channel(channel.id).send("old", view=view)
    before = len(simcord_env.http_requests)
    await member.click(sent, label="Old")
    [reply] = simcord_env.http_requests[before:]
    assert reply.json["data"]["flags"] == discord.MessageFlags(ephemeral=True).value
    assert "no longer works" in reply.json["data"]["content"]
