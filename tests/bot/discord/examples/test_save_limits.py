"""Limits of "Save as example": three a day for one person, on either side, and "Do not ask me again"."""

import sqlite3

import pytest

from bot.discord.examples import texts
from knowledge.servers.types import SaveRefusal
from tests.bot.conftest import said, text_in
from tests.bot.discord.examples.conftest import direct

pytestmark = [pytest.mark.usefixtures("setting"), pytest.mark.simcord(check_errors=False)]


@pytest.fixture
def wish(channel):
    async def on(who, author, text="Forty bicycles."):
        message = await author.send(channel, text)
        return said(await who.context_menu(channel, texts.SAVE, message))

    return on


async def test_nobody_has_more_than_three_asked_in_a_day(
    guild, member, other, author, second, wish, simcord_env, clock
):
    fifth = guild.add_member(simcord_env.create_user("fifth"))
    for one in (other, author, second):
        assert await wish(member, one) == texts.ASK_OTHERS
    assert await wish(member, fifth) == texts.ASK_REFUSED[SaveRefusal.ASKED_ENOUGH].format(most=3)
    assert direct(fifth) == []
    clock.pass_(days=1, minutes=1)
    assert await wish(member, fifth) == texts.ASK_OTHERS


async def test_nobody_is_asked_more_than_three_times_in_a_day(member, other, author, second, moderator, wish):
    for one in (member, other, second):
        assert await wish(one, author) == texts.ASK_OTHERS
        await author.user.click(author.user.dm_channel.last_message, label=texts.REFUSE)
    assert await wish(moderator, author) == texts.ASK_REFUSED[SaveRefusal.WAS_ASKED_ENOUGH]
    assert len(direct(author)) == 3


async def test_who_does_not_want_to_be_asked_is_not_until_they_do(member, other, author, wish, filled, clock):
    await wish(member, author)
    asked = author.user.dm_channel.last_message
    await author.user.click(asked, label=texts.NEVER_ASK)
    assert text_in(author.user.dm_channel.last_message) == texts.NEVER_ASKED
    clock.pass_(days=100)
    assert await wish(other, author) == texts.ASK_REFUSED[SaveRefusal.NOT_WANTED]
    assert len(direct(author)) == 1
    await author.user.click(author.user.dm_channel.last_message, label=texts.ASK_ME_AGAIN)
    assert await wish(other, author) == texts.ASK_OTHERS


async def test_the_limits_name_nobody_and_the_wish_outlives_forget_me(member, author, channel, wish, filled, clock):
    await wish(member, author)
    await author.user.click(author.user.dm_channel.last_message, label=texts.NEVER_ASK)
    shown = await author.slash(channel, "my-data")
    assert '"never_asked_to_share": true' in (await shown.response.attachments[0].read()).decode()
    with sqlite3.connect(filled.settings.database_path) as connection:
        rows = connection.execute(
            "SELECT person FROM save_request_counts UNION SELECT person FROM save_request_refusals"
        )
        hashes = [row[0] for row in rows]
    assert len(hashes) == 3
    assert not any(str(one.id) in text for one in (member, author) for text in hashes)
    assert filled.servers.save_limits.forget(member.id) == 1
    assert filled.servers.save_limits.forget(author.id) == 1
    assert filled.servers.save_limits.refuses(author.id)
