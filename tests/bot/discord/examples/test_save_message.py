"""The menu entry "Save as example": the author of a message decides, and nothing of it is kept before they agree."""

import sqlite3

import pytest

from bot.discord.examples import texts
from bot.discord.examples.save_message import SaveMessage
from knowledge.domain.examples import State
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.ask.test_answer_buttons import again, last_press
from tests.bot.discord.examples.conftest import ANSWERS, direct

pytestmark = pytest.mark.usefixtures("setting")
STORY = "Our porters repaired forty bicycles with the college."


def kept(filled):
    """Everything that is in the database file and its log, as bytes."""
    filled.store.scrub()
    path = filled.settings.database_path
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


async def test_ones_own_message_opens_the_form_straight(author, channel, giver, filled):
    message = await author.send(channel, STORY)
    shown = await author.context_menu(channel, texts.SAVE, message)
    assert shown.modal["components"][0]["component"]["value"] == STORY
    assert filled.examples.counts() == {}
    await author.submit_modal(shown, ANSWERS | {"what": STORY})
    assert filled.examples.find(giver.newest()).content.what == STORY


async def test_another_members_message_is_kept_only_when_they_agree(
    author, other, channel, giver, filled, simcord_env, make_bot
):
    message = await author.send(channel, STORY)
    pressed = await other.context_menu(channel, texts.SAVE, message)
    assert pressed.ephemeral
    assert said(pressed) == texts.ASK_OTHERS
    asked = author.user.dm_channel.last_message
    assert str(message.id) in text_in(asked)
    assert other.name not in text_in(asked)
    assert STORY.encode() not in kept(filled)
    assert str(other.id).encode() not in kept(filled)
    await simcord_env.restart_bot(make_bot(discord_read_messages="on"))
    await author.user.click(asked, label=texts.AGREE)
    draft = filled.examples.find(giver.newest())
    assert (draft.content.what, draft.author.member, draft.state) == (STORY, str(author.id), State.DRAFT)
    card = author.user.dm_channel.last_message
    assert texts.CARD_TITLE in text_in(card)
    assert texts.SUBMIT in labels_in(card)


@pytest.mark.simcord(check_errors=False)
async def test_what_the_assistant_may_not_read_is_typed_by_its_author(author, other, channel, filled, simcord_env):
    message = await author.send(channel, STORY)
    await other.context_menu(channel, texts.SAVE, message)
    simcord_env.inject_error("GET", f"/channels/{channel.id}/messages/*", status=403, code=50001)
    await author.user.click(author.user.dm_channel.last_message, label=texts.AGREE)
    shown = author.user.dm_channel.last_message
    assert texts.AGREED_UNREADABLE in text_in(shown)
    assert filled.examples.counts() == {}
    form = await author.user.click(shown, label=texts.OPEN_FORM)
    assert texts.CARD_TITLE in said(await author.user.submit_modal(form, ANSWERS))
    assert filled.examples.counts() == {State.DRAFT: 1}


@pytest.mark.simcord(check_errors=False)
async def test_a_yes_that_is_pressed_again_makes_one_draft(author, other, channel, filled, simcord_env):
    message = await author.send(channel, STORY)
    await other.context_menu(channel, texts.SAVE, message)
    asked = author.user.dm_channel.last_message
    simcord_env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=503)
    await author.user.click(asked, label=texts.AGREE)
    # The draft was kept, though it could not be shown: a no comes too late, and a yes shows it.
    assert filled.examples.counts() == {State.DRAFT: 1}
    assert texts.ANSWERED_ALREADY in said(await author.user.click(asked, label=texts.REFUSE))
    await author.user.click(asked, label=texts.AGREE)
    assert filled.examples.counts() == {State.DRAFT: 1}
    assert texts.CARD_TITLE in text_in(author.user.dm_channel.last_message)


@pytest.mark.simcord(check_errors=False)
async def test_a_no_that_is_quicker_than_a_yes_counts(author, other, channel, filled, monkeypatch):
    message = await author.send(channel, STORY)
    await other.context_menu(channel, texts.SAVE, message)
    read = SaveMessage.text_of

    async def slowly(self, request):
        assert filled.servers.reviews.answered(request.id, "refused")
        return await read(self, request)

    monkeypatch.setattr(SaveMessage, "text_of", slowly)
    pressed = await author.user.click(author.user.dm_channel.last_message, label=texts.AGREE)
    assert texts.ANSWERED_ALREADY in said(pressed)
    assert filled.examples.counts() == {}


@pytest.mark.simcord(check_errors=False)
async def test_a_no_is_a_no_and_nobody_asks_again(author, other, channel, filled):
    message = await author.send(channel, STORY)
    await other.context_menu(channel, texts.SAVE, message)
    await author.user.click(author.user.dm_channel.last_message, label=texts.REFUSE)
    assert text_in(author.user.dm_channel.last_message) == texts.REFUSED
    assert said(await other.context_menu(channel, texts.SAVE, message)) == texts.ASKED_BEFORE
    assert len(direct(author)) == 1
    assert filled.examples.counts() == {}
    assert STORY.encode() not in kept(filled)
    assert str(author.id).encode() not in kept(filled)


@pytest.mark.simcord(check_errors=False)
async def test_closed_direct_messages_are_said_honestly_and_may_be_tried_again(
    author, other, channel, simcord_env, filled
):
    message = await author.send(channel, STORY)
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)
    pressed = await other.context_menu(channel, texts.SAVE, message)
    assert said(pressed) == texts.ASK_UNREACHABLE.format(menu=texts.SAVE)
    assert direct(author) == []
    assert said(await other.context_menu(channel, texts.SAVE, message)) == texts.ASK_OTHERS
    assert len(direct(author)) == 1


@pytest.mark.simcord(check_errors=False)
async def test_while_discord_is_down_the_question_waits(author, other, channel, simcord_env, clock):
    message = await author.send(channel, STORY)
    simcord_env.inject_error("POST", "/users/@me/channels", status=503, times=1)
    assert said(await other.context_menu(channel, texts.SAVE, message)) == texts.ASK_LATER
    clock.pass_(minutes=10)
    await simcord_env.advance_time(20)
    assert len(direct(author)) == 1


async def test_a_wish_delivered_twice_asks_once(author, other, channel, simcord_env):
    message = await author.send(channel, STORY)
    pressed = await other.context_menu(channel, texts.SAVE, message)
    await again(simcord_env, last_press(simcord_env, pressed))
    assert len(direct(author)) == 1


@pytest.mark.simcord(check_errors=False)
async def test_a_programs_message_has_nobody_who_could_agree(author, channel, simcord_env):
    sent = await simcord_env.bot.get_channel(channel.id).send("I am a bot.")
    assert said(await author.context_menu(channel, texts.SAVE, sent)) == texts.NOT_A_MEMBERS
