"""Asking in a simulated Discord: real discord.py, real callbacks, no network."""

import logging
import threading
from datetime import date

import discord
import pytest

from bot.discord import create_bot
from bot.discord.ask import texts
from bot.discord.ask.answers import answer_view
from bot.discord.client import HalnBot
from bot.discord.peers.texts import ASK_A_PEER
from bot.discord.runtime import texts as runtime_texts
from knowledge.answering.wording import EMERGENCY
from knowledge.assistant import Assistant
from knowledge.errors import StorageBusyError
from knowledge.library import Library
from knowledge.servers.types import Card
from knowledge.settings import Switch
from tests.bot.answers import answer
from tests.bot.answers import said as spoken
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord_rules.components import BUTTON, walk
from tests.fakes import WordEmbedder

QUESTION = "How many entry jobs did the Sample Hospital Trust keep for local residents?"
POINT = "**The Sample Hospital Trust kept __40__ entry jobs for local residents in 2022.**"


async def test_ask_answers_privately_with_sources(channel, member):
    result = await member.slash(channel, "ask", question=QUESTION)
    assert result.ephemeral
    text = said(result)
    assert text.startswith(f"> {QUESTION}\n{POINT}")
    assert "**Sources**\n`[1]` Jobs for local people" in text
    assert labels_in(result.response) == [texts.HELPFUL, texts.NOT_HELPFUL, texts.MORE, ASK_A_PEER, texts.SHARE]


async def test_ask_can_answer_in_the_open(channel, member):
    result = await member.slash(channel, "ask", question=QUESTION, share=True)
    assert not result.ephemeral
    assert POINT in text_in(channel.last_message)
    assert labels_in(channel.last_message) == [
        texts.HELPFUL,
        texts.NOT_HELPFUL,
        texts.MORE,
        ASK_A_PEER,
        runtime_texts.DISMISS,
    ]


async def test_a_refusal_is_an_answer_too(channel, member):
    result = await member.slash(channel, "ask", question="Which football club won?")
    assert "The library does not say." in said(result)
    assert texts.TELL_ME in labels_in(result.response)


async def test_small_talk_has_no_buttons(channel, member):
    result = await member.slash(channel, "ask", question="Good morning")
    assert "Ask me anything" in said(result)
    assert labels_in(result.response) == []


@pytest.mark.parametrize("share", [False, True])
async def test_who_is_in_danger_reads_whom_to_call_and_nothing_else(channel, member, share):
    question = "My dad has chest pains, what should I do?"
    result = await member.slash(channel, "ask", question=question, share=share)
    assert said(result) == EMERGENCY
    assert labels_in(result.response) == []


def test_the_closest_passage_has_the_buttons_of_a_refusal():
    closest = answer(spoken("It worked."), answered=False, closest=True, reason="Why.")
    card = Card(id="c", question_id="q", server_id=1, channel_id=2, shared=False)
    view = answer_view(closest, card, date(2026, 6, 1))
    labels = [component["label"] for component in walk(view.to_components()) if component["type"] == BUTTON]
    assert labels == [texts.HELPFUL, texts.NOT_HELPFUL, texts.TELL_ME, ASK_A_PEER]


@pytest.mark.bot_settings(question_days=0)
async def test_where_no_question_is_kept_there_are_no_buttons_that_need_it(channel, member):
    result = await member.slash(channel, "ask", question=QUESTION)
    assert POINT in said(result)
    assert labels_in(result.response) == []


async def test_nobody_can_be_pinged(channel, member, simcord_env):
    await member.slash(channel, "ask", question="@everyone <@1> what of roofs?", share=True)
    sent = [request.json for request in simcord_env.http_requests if isinstance(request.json, dict)]
    mentions = [body["allowed_mentions"] for body in sent if "allowed_mentions" in body]
    assert mentions
    assert all(mention.get("parse") == [] for mention in mentions)
    assert not channel.last_message.mention_everyone


@pytest.mark.simcord(check_errors=False)
async def test_a_failure_is_one_friendly_line_with_a_reference_that_is_in_the_log(channel, member, caplog, monkeypatch):
    def broken(self, question, conversation=None):
        raise StorageBusyError("the disk is full")

    monkeypatch.setattr(Assistant, "ask", broken)
    with caplog.at_level(logging.ERROR):
        result = await member.slash(channel, "ask", question="my private question")
    text = said(result)
    assert text.startswith("Sorry, that did not work.")
    line, *rest = text.splitlines()
    assert rest == [runtime_texts.FORM_RETURNED, "```", "my private question", "```"]
    assert line.rsplit(" ", 1)[-1] in caplog.text
    assert "the disk is full" in caplog.text
    assert "disk" not in text
    assert "my private question" not in caplog.text


@pytest.mark.simcord(check_errors=False)
async def test_a_question_of_spaces_gets_its_one_line(channel, member):
    assert "The question is empty." in said(await member.slash(channel, "ask", question="   "))


@pytest.mark.simcord(check_errors=False)
@pytest.mark.bot_settings(questions_per_minute=2)
async def test_who_asks_too_much_is_asked_to_wait_and_nobody_else_is(channel, member, other):
    for _ in range(2):
        assert POINT in said(await member.slash(channel, "ask", question=QUESTION))
    refused = said(await member.slash(channel, "ask", question=QUESTION))
    assert "please ask again in" in refused
    assert f"```\n{QUESTION}\n```" in refused
    assert POINT in said(await other.slash(channel, "ask", question=QUESTION))


async def test_the_library_is_read_off_the_event_loop(channel, member, monkeypatch):
    seen = []
    ask = Assistant.ask

    def watched(self, question, conversation=None):
        seen.append(threading.current_thread())
        return ask(self, question, conversation)

    monkeypatch.setattr(Assistant, "ask", watched)
    await member.slash(channel, "ask", question=QUESTION)
    assert seen
    assert threading.main_thread() not in seen


async def test_the_bot_defers_before_anything_else(channel, member, simcord_env):
    await member.slash(channel, "ask", question=QUESTION)
    sent = [request for request in simcord_env.http_requests if request.path.startswith(("/interactions", "/webhooks"))]
    assert sent[0].path.endswith("/callback")
    assert sent[0].json == {"type": 5, "data": {"flags": 64}}
    assert len(sent) == 2


async def test_the_menu_of_a_message_finds_resources_for_it(channel, member, other):
    message = await other.send(channel, QUESTION)
    result = await member.context_menu(channel, texts.FIND_RESOURCES, message)
    assert result.ephemeral
    assert POINT in said(result)


@pytest.mark.simcord(check_errors=False)
async def test_a_message_without_text_is_nothing_to_look_for(channel, member):
    message = await member.send(channel, "", attachments=[("a.txt", b"x")])
    assert said(await member.context_menu(channel, texts.FIND_RESOURCES, message)) == texts.NO_TEXT


async def test_a_mention_is_answered_in_the_channel(channel, member, simcord_env):
    message = await member.send(channel, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    answer = channel.last_message
    assert answer.reference.message_id == message.id
    assert POINT in text_in(answer)
    assert runtime_texts.DISMISS in labels_in(answer)


async def test_a_mention_alone_is_told_what_to_do(channel, member, simcord_env):
    await member.send(channel, f"<@{simcord_env.bot.user.id}>")
    assert text_in(channel.last_message) == texts.EMPTY_MENTION


async def test_what_is_not_meant_for_the_bot_is_left_alone(channel, member, other, simcord_env):
    await member.send(channel, "How many entry jobs did the trust keep?")
    await member.send(channel, f"<@{other.id}> {QUESTION}")
    assert len(channel.history()) == 2


async def test_direct_messages_are_answered_with_buttons_of_the_asker_only(simcord_env, member):
    await member.send_dm(QUESTION)
    answer = member.user.dm_channel.last_message
    assert POINT in text_in(answer)
    assert labels_in(answer) == [texts.HELPFUL, texts.NOT_HELPFUL, texts.MORE, ASK_A_PEER]


async def test_a_conversation_goes_on_in_direct_messages(simcord_env, member, monkeypatch):
    asked = []
    ask = Assistant.ask

    def watched(self, question, conversation=None):
        asked.append(conversation)
        return ask(self, question, conversation)

    monkeypatch.setattr(Assistant, "ask", watched)
    await member.send_dm(QUESTION)
    await member.send_dm("And what about roofs?")
    assert asked[0] == asked[1] is not None


async def test_creating_a_bot_reads_nothing_and_asks_for_little(settings, tmp_path):
    settings = settings.model_copy(update={"data_dir": tmp_path / "none yet"})
    bot = create_bot(settings)
    assert not settings.data_dir.exists()
    wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_scheduled_events=True)
    assert bot.intents == wanted
    assert bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()
    await bot.close()


async def test_the_bot_indexes_the_starter_library_on_first_use(settings):
    bot = HalnBot(settings.model_copy(update={"starter_library": Switch.ON}), lambda s: Library.open(s, WordEmbedder))
    assistant = (await bot.worker.backend()).assistant
    assert len(assistant.search("integrated care system", 3).results) == 3
    await bot.close()
