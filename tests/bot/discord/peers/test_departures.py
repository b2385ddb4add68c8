"""Who leaves the servers is paused and told; who cannot be reached is not proposed."""

import pytest

from bot.discord.peers import texts
from bot.discord.runtime import texts as runtime_texts
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.peers.conftest import dms

pytestmark = pytest.mark.simcord(check_errors=False)


async def test_who_leaves_is_paused_and_told_once(guild, helper, peers, tick):
    await tick(minutes=2)
    guild.remove_member(helper)
    for _ in range(3):
        await tick(days=1)
    assert peers.profile(str(helper.id)).paused
    (told,) = dms(helper)
    assert text_in(told) == texts.LEFT_SERVERS
    assert labels_in(told) == [texts.RESUME]
    # Their being looked for is not their being here.
    assert peers.profile(str(helper.id)).active_at == peers.profile(str(helper.id)).joined_at


async def test_who_has_left_is_not_proposed_even_before_that(guild, channel, seeker, helper, peers):
    guild.remove_member(helper)
    assert "Sample helper" not in said(await seeker.slash(channel, "peers"))
    assert peers.profile(str(helper.id)).paused


async def test_who_has_left_is_not_asked_either(guild, channel, seeker, helper, peers, clock):
    shown = await seeker.slash(channel, "peers")
    form = await seeker.click(shown.response, label=texts.ASK)
    guild.remove_member(helper)
    clock.pass_(hours=2)
    assert "cannot be asked" in said(await seeker.submit_modal(form, {"topic": "Grounds"}))
    assert peers.standings(str(seeker.id)) == []


async def test_the_pause_ends_once_they_are_back(guild, helper, peers, tick, simcord_env, clock):
    await tick(minutes=2)
    guild.remove_member(helper)
    await tick(days=1)
    await tick(days=1)
    pressed = await helper.user.click(dms(helper)[0], label=texts.RESUME)
    assert runtime_texts.NOT_A_MEMBER in said(pressed)
    assert peers.profile(str(helper.id)).paused
    guild.add_member(helper.user)
    await helper.user.click(dms(helper)[0], label=texts.RESUME)
    assert not peers.profile(str(helper.id)).paused


async def test_nobody_is_paused_while_discord_cannot_say(guild, channel, seeker, helper, peers, simcord_env):
    simcord_env.inject_error("GET", f"/guilds/{guild.id}/members/*", status=503, times=None)
    assert "Sample helper" in said(await seeker.slash(channel, "peers"))
    assert not peers.profile(str(helper.id)).paused


async def test_who_takes_no_messages_is_paused_whatever_the_message_was(
    channel, seeker, helper, peers, simcord_env, tick
):
    path = f"/channels/{seeker.user.dm_channel.id}/messages"
    simcord_env.inject_error("POST", path, status=403, code=50007, times=None)
    peers.ask(str(seeker.id), str(helper.id))
    await tick(days=15)  # they would be told that there was no answer
    await tick(minutes=2)
    assert peers.profile(str(seeker.id)).paused
