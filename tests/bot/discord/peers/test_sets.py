"""/sets: learning sets for moderators, as a list and as a file; what is confidential stays so."""

import csv
import io

import discord
import pytest

from bot.discord.peers import texts
from bot.discord.runtime import texts as runtime_texts
from knowledge.domain.vocabulary import ExampleState
from knowledge.matching import wording
from knowledge.matching.learning_set_life import STARTED
from knowledge.matching.peers import Peers
from knowledge.servers.types import Server
from tests.bot.conftest import offer, said, text_in
from tests.knowledge.matching.people import GARDEN, add

SECTORS = ("nhs_trust", "council", "vcse", "university", "ics", "housing_association")


@pytest.fixture
def moderator(simcord_env, guild):
    role = guild.create_role("moderators", permissions=discord.Permissions(manage_messages=True, view_channel=True))
    return guild.add_member(simcord_env.create_user("moderator"), roles=[role])


@pytest.fixture
def six(peers):
    for number, sector in enumerate(SECTORS):
        wants = {"looking_for": "Opening hospital or clinic grounds to the public", "sector": sector}
        add(
            peers,
            str(7_000_000 + number),
            GARDEN | wants,
            display_name=f"Sample {number}",
            organisation=f"=House {number}",
            nation=("england", "wales", "scotland")[number % 3],
        )


async def test_moderators_get_sets_with_a_reason_a_question_and_a_file(channel, moderator, six, simcord_env):
    shown = await moderator.slash(channel, "sets", size="3..3")
    text = said(shown)
    assert shown.ephemeral
    assert "**1. " in text
    assert "**2. " in text
    assert texts.SETS_QUESTION.split("{")[0] in text
    assert all(f"Sample {number}" in text for number in range(6))
    (attached,) = shown.response.attachments
    assert attached.filename == "learning-sets.csv"
    rows = list(csv.reader(io.StringIO((await attached.read()).decode())))
    assert len(rows) == 7
    assert rows[1][5].startswith("'=House")  # no spreadsheet runs it


async def test_blocks_are_kept_to_and_told_to_nobody(channel, moderator, six, peers):
    peers.block("7000000", "7000001")
    text = said(await moderator.slash(channel, "sets", size="6..6"))
    assert "block" not in text.lower()
    sets, _, without = text.partition("without a set")
    assert "Sample 0" not in sets or "Sample 1" not in sets
    assert all(f"Sample {number}" in sets + without for number in range(6))
    assert "There is no set yet: 6 or more members share" in text


async def test_everybody_who_is_in_no_set_is_listed_with_the_reason(channel, moderator, six, peers):
    add(peers, "7000006", {"sector": "council"}, display_name="Sample 6")
    add(peers, "7000007", GARDEN | {"sector": "nhs_trust"}, display_name="Sample 0", organisation="=House 0")
    shown = await moderator.slash(channel, "sets", size="6..6")
    text = said(shown)
    assert f"**1 member without a set**: {wording.UNPLACED_SAYS_NOTHING}\n-# Sample 6" in text
    assert wording.REGISTERED_AGAIN.format(first="Sample 0") in text
    (attached,) = shown.response.attachments
    rows = list(csv.reader(io.StringIO((await attached.read()).decode())))
    assert [row[:4] + row[9:10] for row in rows if not row[0]] == [
        ["", "", "7000006", "Sample 6", wording.UNPLACED_SAYS_NOTHING],
        ["", "", "7000007", "Sample 0", wording.REGISTERED_AGAIN.format(first="Sample 0")],
    ]


@pytest.mark.simcord(check_errors=False)
@pytest.mark.parametrize("size", ["many", "9..2", "0..3"])
async def test_a_bad_size_says_what_to_write(channel, moderator, six, size):
    assert "6..8" in said(await moderator.slash(channel, "sets", size=size))


@pytest.mark.simcord(check_errors=False)
async def test_too_few_members_are_said(channel, moderator, peers):
    assert "can be found now" in said(await moderator.slash(channel, "sets"))


@pytest.mark.simcord(check_errors=False)
async def test_who_is_no_moderator_gets_none(channel, member, six, guild, simcord_env):
    # An admin who offers it to everybody makes nobody a moderator.
    offer(simcord_env, guild, guild.default_role, "sets")
    text = said(await member.slash(channel, "sets", size="3..3"))
    assert text == runtime_texts.MODERATORS_ONLY


async def test_the_moderators_role_is_enough(channel, member, six, guild, filled, simcord_env):
    role = guild.create_role("helpers", permissions=discord.Permissions(view_channel=True))
    helper = guild.add_member(simcord_env.create_user("helper"), roles=[role])
    filled.servers.settings.save_server(Server(id=guild.id, moderator_role=role.id))
    offer(simcord_env, guild, role, "sets")
    assert "**1. " in said(await helper.slash(channel, "sets", size="3..3"))


async def test_nobody_is_in_a_set_who_cannot_be_found(channel, moderator, six, peers):
    peers.pause("7000000")
    shown = await moderator.slash(channel, "sets", size="5..5")
    assert "Sample 0" not in said(shown)
    assert text_in(shown.response)


async def test_no_two_moderators_have_sets_made_at_once(channel, moderator, six, simcord_env, monkeypatch):
    make, alone, cog = Peers.learning_sets, [], simcord_env.bot.get_cog("SetsCog")

    def watched(self, *rest):
        alone.append(cog._solving.locked())
        return make(self, *rest)

    monkeypatch.setattr(Peers, "learning_sets", watched)
    await moderator.slash(channel, "sets", size="3..3")
    assert alone == [True]
    assert not cog._solving.locked()


@pytest.mark.simcord(check_errors=False)
@pytest.mark.bot_settings(questions_per_minute=1)
@pytest.mark.parametrize(("command", "options"), [("sets", {"size": "3..3"}), ("peers", {})])
async def test_who_asks_for_too_much_at_once_is_asked_to_wait(channel, moderator, six, peers, command, options):
    add(peers, str(moderator.id), GARDEN, findable=False)
    assert "please ask again in" not in said(await moderator.slash(channel, command, **options))
    assert "please ask again in" in said(await moderator.slash(channel, command, **options))


async def test_a_set_is_started_once_finds_its_day_and_closes_with_a_note(
    channel, seeker, moderator, helper, filled, peers, tick
):
    wanted = GARDEN | {"looking_for": "Opening hospital or clinic grounds to the public"}
    for member_id, sector in ((str(seeker.id), "council"), (str(helper.id), "vcse"), ("web-kim", "university")):
        add(peers, member_id, wanted, sector=sector)
    shown = await moderator.slash(channel, "sets", size="3..3")
    set_id = shown.response.components[-1]["components"][0]["options"][0]["value"]
    started = await moderator.select(shown.response, [set_id])
    (thread,) = channel.threads
    assert f"Started: <#{thread.id}>" in said(started)
    assert texts.SET_STARTED_BEFORE in said(await moderator.select(shown.response, [set_id]))
    opening, poll = thread.history()
    assert "One of us tells what did not go to plan" in text_in(opening)
    assert str(seeker.id) in text_in(opening)
    assert len(poll.poll.answers) == 5
    # Whoever has no Discord chooses by mail; those who have, in the poll.
    assert [message.kind for message in filled.outbox.waiting_for("web-kim")] == [STARTED]
    days = list(peers.library.members.days_of(set_id))
    peers.choose_days("web-kim", set_id, (days[2],))
    await tick(days=8)
    assert peers.library.members.learning_set(set_id).meets_on == days[2]
    assert "You meet on" in text_in(thread.history()[-1])
    await tick(days=20)
    over = thread.history()[-1]
    assert text_in(over) == texts.SET_OVER.format(topic="Opening hospital or clinic grounds to the public")
    await tick(days=1)
    assert thread.history()[-1].id == over.id
    form = await seeker.click(over, label=texts.SET_CLOSE)
    closed = await seeker.submit_modal(form, {"note": "We now open our grounds on Sundays."})
    assert texts.SET_CLOSED_DRAFT in said(closed)
    assert filled.examples.counts() == {ExampleState.DRAFT: 1}
    again = await helper.submit_modal(await helper.click(over, label=texts.SET_CLOSE), {"note": "And on Mondays."})
    assert wording.SET_CLOSED in said(again)
    exported = peers.export("web-kim").learning_sets
    assert [(one.meets_on, one.days) for one in exported] == [(days[2], (days[2],))]
    peers.forget("web-kim")
    assert peers.library.members.days_of(set_id)[days[2]] == []


@pytest.fixture
async def proposed(channel, moderator, seeker, helper, peers):
    """A set of two on Discord and one on the page, its message, and what starts it."""
    wanted = GARDEN | {"looking_for": "Opening hospital or clinic grounds to the public"}
    for member_id, sector in ((str(seeker.id), "council"), (str(helper.id), "vcse"), ("web-kim", "university")):
        add(peers, member_id, wanted, sector=sector)
    shown = await moderator.slash(channel, "sets", size="3..3")
    set_id = shown.response.components[-1]["components"][0]["options"][0]["value"]
    return set_id, lambda: moderator.select(shown.response, [set_id])


class _KilledError(Exception):
    """Stands for the end of the process: nothing after it happens."""


def kill(monkeypatch, step):
    """Let the process end at a step of opening a set's thread."""
    send = discord.Thread.send

    async def sent(self, *parts, **named):
        if (step == "before the poll" and "poll" in named) or (step == "before the opening" and "view" in named):
            raise _KilledError
        return await send(self, *parts, **named)

    def killed(*_, **__):
        raise _KilledError

    monkeypatch.setattr(discord.Thread, "send", sent)
    if step == "before it is noted":
        monkeypatch.setattr(Peers, "note_poll", killed)
    if step == "before it is started":
        monkeypatch.setattr(Peers, "start_set", killed)


@pytest.mark.simcord(check_errors=False)
@pytest.mark.parametrize("step", ["before the opening", "before the poll", "before it is noted"])
async def test_a_set_whose_start_was_killed_is_opened_by_the_next_process(
    channel, seeker, helper, proposed, peers, tick, monkeypatch, step
):
    set_id, start = proposed
    with monkeypatch.context() as killing:
        kill(killing, step)
        await start()
    assert peers.library.members.learning_set(set_id).poll_id is None
    await tick(minutes=1)  # who was to do it may still be at it
    assert peers.library.members.learning_set(set_id).poll_id is None
    await tick(minutes=5)
    await tick(minutes=5)
    (thread,) = channel.threads
    opening, poll = [one for one in thread.history() if one.poll or one.components]
    assert str(seeker.id) in text_in(opening)
    assert len(poll.poll.answers) == 5
    assert peers.library.members.learning_set(set_id).poll_id == poll.id


@pytest.mark.simcord(check_errors=False)
async def test_a_thread_that_was_made_and_no_more_is_used_at_the_next_press(channel, proposed, peers, monkeypatch):
    set_id, start = proposed
    with monkeypatch.context() as killing:
        kill(killing, "before it is started")
        await start()
    assert peers.library.members.learning_set(set_id).started_at is None
    (thread,) = channel.threads
    assert f"Started: <#{thread.id}>" in said(await start())
    assert [one.id for one in channel.threads] == [thread.id]


@pytest.mark.simcord(check_errors=False)
async def test_a_thread_that_is_gone_stops_nothing_else(channel, proposed, peers, tick, monkeypatch, caplog):
    set_id, start = proposed
    with monkeypatch.context() as killing:
        kill(killing, "before the poll")
        await start()
    with peers.library.members.atomically():
        found = peers.library.members.learning_set(set_id)
        peers.library.members.save_set(found.model_copy(update={"thread_id": 1}))
    days = list(peers.library.members.days_of(set_id))
    peers.choose_days("web-kim", set_id, (days[1],))
    await tick(days=8)
    assert peers.library.members.learning_set(set_id).meets_on == days[1]


@pytest.fixture
def propose(seeker, moderator, helper, peers):
    """Return what proposes a set of three in a channel: the message in which it can be started, and its id."""
    wanted = GARDEN | {"looking_for": "Opening hospital or clinic grounds to the public"}
    for member_id, sector in ((str(seeker.id), "council"), (str(helper.id), "vcse"), ("web-kim", "university")):
        add(peers, member_id, wanted, sector=sector)

    async def proposed(channel):
        shown = await moderator.slash(channel, "sets", size="3..3")
        return shown.response, shown.response.components[-1]["components"][0]["options"][0]["value"]

    return proposed


@pytest.mark.simcord(check_errors=False)
async def test_where_no_poll_may_be_made_no_set_is_started(propose, guild, moderator, peers):
    deny = discord.PermissionOverwrite(send_polls=False)
    without_polls = guild.create_text_channel("plain", overwrites={guild.default_role: deny})
    response, set_id = await propose(without_polls)
    assert texts.SET_NO_POLL in said(await moderator.select(response, [set_id]))
    assert without_polls.threads == []
    assert peers.library.members.learning_set(set_id).started_at is None


async def test_that_nobody_chose_a_day_is_said_in_the_thread(propose, channel, moderator, tick):
    response, set_id = await propose(channel)
    await moderator.select(response, [set_id])
    (thread,) = channel.threads
    await tick(days=8)
    await tick(minutes=2)
    topic = "Opening hospital or clinic grounds to the public"
    said_once = texts.SET_UNDECIDED.format(topic=topic)
    assert text_in(thread.history()[-1]) == said_once
    await tick(days=1)
    assert [text_in(one) for one in thread.history()].count(said_once) == 1


@pytest.mark.simcord(check_errors=False)
async def test_a_set_whose_members_are_apart_by_now_leaves_no_thread(
    propose, channel, moderator, seeker, helper, peers
):
    response, set_id = await propose(channel)
    peers.block(str(seeker.id), str(helper.id))
    assert wording.SET_CHANGED in said(await moderator.select(response, [set_id]))
    assert channel.threads == []
