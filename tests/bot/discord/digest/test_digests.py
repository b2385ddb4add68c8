"""The weekly round-up: what is in it, once a week at most, and how it is switched off."""

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.discord.digest import texts
from bot.discord.digest.schedule import WEEK
from bot.discord.runtime import texts as runtime_texts
from indexer.pipeline import Indexer
from knowledge.digest.contents import News
from knowledge.digest.events import Coming
from knowledge.servers.types import Server
from knowledge.storage.sqlite import documents
from tests.bot.conftest import labels_in, said, text_in

SECONDS = 330


@pytest.fixture(autouse=True)
def one_clock(monkeypatch, clock):
    """What comes into the library comes in at the time of the test."""
    monkeypatch.setattr(documents, "utc_now", clock)


@pytest.fixture
def chosen(filled, guild, channel):
    filled.servers.settings.save_server(Server(id=guild.id, digest_channel=channel.id))
    return channel


@pytest.fixture
def later(simcord_env, clock):
    async def pass_(**amount):
        clock.pass_(**amount)
        await simcord_env.advance_time(SECONDS)

    return pass_


@pytest.fixture
def add(filled, tmp_path):
    def write(name, text, *, title=None, **front):
        lines = "".join(f"{key}: {value}\n" for key, value in {"title": title or name, **front}.items())
        path = tmp_path / f"{name}.md"
        path.write_text(f"---\n{lines}---\n\n{text}\n")
        assert Indexer(filled).add([str(path)]).added == 1

    return write


def digests(channel):
    return [message for message in channel.history() if message.author.bot]


async def test_what_is_new_is_said_once_a_week_whatever_restarts(chosen, add, later, clock, simcord_env, make_bot):
    add("roofs", "Sample Trust planted a roof.", title="Roofs that hold water", kind="case_study")
    add("closed", "It closed after a year.", title="A scheme that closed", kind="case_study", outcome="did_not_work")
    await later(hours=1)
    (message,) = digests(chosen)
    text = text_in(message)
    assert "Roofs that hold water\n-# case study" in text
    assert texts.FOOTER.format(period="week") in text
    for day in range(6):
        add(f"more{day}", f"Trust number {day} planted a tree.", title=f"Tree {day}")
        await simcord_env.restart_bot(make_bot())
        await later(days=1)
    assert len(digests(chosen)) == 1
    await later(days=1)
    _, newer = digests(chosen)
    assert "Tree 5" in text_in(newer)
    assert "Roofs" not in text_in(newer)
    # What is not new any more may be told as the one that did not go to plan.
    assert text_in(newer).index(texts.LESSON) < text_in(newer).index("A scheme that closed")
    assert texts.MORE.format(number=1) in text_in(newer)
    assert clock() - datetime(2026, 6, 1, 13, tzinfo=UTC) == WEEK


async def test_nothing_new_says_nothing(chosen, add, later):
    await later(hours=1)
    first = len(digests(chosen))
    for _ in range(3):
        await later(days=7)
    assert len(digests(chosen)) == first == 1
    add("late", "Sample Trust planted a tree.", title="Late")
    await later(days=7)
    assert len(digests(chosen)) == 2


def test_an_event_is_new_when_it_was_announced_since(filled, clock):
    announced = clock() - timedelta(days=10)
    event = Coming("Breakfast", None, clock() + timedelta(days=9), "soon", "Hall", told_on=announced)
    since = clock() + timedelta(seconds=1)  # after the library's documents came in
    assert News(filled, clock(), [event]).for_reader(since, 0).news is False
    newer = event._replace(told_on=since)
    found = News(filled, clock(), [newer]).for_reader(since, 0)
    assert found.news is True
    assert found.coming == [newer]


def test_an_event_of_the_library_is_new_when_it_came_in_since(filled, clock, tmp_path):
    clock.pass_(days=1)
    (tmp_path / "events.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Gathering\nDTSTART:20260901T130000Z\nEND:VEVENT\nBEGIN:VEVENT\n"
        "UID:2\nSUMMARY:Past\nDTSTART:20250901T130000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    Indexer(filled).add([str(tmp_path / "events.ics")])
    found = News(filled, clock()).for_reader(clock(), 0)
    assert (found.documents, [event.title for event in found.coming], found.news) == ([], ["Gathering"], True)
    assert News(filled, clock()).for_reader(clock() + timedelta(seconds=1), 0).news is False


def test_each_round_up_shows_another_example_that_did_not_go_to_plan(filled, add, clock):
    for number in range(3):
        add(f"failed{number}", "It closed.", title=f"Failure {number}", outcome="partly")
    clock.pass_(days=1)
    shown = [News(filled, clock()).for_reader(clock(), number).lesson.metadata.title for number in range(4)]
    assert shown == ["Failure 0", "Failure 1", "Failure 2", "Failure 0"]


@pytest.mark.parametrize(
    "moment", [datetime(2026, 6, 6, 12, tzinfo=UTC), datetime(2026, 6, 1, 18, tzinfo=UTC)], ids=["Saturday", "evening"]
)
async def test_nobody_is_told_outside_working_hours(moment, chosen, add, later, clock):
    clock.moment = moment
    await later(seconds=0)
    assert digests(chosen) == []


async def test_a_failed_round_up_comes_later_and_once(chosen, later, simcord_env, filled, clock):
    simcord_env.inject_error("POST", "/channels/*/messages", status=503, times=1)
    await later(hours=1)
    assert digests(chosen) == []
    await later(minutes=2)
    assert len(digests(chosen)) == 1
    assert filled.outbox.waiting() == 0


@pytest.mark.simcord(check_errors=False)
async def test_what_a_lost_round_up_would_have_told_is_told_by_the_next(chosen, add, later, simcord_env):
    await later(hours=1)
    add("roofs", "Sample Trust planted a roof.", title="Roofs that hold water")
    add("trees", "Sample Trust planted a tree.", title="Trees")
    for _ in range(2):
        simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50001)
        await later(days=7)
    assert len(digests(chosen)) == 1
    await later(days=7)
    _, newer = digests(chosen)
    assert "Roofs that hold water" in text_in(newer)
    assert "Trees" in text_in(newer)
    add("late", "Sample Trust planted a bush.", title="Late")
    await later(days=7)
    assert "Roofs that hold water" not in text_in(digests(chosen)[-1])


async def test_one_that_waits_while_the_channel_changes_is_made_good_in_the_new_one(
    chosen, guild, filled, add, later, simcord_env
):
    await later(hours=1)
    add("roofs", "Sample Trust planted a roof.", title="Roofs that hold water")
    simcord_env.inject_error("POST", "/channels/*/messages", status=503)
    await later(days=7)
    news = guild.create_text_channel("news")
    filled.servers.settings.save_server(Server(id=guild.id, digest_channel=news.id))
    await later(minutes=2)
    assert digests(news) == []
    await later(days=7)
    assert "Roofs that hold water" in text_in(digests(news)[0])


async def test_where_no_channel_is_chosen_nothing_is_said(filled, channel, later):
    await later(hours=1)
    assert digests(channel) == []
    assert filled.servers.digests.due(datetime(2026, 6, 1, tzinfo=UTC), WEEK) == []


async def test_anybody_sees_on_demand_what_is_new(channel, member, add, guild):
    add("roofs", "Sample Trust planted a roof.", title="Roofs that hold water", kind="example")
    result = await member.slash(channel, "digest")
    text = said(result)
    assert text.index(texts.EXAMPLES) < text.index("Roofs that hold water") < text.index(texts.DOCUMENTS)
    assert labels_in(result.response) == []


async def test_moderators_switch_it_off_and_on_again(chosen, guild, filled, add, later, simcord_env, admin):
    role = guild.create_role("moderators")
    server = Server(id=guild.id, digest_channel=chosen.id, moderator_role=role.id)
    filled.servers.settings.save_server(server)
    moderator = guild.add_member(simcord_env.create_user("moderator"), roles=[role])
    shown = await moderator.slash(chosen, "digest")
    assert texts.ON.format(channel=f"<#{chosen.id}>", period="week") in said(shown)
    await moderator.click(shown.response, label=texts.SWITCH_OFF)
    assert labels_in(shown.response) == [texts.SWITCH_ON]
    add("roofs", "Sample Trust planted a roof.", title="Roofs")
    await later(hours=1)
    assert digests(chosen) == []
    await moderator.click(shown.response, label=texts.SWITCH_ON)
    await later(minutes=2)
    assert len(digests(chosen)) == 1


@pytest.mark.simcord(check_errors=False)
async def test_nobody_else_switches_it(chosen, guild, filled, simcord_env, admin, monkeypatch):
    shown = await admin.slash(chosen, "digest")
    emit = simcord_env.backend.emit

    def demoted(event, payload):
        if event == "INTERACTION_CREATE":
            payload["member"]["permissions"] = "0"
        emit(event, payload)

    monkeypatch.setattr(simcord_env.backend, "emit", demoted)
    assert runtime_texts.MODERATORS_ONLY in said(await admin.click(shown.response, label=texts.SWITCH_OFF))
    assert filled.servers.digests.digest(guild.id).paused is False


async def test_a_round_up_that_waits_is_not_sent_once_it_is_switched_off(chosen, guild, filled, later, simcord_env):
    simcord_env.inject_error("POST", "/channels/*/messages", status=503, times=1)
    await later(hours=1)
    filled.servers.digests.pause(guild.id, paused=True)
    await later(minutes=2)
    assert digests(chosen) == []


async def test_choosing_the_channel_anew_switches_it_on(chosen, guild, filled, admin):
    filled.servers.digests.pause(guild.id, paused=True)
    panel = (await admin.slash(chosen, "setup")).response
    await admin.select(panel, [chosen], custom_id="haln:setup_digest:")
    assert filled.servers.digests.digest(guild.id).paused is False


async def test_a_server_that_is_left_leaves_nothing(chosen, guild, filled, later, simcord_env):
    await later(hours=1)
    assert filled.servers.digests.digest(guild.id).number == 1
    simcord_env.backend.emit("GUILD_DELETE", {"id": str(guild.id)})
    await simcord_env.settle()
    assert filled.servers.digests.digest(guild.id).number == 0
    assert guild.id not in filled.servers.settings.servers()


async def test_two_servers_have_their_own(chosen, filled, simcord_env, later):
    there = simcord_env.create_guild("There")
    other = there.create_text_channel("news", overwrites={there.default_role: discord.PermissionOverwrite()})
    filled.servers.settings.save_server(Server(id=there.id, digest_channel=other.id))
    filled.servers.digests.pause(there.id, paused=True)
    await later(hours=1)
    assert len(digests(chosen)) == 1
    assert digests(other) == []


async def test_a_round_up_that_failed_by_day_is_not_sent_at_night(chosen, add, later, clock, simcord_env):
    add("roofs", "Sample Trust planted a roof.", title="Roofs that hold water", kind="case_study")
    await simcord_env.settle()
    simcord_env.inject_error("POST", f"/channels/{chosen.id}/messages", status=503, times=None)
    await later(hours=4, minutes=50)  # ten to six in the evening, UK time
    simcord_env.backend.faults.clear()
    await later(hours=3)
    assert digests(chosen) == []
    await later(hours=12)
    assert len(digests(chosen)) == 1
