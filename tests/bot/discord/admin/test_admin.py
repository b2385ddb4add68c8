"""/setup, /doctor and /status, and what admins delete."""

import re
from datetime import datetime
from urllib.parse import parse_qs, urlparse

import discord
import pytest

from bot.discord.admin import texts
from bot.discord.admin.permissions import NEEDED, application_id_in, invite_link, needed_permissions
from bot.discord.browse import texts as finding
from bot.discord.runtime import texts as asking
from knowledge.servers.types import Forum, Server
from knowledge.storage.source_protocols import SourceKind
from tests.bot.conftest import said, text_in


def action(name):
    return f"haln:setup_{name}:"


@pytest.fixture
async def panel(admin, channel):
    return (await admin.slash(channel, "setup")).response


async def test_setup_keeps_each_choice_at_once(panel, admin, guild, channel, filled):
    role, forum = guild.create_role("moderators"), guild.create_forum_channel("discussions")
    await admin.select(panel, [role], custom_id=action("moderators"))
    await admin.select(panel, [channel], custom_id=action("review"))
    await admin.select(panel, [channel], custom_id=action("digest"))
    await admin.select(panel, [forum], custom_id=action("replies"))
    await admin.select(panel, [forum], custom_id=action("searchable"))
    await admin.select(panel, ["cy"], custom_id=action("language"))
    settings = filled.servers.settings
    assert settings.server(guild.id) == Server(
        id=guild.id, moderator_role=role.id, review_channel=channel.id, digest_channel=channel.id, language="cy"
    )
    assert settings.forums(guild.id) == [Forum(channel_id=forum.id, server_id=guild.id, replies=True, searchable=True)]
    await admin.select(panel, [], custom_id=action("review"))
    await admin.select(panel, [], custom_id=action("replies"))
    assert settings.server(guild.id).review_channel is None
    assert settings.forums(guild.id)[0].replies is False


async def test_the_panel_shows_what_is_chosen_after_a_restart_too(panel, admin, channel, simcord_env, make_bot):
    await admin.select(panel, [channel], custom_id=action("review"))
    await simcord_env.restart_bot(make_bot())
    again = (await admin.slash(channel, "setup")).response
    assert str(channel.id) in str(again.components)
    await admin.select(panel, [], custom_id=action("review"))
    assert str(channel.id) not in str(panel.components)


async def test_servers_do_not_see_each_other(panel, admin, channel, simcord_env, filled):
    await admin.select(panel, [channel], custom_id=action("review"))
    there = simcord_env.create_guild("There")
    assert filled.servers.settings.server(there.id) == Server(id=there.id)


@pytest.mark.simcord(check_errors=False)
async def test_who_is_no_admin_changes_nothing(panel, admin, member, channel, guild, simcord_env, filled, monkeypatch):
    with pytest.raises(Exception, match=r"setup"):
        await member.slash(channel, "setup")
    emit = simcord_env.backend.emit

    def demoted(event, payload):
        if event == "INTERACTION_CREATE":
            payload["member"]["permissions"] = "0"
        emit(event, payload)

    monkeypatch.setattr(simcord_env.backend, "emit", demoted)
    assert said(await admin.select(panel, [channel], custom_id=action("review"))) == asking.NOT_ALLOWED
    assert filled.servers.settings.server(guild.id).review_channel is None


async def test_the_doctor_finds_nothing_wrong_where_nothing_is(admin, channel):
    text = said(await admin.slash(channel, "doctor"))
    assert texts.DOCTOR_FINE in text
    assert texts.DOCTOR_READING_OFF in text


async def test_the_doctor_names_each_missing_permission_and_channel(admin, guild, channel, filled, simcord_env):
    everyone = guild.default_role
    mute = guild.create_text_channel(
        "mute", overwrites={everyone: discord.PermissionOverwrite(send_messages=False, read_message_history=False)}
    )
    forum = guild.create_forum_channel("discussions")
    filled.servers.settings.save_server(Server(id=guild.id, review_channel=mute.id, digest_channel=424242))
    filled.servers.settings.save_forum(Forum(channel_id=forum.id, server_id=guild.id, replies=True))
    text = said(await admin.slash(channel, "doctor"))
    assert f"Review channel <#{mute.id}>: MISSING: Send Messages, Read Message History" in text
    assert "Digest channel: GONE" in text
    assert f"Forum <#{forum.id}>: OK" in text
    assert texts.DOCTOR_FINE not in text
    assert "https://discord.com/oauth2/authorize" in text


async def test_the_doctor_says_what_has_no_channel_any_more(panel, admin, guild, channel, simcord_env):
    review, digest = guild.create_text_channel("review"), guild.create_text_channel("digest")
    forum = guild.create_forum_channel("discussions")
    await admin.select(panel, [review], custom_id=action("review"))
    await admin.select(panel, [digest], custom_id=action("digest"))
    await admin.select(panel, [forum], custom_id=action("searchable"))
    assert texts.DOCTOR_NOT_SET not in said(await admin.slash(channel, "doctor"))
    for gone in (digest, forum):
        simcord_env.backend.delete_channel(gone.id)
    await simcord_env.settle()
    lines = said(await admin.slash(channel, "doctor")).splitlines()
    unset = [line for line in lines if line.endswith(texts.DOCTOR_NOT_SET)]
    assert unset == [f"{purpose}: {texts.DOCTOR_NOT_SET}" for purpose in ("Digest channel", "Forum")]
    # It is no fault: everything here is optional.
    assert f"**{texts.DOCTOR_FINE}**" in lines
    assert "`/setup`" in texts.DOCTOR_NOT_SET


async def test_the_panels_button_checks_too(panel, admin):
    assert texts.DOCTOR_TITLE in said(await admin.click(panel, label=texts.SETUP_CHECK))


async def test_status_says_how_large_and_fresh_the_library_is(member, channel, filled):
    text = said(await member.slash(channel, "status"))
    assert "Documents: 3 (1 case study, 2 other resources)" in text
    assert "Last refresh: <t:" in text
    assert "words@1" in text


async def test_status_says_when_sources_were_read_and_which_could_not_be(member, channel, filled):
    sources = filled.store.sources
    sources.checked(sources.all()[0].id)
    gone = sources.add(SourceKind.PAGE, "https://example.org/gone", 0)
    sources.checked(gone.id, error="it is gone", read=False)
    text = said(await member.slash(channel, "status"))
    read = int(datetime.fromisoformat(sources.all()[0].last_success).timestamp())
    assert f"Last refresh: <t:{read}:f> (<t:{read}:R>)\nLast change: <t:" in text
    assert texts.STATUS_TROUBLE.format(number=1, all=2) in text
    assert not re.search(r"\d{4}-\d{2}-\d{2}", text)


async def test_setup_says_at_once_what_is_missing_in_a_channel(panel, admin, guild, channel):
    everyone = guild.default_role
    mute = guild.create_text_channel("mute", overwrites={everyone: discord.PermissionOverwrite(send_messages=False)})
    await admin.select(panel, [mute], custom_id=action("digest"))
    assert f"{texts.SETUP_MISSING}**\nDigest channel <#{mute.id}>: MISSING: Send Messages" in text_in(panel)
    await admin.select(panel, [channel], custom_id=action("digest"))
    assert texts.SETUP_MISSING not in text_in(panel)


async def test_the_doctor_counts_the_channels_in_which_it_cannot_answer(admin, guild, channel):
    everyone = guild.default_role
    guild.create_text_channel("deaf", overwrites={everyone: discord.PermissionOverwrite(read_message_history=False)})
    text = said(await admin.slash(channel, "doctor"))
    assert texts.DOCTOR_ELSEWHERE.format(fine=1, all=2) in text
    assert re.search(r"- <#\d+>: Read Message History", text)
    assert texts.DOCTOR_FINE in text


async def test_a_forum_that_is_only_searched_needs_no_permission_to_write(admin, guild, channel, filled):
    forum = guild.create_forum_channel("discussions")
    filled.servers.settings.save_forum(Forum(channel_id=forum.id, server_id=guild.id, searchable=True))
    assert NEEDED["forum_read"] == ("view_channel", "read_message_history", "add_reactions")
    assert f"Forum <#{forum.id}>: OK" in said(await admin.slash(channel, "doctor"))


def test_the_invitation_asks_for_the_least():
    query = parse_qs(urlparse(invite_link(42)).query)
    assert query["client_id"] == ["42"]
    assert query["scope"] == ["bot applications.commands"]
    granted = {name for name, on in discord.Permissions(int(query["permissions"][0])) if on}
    assert granted == {
        "read_messages",
        "send_messages",
        "create_public_threads",
        "create_private_threads",
        "send_messages_in_threads",
        "read_message_history",
        "add_reactions",
        "send_polls",
    }
    assert not needed_permissions().administrator


def test_a_token_names_its_application():
    assert application_id_in("NDI.x.y") == 42
    assert application_id_in("nonsense!") is None
    assert application_id_in("") is None


@pytest.mark.parametrize("gone", ["channel", "role", "forum"])
async def test_what_is_deleted_on_the_server_leaves_the_settings(gone, guild, channel, filled, simcord_env):
    role, forum = guild.create_role("moderators"), guild.create_forum_channel("discussions")
    settings = filled.servers.settings
    settings.save_server(Server(id=guild.id, moderator_role=role.id, review_channel=channel.id))
    settings.save_forum(Forum(channel_id=forum.id, server_id=guild.id, replies=True))
    backend = simcord_env.backend
    if gone == "role":
        backend.emit("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)})
    else:
        deleted = channel if gone == "channel" else forum
        payload = {"id": str(deleted.id), "guild_id": str(guild.id), "type": 15 if gone == "forum" else 0}
        backend.emit("CHANNEL_DELETE", payload)
    await simcord_env.settle()
    server = settings.server(guild.id)
    assert (server.moderator_role is None) == (gone == "role")
    assert (server.review_channel is None) == (gone == "channel")
    assert (settings.forums(guild.id) == []) == (gone == "forum")


async def test_a_server_that_removes_the_bot_is_forgotten(guild, filled, simcord_env):
    filled.servers.settings.save_server(Server(id=guild.id, language="cy"))
    simcord_env.backend.emit("GUILD_DELETE", {"id": str(guild.id)})
    await simcord_env.settle()
    assert filled.servers.settings.server(guild.id) == Server(id=guild.id)


async def test_the_panel_speaks_of_languages_that_help_speaks(panel, admin, member, channel):
    await admin.select(panel, ["cy"], custom_id=action("language"))
    assert finding.HELP_GREETING not in said(await member.slash(channel, "help"))
    assert texts.SETUP_TITLE in text_in(panel)
