"""Forum posts: one labelled reply when it is sure, similar discussions, and everything that makes them go."""

import discord
import pytest
from simcord.backend.models import Overwrite

from bot.discord.ask import texts as ask_texts
from bot.discord.forums import texts
from bot.discord.privacy import texts as privacy
from bot.discord.runtime import texts as runtime_texts
from knowledge.servers.types import Forum
from knowledge.settings import Switch
from tests.bot.conftest import labels_in, said, text_in

QUESTION = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"

READING = pytest.mark.bot_settings(discord_read_messages=Switch.ON)


def replies(thread):
    return [message for message in thread.history() if message.author.bot]


def similar(filled, guild):
    return filled.servers.posts.vectors(guild.id, filled.embedder.name)[0].tolist()


async def test_nothing_happens_where_no_admin_switched_it_on(write, member, filled, guild):
    thread = await write(member, QUESTION)
    assert replies(thread) == []
    assert similar(filled, guild) == []


async def test_a_new_post_gets_one_labelled_reply_with_resources(write, switch, member, simcord_env, make_bot):
    switch(replies=True)
    thread = await write(member, QUESTION)
    (reply,) = replies(thread)
    text = text_in(reply)
    assert text.startswith(f"-# {texts.LABEL}")
    assert "Jobs for local people" in text
    assert labels_in(reply) == [runtime_texts.DISMISS]
    await simcord_env.restart_bot(make_bot())
    await simcord_env.advance_time(60)
    assert len(replies(thread)) == 1


async def test_it_keeps_silent_unless_it_is_sure(write, switch, member):
    switch(replies=True)
    assert replies(await write(member, "Which football club won on Saturday?")) == []
    assert replies(await write(member, "Introductions")) == []


@pytest.mark.simcord(approved_intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
async def test_without_the_intent_only_the_title_is_seen(write, switch, member):
    switch(replies=True)
    assert replies(await write(member, "Entry jobs", QUESTION)) == []
    assert len(replies(await write(member, QUESTION, "Entry jobs"))) == 1


@READING
async def test_with_the_intent_the_text_of_the_post_is_read(write, switch, member):
    switch(replies=True)
    assert len(replies(await write(member, "Entry jobs", QUESTION))) == 1


@READING
async def test_a_question_in_the_title_does_not_drown_in_what_follows(write, switch, member):
    switch(replies=True)
    story = " ".join(f"Greetings number{n} wherever{n} weather{n} holiday{n}." for n in range(12))
    (reply,) = replies(await write(member, QUESTION, story))
    assert "Jobs for local people" in text_in(reply)
    assert replies(await write(member, "???", "!!!")) == []


async def test_it_says_nothing_when_a_person_was_quicker(write, switch, member, other, simcord_env, filled, clock):
    switch(replies=True)
    simcord_env.inject_error("POST", "/channels/*/messages", status=503, times=1)
    thread = await write(member, QUESTION)
    assert replies(thread) == []
    await other.send(thread, "We did something like this.")
    clock.pass_(seconds=60)
    assert filled.outbox.waiting() == 1
    await simcord_env.advance_time(60)
    assert replies(thread) == []
    assert filled.outbox.waiting() == 0


async def test_a_reply_that_failed_comes_later_and_once(write, switch, member, simcord_env, clock):
    switch(replies=True)
    simcord_env.inject_error("POST", "/channels/*/messages", status=503, times=1)
    thread = await write(member, QUESTION)
    assert replies(thread) == []
    clock.pass_(seconds=60)
    await simcord_env.advance_time(60)
    assert len(replies(thread)) == 1


async def test_the_author_and_moderators_may_dismiss_the_reply(write, switch, member, other):
    switch(replies=True)
    thread = await write(member, QUESTION)
    assert said(await other.click(replies(thread)[0], label=runtime_texts.DISMISS)).endswith(
        runtime_texts.NOT_YOURS_TO_DISMISS
    )
    assert len(replies(thread)) == 1
    await member.click(replies(thread)[0], label=runtime_texts.DISMISS)
    assert replies(thread) == []


async def test_similar_discussions_are_shown_with_what_solved_them(write, switch, member, other, simcord_env):
    switch(replies=True, searchable=True)
    first = await write(other, "How many entry jobs for local residents did your trust keep in 2021?")
    helpful = await member.send(first, "Forty of them.")
    await other.context_menu(first, texts.MARK_SOLVED, helpful)
    thread = await write(member, QUESTION)
    text = text_in(replies(thread)[0])
    assert texts.SIMILAR in text
    assert f"/{first.id}/{helpful.id}>) ({texts.SOLVED})" in text


@pytest.mark.simcord(check_errors=False)
async def test_only_the_author_and_moderators_mark_what_solved_it(write, switch, member, other, filled, guild):
    switch(searchable=True)
    thread = await write(member, QUESTION)
    message = await other.send(thread, "Forty.")
    assert said(await other.context_menu(thread, texts.MARK_SOLVED, message)) == texts.NOT_YOURS_TO_MARK
    assert texts.MARKED.format(title=QUESTION) in said(await member.context_menu(thread, texts.MARK_SOLVED, message))
    assert filled.servers.posts.post(guild.id, thread.id).solved_message_id == message.id
    assert said(await member.context_menu(thread, texts.MARK_SOLVED, message)) == texts.UNMARKED
    assert filled.servers.posts.post(guild.id, thread.id).solved_message_id is None


@pytest.mark.simcord(check_errors=False)
async def test_a_message_elsewhere_solves_nothing(channel, member):
    message = await member.send(channel, "Forty.")
    assert said(await member.context_menu(channel, texts.MARK_SOLVED, message)) == texts.NOT_A_POST


async def test_posts_are_found_in_their_own_server_only(write, switch, member, simcord_env, filled, guild):
    switch(searchable=True)
    await write(member, QUESTION)
    there = simcord_env.create_guild("There")
    assert len(similar(filled, guild)) == 1
    assert similar(filled, there) == []


async def test_a_post_goes_with_its_thread_or_its_first_message(write, switch, member, filled, guild, simcord_env):
    switch(searchable=True)
    first, second = await write(member, "Roofs"), await write(member, "Jobs")
    assert similar(filled, guild) == [first.id, second.id]
    simcord_env.backend.delete_message(first.id, first.id)
    simcord_env.backend.delete_channel(second.id)
    await simcord_env.settle()
    assert similar(filled, guild) == []


async def test_a_post_with_another_title_is_found_by_that(write, switch, member, filled, guild, simcord_env):
    switch(searchable=True)
    thread = await write(member, "Roofs")
    before = filled.servers.posts.vectors(guild.id, filled.embedder.name)[1]
    simcord_env.backend.edit_channel(thread.id, {"name": "Jobs for residents"})
    await simcord_env.settle()
    assert filled.servers.posts.post(guild.id, thread.id).title == "Jobs for residents"
    assert (filled.servers.posts.vectors(guild.id, filled.embedder.name)[1] != before).any()


async def test_opting_out_takes_ones_posts_away_and_keeps_new_ones_out(
    write, switch, member, other, channel, filled, guild
):
    switch(searchable=True)
    await write(member, "Roofs")
    theirs = await write(other, "Jobs")
    shown = await member.slash(channel, "privacy")
    assert privacy.POSTS.format(number=1) in said(shown)
    await member.click(shown.response, label=privacy.OPT_OUT)
    assert text_in(shown.response) == privacy.OPTED_OUT.format(number=1)
    await write(member, "Roofs again")
    assert similar(filled, guild) == [theirs.id]
    again = await member.slash(channel, "privacy")
    assert privacy.OUT in said(again)
    await member.click(again.response, label=privacy.OPT_IN)
    await write(member, "Roofs once more")
    assert len(similar(filled, guild)) == 2


async def test_a_member_has_everything_deleted(write, switch, member, channel, filled, guild):
    switch(searchable=True)
    await write(member, "Roofs")
    shown = await member.slash(channel, "privacy")
    form = await member.click(shown.response, label=privacy.FORGET)
    kept = await member.submit_modal(form, {"examples": ["without_name"], "sure": ["no"]})
    assert said(kept) == privacy.KEPT
    assert len(similar(filled, guild)) == 1
    form = await member.click(shown.response, label=privacy.FORGET)
    done = await member.submit_modal(form, {"examples": ["without_name"], "sure": ["yes"]})
    assert said(done) == f"{privacy.FORGOTTEN.format(entries='1 entry')} {privacy.NOTHING_LEFT}"
    assert similar(filled, guild) == []


async def test_switching_on_takes_in_the_posts_that_are_there(
    write, switch, member, admin, channel, forum, filled, guild
):
    first = await write(member, "Roofs")
    panel = (await admin.slash(channel, "setup")).response
    await admin.select(panel, [forum], custom_id="haln:setup_searchable:")
    assert similar(filled, guild) == [first.id]
    await admin.select(panel, [], custom_id="haln:setup_searchable:")
    assert similar(filled, guild) == []


@pytest.fixture
def hidden_forum(guild, filled, simcord_env):
    """A searchable forum that ordinary members cannot see."""
    denied = Overwrite(target_id=guild.default_role.id, type=0, allow=0, deny=discord.Permissions.view_channel.flag)
    made = simcord_env.backend.create_channel(guild.id, "committee", type=15, overwrites=[denied])
    filled.servers.settings.save_forum(Forum(channel_id=made.id, server_id=guild.id, searchable=True))
    return made


SIMILAR_QUESTION = "How many entry jobs for local residents did your trust keep in 2021?"


async def test_discussions_of_a_hidden_forum_are_named_nowhere_else(
    write, switch, member, other, guild, filled, hidden_forum
):
    switch(replies=True, searchable=True)
    await write(other, SIMILAR_QUESTION, in_forum=hidden_forum)
    assert len(similar(filled, guild)) == 1
    thread = await write(member, QUESTION)
    assert texts.SIMILAR not in text_in(replies(thread)[0])


async def test_more_shows_similar_discussions_that_the_member_can_see(
    write, switch, member, other, channel, hidden_forum
):
    switch(searchable=True)
    seen = await write(other, SIMILAR_QUESTION)
    unseen = await write(other, SIMILAR_QUESTION, in_forum=hidden_forum)
    result = await member.slash(channel, "ask", question=QUESTION)
    text = said(await member.click(result.response, label=ask_texts.MORE))
    assert texts.SIMILAR in text
    assert str(seen.id) in text
    assert str(unseen.id) not in text


ADVERT = (
    "We are hiring! Are you passionate about entry jobs for local residents? The Sample Hospital Trust has a Band 4 "
    "post, fixed-term. Salary £28,000. Closing date 3 July. Apply here."
)


@READING
async def test_a_job_advert_gets_no_reply(write, switch, member):
    switch(replies=True)
    assert replies(await write(member, "Entry jobs for local residents at the Sample Hospital Trust", ADVERT)) == []


@READING
async def test_the_reply_follows_an_edited_post_and_goes_with_a_deleted_one(write, switch, member, simcord_env):
    switch(replies=True)
    first, second = await write(member, "Entry jobs", QUESTION), await write(member, "Entry jobs", QUESTION)
    assert [len(replies(thread)) for thread in (first, second)] == [1, 1]
    simcord_env.backend.edit_message(first.id, first.id, {"content": "Which football club won on Saturday?"})
    simcord_env.backend.delete_message(second.id, second.id)
    await simcord_env.settle()
    assert [len(replies(thread)) for thread in (first, second)] == [0, 0]
