"""What is said later reaches whom it is for: once, in order, also when Discord was down; and thanks are counted."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.discord.examples import review_messages, texts
from tests.bot.conftest import said, text_in
from tests.bot.discord.examples.conftest import Giver, direct

pytestmark = pytest.mark.usefixtures("setting")


@pytest.mark.simcord(check_errors=False)
async def test_discord_being_down_loses_neither_the_decision_nor_the_message(
    author, moderator, giver, review, simcord_env, make_bot, clock
):
    await giver.submitted(author)
    shown = await moderator.click(review.last_message, label=texts.DECLINE)
    simcord_env.inject_error("POST", "/users/@me/channels", status=503, times=3)
    await moderator.submit_modal(shown, {"reason": "Not now."})
    assert giver.state() == "declined"
    assert direct(author) == []
    await simcord_env.restart_bot(make_bot())
    for _ in range(8):
        clock.pass_(minutes=30)
        await simcord_env.advance_time(20)
    assert len([text for text in direct(author) if "Not now." in text]) == 1


@pytest.mark.simcord(check_errors=False)
async def test_a_card_that_could_not_be_posted_is_posted_later_and_once(author, giver, review, simcord_env, clock):
    simcord_env.inject_error("POST", f"/channels/{review.id}/messages", status=502, times=3)
    await giver.submitted(author)
    for _ in range(6):
        clock.pass_(minutes=10)
        await simcord_env.advance_time(20)
    assert len(review.history()) == 1


@pytest.mark.simcord(check_errors=False)
async def test_an_author_who_takes_no_messages_holds_nobody_else_up(
    author, other, moderator, giver, review, simcord_env, caplog
):
    first = await giver.submitted(author)
    card = review.last_message
    second = await giver.submitted(other)
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)
    with caplog.at_level(logging.INFO):
        await moderator.click(card, label=texts.APPROVE)
        await moderator.click(review.last_message, label=texts.APPROVE)
    assert giver.state(first) == giver.state(second) == "published"
    assert direct(author) == []
    assert any("is published" in text for text in direct(other))
    assert str(author.id) not in caplog.text


async def test_the_author_hears_when_it_first_helps(
    author, other, moderator, giver, review, channel, simcord_env, clock
):
    clock.moment = datetime.now(UTC)  # the question log keeps its own time
    await giver.submitted(author)
    await moderator.click(review.last_message, label=texts.APPROVE)
    for _ in range(2):
        assert "Forty colleagues" in said(
            await other.slash(channel, "ask", question="What happened with the bicycle workshop next to the canteen?")
        )
    clock.moment = datetime.now(UTC)
    mine = said(await author.slash(channel, "my-examples"))
    assert texts.USED.format(answers=2) in mine
    clock.pass_(hours=1)
    await simcord_env.advance_time(3700)
    # Past the quiet hours, whenever this runs.
    clock.moment = (clock.moment + timedelta(days=1)).replace(hour=12)
    await simcord_env.advance_time(20)
    thanks = [text for text in direct(author) if "helped somebody for the first time" in text]
    assert len(thanks) == 1
    assert "2 answers" in thanks[0]
    await simcord_env.advance_time(3700)
    assert len([text for text in direct(author) if "for the first time" in text]) == 1


async def test_moderators_are_reminded_once_a_day_and_not_at_night(author, giver, review, simcord_env, clock):
    await giver.submitted(author)
    clock.pass_(days=20, hours=9)  # ten in the evening
    await simcord_env.advance_time(3700)

    def reminders():
        return [text for message in review.history() if "waited for a moderator" in (text := text_in(message))]

    assert reminders() == []
    clock.pass_(hours=12)
    await simcord_env.advance_time(20)
    assert reminders() == [texts.QUEUE_REMINDER_ONE.format(days="20 days")]
    await simcord_env.advance_time(3700)
    assert len(reminders()) == 1


async def test_moderators_who_are_up_to_date_are_not_reminded(author, giver, review, simcord_env, clock, filled):
    """Only those of the server where an example has waited for long."""
    await giver.submitted(author)
    elsewhere = simcord_env.create_guild("elsewhere")
    theirs, channel = elsewhere.create_text_channel("their-review"), elsewhere.create_text_channel("general")
    settings = filled.servers.settings
    settings.save_server(settings.server(elsewhere.id).model_copy(update={"review_channel": theirs.id}))
    somebody = elsewhere.add_member(simcord_env.create_user("somebody"))
    clock.pass_(days=20)
    await Giver(filled, channel).submitted(somebody, what="We keep hens on the roof, and it is going well.")
    clock.pass_(hours=21)
    await simcord_env.advance_time(3700)
    assert ["waited for a moderator for 20 days" in text_in(message) for message in review.history()].count(True) == 1
    assert len(theirs.history()) == 1


def test_a_day_is_said_in_the_singular():
    assert review_messages.for_days(1) == "1 day"
    assert "for 1 day.**" in str(review_messages.reminder(1, 1).to_components())


@pytest.mark.simcord(check_errors=False)
async def test_a_review_channel_that_was_closed_gets_its_cards_when_it_is_open_again(
    author, giver, review, simcord_env, clock
):
    simcord_env.inject_error("POST", f"/channels/{review.id}/messages", status=403, code=50013, times=1)
    await giver.submitted(author)
    assert review.history() == []
    clock.pass_(hours=5)
    await simcord_env.advance_time(20)
    assert len(review.history()) == 1


async def test_a_message_that_cannot_be_made_holds_nobody_else_up(
    author, other, moderator, giver, review, simcord_env, monkeypatch, caplog, clock
):
    """Whatever is wrong with it, the loop goes on, and it is tried again."""
    make, broken = review_messages.to_author, []

    def once(message):
        if not broken:
            broken.append(message)
            raise KeyError("title")
        return make(message)

    monkeypatch.setattr(review_messages, "to_author", once)
    first = await giver.submitted(author)
    card = review.last_message
    await giver.submitted(other)
    await moderator.click(card, label=texts.APPROVE)
    await moderator.click(review.last_message, label=texts.APPROVE)
    assert giver.state(first) == "published"
    assert direct(author) == []
    assert len(direct(other)) == 1
    clock.pass_(minutes=2)
    await simcord_env.advance_time(20)
    assert len(direct(author)) == 1
    assert "KeyError" in caplog.text
