"""Tags of forum posts: what they say a post is, and that a solved post shows it."""

import pytest
from simcord.builders import ChannelHandle

from bot.discord.forums import texts
from knowledge.servers.types import Server
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.forums.test_forums import QUESTION, READING, replies


@pytest.fixture
def tags(simcord_env, forum):
    """Gives the forum tags: their ids by name."""

    def give(*names):
        made = [{"name": name, "moderated": False, "emoji_id": None, "emoji_name": None} for name in names]
        ids = {name: simcord_env.backend.snowflake() for name in names}
        for tag in made:
            tag["id"] = str(ids[tag["name"]])
        simcord_env.backend.edit_channel(forum.id, {"available_tags": made})
        return ids

    return give


@pytest.fixture
def write_tagged(simcord_env, guild, forum):
    async def post(author, title, text, *tag_ids):
        backend = simcord_env.backend
        starter = backend.prepare_message(forum.id, author.id, text)
        thread = backend.create_thread(
            forum.id, title, author.id, message_id=starter.id, broadcast=False, applied_tags=list(tag_ids)
        )
        starter.channel_id = thread.id
        backend.commit_message(starter, broadcast=False)
        backend.announce_thread_create(thread)
        backend.announce_message_create(starter)
        await simcord_env.settle()
        return ChannelHandle(simcord_env, guild, thread)

    return post


@READING
async def test_tags_say_what_a_post_is(write_tagged, switch, member, tags, simcord_env):
    switch(replies=True)
    ids = tags("Jobs", "Question", "Solved")
    await simcord_env.settle()
    told = "Entry jobs for local residents the Sample Hospital Trust kept in 2022"
    assert replies(await write_tagged(member, QUESTION, "x", ids["Jobs"])) == []
    assert replies(await write_tagged(member, QUESTION, "x", ids["Question"], ids["Solved"])) == []
    assert replies(await write_tagged(member, told, "x")) == []
    assert len(replies(await write_tagged(member, told, "x", ids["Question"]))) == 1


def reactions(simcord_env, thread, message_id):
    stored = simcord_env.backend.messages[thread.id][message_id]
    return [str(one.emoji) for one in stored.reactions if one.user_ids]


async def test_a_solved_post_shows_it_with_a_mark_and_the_forums_tag(
    write_tagged, switch, member, tags, simcord_env, filled
):
    switch(searchable=True)
    ids = tags("Procurement", "✔ Solved")
    await simcord_env.settle()
    thread = await write_tagged(member, QUESTION, "x", ids["Procurement"])
    first, second = await member.send(thread, "Forty."), await member.send(thread, "Fifty.")
    assert said(await member.context_menu(thread, texts.MARK_SOLVED, first)) == texts.MARKED.format(title=QUESTION)
    stored = simcord_env.backend.channels[thread.id]
    assert [int(tag) for tag in stored.applied_tags] == [ids["Procurement"], ids["✔ Solved"]]
    shown = [bool(reactions(simcord_env, thread, one)) for one in (thread.id, first.id, second.id)]
    assert shown == [True, True, False]
    await member.context_menu(thread, texts.MARK_SOLVED, second)
    shown = [bool(reactions(simcord_env, thread, one)) for one in (thread.id, first.id, second.id)]
    assert shown == [True, False, True]
    await member.delete(second)
    assert reactions(simcord_env, thread, thread.id) == []
    assert [int(tag) for tag in simcord_env.backend.channels[thread.id].applied_tags] == [ids["Procurement"]]


async def test_a_post_that_is_tagged_as_solved_by_hand_shows_it_too(write_tagged, switch, member, tags, simcord_env):
    switch(searchable=True)
    ids = tags("Procurement", "Solved")
    await simcord_env.settle()
    thread = await write_tagged(member, QUESTION, "x", ids["Procurement"])
    for names, shown in ((("Procurement", "Solved"), True), (("Procurement",), False)):
        simcord_env.backend.edit_channel(thread.id, {"applied_tags": [str(ids[name]) for name in names]})
        await simcord_env.settle()
        assert bool(reactions(simcord_env, thread, thread.id)) is shown


async def test_a_post_solved_by_its_tag_asks_nobody_for_a_draft(
    write_tagged, switch, member, tags, simcord_env, filled, guild
):
    review = guild.create_text_channel("review")
    filled.servers.settings.save_server(Server(id=guild.id, review_channel=review.id))
    switch(searchable=True)
    ids = tags("Solved")
    await simcord_env.settle()
    thread = await write_tagged(member, QUESTION, "x")
    simcord_env.backend.edit_channel(thread.id, {"applied_tags": [str(ids["Solved"])]})
    await simcord_env.advance_time(20)
    (card,) = [message for message in review.history() if message.author.bot]
    assert QUESTION in text_in(card)
    assert labels_in(card) == []


async def test_where_the_mark_may_not_be_set_it_says_so(write_tagged, switch, member, tags, simcord_env):
    switch(searchable=True)
    tags("Solved")
    await simcord_env.settle()
    thread = await write_tagged(member, QUESTION, "x")
    message = await member.send(thread, "Forty.")
    simcord_env.inject_error("PATCH", f"/channels/{thread.id}", status=403, code=50013)
    text = said(await member.context_menu(thread, texts.MARK_SOLVED, message))
    assert text == f"{texts.MARKED.format(title=QUESTION)} {texts.NO_TAG.format(tag='Solved')}"
