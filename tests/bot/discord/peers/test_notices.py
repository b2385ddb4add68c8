"""What cannot be delivered: it is tried again, takes another way or is let go, and never holds up the rest."""

import pytest

from bot.discord.peers import texts
from bot.discord.runtime.interactions import notice
from knowledge.domain.vocabulary import IntroductionState as State
from tests.bot.conftest import text_in
from tests.bot.discord.peers.conftest import dms
from tests.bot.discord.peers.test_introductions import asked, only, threads_of

CANNOT_BE_SENT = pytest.mark.simcord(check_errors=False)


def cog(env, name):
    return env.bot.get_cog(name)


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
    assert filled.servers.deliveries.due(clock()) == []


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
    channel, seeker, helper, peers, filled, clock, simcord_env
):
    await asked(seeker, channel)
    await helper.user.click(dms(helper)[0], label=texts.ACCEPT)
    (introduction,) = filled.members.introductions_of(str(seeker.id))
    deliveries, outbox = filled.servers.deliveries, cog(simcord_env, "BackgroundCog").outbox

    async def fails(_):
        raise KeyError("something of ours")

    outbox.renderers["peers.meet"] = fails
    number = deliveries.queue(
        {"kind": "peers.meet", "introduction_id": introduction.id}, clock(), channel_id=channel.id
    )
    for _ in range(80):
        deliveries.failed(number, clock())
    await outbox.flush()
    assert len(introduced(seeker)) == len(introduced(helper)) == 1
    assert deliveries.due(clock()) == []


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
    channel, seeker, helper, simcord_env, filled, tick, clock
):
    upkeep, deliveries = cog(simcord_env, "BackgroundCog"), filled.servers.deliveries

    async def bad(_):
        raise KeyError("something of ours")

    async def good(_):
        return notice("Hello")

    upkeep.outbox.renderers |= {"bad": bad, "good": good}
    deliveries.queue({"kind": "bad"}, clock(), user_id=int(seeker.id))
    deliveries.queue({"kind": "good"}, clock(), user_id=int(helper.id))
    await tick(minutes=5)
    await tick(minutes=5)
    assert [text_in(message) for message in dms(helper)] == ["Hello"]
    assert upkeep._send.is_running()
    # It is kept, and sent once it can be made.
    upkeep.outbox.renderers["bad"] = good
    await tick(hours=2)
    assert [text_in(message) for message in dms(seeker)] == ["Hello"]


@CANNOT_BE_SENT
async def test_what_follows_from_a_lost_message_is_done_later_where_it_failed(
    channel, seeker, helper, simcord_env, filled, tick, clock
):
    outbox, told = cog(simcord_env, "BackgroundCog").outbox, []

    async def good(_):
        return notice("Hello")

    async def once_broken(outgoing, _):
        told.append(outgoing.attempts)
        if len(told) == 1:
            raise KeyError("something of ours")

    outbox.renderers["good"], outbox.lost["good"] = good, once_broken
    path = f"/channels/{seeker.user.dm_channel.id}/messages"
    simcord_env.inject_error("POST", path, status=403, code=50007, times=None)
    filled.servers.deliveries.queue({"kind": "good"}, clock(), user_id=int(seeker.id))
    for _ in range(3):
        await tick(minutes=5)
    assert told == [0, 1]


@CANNOT_BE_SENT
@pytest.mark.parametrize(
    ("name", "loop", "part", "method"),
    [
        ("BackgroundCog", "_look", "_members", "look"),
        ("BackgroundCog", "_look", "_peers", "look"),
        ("BackgroundCog", "_send", "outbox", "flush"),
        ("DigestCog", "_look", "_rounds", "begin"),
        ("BackfillCog", "_note", "_catching_up", "note"),
        ("ExamplesCog", "_send", "_places", "look"),
        ("ExamplesCog", "_send", "_notices", "flush_all"),
    ],
)
async def test_no_loop_ends_with_an_error(channel, simcord_env, monkeypatch, name, loop, part, method):
    called = []

    async def broken(*_):
        called.append(method)
        raise KeyError("something of ours")

    one = cog(simcord_env, name)
    monkeypatch.setattr(getattr(one, part), method, broken)
    await simcord_env.advance_time(700)
    assert called
    assert getattr(one, loop).is_running()
