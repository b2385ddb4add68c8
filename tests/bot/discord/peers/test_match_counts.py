"""How many members work on something stands under every answer that a person is shown, wherever and whenever."""

import io
import json

import pytest

from bot.discord.ask import texts as ask_texts
from bot.discord.browse import texts as browse_texts
from bot.discord.peers import texts
from bot.terminal import texts as terminal
from indexer.pipeline import Indexer
from knowledge.matching.peers import Peers
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.peers.conftest import REFUSED, dms
from tests.knowledge.matching.people import GARDEN, add

QUESTION = "Opening hospital or clinic grounds to the public"
GROUNDS = "# Grounds\n\nThe Sample Trust is opening hospital grounds and clinic grounds to the public of Narnia.\n"
ONE = texts.WORK_ON_THIS.format(count="1 member")
HIDING = ("pause", "forget", "block")


def hide(peers, how, who, reader):
    if how == "block":
        peers.block(str(who.id), str(reader.id))
    else:
        getattr(peers, how)(str(who.id))


@pytest.fixture
def told_later(channel, filled, sources, simcord_env):
    """Asks what the library cannot answer, waits for it, and gives back the message that brings the answer."""

    async def tell(who, meanwhile=None):
        card = await who.slash(channel, "ask", question=REFUSED)
        await who.click(card.response, label=ask_texts.TELL_ME)
        if meanwhile:
            meanwhile()
        (sources / "grounds.md").write_text(GROUNDS)
        Indexer(filled).add([str(sources)])
        await simcord_env.advance_time(120)
        return next(message for message in dms(who) if ask_texts.ANSWER_NOW in text_in(message))

    return tell


async def test_an_answer_that_comes_later_says_who_works_on_it_and_shows_them(told_later, seeker, helper):
    message = await told_later(seeker)
    assert ONE in text_in(message)
    assert "Sample helper" not in text_in(message)
    assert texts.SHOW_THEM in labels_in(message)
    assert "Sample helper" in said(await seeker.user.click(message, label=texts.SHOW_THEM))


@pytest.mark.parametrize("how", HIDING)
async def test_an_answer_that_comes_later_counts_nobody_who_is_hidden_by_then(told_later, seeker, helper, peers, how):
    message = await told_later(seeker, lambda: hide(peers, how, helper, seeker))
    assert "can be found here" not in text_in(message)
    assert texts.SHOW_THEM not in labels_in(message)


@pytest.fixture
def grounds(filled, sources):
    (sources / "grounds.md").write_text(GROUNDS)
    Indexer(filled).add([str(sources)])


@pytest.mark.usefixtures("grounds")
async def test_an_answer_that_is_shown_to_everybody_says_it_too(channel, seeker, helper):
    card = await seeker.slash(channel, "ask", question=QUESTION)
    await seeker.click(card.response, label=ask_texts.SHARE)
    assert ONE in text_in(channel.last_message)
    assert texts.SHOW_THEM in labels_in(channel.last_message)


def reply_in(thread):
    return next(text_in(message) for message in thread.history() if message.author.bot)


@pytest.mark.usefixtures("grounds")
async def test_a_forum_reply_says_it_in_one_line_without_its_author(write, switch, member, helper):
    switch(replies=True)
    text = reply_in(await write(member, QUESTION))
    assert f"-# {texts.WORK_ON_POST.format(count='1 member')}" in text.splitlines()
    assert "Sample helper" not in text
    assert "can be found here" not in reply_in(await write(helper, QUESTION))


@pytest.mark.usefixtures("grounds")
@pytest.mark.parametrize("how", HIDING)
async def test_a_forum_reply_counts_nobody_who_is_hidden(write, switch, member, helper, peers, how):
    switch(replies=True)
    hide(peers, how, helper, member)
    assert "can be found here" not in reply_in(await write(member, QUESTION))


@pytest.fixture
def network(filled):
    """The members as a command sees them, whose clock is the machine's."""
    return Peers(filled)


@pytest.fixture
def in_terminal(run, network, filled, monkeypatch):
    """Commands over the library of the bot's tests, in which one member works on the question."""
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (lambda _: filled.embedder,))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    monkeypatch.setenv("HALN_CHUNK_TOKENS", str(filled.settings.chunk_tokens))
    add(network, "sample-bob", GARDEN)
    return lambda *arguments: run(*arguments, "--data-dir", filled.settings.data_dir)


def test_the_terminal_says_it_with_the_command_that_shows_them(in_terminal, network):
    line = terminal.WORK_ON_THIS.format(count="1 member", topic=f"'{QUESTION}'")
    status, out, _ = in_terminal("ask", QUESTION)
    assert (status, line in out.splitlines()) == (0, True)
    assert "sample-bob" not in out
    add(network, "sample-ann")
    assert "sample-bob" in in_terminal("peers", "match", "sample-ann", "--topic", QUESTION)[1]
    assert "can be found here" not in in_terminal("ask", "hello")[1]
    network.pause("sample-bob")
    assert "can be found here" not in in_terminal("ask", QUESTION)[1]


def test_what_programs_read_stays_as_it_is(in_terminal):
    _, out, _ = in_terminal("ask", QUESTION, "--json")
    assert "can be found here" not in out
    assert set(json.loads(out)) >= {"question", "answered", "text", "sentences", "citations", "nearest", "reason"}


def test_a_conversation_in_the_terminal_says_it_too(in_terminal, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{QUESTION}\nhello\n"))
    _, out, _ = in_terminal("chat")
    assert out.count("1 member can be found here who may be able to help with this") == 1


EVENT = (
    "---\ntitle: Open grounds webinar\nkind: event\nstarts: '2026-09-01'\n---\n\n"
    "Opening hospital grounds to the public.\n"
)


@pytest.mark.usefixtures("grounds")
async def test_one_reply_holds_resources_people_and_the_next_event(
    channel, seeker, helper, filled, sources, write, switch, member
):
    (sources / "webinar.md").write_text(EVENT)
    Indexer(filled).add([str(sources)])
    line = f"{browse_texts.EVENT_NEXT} Open grounds webinar, Tuesday 1 September 2026"
    text = said(await seeker.slash(channel, "ask", question=QUESTION))
    assert ONE in text
    assert line in text
    matches = said(await seeker.slash(channel, "peers", topic=QUESTION))
    assert line in matches
    assert f"{texts.RESOURCES_TOO} Grounds" in matches
    assert "Open grounds webinar" not in matches.partition(texts.RESOURCES_TOO)[2].partition("\n")[0]
    switch(replies=True)
    text = reply_in(await write(member, QUESTION))
    assert texts.WORK_ON_POST.format(count="1 member") in text
    assert line in text
