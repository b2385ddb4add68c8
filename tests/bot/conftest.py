"""Every request body that the bot sends in any of these tests is held against what Discord accepts."""

import functools
from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord.builders import ChannelHandle
from simcord.env import Env
from simcord.http import router

from bot.cli import run_command
from bot.discord.client import HalnBot
from bot.texts.languages import catalogue_of
from knowledge.library import Library
from knowledge.servers.types import Forum, RegisteredBy
from tests.bot.discord_rules import Description, faults
from tests.bot.discord_rules.components import BUTTON, TEXT_DISPLAY, walk
from tests.bot.postbox import Postbox, serving
from tests.conftest import SHARED
from tests.fakes import WordCheck

_DESCRIPTION = SHARED / "discord" / "openapi.json"
_SETTLE_SECONDS = 60.0


@functools.cache
def discord_description():
    """Discord's description of its API, or `None` where it is not at hand."""
    return Description(_DESCRIPTION) if _DESCRIPTION.is_file() else None


def pytest_report_header():
    if not _DESCRIPTION.is_file():
        return "Discord's API description is not here (../shared): only the rules beyond it are checked"
    return None


@pytest.fixture(autouse=True)
def _own_check(monkeypatch):
    """No process of its own for the check of what members share."""
    monkeypatch.setattr("bot.backend.SandboxedCheck", lambda _settings: WordCheck())


@pytest.fixture(autouse=True)
def discord_faults(monkeypatch):
    """What Discord would have refused of this test's requests; a test that means to send such a thing empties it."""
    found = []
    dispatch = router.dispatch

    def checked(backend, method, path, **rest):
        before = len(backend.http_requests)
        try:
            return dispatch(backend, method, path, **rest)
        finally:
            for request in backend.http_requests[before : before + 1]:
                found.extend(faults(discord_description(), request))

    monkeypatch.setattr(router, "dispatch", checked)
    yield found
    assert found == []


@pytest.fixture(autouse=True)
def _own_catalogues():
    """A catalogue that one test made is not there for the next."""
    yield
    catalogue_of.cache_clear()


@pytest.fixture
def run(capsys):
    """Runs a command line: its status, what it printed, and its errors."""

    def command(*arguments):
        status = run_command([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


def pytest_collection_modifyitems(items):
    """A machine that is busy with other things may take longer than simcord's five seconds: that is no fault."""
    for item in items:
        if "simcord_env" in getattr(item, "fixturenames", ()):
            marker = item.get_closest_marker("simcord")
            options = {"settle_timeout": _SETTLE_SECONDS, **(marker.kwargs if marker else {})}
            item.add_marker(pytest.mark.simcord(**options), append=False)


@pytest.fixture
def postbox():
    """A mail server on this machine, and what it has received."""
    with serving(Postbox()) as box:
        yield box


class Clock:
    """Time as the tests want it."""

    def __init__(self):
        self.moment = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.moment

    def pass_(self, **amount):
        self.moment += timedelta(**amount)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make_bot(filled, clock):
    """Bots over the same data, each with a library of its own to close: as one process after another.

    Whoever opens the data finds what the one before had claimed free: its process has ended.
    """
    opened = []

    def open_library(settings):
        for before in opened:
            before.claims.close()
        opened.append(Library.open(settings, lambda _: filled.embedder))
        return opened[-1]

    def make(**settings):
        changed = filled.settings.model_copy(update={"questions_per_minute": 100, **settings})
        return HalnBot(changed, open_library, clock)

    return make


@pytest.fixture(autouse=True)
def _registered(request, monkeypatch):
    """Every server of a test is one that the operator has registered, unless the test takes it out."""
    if "simcord_env" not in request.fixturenames:
        return
    create = Env.create_guild

    def registered(env, *arguments, **options):
        made = create(env, *arguments, **options)
        # Looked up now: a test may set the time first that its library is made at.
        register = request.getfixturevalue("filled").servers.register
        register.add(made.id, RegisteredBy.COMMAND, datetime(2026, 1, 1, tzinfo=UTC))
        return made

    monkeypatch.setattr(Env, "create_guild", registered)


def offer(env, guild, role, *names):
    """An admin offers commands to a role, as they can in Discord's settings of a server."""
    for command in env.backend.commands[None].values():
        if command["name"] in names:
            entry = {"id": str(role.id), "type": 1, "permission": True}
            env.backend.set_command_permissions(guild.id, int(command["id"]), [entry])


@pytest.fixture
def simcord_bot(make_bot, request):
    marker = request.node.get_closest_marker("bot_settings")
    return make_bot(**marker.kwargs if marker else {})


@pytest.fixture
async def guild(simcord_env):
    there = simcord_env.create_guild()
    # A bot that still catches up with its start would see what the test sets next, sooner or later.
    await simcord_env.settle()
    return there


@pytest.fixture
def channel(guild):
    return guild.create_text_channel("anchors")


@pytest.fixture
def member(simcord_env, guild):
    return guild.add_member(simcord_env.create_user("member"))


@pytest.fixture
def other(simcord_env, guild):
    return guild.add_member(simcord_env.create_user("other"))


@pytest.fixture
def admin(simcord_env, guild):
    role = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True, view_channel=True))
    return guild.add_member(simcord_env.create_user("admin"), roles=[role])


@pytest.fixture
def forum(guild):
    return guild.create_forum_channel("discussions")


@pytest.fixture
def switch(forum, guild, filled):
    def to(**switches):
        filled.servers.settings.save_forum(Forum(channel_id=forum.id, server_id=guild.id, **switches))

    return to


@pytest.fixture
def write(simcord_env, guild, forum):
    async def post(author, title, text="?", *, in_forum=None):
        backend, place = simcord_env.backend, in_forum or forum
        starter = backend.prepare_message(place.id, author.id, text)
        thread = backend.create_thread(place.id, title, author.id, message_id=starter.id, broadcast=False)
        starter.channel_id = thread.id
        backend.commit_message(starter, broadcast=False)
        backend.announce_thread_create(thread)
        backend.announce_message_create(starter)
        await simcord_env.settle()
        return ChannelHandle(simcord_env, guild, thread)

    return post


def text_in(message):
    """All text of a message: its content and its text components."""
    components = [c.to_dict() for c in message.components] if hasattr(message, "channel") else message.components
    texts = [component["content"] for component in walk(components) if component["type"] == TEXT_DISPLAY]
    return "\n".join(filter(None, [message.content, *texts]))


def labels_in(message):
    """The labels of a message's buttons."""
    components = [c.to_dict() for c in message.components] if hasattr(message, "channel") else message.components
    return [component["label"] for component in walk(components) if component["type"] == BUTTON]


def said(result):
    """What the member reads in reply to an interaction: the response, or else the follow-ups."""
    return "\n".join(text_in(message) for message in [result.response, *result.followups] if message is not None)
