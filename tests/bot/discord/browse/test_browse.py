"""Finding the way: /start, /help, /resources, /events, /glossary."""

import re
from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord.backend.models import Overwrite

from bot.discord.ask import texts as ask_texts
from bot.discord.browse import texts
from bot.discord.runtime import texts as runtime_texts
from bot.texts.languages import catalogue_of, languages, translated
from indexer.pipeline import Indexer
from knowledge.dates import UK
from knowledge.guidance import first_steps
from knowledge.servers.types import Server
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord_rules.components import walk

EXTERNAL = 3
LIBRARYS = texts.EVENT_FROM_LIBRARY
CALENDAR = (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Autumn gathering\nDTSTART:20260901T130000Z\n"
    "DTEND:20260901T140000Z\nLOCATION:Sample hall\nURL:https://example.org/autumn\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\n"
    "SUMMARY:Two open days\nDTSTART;VALUE=DATE:20260531\nDTEND;VALUE=DATE:20260602\nEND:VEVENT\nBEGIN:VEVENT\nUID:3\n"
    "SUMMARY:Old talk\nDTSTART:20250101T100000Z\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.fixture
def larger(filled, sources):
    """The three documents, twelve more on employment, one that did not work, words and events."""
    for number in range(12):
        (sources / f"more{number:02}.md").write_text(
            f"---\ntitle: Jobs number {number:02}\nkind: case_study\npillars: [employment]\nnation: england\n---\n\n"
            f"Council number {number} offered getting started jobs to residents.\n"
        )
    (sources / "failed.md").write_text(
        "---\ntitle: A scheme that closed\nkind: case_study\npillars: [employment]\noutcome: did_not_work\n---\n\n"
        "The scheme closed after a year because nobody had time for the trainees.\n"
    )
    (sources / "ics.md").write_text(
        "---\ntitle: Integrated care system (ICS)\nkind: glossary\nurl: https://example.org/ics\n---\n\n"
        "A grouping of NHS bodies, councils and partners.\n\n## More\n\nThere are many of them in England.\n"
    )
    (sources / "event.md").write_text(
        "---\ntitle: First gathering\nkind: event\npublished: 2025-09-01\n---\n\nPeople met in autumn.\n"
    )
    (sources / "events.ics").write_text(CALENDAR)
    (sources / "voice.md").write_text(
        "# Voices\n\nThe voluntary and community sector (VCS) was asked. The VCS answered with one voice.\n"
    )
    Indexer(filled).add([str(sources)])
    return filled


CHOICES = {"stage": ["starting"], "pillar": ["employment"], "nation": ["wales"], "sector": ["council"]}


async def test_start_asks_four_things_in_one_screen(channel, member):
    result = await member.slash(channel, "start")
    asked = [part["label"] for part in result.modal["components"]]
    assert asked == [texts.START_STAGE, texts.START_PILLAR, texts.START_NATION, texts.START_SECTOR]


async def test_start_gives_three_resources_a_failure_and_an_event(channel, member, larger, simcord_env, make_bot):
    shown = await member.slash(channel, "start")
    # Whoever fills the form in while the bot restarts gets an answer all the same.
    await simcord_env.restart_bot(make_bot())
    text = said(await member.submit_modal(shown, CHOICES))
    begin, lesson, event = (
        text.index(part) for part in (texts.START_BEGIN_WITH, texts.START_LESSON, texts.START_EVENT)
    )
    assert begin < lesson < event
    assert text[begin:lesson].count("\n-# ") == 3
    assert "Jobs for local people" in text[begin:lesson]
    assert "A scheme that closed\n-# case study, did not work" in text[lesson:event]
    assert "Two open days\n-# Sunday 31 May 2026 to Monday 1 June 2026" in text[event:]
    assert "Autumn gathering" not in text


async def test_start_shows_what_comes_first_here_or_in_the_library(channel, member, guild, larger, simcord_env, clock):
    announced(guild, simcord_env)
    clock.moment = simcord_env.now()
    text = said(await member.submit_modal(await member.slash(channel, "start"), CHOICES))
    assert "Anchor breakfast" in text[text.index(texts.START_EVENT) :]


def announced(guild, env):
    return guild.create_scheduled_event(
        "Anchor breakfast",
        start_time=(env.now() + timedelta(days=2)).isoformat(),
        end_time=(env.now() + timedelta(days=2, hours=1)).isoformat(),
        entity_type=EXTERNAL,
        location="Sample hall",
    )


async def test_events_are_the_next_first_in_uk_time_and_then_what_is_over(
    channel, member, guild, larger, simcord_env, clock
):
    event = announced(guild, simcord_env)
    text = said(await member.slash(channel, "events"))
    open_days, autumn = text.index("Two open days"), text.index("[Autumn gathering](<https://example.org/autumn>)")
    over, old = text.index(texts.EVENTS_PAST), text.index("Old talk")
    assert open_days < autumn < over < text.index("First gathering\n-# event · 1 September 2025") < old
    start = datetime.fromisoformat(event.scheduled_start_time).astimezone(UK)
    url = f"https://discord.com/events/{guild.id}/{event.id}"
    assert f"[Anchor breakfast](<{url}>)\n-# {start:%A} {start.day} {start:%B %Y, %H:%M} to" in text
    assert text.index("Anchor breakfast") < over
    assert f"Tuesday 1 September 2026, 14:00 to 15:00 (UK time) · <t:1788267600:R> · Sample hall · {LIBRARYS}" in text
    clock.moment = datetime(2026, 9, 1, 14, 1, tzinfo=UTC)
    text = said(await member.slash(channel, "events"))
    assert text.index(texts.EVENTS_PAST) < text.index("Autumn gathering") < text.index("Two open days")


async def test_an_event_that_the_server_and_the_library_announce_is_named_once(
    channel, member, guild, larger, simcord_env
):
    guild.create_scheduled_event(
        "Autumn  gathering",
        start_time="2026-09-01T13:00:00+00:00",
        end_time="2026-09-01T14:00:00+00:00",
        entity_type=EXTERNAL,
        location="Hall",
    )
    text = said(await member.slash(channel, "events"))
    assert text.count("gathering](") == 1
    assert texts.EVENT_HERE in text


async def test_an_event_in_a_private_channel_is_for_those_who_can_view_it(
    channel, member, guild, larger, simcord_env, clock
):
    team = guild.create_role("team")
    inside = guild.add_member(simcord_env.create_user("inside"), roles=[team])
    hidden, shown = guild.create_voice_channel("hidden"), guild.create_voice_channel("shown")
    backend = simcord_env.backend
    view = discord.Permissions(view_channel=True).value
    backend.set_overwrite(hidden.id, Overwrite(target_id=guild.id, type=0, allow=0, deny=view))
    backend.set_overwrite(hidden.id, Overwrite(target_id=team.id, type=0, allow=view, deny=0))
    for name, place in (("Redundancies", hidden), ("Breakfast", shown)):
        start = (simcord_env.now() + timedelta(hours=1)).isoformat()
        guild.create_scheduled_event(name, start_time=start, channel=place)
    await simcord_env.settle()
    clock.moment = simcord_env.now()
    seen = {who: said(await who.slash(channel, "events")) for who in (member, inside)}
    assert [("Redundancies" in seen[who], "Breakfast" in seen[who]) for who in (member, inside)] == [
        (False, True),
        (True, True),
    ]
    for who in (member, inside):
        digest = said(await who.slash(channel, "digest"))
        assert "Redundancies" not in digest
        assert "Breakfast" in digest
    started = said(await member.submit_modal(await member.slash(channel, "start"), CHOICES))
    assert "Redundancies" not in started


async def test_without_any_event_it_says_so(channel, member, filled):
    text = said(await member.slash(channel, "events"))
    assert texts.EVENTS_NONE in text
    assert texts.EVENTS_PAST not in text


async def test_resources_are_listed_in_pages_that_can_be_turned(channel, member, larger):
    result = await member.slash(channel, "resources", pillar="employment")
    assert "Page 1 of 3, 14 in all" in said(result)
    buttons = [c for c in walk(result.response.components) if c["type"] == 2]
    assert [button["disabled"] for button in buttons] == [True, False]
    await member.click(result.response, label=runtime_texts.NEXT)
    await member.click(result.response, label=runtime_texts.NEXT)
    assert "Page 3 of 3" in text_in(result.response)
    await member.click(result.response, label=runtime_texts.PREVIOUS)
    assert "Page 2 of 3" in text_in(result.response)


async def test_resources_are_restricted_by_nation_too(channel, member, larger):
    result = await member.slash(channel, "resources", pillar="employment", nation="Wales")
    assert "Jobs for local people" in said(result)
    assert "Jobs number" not in said(result)
    assert labels_in(result.response) == []
    assert texts.RESOURCES_NONE in said(await member.slash(channel, "resources", nation="scotland"))


@pytest.mark.simcord(check_errors=False)
async def test_a_pillar_that_there_is_not_names_those_there_are(channel, member, larger):
    text = said(await member.slash(channel, "resources", pillar="weather"))
    assert "“weather”" in text
    assert "procurement" in text


async def test_pillars_and_nations_are_offered_while_typing(channel, member):
    offered = await member.autocomplete(channel, "resources", "pillar", "e")
    assert [choice["value"] for choice in offered][:3] == ["employment", "estates", "environment"]
    offered = await member.autocomplete(channel, "resources", "nation", "nor")
    assert offered == [{"name": "Northern Ireland", "value": "northern_ireland"}]


async def test_words_are_offered_and_explained(channel, member, larger):
    offered = await member.autocomplete(channel, "glossary", "term", "ics")
    assert [choice["name"] for choice in offered] == ["Integrated care system (ICS)"]
    for term in ("Integrated care system (ICS)", "ics", "integrated care"):
        text = said(await member.slash(channel, "glossary", term=term))
        assert "A grouping of NHS bodies" in text
        assert "<https://example.org/ics>" in text
    assert "**VCS** stands for voluntary and community sector" in said(
        await member.slash(channel, "glossary", term="vcs")
    )


@pytest.mark.simcord(check_errors=False)
async def test_a_word_that_the_glossary_lacks_says_so(channel, member, larger):
    assert "does not know “quark”" in said(await member.slash(channel, "glossary", term="quark"))


async def test_help_speaks_the_servers_language_or_the_members(channel, member, guild, filled):
    assert texts.HELP_GREETING in said(await member.slash(channel, "help"))
    assert await member.autocomplete(channel, "help", "language", "cy") == [{"name": "Cymraeg", "value": "cy"}]
    assert "Gofynnwch i mi" in said(await member.slash(channel, "help", language="cy"))
    filled.servers.settings.save_server(Server(id=guild.id, language="cy"))
    assert "Gofynnwch i mi" in said(await member.slash(channel, "help"))
    assert texts.HELP_GREETING in said(await member.slash(channel, "help", language="en"))


def test_every_text_of_help_and_greeting_has_its_welsh():
    assert ("cy", "Cymraeg") in languages()
    for name in ("HELP_GREETING", "HELP_ASK", "HELP_EVIDENCE", "HELP_FIND", "HELP_SHARE", "HELP_PEERS", "HELP_PRIVACY"):
        english = getattr(texts, name)
        assert translated(english, "cy") != english
        assert translated(english, "en") == translated(english, "xx") == english


async def test_a_welsh_server_is_greeted_in_welsh(channel, member, guild, filled, simcord_env):
    filled.servers.settings.save_server(Server(id=guild.id, language="cy"))
    await member.send(channel, f"<@{simcord_env.bot.user.id}>")
    assert text_in(channel.last_message) == translated(ask_texts.EMPTY_MENTION, "cy") != ask_texts.EMPTY_MENTION
    assert "Gofynnwch unrhyw beth" in said(await member.slash(channel, "ask", question="Bore da"))


@pytest.mark.parametrize("spoken", [one for one in languages() if one.code != "en"], ids=lambda one: one.code)
def test_every_catalogue_names_the_same_commands_and_nothing_to_fill_in(spoken):
    catalogue = catalogue_of(spoken.code)
    assert catalogue
    for english, other in catalogue.items():
        for pattern in (r"`/[\w-]+`", r"\{\w*\}"):
            assert sorted(re.findall(pattern, other)) == sorted(re.findall(pattern, english)), english
        assert other.count("**") == english.count("**")


def test_what_is_shown_already_is_not_shown_as_the_failure(larger):
    from knowledge.domain.vocabulary import Nation, Pillar

    first = first_steps.not_to_plan(larger, Pillar.EMPLOYMENT, Nation.WALES, [])
    assert first.metadata.title == "A scheme that closed"
    assert first_steps.not_to_plan(larger, Pillar.EMPLOYMENT, Nation.WALES, [first]) is None


def test_newcomers_and_established_anchors_are_given_different_things(filled, sources):
    from knowledge.assistant import Assistant
    from knowledge.domain.vocabulary import Nation, Pillar, Sector, Stage

    for number, stage in enumerate(["starting", "early", "established"] * 5):
        outcome = "partly" if number < 12 else "worked"
        (sources / f"staged{number:02}.md").write_text(
            f"---\ntitle: Jobs of stage {number}\nkind: case_study\npillars: [employment]\nnation: wales\n"
            f"stage: {stage}\noutcome: {outcome}\n---\n\nCouncil {number} offered jobs to residents.\n"
        )
    Indexer(filled).add([str(sources)])

    def given(stage):
        chosen = first_steps.Start(stage, Pillar.EMPLOYMENT, Nation.WALES, Sector.COUNCIL)
        steps = first_steps.first_steps(Assistant(filled), filled, chosen, texts.STAGES[stage][1])
        found = [step.document for step in steps]
        lesson = first_steps.not_to_plan(filled, chosen.pillar, chosen.nation, found, stage)
        return found, lesson

    for stage in Stage:
        found, lesson = given(stage)
        assert {document.metadata.stage for document in [*found, lesson]} == {stage}
        assert len(found) == 3


async def test_commands_are_named_in_the_languages_that_there_are_catalogues_for(monkeypatch, tmp_path):
    import discord
    from discord import app_commands

    from bot.discord.client import CatalogueTranslator

    (tmp_path / "fr.po").write_text('msgid "ask"\nmsgstr "demander"\n')
    monkeypatch.setattr("bot.texts.languages.FOLDER", tmp_path)
    translator, context = CatalogueTranslator(), None
    assert await translator.translate(app_commands.locale_str("ask"), discord.Locale.french, context) == "demander"
    assert await translator.translate(app_commands.locale_str("help"), discord.Locale.french, context) is None
    assert await translator.translate(app_commands.locale_str("ask"), discord.Locale.polish, context) is None


LONG = "https://example.org/" + "a" * 900


async def all_pages(member, result):
    """What a member reads who turns every page."""
    read = said(result)
    while not next(c for c in walk(result.response.components) if c.get("label") == runtime_texts.NEXT)["disabled"]:
        await member.click(result.response, label=runtime_texts.NEXT)
        read += text_in(result.response)
    return read


async def test_long_addresses_drop_no_resource_and_no_link(channel, member, filled, sources):
    for number in range(12):
        (sources / f"long{number:02}.md").write_text(
            f"---\ntitle: Long {number:02}\nkind: report\nnation: scotland\nurl: {LONG}{number}\n---\n\n"
            f"Text {number}.\n"
        )
    Indexer(filled).add([str(sources)])
    result = await member.slash(channel, "resources", nation="scotland")
    read = await all_pages(member, result)
    assert [f"[Long {number:02}](<{LONG}{number}>)" in read for number in range(12)] == [True] * 12


async def test_long_addresses_drop_no_event_and_no_link(channel, member, filled, sources, clock):
    events = "".join(
        f"BEGIN:VEVENT\nUID:{n}\nSUMMARY:Meeting {n}\nDTSTART:202609{n + 10}T130000Z\nURL:{LONG}{n}\nEND:VEVENT\n"
        for n in range(9)
    )
    (sources / "events.ics").write_text(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n")
    Indexer(filled).add([str(sources)])
    result = await member.slash(channel, "events")
    read = await all_pages(member, result)
    assert [f"[Meeting {n}](<{LONG}{n}>)" in read for n in range(9)] == [True] * 9


async def test_the_address_at_which_members_join_can_be_opened(channel, member, guild, simcord_env):
    start = (simcord_env.now() + timedelta(hours=1)).isoformat()
    end = (simcord_env.now() + timedelta(hours=2)).isoformat()
    place = "https://teams.example.org/l/meet_up?x=1"
    guild.create_scheduled_event("Call", start_time=start, end_time=end, entity_type=EXTERNAL, location=place)
    await simcord_env.settle()
    assert f"<{place}>" in said(await member.slash(channel, "events"))
