"""Two networks and one bot: each server, person, button and message belongs to one of them, and sees only that one."""

import asyncio

import discord
import pytest

from bot import networks as networks_module
from bot.backend import Backend
from bot.discord.operations import health
from bot.discord.runtime import texts
from bot.discord.runtime.components import button
from bot.discord.runtime.networks import UnknownNetworkError, working_for
from bot.discord.runtime.outbox import MessageKind
from bot.networks import OpenNetworks
from indexer.pipeline import Indexer
from indexer.shared_documents import follow_shares
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.dates import utc_now
from knowledge.domain.networks import Share
from knowledge.domain.outbox import Message
from knowledge.errors import StorageBusyError
from knowledge.library import Library
from knowledge.networks.directory import add_network, allow_server, share
from knowledge.storage.networks import NetworkRegister
from tests.bot.conftest import said, text_in
from tests.bot.discord.admin.test_registration import ALL, COMMANDS
from tests.fakes import WordEmbedder

QUESTION = "How many entry jobs were kept for local residents?"
OURS, THEIRS = "kept __40__ entry jobs", "kept __70__ entry jobs"
pytestmark = pytest.mark.simcord(check_errors=False)


@pytest.fixture
def wales(filled, tmp_path, clock):
    """The library of a second network, with a document of the same id as one of the first's."""
    add_network(filled.settings, "main", "Anchors England", clock())
    add_network(filled.settings, "wales", "Anchors Wales", clock())
    settings = filled.settings.for_network("wales")
    SimilarityScales(settings.data_dir).keep(WordEmbedder.name, SimilarityScale(intercept=0, slope=1))
    folder = tmp_path / "welsh"
    folder.mkdir()
    (folder / "jobs.md").write_text(
        "---\ntitle: Jobs in Wales\nkind: case_study\norganisation: Sample Health Board\n---\n\n"
        "The Sample Health Board kept 70 entry jobs for local residents in 2023.\n"
    )
    library = filled.beside(settings)
    Indexer(library).add([str(folder)])
    yield library
    library.close()


@pytest.fixture
def simcord_bot(make_bot, wales):
    return make_bot()


@pytest.fixture
def theirs(simcord_env, filled, wales):
    """A server of the second network."""
    made = simcord_env.create_guild("Cymru")
    filled.servers.register.remove(made.id)
    allow_server(wales.settings, made.id, utc_now())
    return made


@pytest.fixture
def nobodys(simcord_env, filled):
    """A server of no network."""
    made = simcord_env.create_guild("Nobody's")
    filled.servers.register.remove(made.id)
    return made


@pytest.fixture
def place(theirs):
    return theirs.create_text_channel("sgwrs")


@pytest.fixture
async def fresh(simcord_env):
    """What the bot read of the register before the test registered servers is read anew."""
    simcord_env.bot.worker._networks._read_at = None


def in_both(env, guild, theirs, name="both"):
    user = env.create_user(name)
    return guild.add_member(user), theirs.add_member(user)


async def test_the_same_question_and_document_on_each_server_and_nothing_of_the_other(
    guild, channel, theirs, place, fresh, simcord_env, filled, wales
):
    here, there = in_both(simcord_env, guild, theirs)
    ours = said(await here.slash(channel, "ask", question=QUESTION))
    assert OURS in ours
    assert "Jobs in Wales" not in ours
    welsh = said(await there.slash(place, "ask", question=QUESTION))
    assert THEIRS in welsh
    assert "Jobs for local people" not in welsh
    held = [library.servers.members.export(here.id)["library_questions"] for library in (filled, wales)]
    assert [len(questions) for questions in held] == [1, 1]
    assert filled.questions._connections.path != wales.questions._connections.path
    # The same person and the same key of another file: nothing in the one tells who it is in the other.
    assert filled.questions._connections.hash_key.fingerprint != wales.questions._connections.hash_key.fingerprint


async def test_a_server_of_no_network_gets_one_polite_line_for_everything(
    guild, theirs, nobodys, fresh, simcord_env, filled, wales
):
    place, line = nobodys.create_text_channel("general"), texts.NO_NETWORK.format(id=nobodys.id)
    everything = nobodys.create_role("all", permissions=ALL)
    stranger = nobodys.add_member(simcord_env.create_user("stranger"), roles=[everything])
    for command, options in COMMANDS:
        assert said(await stranger.slash(place, command, **options)) == line, command
    await stranger.send(place, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    assert text_in(place.history()[-1]) == line
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(button("helpful", "x", "Press")))
    sent = await simcord_env.bot.get_channel(place.id).send(view=view)
    assert said(await stranger.click(sent, label="Press")).strip() == line
    for library in (filled, wales):
        assert not any(library.servers.members.export(stranger.id).values())


async def test_a_direct_message_is_for_the_one_network_of_its_sender(guild, theirs, fresh, simcord_env):
    welsh = theirs.add_member(simcord_env.create_user("welsh"))
    assert THEIRS in said(await welsh.user.slash("ask", question=QUESTION))
    stranger = simcord_env.create_user("stranger")
    assert said(await stranger.slash("ask", question=QUESTION)) == texts.NOT_A_MEMBER
    await stranger.send_dm(QUESTION)
    assert text_in(stranger.dm_channel.last_message) == texts.NOT_A_MEMBER


async def test_who_belongs_to_several_is_asked_once_and_can_choose_another(
    guild, channel, theirs, place, fresh, simcord_env
):
    here, _ = in_both(simcord_env, guild, theirs)
    user = here.user
    assert said(await user.slash("ask", question=QUESTION)) == texts.WHICH_NETWORK
    (card,) = [one for one in user.dm_channel.history() if text_in(one) == texts.YOUR_NETWORKS]
    await user.select(card, ["wales"])
    assert texts.NETWORK_CHOSEN.format(title="Anchors Wales") in [text_in(one) for one in user.dm_channel.history()]
    assert THEIRS in said(await user.slash("ask", question=QUESTION))
    # From then on it is the one that was used last, and that is said.
    assert OURS in said(await here.slash(channel, "ask", question=QUESTION))
    assert OURS in said(await user.slash("ask", question=QUESTION))
    assert texts.NETWORK_MEANT.format(title="Anchors England") in [text_in(one) for one in user.dm_channel.history()]


async def test_a_button_in_a_direct_message_is_for_the_network_that_sent_it(
    guild, channel, theirs, place, fresh, simcord_env, wales, filled
):
    here, _ = in_both(simcord_env, guild, theirs)
    await here.slash(channel, "ask", question=QUESTION)  # the first network was used last
    with working_for("wales"):
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.ActionRow(button("privacy_out", "", "Leave my posts out")))
    assert "haln@wales:privacy_out:" in str(view.to_components())
    person = await simcord_env.bot.fetch_user(here.id)
    sent = await person.send(view=view)
    await here.user.click(sent, label="Leave my posts out")
    assert [one.servers.posts.opted_out(here.id) for one in (filled, wales)] == [False, True]


async def test_what_waits_in_each_network_is_sent(guild, theirs, fresh, simcord_env, filled, wales):
    here, _ = in_both(simcord_env, guild, theirs)
    for library, line in ((filled, "one"), (wales, "two")):
        data = {"line": line, "typed": '["typed"]'}
        library.outbox.add(Message(recipient=str(here.id), kind="form_returned", data=data), simcord_env.now())
    await simcord_env.bot.get_cog("BackgroundCog").on_outgoing()
    assert [library.outbox.waiting() for library in (filled, wales)] == [0, 0]
    # Both have the number 1, and neither is taken for the other.
    told = [text_in(message).splitlines()[0] for message in here.user.dm_channel.history()]
    assert sorted(told) == ["one", "two"]


async def test_a_network_with_much_to_send_keeps_no_other_waiting(guild, theirs, fresh, simcord_env, filled, wales):
    here, _ = in_both(simcord_env, guild, theirs)
    cog, begun, go_on = simcord_env.bot.get_cog("BackgroundCog"), asyncio.Event(), asyncio.Event()

    async def slowly(queued):
        begun.set()
        await go_on.wait()

    cog.outbox.kinds["slow"] = MessageKind(slowly)
    data = {"line": "quick", "typed": '["typed"]'}
    filled.outbox.add(Message(recipient=str(here.id), kind="slow", data={}), simcord_env.now())
    wales.outbox.add(Message(recipient=str(here.id), kind="form_returned", data=data), simcord_env.now())
    sending = asyncio.create_task(cog._send_to_people.coro(cog))
    await begun.wait()
    while wales.outbox.waiting():  # noqa: ASYNC110 - the other is still at it
        await asyncio.sleep(0.01)
    assert filled.outbox.waiting() == 1
    go_on.set()
    await sending
    assert filled.outbox.waiting() == 0
    assert text_in(here.user.dm_channel.last_message).startswith("quick")


async def test_hundreds_of_networks_are_not_counted_with_every_look_at_the_figures(
    theirs, fresh, simcord_env, wales, monkeypatch
):
    metrics, counted = simcord_env.bot.worker.metrics, []
    for seconds in (1000, 1000, 0):
        monkeypatch.setattr(health, "_SECONDS_A_NETWORK", seconds)
        await simcord_env.bot.get_cog("Health")._count_networks()
        counted.append(metrics.outbox_waiting._value.get())
        wales.outbox.add(Message(recipient="ann", kind="test", data={}), simcord_env.now())
    assert counted == [0, 0, 2]


async def test_work_that_came_from_nowhere_is_refused(guild, theirs, fresh, simcord_env):
    with pytest.raises(UnknownNetworkError):
        await simcord_env.bot.worker.db(lambda backend: backend.library.store.version())


def test_only_some_networks_are_open_at_once(filled, wales, clock, monkeypatch):
    monkeypatch.setattr("bot.networks._MOST_OPEN", 1)
    add_network(filled.settings, "scotland", "Anchors Scotland", clock())
    opened = OpenNetworks(filled.settings, lambda s: Library.open(s, lambda _: filled.embedder), clock)
    try:
        with opened.lent("wales") as first, opened.lent("scotland") as second:
            assert first.library.chosen_embedder is second.library.chosen_embedder
            assert len(opened._others) == 2  # both are in use
        assert len(opened._others) == 1
        with opened.lent("wales") as again:
            assert again.library.store.document("jobs").metadata.title == "Jobs in Wales"
    finally:
        opened.close()


@pytest.fixture
def opened(filled, wales, clock):
    """The backends of two networks and a third, of which none is open yet."""
    add_network(filled.settings, "scotland", "Anchors Scotland", clock())
    networks = OpenNetworks(filled.settings, lambda s: Library.open(s, lambda _: filled.embedder), clock)
    yield networks
    networks.close()


def test_a_register_that_another_thread_cannot_read_disturbs_nobody(opened, monkeypatch):
    now, seen = networks_module.time.monotonic, opened.directory()

    def clock():
        """Let another thread look, and fail, while this one looks what time it is."""
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(networks_module.time, "monotonic", now)
            meanwhile.setattr(networks_module.NetworkRegister, "opened", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError), opened.lent("wales"):
                pass
        return now()

    opened.first()
    monkeypatch.setattr(networks_module.time, "monotonic", clock)
    assert opened.directory() == seen


def test_a_network_whose_connection_cannot_be_given_back_can_be_closed_all_the_same(opened, monkeypatch):
    monkeypatch.setattr(networks_module, "_MOST_LOADED", 0)
    monkeypatch.setattr(networks_module, "allow_files", lambda _: 0)
    monkeypatch.setattr(opened, "_most_open", 1)

    def full():
        raise StorageBusyError("full")

    with pytest.raises(StorageBusyError), opened.lent("wales") as backend:
        monkeypatch.setattr(backend.library.store, "release", full)
    with opened.lent("scotland"):
        pass
    assert list(opened._others) == ["scotland"]


def test_a_thread_that_does_not_come_again_soon_keeps_no_file_of_many_networks(opened, monkeypatch):
    monkeypatch.setattr(networks_module, "_MOST_LOADED", 0)
    monkeypatch.setattr(networks_module, "allow_files", lambda wanted: wanted)
    kept = []
    for again_soon in (True, False):
        with opened.lent("wales", again_soon=again_soon) as backend:
            backend.library.store.counts()
        kept.append(len(backend.library.stores.connections._all))
    assert kept == [1, 0]


def test_nobody_else_is_asked_what_they_hold_after_work_that_loaded_nothing(opened, monkeypatch):
    asked = []
    is_loaded = Backend.is_loaded.fget
    monkeypatch.setattr(networks_module, "_MOST_LOADED", 0)

    def noting(backend):
        asked.append(backend.library.settings.network)
        return is_loaded(backend)

    monkeypatch.setattr(Backend, "is_loaded", property(noting))
    for network in ("wales", "scotland", "wales"):
        with opened.lent(network):
            pass
    assert asked == ["wales", "scotland", "wales"]
    with opened.lent("wales") as backend:
        backend.warm_up()  # it holds something now, and none may
        assert backend.is_loaded
    assert not backend.is_loaded
    with opened.lent("wales") as again:  # and it stays open: only the memory goes
        assert again is backend
        assert again.library.store.document("jobs").metadata.title == "Jobs in Wales"
        assert [
            chunk for chunk, _ in again.library.index.search(again.library.embedder.embed_queries([QUESTION])[0], 1)
        ]


def test_a_network_that_came_in_the_place_of_a_removed_one_is_another(opened, filled, clock):
    with opened.lent("scotland") as before:
        pass
    with NetworkRegister.opened(filled.settings) as register:
        register.removals.begin("scotland", clock())
        register.removals.finish("scotland")
    clock.pass_(seconds=1)
    add_network(filled.settings, "scotland", "Anchors Scotland", clock())
    opened.directory(anew=True)
    with opened.lent("scotland") as after:
        assert after is not before
    with opened.lent("wales") as one:
        pass
    add_network(filled.settings, "wales", "Anchors Cymru", clock())  # another title is no other network
    opened.directory(anew=True)
    with opened.lent("wales") as same:
        assert same is one


async def test_what_a_network_showed_goes_although_its_removal_was_cut_off_and_none_is_left_beside_the_first(
    guild, simcord_env, filled, wales, fresh
):
    share(filled.settings, Share(network="wales", pattern="*/jobs.md", shared_with="main"), add=True)
    assert follow_shares(filled).added == ("wales-jobs",)
    with NetworkRegister.opened(filled.settings) as register:
        register.removals.begin("wales", utc_now())
    await simcord_env.bot.get_cog("BackgroundCog")._look_after()
    assert filled.store.document("wales-jobs") is None
