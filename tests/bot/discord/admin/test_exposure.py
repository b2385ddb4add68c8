"""What /doctor says while more people are let in than is meant, with the remedy."""

import discord
import pytest

from bot.discord.admin import texts
from knowledge.servers.types import Server
from tests.bot.conftest import offer, said


@pytest.fixture
def public(monkeypatch, simcord_env):
    """Sets whether anybody may invite the bot, as the developer portal has it."""

    def to(value):
        from types import SimpleNamespace

        async def application_info():
            return SimpleNamespace(bot_public=value)

        monkeypatch.setattr(simcord_env.bot, "application_info", application_info)

    return to


async def test_a_public_application_is_warned_of(admin, channel, public):
    public(True)
    assert texts.DOCTOR_PUBLIC in said(await admin.slash(channel, "doctor"))
    public(False)
    text = said(await admin.slash(channel, "doctor"))
    assert texts.DOCTOR_PUBLIC not in text
    assert texts.DOCTOR_EXPOSED not in text


async def test_what_discord_does_not_say_is_not_taken_for_well(admin, channel, simcord_env):
    simcord_env.inject_error("GET", "/oauth2/applications/@me", status=503, times=None)
    assert texts.DOCTOR_PUBLIC_UNKNOWN in said(await admin.slash(channel, "doctor"))


async def test_a_review_channel_that_everybody_sees_is_warned_of(admin, guild, channel, filled, public):
    public(False)
    filled.servers.settings.save_server(Server(id=guild.id, review_channel=channel.id))
    assert texts.DOCTOR_REVIEW_OPEN.format(channel=f"<#{channel.id}>") in said(await admin.slash(channel, "doctor"))
    hidden = guild.create_text_channel(
        "review", overwrites={guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    )
    filled.servers.settings.save_server(Server(id=guild.id, review_channel=hidden.id))
    assert texts.DOCTOR_EXPOSED not in said(await admin.slash(channel, "doctor"))


async def test_everyone_as_moderators_is_warned_of_on_the_panel_too(admin, guild, channel, filled, public):
    public(False)
    filled.servers.settings.save_server(Server(id=guild.id, moderator_role=guild.id))
    assert texts.DOCTOR_EVERYONE_MODERATES in said(await admin.slash(channel, "doctor"))
    assert texts.DOCTOR_EVERYONE_MODERATES in said(await admin.slash(channel, "setup"))


async def test_moderators_whom_discord_offers_nothing_are_warned_of(admin, guild, channel, filled, public, simcord_env):
    public(False)
    role = guild.create_role("moderators", permissions=discord.Permissions(view_channel=True))
    filled.servers.settings.save_server(Server(id=guild.id, moderator_role=role.id))
    warning = texts.DOCTOR_NOT_OFFERED.format(role=f"<@&{role.id}>")
    assert warning in said(await admin.slash(channel, "doctor"))
    offer(simcord_env, guild, role, "insights", "queue", "sets")
    assert warning not in said(await admin.slash(channel, "doctor"))
