"""The bot in a simulated Discord: real discord.py, real callbacks, no network."""

import logging
import threading

import discord
import pytest

from bot.discord import create_bot
from bot.discord.client import HalnBot
from knowledge.errors import StorageBusyError
from knowledge.library import Library
from knowledge.settings import Switch
from tests.fakes import WordEmbedder


@pytest.fixture
def simcord_bot(filled):
    # The bot closes the library that it opened, so it gets one of its own over the same data.
    return HalnBot(filled.settings, lambda settings: Library.open(settings, lambda _: filled.embedder))


@pytest.fixture
def scene(simcord_env):
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("anchors")
    return channel, guild.add_member(simcord_env.create_user("member"))


QUESTION = "How many entry jobs did the Sample Hospital Trust keep for local residents?"


async def test_ask_answers_privately_with_sources(scene):
    channel, member = scene
    result = await member.slash(channel, "ask", question=QUESTION)
    assert result.ephemeral
    card = result.response.embeds[0]
    assert card.title == QUESTION
    assert card.description.startswith(
        "**The Sample Hospital Trust kept 40 entry jobs for local residents in 2022.** `[1]`"
    )
    assert "**Sources**" in card.description


async def test_ask_can_answer_in_the_open(scene):
    channel, member = scene
    result = await member.slash(channel, "ask", question=QUESTION, private=False)
    assert not result.ephemeral
    assert channel.last_message.embeds


async def test_a_refusal_is_an_answer_too(scene):
    channel, member = scene
    result = await member.slash(channel, "ask", question="Which football club won?")
    assert "The library does not say." in result.response.embeds[0].description


async def test_nobody_can_be_pinged(scene, simcord_env):
    channel, member = scene
    await member.slash(channel, "ask", question="@everyone <@1> what of roofs?", private=False)
    sent = [request.json for request in simcord_env.http_requests if isinstance(request.json, dict)]
    mentions = [body["allowed_mentions"] for body in sent if "allowed_mentions" in body]
    assert mentions
    assert all(mention.get("parse") == [] for mention in mentions)
    assert not channel.last_message.mention_everyone


@pytest.mark.simcord(check_errors=False)
async def test_a_failure_is_one_friendly_line_with_a_reference_that_is_in_the_log(
    scene, simcord_env, caplog, monkeypatch
):
    channel, member = scene

    def broken(self, question):
        raise StorageBusyError("the disk is full")

    monkeypatch.setattr("knowledge.assistant.Assistant.ask", broken)
    with caplog.at_level(logging.ERROR):
        result = await member.slash(channel, "ask", question="my private question")
    text = result.response.content
    assert text.startswith("Sorry, that did not work.")
    reference = text.rsplit(" ", 1)[-1]
    assert reference in caplog.text
    assert "the disk is full" in caplog.text
    assert "disk" not in text
    assert "my private question" not in caplog.text


@pytest.mark.simcord(check_errors=False)
async def test_a_question_of_spaces_gets_its_one_line(scene):
    channel, member = scene
    result = await member.slash(channel, "ask", question="   ")
    assert "The question is empty." in result.response.content


async def test_the_library_is_read_off_the_event_loop(scene, monkeypatch):
    from knowledge.assistant import Assistant

    seen = []
    ask = Assistant.ask

    def watched(self, question):
        seen.append(threading.current_thread())
        return ask(self, question)

    monkeypatch.setattr(Assistant, "ask", watched)
    channel, member = scene
    await member.slash(channel, "ask", question=QUESTION)
    assert seen
    assert threading.main_thread() not in seen


async def test_the_bot_defers_before_anything_else(scene, simcord_env):
    channel, member = scene
    await member.slash(channel, "ask", question=QUESTION)
    sent = [request for request in simcord_env.http_requests if request.path.startswith(("/interactions", "/webhooks"))]
    assert sent[0].path.endswith("/callback")
    assert sent[0].json == {"type": 5, "data": {"flags": 64}}
    assert len(sent) == 2


async def test_creating_a_bot_reads_nothing_and_asks_for_little(tmp_path, settings):
    bot = create_bot(settings)
    assert not settings.data_dir.exists()
    assert bot.intents == discord.Intents(guilds=True)
    assert bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()
    await bot.close()


async def test_the_bot_indexes_the_starter_library_on_first_use(settings):
    bot = HalnBot(settings.model_copy(update={"starter_library": Switch.ON}), lambda s: Library.open(s, WordEmbedder))
    assistant = await bot.assistant()
    assert len(assistant.search("integrated care system", 3).results) == 3
    await bot.close()
