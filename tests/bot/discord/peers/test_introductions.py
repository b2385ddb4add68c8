"""Introductions: the request, its answer, where the two meet, how it went, and what must never be told."""

import discord
import pytest

from bot.discord.peers import texts
from knowledge.domain.vocabulary import ExampleState
from knowledge.domain.vocabulary import IntroductionState as State
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.peers.conftest import dms
from tests.knowledge.matching.people import GARDEN, add


async def asked(seeker, channel, topic="Grounds"):
    """The seeker asks the first member of the list; the reply."""
    shown = await seeker.slash(channel, "peers")
    form = await seeker.click(shown.response, label=texts.ASK)
    return await seeker.submit_modal(form, {"topic": topic})


def only(peers, who):
    (standing,) = peers.standings(str(who.id))
    return standing


def threads_of(channel):
    return [thread for thread in channel.threads if thread.name == texts.THREAD_NAME]


async def test_the_other_is_asked_by_direct_message_with_what_it_is_about(channel, seeker, helper, peers):
    assert "14 days" in said(await asked(seeker, channel, "Grounds and @everyone"))
    (request,) = dms(helper)
    text = text_in(request)
    assert texts.REQUEST_TITLE.format(name="Sample seeker") in text
    assert "Grounds and" in text
    assert "@everyone" not in text
    assert "Opening hospital or clinic grounds" in text
    assert labels_in(request) == [texts.ACCEPT, texts.NOT_NOW, texts.BLOCK]
    assert dms(seeker) == []


async def test_who_accepts_meets_the_other_in_a_private_thread(channel, seeker, helper, peers, simcord_env, make_bot):
    await asked(seeker, channel)
    await simcord_env.restart_bot(make_bot())
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    assert only(peers, seeker).state is State.ACCEPTED
    (thread,) = threads_of(channel)
    (message,) = thread.history()
    text = text_in(message)
    assert "Sample seeker, please write first." in text
    assert "“Grounds”" in text
    assert f"<@{seeker.id}>" in text
    assert f"<@{helper.id}>" in text
    assert texts.THREAD_NOTE in text
    created = [r.json for r in simcord_env.http_requests if r.path == f"/channels/{channel.id}/threads"]
    assert [body["type"] for body in created] == [discord.ChannelType.private_thread.value]
    added = {r.path.rsplit("/", 1)[-1] for r in simcord_env.http_requests if "/thread-members/" in r.path}
    assert added == {str(seeker.id), str(helper.id)}
    assert len(dms(seeker)) == 0
    assert text_in(dms(helper)[0]) == texts.ACCEPTED


async def test_without_the_permission_both_get_a_direct_message(guild, seeker, helper, peers, simcord_env):
    deny = discord.PermissionOverwrite(create_private_threads=False)
    closed = guild.create_text_channel("closed", overwrites={guild.default_role: deny})
    await asked(seeker, closed)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    assert threads_of(closed) == []
    (mine,), (_, theirs) = dms(seeker), dms(helper)
    assert texts.WRITES_FIRST in text_in(mine)
    assert f"<@{helper.id}>" in text_in(mine)
    assert texts.THEY_WRITE in text_in(theirs)
    assert f"<@{seeker.id}>" in text_in(theirs)


async def test_who_left_the_server_is_met_by_direct_message(guild, channel, seeker, helper, simcord_env):
    await asked(seeker, channel)
    guild.remove_member(seeker)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    assert threads_of(channel) == []
    assert texts.INTRODUCED_TITLE in text_in(dms(helper)[1])
    assert texts.INTRODUCED_TITLE in text_in(dms(seeker)[0])


async def test_who_closed_their_messages_is_found_by_the_other(guild, seeker, helper, peers, simcord_env, tick):
    deny = discord.PermissionOverwrite(create_private_threads=False)
    closed = guild.create_text_channel("closed", overwrites={guild.default_role: deny})
    await asked(seeker, closed)
    path = f"/channels/{seeker.user.dm_channel.id}/messages"
    simcord_env.inject_error("POST", path, status=403, code=50007, times=None)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    await tick(minutes=1)
    texts_of_helper = [text_in(message) for message in dms(helper)]
    assert texts_of_helper[-1] == texts.UNREACHABLE.format(mention=f"<@{seeker.id}>")


async def test_who_cannot_be_reached_is_suggested_to_nobody_and_nobody_learns_it(
    channel, seeker, helper, peers, simcord_env, tick
):
    path = f"/channels/{helper.user.dm_channel.id}/messages"
    simcord_env.inject_error("POST", path, status=403, code=50007, times=None)
    reply = said(await asked(seeker, channel))
    assert reply == texts.ASKED.format(days=14)
    assert peers.profile(str(helper.id)).paused
    assert only(peers, seeker).state is State.ASKED
    assert dms(seeker) == []


@pytest.mark.parametrize("answer", [texts.NOT_NOW, texts.BLOCK, None])
async def test_a_decline_a_block_and_silence_look_the_same(channel, seeker, helper, peers, tick, answer):
    await asked(seeker, channel)
    if answer:
        await helper.user.click(dms(helper)[0], label=answer)
    assert only(peers, seeker).state is State.ASKED
    assert dms(seeker) == []
    await tick(days=15)
    await tick(minutes=2)
    told = [text_in(message) for message in dms(seeker)]
    assert told == [texts.LAPSED]
    assert only(peers, seeker).state is State.LAPSED
    assert "Sample helper" not in str(told)


async def test_a_block_can_be_taken_back(channel, seeker, helper, peers):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.BLOCK)
    assert peers.match(str(seeker.id)).matches == ()
    (message,) = dms(helper)
    assert labels_in(message) == [texts.UNBLOCK]
    await helper.user.click(message, label=texts.UNBLOCK)
    assert text_in(dms(helper)[0]) == texts.UNBLOCKED
    assert [match.member_id for match in peers.match(str(seeker.id), topic="grounds").matches] != [""]
    assert peers.export(str(helper.id)).blocked == ()


async def test_two_who_ask_each_other_are_introduced_at_once(channel, seeker, helper, peers):
    peers.set_findable(str(seeker.id), findable=True)
    add(peers, str(helper.id), GARDEN, display_name="Sample helper", looking_for="Careers talks")
    first = await seeker.slash(channel, "peers")
    second = await helper.slash(channel, "peers", topic="Careers talks.")
    one = await seeker.click(first.response, label=texts.ASK)
    two = await helper.click(second.response, label=texts.ASK)
    await seeker.submit_modal(one, {"topic": ""})
    assert said(await helper.submit_modal(two, {"topic": ""})) == texts.BOTH_ASKED
    assert len(threads_of(channel)) == 1
    assert only(peers, seeker).state is only(peers, helper).state is State.ACCEPTED
    # The request that is in the way does nothing more.
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    assert len(threads_of(channel)) == 1


async def test_who_leaves_between_request_and_accept_is_not_met(channel, seeker, helper, peers, filled):
    await asked(seeker, channel)
    peers.forget(str(seeker.id))
    shown = await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    assert "no open request" in said(shown)
    assert threads_of(channel) == []
    assert dms(seeker) == []


async def test_who_leaves_before_they_are_told_is_told_nothing(
    channel, seeker, helper, peers, filled, simcord_env, clock
):
    simcord_env.inject_error("POST", f"/channels/{helper.user.dm_channel.id}/messages", status=502, times=1)
    await asked(seeker, channel)
    peers.forget(str(seeker.id))
    clock.pass_(minutes=5)
    await simcord_env.advance_time(70)
    assert dms(helper) == []
    assert filled.outbox.waiting() == 0


@pytest.fixture
def twice(simcord_env, monkeypatch):
    """Every interaction is delivered twice."""
    emit = simcord_env.backend.emit

    def both(event, payload):
        emit(event, payload)
        if event == "INTERACTION_CREATE":
            emit(event, payload)

    monkeypatch.setattr(simcord_env.backend, "emit", both)


async def test_an_interaction_that_is_delivered_twice_acts_once(channel, seeker, helper, peers, simcord_env, twice):
    await asked(seeker, channel)
    await simcord_env.settle()
    assert len(dms(helper)) == 1
    assert len(peers.library.members.introductions_of(str(seeker.id))) == 1
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    await simcord_env.settle()
    assert len([r for r in simcord_env.http_requests if r.path.endswith("/threads")]) == 1
    assert len(threads_of(channel)[0].history()) == 1
    assert labels_in(dms(helper)[0]) == []


async def test_nobody_is_asked_twice_and_what_was_typed_is_shown_again(channel, seeker, helper):
    shown = await seeker.slash(channel, "peers")
    first = await seeker.click(shown.response, label=texts.ASK)
    second = await seeker.click(shown.response, label=texts.ASK)
    await seeker.submit_modal(first, {"topic": "One"})
    text = said(await seeker.submit_modal(second, {"topic": "Two words"}))
    assert "nobody is asked twice" in text
    assert "Two words" in text


async def test_after_two_and_eight_weeks_both_are_asked_and_a_change_becomes_a_draft(
    channel, seeker, helper, peers, tick, filled
):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    await tick(days=15)
    (spoke,) = dms(seeker)
    assert text_in(spoke) == texts.SPOKE.format(name="Sample helper")
    await seeker.user.click(spoke, label=texts.YES)
    await helper.user.click(dms(helper)[-1], label=texts.NO)
    assert text_in(dms(seeker)[0]) == texts.NOTED
    await tick(days=45)
    assert len(dms(helper)) == 2  # who did not speak is not asked what it changed
    changed = dms(seeker)[-1]
    assert text_in(changed) == texts.CHANGED.format(name="Sample helper")
    await seeker.user.click(changed, label=texts.YES)
    assert labels_in(dms(seeker)[-1]) == [texts.SHARE_EXAMPLE]
    counts = filled.examples.counts()
    assert counts == {ExampleState.DRAFT: 1}


@pytest.mark.parametrize("gone", ["paused", "blocked", "forgotten"])
async def test_nobody_is_asked_how_it_went_with_somebody_who_is_not_to_be_seen(
    channel, seeker, helper, peers, tick, gone
):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    theirs = str(helper.id)
    if gone == "paused":
        peers.pause(theirs)
    elif gone == "blocked":
        peers.block(theirs, str(seeker.id))
    else:
        peers.forget(theirs)
    await tick(days=15)
    assert dms(seeker) == []


async def test_a_member_sees_their_own_introductions_and_takes_a_request_back(channel, seeker, helper, peers):
    await asked(seeker, channel, "Roofs")
    panel = await seeker.slash(channel, "profile")
    shown = await seeker.click(panel.response, label=texts.INTRODUCTIONS)
    assert shown.ephemeral
    assert texts.YOU_ASKED.format(name="Sample helper", state="asked") in said(shown)
    introduction = only(peers, seeker).introduction_id
    await seeker.select(shown.response, [introduction], custom_id="haln:intro_withdraw:")
    assert only(peers, seeker).state is State.WITHDRAWN
    over = await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    assert "no open request" in said(over)
    assert threads_of(channel) == []


async def test_ones_own_blocks_are_listed_for_oneself_and_ended(channel, seeker, helper, peers):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.BLOCK)
    theirs = await seeker.click((await seeker.slash(channel, "profile")).response, label=texts.INTRODUCTIONS)
    assert texts.YOU_BLOCKED not in said(theirs)
    assert str(helper.id) not in said(theirs)
    mine = await helper.click((await helper.slash(channel, "profile")).response, label=texts.INTRODUCTIONS)
    assert f"<@{seeker.id}>" in said(mine)
    await helper.select(mine.response, [str(seeker.id)], custom_id="haln:intro_unblock_one:")
    assert peers.export(str(helper.id)).blocked == ()


async def test_without_any_introduction_that_is_said(channel, seeker):
    panel = await seeker.slash(channel, "profile")
    assert texts.INTRODUCTIONS_NONE in said(await seeker.click(panel.response, label=texts.INTRODUCTIONS))


async def test_nobody_is_asked_how_it_went_at_night(channel, seeker, helper, tick):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    await tick(days=15, hours=10)
    assert dms(seeker) == []
    await tick(hours=12)
    assert len(dms(seeker)) == 1


async def test_how_it_went_is_noted_of_who_may_not_share_examples(channel, seeker, helper, peers, tick, filled):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    filled.examples.set_banned(str(seeker.id), "2026-06-01T00:00:00+00:00")
    await tick(days=60)
    changed = dms(seeker)[-1]
    assert text_in(changed) == texts.CHANGED.format(name="Sample helper")
    await seeker.user.click(changed, label=texts.YES)
    assert text_in(dms(seeker)[-1]) == texts.NOTED
    assert ("did_it_change", True) in [(kind, yes) for _, kind, yes in filled.members.answers_of(str(seeker.id))]
    assert filled.examples.counts() == {}


async def test_the_message_in_their_thread_pings_the_two_and_nobody_else(channel, seeker, helper, simcord_env):
    await asked(seeker, channel, "Grounds and @everyone")
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    (thread,) = threads_of(channel)
    (sent,) = [r.json for r in simcord_env.http_requests if r.path == f"/channels/{thread.id}/messages" and r.json]
    assert sent["allowed_mentions"]["parse"] == []
    assert {str(one) for one in sent["allowed_mentions"]["users"]} == {str(seeker.id), str(helper.id)}
