"""What cannot be delivered: it is tried again, takes another way or is let go, and never holds up the rest."""

from datetime import timedelta

import pytest

from bot.discord.ask.follow_requests import FollowRequestWatcher
from bot.discord.backfill import Backfill
from bot.discord.background import BackgroundCog
from bot.discord.digest.schedule import DigestSchedule
from bot.discord.examples.notices import ReviewChannels
from bot.discord.peers import texts
from bot.discord.peers.setup import PeersFeature
from bot.discord.runtime.components import notice
from bot.discord.runtime.outbox import MessageKind, Outbox
from knowledge.domain.outbox import Message, channel_recipient
from knowledge.domain.vocabulary import IntroductionState as State
from tests.bot.conftest import text_in
from tests.bot.discord.peers.conftest import dms
from tests.bot.discord.peers.test_introductions import asked, only, threads_of

CANNOT_BE_SENT = pytest.mark.simcord(check_errors=False)


@pytest.fixture
def outbox(simcord_env):
    return simcord_env.bot.get_cog(BackgroundCog.__name__).outbox


def introduced(who):
    return [text_in(message) for message in dms(who) if texts.INTRODUCED_TITLE in text_in(message)]


@CANNOT_BE_SENT
@pytest.mark.parametrize(("status", "code"), [(400, 160006), (403, 50013), (404, 10003)])
async def test_where_no_thread_can_be_opened_both_hear_by_direct_message(
    channel, seeker, helper, peers, filled, clock, simcord_env, tick, status, code
):
    await asked(seeker, channel)
    simcord_env.inject_error("POST", f"/channels/{channel.id}/threads", status=status, code=code)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    await tick(minutes=5)
    assert only(peers, seeker).state is State.ACCEPTED
    assert threads_of(channel) == []
    assert len(introduced(seeker)) == len(introduced(helper)) == 1
    assert filled.outbox.waiting() == 0


@CANNOT_BE_SENT
@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/channels/*/thread-members/*"), ("POST", "/channels/*/messages")]
)
async def test_a_thread_that_cannot_be_used_is_no_place_to_meet(
    channel, seeker, helper, peers, simcord_env, tick, method, path
):
    await asked(seeker, channel)
    simcord_env.inject_error(method, path, status=400, code=50083)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    await tick(minutes=5)
    assert len(introduced(seeker)) == len(introduced(helper)) == 1


@CANNOT_BE_SENT
async def test_an_introduction_that_is_given_up_is_told_by_direct_message(
    channel, seeker, helper, peers, filled, clock, simcord_env, outbox
):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    (introduction,) = filled.members.introductions_of(str(seeker.id))

    async def fails(_):
        raise KeyError("something of ours")

    outbox.kinds["peers.meet"] = outbox.kinds["peers.meet"]._replace(render=fails)
    meeting = {
        "recipient": channel_recipient(channel.id),
        "kind": "peers.meet",
        "data": {"introduction_id": introduction.id},
    }
    begun = clock() - timedelta(days=4)
    filled.outbox.add(Message(**meeting), begun)
    for hour in range(79):
        [queued] = filled.outbox.take(["peers.meet"], begun + timedelta(hours=hour))
        filled.outbox.failed(queued, begun + timedelta(hours=hour), "KeyError")
    await outbox.flush()
    assert len(introduced(seeker)) == len(introduced(helper)) == 1
    assert filled.outbox.waiting() == 0


@CANNOT_BE_SENT
@pytest.mark.parametrize("status", [401, 429, 502])
async def test_who_could_not_be_reached_for_a_moment_is_told_later(
    channel, seeker, helper, peers, simcord_env, tick, status
):
    path = f"/channels/{helper.user.dm_channel.id}/messages"
    simcord_env.inject_error("POST", path, status=status, times=1)
    await asked(seeker, channel)
    for _ in range(3):
        await tick(minutes=5)
    assert not peers.profile(str(helper.id)).paused
    assert len(dms(helper)) == 1


@CANNOT_BE_SENT
@pytest.mark.parametrize(("status", "code", "paused"), [(400, 50035, False), (403, 50007, True), (403, 50278, True)])
async def test_only_who_takes_no_messages_is_paused(
    channel, seeker, helper, peers, simcord_env, tick, status, code, paused
):
    path = f"/channels/{helper.user.dm_channel.id}/messages"
    simcord_env.inject_error("POST", path, status=status, code=code, times=1)
    await asked(seeker, channel)
    await tick(minutes=5)
    assert peers.profile(str(helper.id)).paused is paused
    assert dms(helper) == []


@CANNOT_BE_SENT
async def test_a_message_that_cannot_be_made_holds_up_no_other(
    channel, seeker, helper, simcord_env, filled, tick, clock, outbox
):

    async def bad(_):
        raise KeyError("something of ours")

    async def good(_):
        return notice("Hello")

    outbox.kinds |= {"bad": MessageKind(bad), "good": MessageKind(good)}
    for who, kind in ((seeker, "bad"), (helper, "good")):
        filled.outbox.add(Message(recipient=str(who.id), kind=kind, data={}), clock())
    await tick(minutes=5)
    await tick(minutes=5)
    assert [text_in(message) for message in dms(helper)] == ["Hello"]
    # It is kept, and sent once it can be made.
    outbox.kinds["bad"] = MessageKind(good)
    await tick(hours=2)
    assert [text_in(message) for message in dms(seeker)] == ["Hello"]


@CANNOT_BE_SENT
async def test_what_follows_from_a_lost_message_is_done_later_where_it_failed(
    channel, seeker, helper, simcord_env, filled, tick, clock, outbox
):
    told = []

    async def good(_):
        return notice("Hello")

    async def once_broken(queued, _):
        told.append(queued.attempts)
        if len(told) == 1:
            raise KeyError("something of ours")

    outbox.kinds["good"] = MessageKind(good, once_broken)
    path = f"/channels/{seeker.user.dm_channel.id}/messages"
    simcord_env.inject_error("POST", path, status=403, code=50007, times=None)
    filled.outbox.add(Message(recipient=str(seeker.id), kind="good", data={}), clock())
    for _ in range(3):
        await tick(minutes=5)
    assert told == [1, 2]


@CANNOT_BE_SENT
@pytest.mark.parametrize(
    ("part", "method"),
    [
        (FollowRequestWatcher, "look"),
        (PeersFeature, "look"),
        (Outbox, "flush"),
        (DigestSchedule, "begin"),
        (Backfill, "note"),
        (ReviewChannels, "look"),
    ],
)
async def test_no_loop_ends_with_an_error(channel, simcord_env, monkeypatch, part, method):
    called = []

    async def broken(*_, **__):
        called.append(method)
        raise KeyError("something of ours")

    monkeypatch.setattr(part, method, broken)
    await simcord_env.advance_time(700)
    once = len(called)
    assert once
    await simcord_env.advance_time(700)
    assert len(called) > once
