"""Every command, button and form, by those who may not: the matrix has a row for each, and nothing goes around it."""

import json
from datetime import UTC, datetime

import discord
import pytest

from bot.discord.peers.texts import NO_PROFILE
from bot.discord.runtime import interactions, texts
from bot.discord.runtime.components import button
from bot.mcp_server import create_server
from indexer.pipeline import publisher
from knowledge.domain.examples import Actor, Role
from knowledge.examples.examples import Examples
from knowledge.matching.peers import Peers
from knowledge.permissions import Audience, Face, matrix
from tests.bot.conftest import said
from tests.fakes import WordCheck
from tests.knowledge.examples.conftest import content

PRESSED = "haln:dismiss:1:1:1"


def entries(bot):
    commands = {"/" + command.qualified_name.replace(" ", "_") for command in bot.tree.walk_commands()}
    for kind in (discord.AppCommandType.message, discord.AppCommandType.user):
        commands |= {"/" + menu.name.replace(" ", "_") for menu in bot.tree.get_commands(type=kind)}
    groups = {"/" + one.name for one in bot.tree.get_commands() if isinstance(one, discord.app_commands.Group)}
    return commands - groups | set(bot.handlers) | set(bot.forms) | {"mention"}


async def test_each_entry_is_in_the_matrix_and_nothing_else(simcord_env, channel):
    assert entries(simcord_env.bot) == set(matrix(Face.DISCORD)), "say in knowledge/permissions.py who may use it"


async def test_each_tool_for_other_programs_is_in_the_matrix():
    tools = await create_server(None).list_tools()
    assert {tool.name for tool in tools} == set(matrix(Face.MCP))


@pytest.fixture
async def press(channel, simcord_env, monkeypatch):
    """Presses a button, chooses, or sends a form of any name, as Discord tells of it: whoever sent that message."""
    emit, named = simcord_env.backend.emit, {}
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(button("dismiss", "1:1:1", "Press")))

    def changed(event, payload):
        if event == "INTERACTION_CREATE" and named:
            payload.update(json.loads(json.dumps(payload).replace(PRESSED, f"haln:{named['name']}:{named['key']}")))
            payload["data"]["values"] = ["1"]
            if named["form"]:
                payload |= {"type": 5, "data": {"custom_id": f"haln:{named['name']}:{named['key']}", "components": []}}
        emit(event, payload)

    monkeypatch.setattr(simcord_env.backend, "emit", changed)

    async def pressed(person, name, *, form=False, key="1:1:1", place=None):
        named.update(name=name, form=form, key=key)
        # A new one each time: what a press does may change the message that it was on.
        sent = await (place or simcord_env.bot.get_channel(channel.id)).send(view=view)
        return await person.click(sent, label="Press")

    return pressed


@pytest.mark.simcord(check_errors=False)
async def test_nothing_goes_around_the_door(simcord_env, member, press, monkeypatch):
    """Each button and form asks at the door before anything else, or opens a form that does."""
    asked = []

    async def closed(_worker, interaction, _admission):
        asked.append(interaction.data["custom_id"].split(":")[1])
        raise interactions.TooOftenError("The door is closed.")

    monkeypatch.setattr(interactions, "enter", closed)
    around = []
    for names, form in ((simcord_env.bot.handlers, False), (simcord_env.bot.forms, True)):
        for name in sorted(names):
            result = await press(member, name, form=form)
            if result.modal is None and (not asked or asked[-1] != name):
                around.append((name, said(result)))
    # Before a form opens, whoever it is not for is told so, in as many words as the door would have.
    told = {texts.EXAMPLE_GONE, texts.MODERATORS_ONLY, texts.NOT_ALLOWED, NO_PROFILE}
    assert [(name, line) for name, line in around if line not in told] == []


@pytest.mark.simcord(check_errors=False)
async def test_what_is_for_moderators_and_admins_is_refused_to_members(simcord_env, member, press):
    refusals = {Audience.TEAM: texts.MODERATORS_ONLY, Audience.ADMINS: texts.NOT_ALLOWED}
    bot = simcord_env.bot
    for name, audience in matrix(Face.DISCORD).items():
        if audience in refusals and not name.startswith("/"):
            for form in [False] * (name in bot.handlers) + [True] * (name in bot.forms):
                result = await press(member, name, form=form)
                assert result.modal is not None or refusals[audience] in said(result), name


@pytest.mark.simcord(check_errors=False)
async def test_whoever_was_banned_from_the_server_reaches_nobody_by_direct_message(
    simcord_env, guild, channel, member, press, clock
):
    """They ask, see what is theirs, decline and block; what leads to a member is closed, within minutes."""
    bot, person = simcord_env.bot, member.user
    place = await bot.fetch_user(member.id)
    await person.slash("peers")  # they are known to be there
    guild.remove_member(member)
    clock.pass_(minutes=3)
    for name in (name for name, audience in matrix(Face.DISCORD).items() if audience is Audience.MEMBERS):
        for form in [False] * (name in bot.handlers) + [True] * (name in bot.forms):
            result = await press(person, name, form=form, place=place)
            # A form may open: what is sent in it is looked at anew.
            assert result.modal is not None or texts.NOT_A_MEMBER in said(result), name
    for name in ("intro_decline", "intro_block", "profile_leave"):
        assert texts.NOT_A_MEMBER not in said(await press(person, name, place=place)), name
    assert said(await person.slash("peers")) == texts.NOT_A_MEMBER
    assert texts.NOT_A_MEMBER not in said(await person.slash("my-data"))


PEOPLE = ("member", "member_id", "user_id", "author_id", "recipient", "seeker", "other", "asker", "blocked_id", "id")
WHOLE = {"submissions", "review_events", "introductions", "example_people"}


def held_about(library, member_id):
    """Every row that is somebody's, and all of examples and introductions: only theirs are there."""
    held = {}
    with library.questions._connections.read() as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%fts5%'")
        for (table,) in tables.fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            for row in connection.execute(f"SELECT * FROM {table}").fetchall():
                named = dict(zip(columns, row, strict=True))
                if table in WHOLE or any(str(named.get(column)) == member_id for column in PEOPLE):
                    held.setdefault(table, []).append(tuple(row))
    return held


@pytest.mark.simcord(check_errors=False)
async def test_what_is_somebodys_own_nobody_else_changes(simcord_env, member, other, admin, press, filled):
    """Whoever got hold of a button of another's (a copied message, a guessed key) does nothing to what is theirs."""
    peers, me = Peers(filled, lambda: datetime.now(UTC)), str(member.id)
    for one in (me, "100000000000000001"):
        peers.save({"id": one, "display_name": "Sample", "findable": True, "consent": True, "working_on": "Gardens."})
    asked = peers.ask("100000000000000001", me, "Gardens").id
    examples = Examples(filled, publisher(filled), WordCheck())
    example = examples.share(Actor(me, Role.MEMBER), content()).id
    before, bot = held_about(filled, me), simcord_env.bot
    assert {"submissions", "introductions", "members"} <= before.keys()
    for name, audience in matrix(Face.DISCORD).items():
        if audience is not Audience.OWN or name.startswith("/"):
            continue
        key = asked if name.startswith(("intro", "letter")) else example
        for person, pressed in ((other, key), (admin, f"{key}:{me}:1")):
            for form in [False] * (name in bot.handlers) + [True] * (name in bot.forms):
                await press(person, name, form=form, key=pressed)
    assert held_about(filled, me) == before
