"""/insights: for moderators alone, with charts; gaps with what can be done; votes in the review channel, erased too."""

from datetime import timedelta

import discord
import pytest

from bot.discord.insights import texts
from bot.discord.runtime import texts as runtime_texts
from knowledge.dates import utc_now
from knowledge.domain.library import Answer
from tests.bot.conftest import offer, said, text_in

UNKNOWN = "Which zoo keeps green roofs for penguins?"


@pytest.fixture
def moderator(simcord_env, guild):
    role = guild.create_role("moderators", permissions=discord.Permissions(manage_messages=True, view_channel=True))
    return guild.add_member(simcord_env.create_user("moderator"), roles=[role])


@pytest.fixture
def unhelpful(simcord_env, filled, clock):
    """A question whose answer did not help, by everybody's clock."""
    question_id = filled.questions.log(Answer(question=UNKNOWN, answered=True, text="An answer."))
    filled.questions.vote(question_id, "discord:1", helpful=False)
    clock.moment = utc_now()
    filled.store.accept_clock(clock())
    return question_id


@pytest.mark.simcord(check_errors=False)
async def test_only_moderators_see_it(simcord_env, guild, channel, member, unhelpful):
    offer(simcord_env, guild, guild.default_role, "insights")
    assert runtime_texts.MODERATORS_ONLY in said(await member.slash(channel, "insights"))


async def test_moderators_see_what_is_asked_with_pictures_and_open_a_gap(channel, moderator, unhelpful):
    shown = await moderator.slash(channel, "insights")
    assert shown.ephemeral
    text = said(shown)
    assert texts.TITLE in text
    assert "Which zoo keeps green roofs" in text
    assert [attached.filename for attached in shown.response.attachments]
    opened = await moderator.select(shown.response, [unhelpful])
    for said_there in (texts.ADD[:18], texts.BRIEF, texts.NO_MEMBERS[:15]):
        assert said_there in said(opened)
    settled = await moderator.click(opened.response, label=texts.SETTLE)
    assert texts.SETTLED in said(settled)


async def test_a_moderator_writes_an_answer_that_is_given_first(channel, moderator, member, unhelpful):
    shown = await moderator.slash(channel, "insights")
    opened = await moderator.select(shown.response, [unhelpful])
    form = await moderator.click(opened.response, label=texts.WRITE)
    kept = await moderator.submit_modal(
        form, {"text": "None that we know of.", "sources": "green", "wordings": "", "review_by": ""}
    )
    assert "checked by a person" in said(kept)
    answer = said(await member.slash(channel, "ask", question=UNKNOWN))
    assert "Checked by a person on" in answer
    assert "None that we know of." in answer


async def test_what_cannot_be_kept_is_given_back(channel, moderator, unhelpful):
    shown = await moderator.slash(channel, "insights")
    opened = await moderator.select(shown.response, [unhelpful])
    form = await moderator.click(opened.response, label=texts.WRITE)
    refused = await moderator.submit_modal(
        form, {"text": "None that we know of.", "sources": "nothing", "wordings": "", "review_by": ""}
    )
    assert "no document of the library" in said(refused)
    assert "None that we know of." in said(refused)


@pytest.fixture
def review_channel(guild, filled):
    channel = guild.create_text_channel("review")
    settings = filled.servers.settings
    settings.save_server(settings.server(guild.id).model_copy(update={"review_channel": channel.id}))
    return channel


async def look(env, clock, filled, **amount):
    clock.pass_(**amount)
    filled.store.accept_clock(clock())
    await env.advance_time(70)
    await env.advance_time(20)


async def test_a_vote_reaches_the_review_channel_without_a_name_and_goes_with_its_question(
    simcord_env, moderator, review_channel, unhelpful, filled, clock
):
    clock.moment = (clock.moment + timedelta(days=1)).replace(hour=12)
    await look(simcord_env, clock, filled, minutes=5)
    (message,) = review_channel.history()
    assert texts.UNHELPFUL in text_in(message)
    assert UNKNOWN in text_in(message)
    assert str(moderator.id) not in text_in(message)
    await look(simcord_env, clock, filled, minutes=5)
    assert len(review_channel.history()) == 1, "it is said once"
    with filled.store._connections.write() as connection:
        connection.execute("DELETE FROM questions")
    await look(simcord_env, clock, filled, minutes=5)
    assert review_channel.history() == []
