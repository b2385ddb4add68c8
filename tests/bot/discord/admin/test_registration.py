"""Servers that the operator has not registered: one polite line, whatever is tried; and how one comes to count."""

from datetime import UTC, datetime

import discord
import pytest

from bot.discord.admin import texts as admin_texts
from bot.discord.peers import texts as peers_texts
from bot.discord.runtime import texts
from bot.discord.runtime.components import button
from knowledge.matching.peers import Peers
from knowledge.servers.types import RegisteredBy, Server
from tests.bot.conftest import said, text_in
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

pytestmark = pytest.mark.simcord(check_errors=False)
ALL = discord.Permissions(manage_guild=True, manage_messages=True, view_channel=True, send_messages=True)
COMMANDS = [
    ("ask", {"question": "What is an anchor institution?"}),
    ("resources", {}),
    ("glossary", {"term": "anchor"}),
    ("peers", {}),
    ("profile", {}),
    ("sets", {}),
    ("queue", {}),
    ("insights", {}),
    ("share", {}),
    ("start", {}),
    ("digest", {}),
    ("doctor", {}),
    ("setup", {}),
    ("status", {}),
    ("my-data", {}),
    ("forget-me", {}),
    ("privacy", {}),
    ("my-examples", {}),
    ("help", {}),
    ("events", {}),
    ("measure", {"project": "A garden at the hospital"}),
    ("coffee", {}),
]


@pytest.fixture
def theirs(simcord_env, filled):
    """A server that somebody took the bot to by themselves."""
    made = simcord_env.create_guild("Theirs")
    filled.servers.register.remove(made.id)
    return made


@pytest.fixture
def place(theirs):
    return theirs.create_text_channel("general")


@pytest.fixture
def stranger(simcord_env, theirs):
    return theirs.add_member(simcord_env.create_user("stranger"), roles=[theirs.create_role("all", permissions=ALL)])


@pytest.mark.parametrize(("command", "options"), COMMANDS, ids=[name for name, _ in COMMANDS])
async def test_every_command_gives_one_polite_line(guild, theirs, place, stranger, command, options):
    result = await stranger.slash(place, command, **options)
    assert result.modal is None
    assert said(result) == texts.NOT_REGISTERED.format(id=theirs.id)
    assert result.ephemeral or command == "ask"


async def test_every_entry_of_a_messages_menu_does_too_and_no_command_is_left_out(
    guild, theirs, place, stranger, simcord_env
):
    tree = simcord_env.bot.tree
    assert {one.name for one in tree.get_commands(type=discord.AppCommandType.chat_input)} == {
        name for name, _ in COMMANDS
    }
    message = await stranger.send(place, "What is an anchor institution?")
    menus = [menu.name for menu in tree.get_commands(type=discord.AppCommandType.message)]
    assert len(menus) >= 4
    for menu in menus:
        assert said(await stranger.context_menu(place, menu, message)) == texts.NOT_REGISTERED.format(id=theirs.id)


async def test_a_mention_gives_the_same_line_and_nothing_is_kept(guild, theirs, place, stranger, filled, simcord_env):
    await stranger.send(place, f"<@{simcord_env.bot.user.id}> What is an anchor institution?")
    (answer,) = [message for message in place.history() if message.author.bot]
    assert text_in(answer) == texts.NOT_REGISTERED.format(id=theirs.id)
    with filled.questions._connections.read() as connection:
        assert connection.execute("SELECT count(*) FROM questions").fetchone()[0] == 0


async def test_buttons_and_choices_do_nothing_there(guild, theirs, place, stranger, filled, simcord_env):
    for action, key in (("digest_off", ""), ("peers_find", ""), ("setup_check", ""), ("example_read", "ex-abcdefgh:0")):
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.ActionRow(button(action, key, "Press")))
        sent = await simcord_env.bot.get_channel(place.id).send(view=view)
        assert said(await stranger.click(sent, label="Press")).strip() == texts.NOT_REGISTERED.format(id=theirs.id)
    assert filled.servers.digests.digest(theirs.id).paused is False
    assert await stranger.autocomplete(place, "glossary", "term", "a") == []


async def test_what_was_set_up_there_before_is_not_acted_on(guild, theirs, place, filled):
    filled.servers.settings.save_server(Server(id=theirs.id, review_channel=place.id, digest_channel=place.id))
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert theirs.id not in filled.servers.reviews.review_channels()
    assert filled.servers.digests.due(now, now - now) == []
    filled.servers.register.add(theirs.id, RegisteredBy.COMMAND, now)
    assert filled.servers.reviews.review_channels() == {theirs.id: place.id}
    assert filled.servers.digests.due(now, now - now) == [theirs.id]


async def test_the_owners_setup_registers_a_server_and_nobody_elses(
    guild, theirs, place, stranger, filled, simcord_env
):
    assert texts.NOT_REGISTERED.format(id=theirs.id) == said(await stranger.slash(place, "setup"))
    assert not filled.servers.register.has(theirs.id)
    simcord_env.bot.owner_id = stranger.id
    assert admin_texts.SETUP_TITLE in said(await stranger.slash(place, "setup"))
    assert [one.registered_by for one in filled.servers.register.all() if one.id == theirs.id] == [RegisteredBy.OWNER]
    assert admin_texts.DOCTOR_TITLE in said(await stranger.slash(place, "doctor"))


async def test_a_server_that_is_allowed_works_at_once(guild, theirs, place, stranger, filled, clock):
    assert texts.NOT_REGISTERED.format(id=theirs.id) == said(await stranger.slash(place, "status"))
    filled.servers.register.add(theirs.id, RegisteredBy.COMMAND, clock())
    assert admin_texts.STATUS_TITLE in said(await stranger.slash(place, "status"))


async def test_in_direct_messages_strangers_see_no_members(guild, member, stranger, filled, clock):
    peers = Peers(filled, clock)
    add(peers, str(member.id), GARDEN)
    assert said(await stranger.user.slash("peers")) == texts.NOT_A_MEMBER
    add(peers, str(stranger.id), WANTS_GARDEN)
    assert said(await stranger.user.slash("peers", topic="Grounds")) == texts.NOT_A_MEMBER
    # What is kept about them is theirs to have and to delete all the same.
    assert (await stranger.user.slash("my-data")).response.attachments
    assert (await stranger.user.slash("forget-me")).modal is not None
    assert peers_texts.PEERS_TITLE in said(await member.user.slash("peers", topic="Grounds"))


async def test_a_setting_registers_servers_and_lets_them_go_again(guild, theirs, filled, simcord_env, make_bot):
    await simcord_env.restart_bot(make_bot(discord_servers=f"{theirs.id}, 42"))
    await simcord_env.bot.worker.backend()
    assert {one.id for one in filled.servers.register.all()} == {guild.id, theirs.id, 42}
    await simcord_env.restart_bot(make_bot())
    await simcord_env.bot.worker.backend()
    assert {one.id for one in filled.servers.register.all()} == {guild.id}


async def test_who_may_manage_messages_or_is_offered_them_gets_the_moderators_commands(
    guild, channel, member, stranger
):
    for command in ("insights", "queue", "sets"):
        with pytest.raises(Exception, match=command):
            await member.slash(channel, command)
