"""What was typed into a form comes back, whatever failed: the database, Discord, both, or what the form was for."""

import pytest

from bot.discord.examples import texts as example_texts
from bot.discord.runtime import texts
from bot.discord.runtime.modals import typed_texts
from knowledge.errors import StorageBusyError
from knowledge.servers.storage.sqlite.cards import SQLiteInteractions
from knowledge.storage.sqlite.outbox import SQLiteOutboxStore
from tests.bot.conftest import said, text_in

pytestmark = pytest.mark.simcord(check_errors=False)
TYPED = {"what": "We opened a *bicycle* workshop.", "what_happened": "Forty of us cycle.\nTyres ran out."}


@pytest.fixture
def broken(monkeypatch):
    def broken(*_, **__):
        raise StorageBusyError("the database is locked")

    monkeypatch.setattr(SQLiteInteractions, "first_time", broken)
    return broken


def dms(member):
    channel = member.user.dm_channel
    return [message for message in channel.history() if message.author.bot] if channel else []


def assert_all_is_there(text):
    assert texts.FORM_RETURNED in text
    for typed in TYPED.values():
        assert f"```\n{typed}\n```" in text


async def test_when_the_database_fails_the_reply_holds_what_was_typed(channel, member, broken):
    form = await member.slash(channel, "share")
    result = await member.submit_modal(form, TYPED)
    assert "Sorry, that did not work." in said(result)
    assert_all_is_there(said(result))


async def test_long_texts_come_back_as_a_file(channel, member, broken):
    form = await member.slash(channel, "share")
    result = await member.submit_modal(form, {"what": "word " * 390, "what_happened": "word " * 390})
    assert texts.FORM_RETURNED in said(result)
    (file,) = [one for message in [result.response, *result.followups] if message for one in message.attachments]
    assert file.filename == texts.FORM_FILE


async def test_a_form_that_discord_lost_comes_back_by_direct_message(channel, member, simcord_env, filled):
    form = await member.slash(channel, "share")
    simcord_env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await member.submit_modal(form, TYPED)
    await simcord_env.settle()
    (message,) = dms(member)
    assert texts.FORM_LATE in text_in(message)
    assert_all_is_there(text_in(message))
    assert filled.outbox.waiting() == 0


async def test_while_discord_fails_it_waits_until_it_can_be_given_back(channel, member, simcord_env, clock, filled):
    form = await member.slash(channel, "share")
    simcord_env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    simcord_env.inject_error("POST", "/channels/*/messages", status=503, times=None)
    await member.submit_modal(form, TYPED)
    await simcord_env.settle()
    assert dms(member) == []
    assert filled.outbox.waiting() == 1
    simcord_env.backend.faults.clear()
    clock.pass_(minutes=2)
    await simcord_env.advance_time(60)
    (message,) = dms(member)
    assert_all_is_there(text_in(message))


async def test_when_both_fail_it_is_sent_without_being_kept(channel, member, simcord_env, broken, monkeypatch):
    form = await member.slash(channel, "share")
    simcord_env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    monkeypatch.setattr(SQLiteOutboxStore, "add", broken)
    await member.submit_modal(form, TYPED)
    await simcord_env.settle()
    (message,) = dms(member)
    assert_all_is_there(text_in(message))


async def test_what_is_refused_comes_back_too(channel, member, monkeypatch):
    shown = await member.slash(channel, "share")
    card = (await member.submit_modal(shown, TYPED)).response
    form = await member.click(card, label=example_texts.EDIT)
    again = await member.click(card, label=example_texts.DISCARD)
    await member.click(again.response or card, label=example_texts.DISCARD_YES)
    result = await member.submit_modal(form, TYPED)
    assert texts.EXAMPLE_GONE in said(result)
    assert_all_is_there(said(result))


async def test_a_form_of_an_earlier_version_comes_back(channel, member, simcord_env):
    form = await member.slash(channel, "share")
    simcord_env.bot.forms.pop("example_new")
    result = await member.submit_modal(form, TYPED)
    assert texts.OUTDATED in said(result)
    assert_all_is_there(said(result))


async def test_a_button_of_an_earlier_version_says_so(channel, member, simcord_env):
    shown = await member.slash(channel, "privacy")
    simcord_env.bot.handlers.pop("privacy_get")
    assert said(await member.click(shown.response, label="Get it all as a file")) == texts.OUTDATED


def test_only_what_was_typed_is_given_back_in_the_order_of_the_form():
    fields = [
        {"type": 18, "component": {"type": 4, "custom_id": "a", "value": "First"}},
        {"type": 18, "component": {"type": 3, "custom_id": "b", "values": ["chosen"]}},
        {"type": 18, "component": {"type": 4, "custom_id": "c", "value": "  "}},
        {"type": 1, "components": [{"type": 4, "custom_id": "d", "value": "Last"}]},
    ]
    assert typed_texts(fields) == ["First", "Last"]
