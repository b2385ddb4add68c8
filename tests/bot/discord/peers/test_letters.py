"""Messages between a member on Discord and one who signs in on the web page by mail."""

import pytest

from bot.discord.peers import texts
from knowledge.matching.letters import LETTER, LETTER_LOST
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.peers.conftest import dms
from tests.knowledge.matching.people import GARDEN, add

BY_MAIL = "web-aaaaaaaaaaaaa"


@pytest.fixture
def introduction(peers, seeker):
    """An introduction of the seeker to somebody who is not on Discord."""
    add(peers, BY_MAIL, GARDEN, display_name="Sample by mail")
    asked = peers.ask(str(seeker.id), BY_MAIL, "Grounds")
    peers.accept(BY_MAIL, asked.id)
    return asked


async def test_who_is_on_discord_writes_in_a_form_and_sees_no_address(introduction, seeker, filled, clock, tick):
    await tick(minutes=2)
    (told,) = dms(seeker)
    assert texts.WRITE_BY_MAIL in text_in(told)
    assert texts.WRITES_FIRST in text_in(told)
    assert BY_MAIL not in text_in(told)
    assert labels_in(told) == [texts.WRITE]
    form = await seeker.user.click(told, label=texts.WRITE)
    sent = await seeker.user.submit_modal(form, {"text": "Hello, how did you begin?"})
    assert said(sent) == texts.LETTER_SENT
    [queued] = filled.outbox.take([LETTER], clock(), by_mail=True)
    assert queued.message.recipient == BY_MAIL
    assert queued.message.data == {"introduction_id": introduction.id, "text": "Hello, how did you begin?"}


async def test_what_was_written_by_mail_comes_as_a_message_with_a_reply(introduction, seeker, peers, tick):
    await tick(minutes=2)
    peers.write(BY_MAIL, introduction.id, "With one lawn, @everyone.\nSee https://example.org")
    await tick(minutes=2)
    letter = dms(seeker)[-1]
    assert texts.LETTER_FROM.format(name="Sample by mail") in text_in(letter)
    assert "With one lawn" in text_in(letter)
    assert "@everyone" not in text_in(letter)
    assert labels_in(letter) == [texts.REPLY]


async def test_after_a_block_nothing_arrives(introduction, seeker, peers, tick, filled):
    await tick(minutes=2)
    peers.write(BY_MAIL, introduction.id, "Hello")
    peers.block(str(seeker.id), BY_MAIL)
    await tick(minutes=2)
    assert len(dms(seeker)) == 1
    assert filled.outbox.waiting() == 0


async def test_a_form_that_is_refused_keeps_what_was_typed(introduction, seeker, peers, tick):
    await tick(minutes=2)
    form = await seeker.user.click(dms(seeker)[0], label=texts.WRITE)
    peers.block(BY_MAIL, str(seeker.id))
    refused = await seeker.user.submit_modal(form, {"text": "A long letter"})
    assert "kept for a week" in said(refused)


async def test_the_list_of_introductions_lets_them_write_later(introduction, seeker, channel):
    profile = await seeker.slash(channel, "profile")
    shown = await seeker.click(profile.response, label=texts.INTRODUCTIONS)
    assert "Sample by mail" in said(shown)
    form = await seeker.select(shown.response, [introduction.id], custom_id="haln:letter_to:")
    sent = await seeker.submit_modal(form, {"text": "Hello again"})
    assert said(sent) == texts.LETTER_SENT


async def test_who_wrote_by_mail_hears_that_no_direct_message_arrived(
    introduction, seeker, peers, tick, filled, simcord_env
):
    await tick(minutes=2)
    path = f"/channels/{seeker.user.dm_channel.id}/messages"
    simcord_env.inject_error("POST", path, status=403, code=50007, times=None)
    peers.write(BY_MAIL, introduction.id, "Hello")
    await tick(minutes=2)
    assert [one.kind for one in filled.outbox.waiting_for(BY_MAIL) if one.kind == LETTER_LOST] == [LETTER_LOST]


async def test_who_wrote_on_discord_hears_that_no_mail_arrived(introduction, seeker, peers, tick, filled, clock):
    await tick(minutes=2)
    peers.write(str(seeker.id), introduction.id, "Hello")
    [queued] = filled.outbox.take([LETTER], clock(), by_mail=True)
    with filled.members.atomically():
        peers.letter_lost(queued.message)
        filled.outbox.failed(queued, clock(), "refused", permanent=True)
    await tick(minutes=2)
    assert texts.LETTER_LOST in text_in(dms(seeker)[-1])
