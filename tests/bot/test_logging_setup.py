"""What the log holds at its most detailed: of Discord's library no question, no member and no token."""

import json
import logging
import re

import pytest

from bot.discord.runtime.errors import failed
from bot.logging_setup import JsonFormatter, RedactingFormatter, is_for_the_log
from knowledge.assistant import Assistant
from knowledge.question_reference import reference_of, referenced
from tests.bot.discord.test_discord import QUESTION

MEMBER = "1456074443980800030"
URL = f"https://discord.com/api/v10/webhooks/{MEMBER}/aW50ZXJhY3Rpb246-secret_token.x/messages/@original"


def record(name, level, text, *arguments):
    return logging.LogRecord(name, level, __file__, 1, text, arguments, None)


def test_of_other_libraries_their_inner_workings_are_left_out_and_ours_are_not():
    assert not is_for_the_log(record("discord.gateway", logging.DEBUG, QUESTION))
    assert not is_for_the_log(record("trafilatura.core", logging.DEBUG, QUESTION))
    assert is_for_the_log(record("discord.gateway", logging.INFO, "connected"))
    assert is_for_the_log(record("knowledge.library", logging.DEBUG, "opened"))


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
def test_a_warning_of_discords_library_names_no_member_and_no_token(level):
    text = "We are being rate limited. %s %s responded with 429. Retrying in %.2f seconds."
    shown = RedactingFormatter("%(message)s").format(record("discord.http", level, text, "PATCH", URL, 1.0))
    assert "rate limited" in shown
    assert MEMBER not in shown
    assert "secret_token" not in shown


def test_our_own_lines_keep_the_numbers_of_places_and_lose_tokens():
    shown = RedactingFormatter("%(message)s").format(record("bot.discord.backfill", logging.WARNING, f"{MEMBER} {URL}"))
    assert shown.startswith(MEMBER)
    assert "secret_token" not in shown


def test_as_json_a_line_is_an_object_with_the_questions_reference_and_no_token():
    with referenced() as reference:
        told = json.loads(JsonFormatter().format(record("bot.x", logging.WARNING, f"line\n{URL} failed")))
        line = RedactingFormatter("%(message)s").format(record("bot.x", logging.WARNING, "failed"))
    assert (told["level"], told["logger"], told["question"]) == ("warning", "bot.x", reference)
    assert line == f"failed [question {reference}]"
    assert "secret_token" not in told["event"]
    assert "question" not in json.loads(JsonFormatter().format(record("bot.x", logging.INFO, "idle")))


def test_every_line_about_a_question_has_its_reference_which_is_told_when_it_fails(filled, monkeypatch, caplog):
    """And two questions have two."""
    caplog.handler.setFormatter(RedactingFormatter("%(message)s"))
    caplog.set_level(logging.INFO)
    assistant, told = Assistant(filled), []
    for broken in (False, True):
        if broken:
            monkeypatch.setattr(filled.searcher, "search", lambda *_: 1 / 0)
            monkeypatch.setattr(assistant.pipeline, "answer", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError) as error:
                assistant.ask(QUESTION)
            told.append(reference_of(error.value))
            assert told[-1] in failed(error.value)
        else:
            assistant.ask(QUESTION)
            told.append(re.search(r"a question was \w+ in \d+ ms \[question (\w+)\]", caplog.text)[1])
    assert len(set(told)) == 2
    assert f"reference {told[1]}" in caplog.text
    assert QUESTION not in caplog.text


@pytest.mark.simcord
async def test_at_debug_no_question_and_no_member_is_in_the_log(channel, member, simcord_bot, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(lambda record: not record.name.startswith(("simcord", "asyncio")))
    await member.slash(channel, "ask", question=QUESTION)
    await member.slash(channel, "ask", question=QUESTION, share=True)
    assert QUESTION not in caplog.text
    assert str(member.id) not in caplog.text
    assert "simcord_interaction" not in caplog.text
