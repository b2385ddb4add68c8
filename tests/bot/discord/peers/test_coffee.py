"""/coffee: taking part, a pause until a day, the partner's introduction, and leaving."""

import pytest

from bot.discord.peers import texts
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.peers.conftest import dms


async def test_taking_part_brings_a_partner_once_and_a_pause_does_not(channel, seeker, helper, peers, tick, clock):
    shown = await seeker.slash(channel, "coffee")
    assert texts.COFFEE_OUT in said(shown)
    await seeker.click(shown.response, label=texts.COFFEE_JOIN)
    assert texts.COFFEE_IN in text_in(shown.response)
    other = await helper.slash(channel, "coffee")
    await helper.click(other.response, label=texts.COFFEE_JOIN)
    await tick(minutes=2)
    (mine,), (theirs,) = dms(seeker), dms(helper)
    assert "Sample helper" in text_in(mine)
    assert "Sample seeker" in text_in(theirs)
    await tick(minutes=2)
    assert len(dms(seeker)) == 1
    paused = await seeker.slash(channel, "coffee", pause_until="2026-09-01")
    assert texts.COFFEE_PAUSED.format(day="Tuesday 1 September 2026") in said(paused)
    assert labels_in(paused.response) == [texts.COFFEE_JOIN, texts.COFFEE_LEAVE]
    await seeker.click(paused.response, label=texts.COFFEE_LEAVE)
    assert peers.coffee(str(seeker.id)) is None


@pytest.mark.simcord(check_errors=False)
async def test_what_is_no_day_and_who_has_no_profile_is_said_so(channel, seeker, member, other):
    assert "I do not understand" in said(await seeker.slash(channel, "coffee", pause_until="soon"))
    assert texts.NO_PROFILE in said(await other.slash(channel, "coffee"))
