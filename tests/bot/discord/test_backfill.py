"""What happened while the bot was away is made good at its next start."""

import pytest
from simcord.backend import serializers

from knowledge.servers.types import Forum, Server
from knowledge.settings import Switch
from tests.bot.discord.forums.test_forums import QUESTION, replies, similar

READING = pytest.mark.bot_settings(discord_read_messages=Switch.ON)


@pytest.fixture
def away(simcord_env, make_bot, clock):
    """Restarts the bot; what is done in the body happens while it is away."""

    async def restart(happens, **settings):
        clock.moment = simcord_env.now()
        await simcord_env.advance_time(330)  # it notes until when it saw everything
        dropped = simcord_env.backend.emit
        simcord_env.backend.emit = lambda *_: None
        result = await happens()
        simcord_env.backend.emit = dropped
        clock.moment = simcord_env.now()
        await simcord_env.restart_bot(make_bot(**settings))
        await simcord_env.settle()
        await simcord_env.advance_time(30)
        return result

    return restart


async def test_a_post_made_meanwhile_is_answered_once_and_found(switch, write, member, away, filled, guild):
    switch(replies=True, searchable=True)
    thread = await away(lambda: write(member, QUESTION))
    assert len(replies(thread)) == 1
    assert similar(filled, guild) == [thread.id]
    await away(nothing)
    assert len(replies(thread)) == 1


async def nothing():
    return None


async def test_a_post_that_somebody_answered_meanwhile_is_left_to_them(switch, write, member, other, away):
    switch(replies=True)

    async def asked_and_answered():
        thread = await write(member, QUESTION)
        await other.send(thread, "Forty.")
        return thread

    assert replies(await away(asked_and_answered)) == []


async def test_posts_from_before_it_was_switched_on_are_not_answered(switch, write, member, away, simcord_env):
    thread = await write(member, QUESTION)
    switch(replies=True)
    await away(nothing)
    assert replies(thread) == []


async def test_what_was_deleted_or_named_anew_meanwhile_is_so_here(
    switch,
    write,
    member,
    away,
    filled,
    guild,
    simcord_env,
):
    switch(searchable=True)
    titles = ("Roofs", "Jobs", "Food", "Homes")
    gone, emptied, named, same = [await write(member, title) for title in titles]
    before = filled.servers.posts.vectors(guild.id, filled.embedder.name)

    async def happens():
        backend = simcord_env.backend
        backend.delete_channel(gone.id)
        backend.delete_message(emptied.id, emptied.id)
        backend.edit_channel(named.id, {"name": "Kitchens"})

    await away(happens)
    assert similar(filled, guild) == [named.id, same.id]
    assert filled.servers.posts.post(guild.id, named.id).title == "Kitchens"
    after = filled.servers.posts.vectors(guild.id, filled.embedder.name)
    assert (after[1][0] != before[1][2]).any()
    assert (after[1][1] == before[1][3]).all()


@READING
async def test_a_text_edited_meanwhile_is_found_by_what_it_says_now(
    switch,
    write,
    member,
    away,
    filled,
    guild,
    simcord_env,
):
    switch(searchable=True)
    thread = await write(member, "Help", "Roofs that hold water")
    before = filled.servers.posts.vectors(guild.id, filled.embedder.name)[1]

    async def happens():
        simcord_env.backend.edit_message(thread.id, thread.id, {"content": "Jobs for residents"})

    await away(happens, discord_read_messages=Switch.ON)
    assert (filled.servers.posts.vectors(guild.id, filled.embedder.name)[1] != before).any()


async def test_who_opted_out_stays_out(switch, write, member, away, filled, guild):
    switch(searchable=True)
    await write(member, "Roofs")
    filled.servers.posts.opt_out(member.id)
    await away(lambda: write(member, "Jobs"))
    assert similar(filled, guild) == []


async def test_places_that_are_gone_leave_the_settings(guild, channel, away, filled, simcord_env):
    role, news = guild.create_role("moderators"), guild.create_text_channel("news")
    kept = Server(id=guild.id, moderator_role=role.id, review_channel=channel.id, digest_channel=news.id)
    filled.servers.settings.save_server(kept)
    filled.servers.settings.save_forum(Forum(channel_id=424242, server_id=guild.id, replies=True))

    async def happens():
        simcord_env.backend.delete_channel(news.id)
        simcord_env.backend.guilds[guild.id].roles.pop(role.id)

    await away(happens)
    assert filled.servers.settings.server(guild.id) == Server(id=guild.id, review_channel=channel.id)
    assert filled.servers.settings.forums(guild.id) == []


async def test_a_server_that_removed_the_bot_meanwhile_is_forgotten(away, filled, guild):
    filled.servers.settings.save_server(Server(id=99, language="cy"))
    filled.servers.settings.save_server(Server(id=guild.id, language="cy"))
    await away(nothing)
    assert filled.servers.settings.servers() == [guild.id]


@pytest.mark.simcord(check_errors=False)
async def test_a_forum_that_may_not_be_read_stops_nothing(
    switch, write, member, away, filled, guild, simcord_env, caplog
):
    switch(searchable=True)
    await write(member, "Roofs")
    simcord_env.inject_error("GET", "/channels/*/threads/archived/public", status=403, code=50001, times=None)
    await away(nothing)
    assert "could not be caught up with" in caplog.text
    assert len(similar(filled, guild)) == 1


@READING
@pytest.mark.simcord(check_errors=False)
async def test_one_post_that_cannot_be_read_stops_no_other_and_is_looked_at_again(
    switch, write, member, away, filled, guild, simcord_env, caplog
):
    switch(replies=True, searchable=True)
    unread = await write(member, "Lunch", "Roofs that hold water")
    before = filled.servers.posts.vectors(guild.id, filled.embedder.name)[1]

    async def happens():
        simcord_env.backend.edit_message(unread.id, unread.id, {"content": "Jobs for residents"})
        simcord_env.inject_error("GET", f"/channels/{unread.id}/messages/*", status=403, code=50001)
        return await write(member, QUESTION)

    asked = await away(happens, discord_read_messages=Switch.ON)
    assert f"the post {unread.id} could not be caught up with" in caplog.text
    assert len(replies(asked)) == 1
    assert (vector_of(unread, filled, guild) == before[0]).all()
    await away(nothing, discord_read_messages=Switch.ON)
    assert (vector_of(unread, filled, guild) != before[0]).any()
    assert len(replies(asked)) == 1


@pytest.mark.simcord(check_errors=False)
async def test_a_forum_that_could_not_be_read_is_caught_up_with_at_the_next_start(
    switch, write, member, away, simcord_env, monkeypatch
):
    switch(replies=True)
    told = serializers.guild_create_payload

    async def happens():
        simcord_env.inject_error("GET", "/channels/*/threads/archived/public", status=403, code=50001)
        thread = await write(member, QUESTION)
        simcord_env.backend.channels[thread.id].thread_metadata.archived = True
        # Discord names only those that are open when it tells of a server.
        monkeypatch.setattr(serializers, "guild_create_payload", lambda *known: {**told(*known), "threads": []})
        return thread

    thread = await away(happens)
    assert replies(thread) == []
    await away(nothing)
    assert len(replies(thread)) == 1
    await away(nothing)
    assert len(replies(thread)) == 1


async def test_a_server_that_is_back_is_looked_at_from_when_it_was_lost_and_no_other(
    switch, write, member, away, simcord_env, clock, guild, filled
):
    switch(replies=True)
    backend = simcord_env.backend
    there = simcord_env.create_guild("There")
    elsewhere = there.create_forum_channel("elsewhere")
    filled.servers.settings.save_forum(Forum(channel_id=elsewhere.id, server_id=there.id, replies=True))
    await away(nothing)
    backend.emit("GUILD_DELETE", {"id": str(guild.id), "unavailable": True})
    await simcord_env.settle()
    emit, backend.emit = backend.emit, lambda *_: None
    thread = await write(member, QUESTION)
    backend.emit = emit
    # Longer than the notes of what was seen are apart.
    for _ in range(3):
        clock.pass_(seconds=330)
        await simcord_env.advance_time(330)
    asked = len(backend.http_requests)
    backend.emit("GUILD_CREATE", serializers.guild_create_payload(backend, backend.guilds[guild.id]))
    await simcord_env.settle()
    assert len(replies(thread)) == 1
    assert [request.path for request in backend.http_requests[asked:] if str(elsewhere.id) in request.path] == []


def vector_of(thread, filled, guild):
    ids, vectors = filled.servers.posts.vectors(guild.id, filled.embedder.name)
    return vectors[ids.tolist().index(thread.id)]
