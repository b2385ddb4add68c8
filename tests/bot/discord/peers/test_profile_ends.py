"""A profile's owner is warned before it is deleted, and asked each year whether they still agree."""

import pytest

from bot.discord.peers import texts
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.peers.conftest import dms

pytestmark = pytest.mark.bot_settings(member_days=200)


async def test_who_stays_away_is_warned_and_keeps_the_profile_with_one_press(helper, peers, tick, clock):
    await tick(days=171)
    (warning,) = dms(helper)
    assert "will delete your profile on Friday 18 December 2026" in text_in(warning)
    await helper.user.click(warning, label=texts.KEEP_PROFILE)
    await tick(days=100)
    assert peers.profile(str(helper.id))
    assert len(dms(helper)) == 1


async def test_a_warning_comes_by_day_and_also_to_who_is_paused(helper, peers, tick, clock):
    peers.pause(str(helper.id))
    await tick(days=171, hours=9)  # ten in the evening, UK time
    assert dms(helper) == []
    await tick(hours=12)
    assert texts.EXPIRES.split("{")[0] in text_in(dms(helper)[0])


@pytest.mark.bot_settings(member_days=730)
async def test_consent_is_asked_for_each_year(channel, helper, peers, tick):
    await tick(days=364)
    peers.set_findable(str(helper.id), findable=True)
    assert dms(helper) == []
    await tick(days=2)
    (question,) = dms(helper)
    assert text_in(question) == texts.RENEW.format(days=30)
    assert labels_in(question) == [texts.RENEW_YES, texts.RENEW_READ, texts.LEAVE]
    assert texts.RENEW_FIRST in said(await helper.slash(channel, "profile"))
    await helper.user.click(question, label=texts.RENEW_YES)
    await tick(days=60)
    assert peers.profile(str(helper.id)).consent
    assert texts.RENEW_FIRST not in said(await helper.slash(channel, "profile"))


@pytest.mark.bot_settings(member_days=730)
async def test_who_does_not_agree_anew_is_shown_to_nobody_until_they_do(channel, seeker, helper, peers, tick):
    await tick(days=366)
    await tick(days=29)
    assert peers.profile(str(helper.id)).consent
    await tick(days=2)
    assert peers.profile(str(helper.id)).consent == ""
    shown = await helper.slash(channel, "profile")
    assert texts.RENEW_FIRST in said(shown)
    await helper.click(shown.response, label=texts.RENEW_YES)
    assert texts.TITLE in text_in(shown.response)
    assert peers.profile(str(helper.id)).findable
