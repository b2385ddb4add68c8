"""The judge of request bodies refuses what Discord refuses, and lets pass what it accepts."""

from types import SimpleNamespace

import pytest

from tests.bot.conftest import discord_description
from tests.bot.discord_rules import faults

NOBODY = {"parse": []}
MESSAGES = "/channels/1/messages"
CALLBACK = "/interactions/1/token/callback"
COMMANDS = "/applications/1/commands"


def judged(method, path, body, description=None):
    return faults(description, SimpleNamespace(method=method, path=path, json=body))


def button(name, label="Press"):
    return {"type": 2, "style": 1, "label": label, "custom_id": name}


def row(*children):
    return {"type": 1, "components": list(children)}


def command(**fields):
    return {"name": "ask", "description": "Ask", **fields}


def option(name, required):
    return {"type": 3, "name": name, "description": "An option", "required": required}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, {"content": "hello", "allowed_mentions": NOBODY}),
        ("POST", MESSAGES, {"components": [row(button("a"), button("b"))], "allowed_mentions": NOBODY}),
        ("PATCH", "/webhooks/1/token/messages/@original", {"components": []}),
        ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}),
        ("PUT", COMMANDS, [command(options=[option("a", True), option("b", False)])]),
    ],
)
def test_what_discord_accepts_passes(method, path, body):
    assert judged(method, path, body) == []
    assert judged(method, path, body, discord_description()) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("POST", MESSAGES, {"content": "", "allowed_mentions": NOBODY}, "empty message"),
        ("POST", MESSAGES, {"content": "hello"}, "allowed_mentions"),
        ("POST", MESSAGES, {"content": "x" * 2001, "allowed_mentions": NOBODY}, "2001"),
        ("POST", MESSAGES, {"components": [row(button("a")), row(button("a"))]}, "twice"),
        ("POST", MESSAGES, {"components": [row(*(button(str(n)) for n in range(6)))]}, "more than five"),
        ("POST", MESSAGES, {"components": [row(button("a", "x" * 81))]}, "label"),
        ("POST", MESSAGES, {"components": [{"type": 10, "content": "x" * 4001}], "flags": 1 << 15}, "4001"),
        ("POST", MESSAGES, {"components": [{"type": 10, "content": "x"}]}, "only rows"),
        ("POST", MESSAGES, {"content": "x", "components": [row(button("a"))], "flags": 1 << 15}, "beside"),
        ("PATCH", f"{MESSAGES}/2", {"content": "x", "flags": 64}, "who sees"),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "x", "value": "x"}] * 26}}, "26 choices"),
        ("POST", CALLBACK, {"type": 9, "data": {"title": "x" * 46, "custom_id": "m", "components": [row()]}}, "title"),
        ("POST", "/channels/1/threads", {"name": " "}, "name"),
        ("PUT", COMMANDS, [command(options=[option("a", False), option("b", True)])], "required"),
        ("PUT", COMMANDS, [command(name="Ask")], "name"),
        ("PUT", COMMANDS, [command(), command()], "twice"),
    ],
)
def test_what_discord_refuses_is_found_without_its_description(method, path, body, says):
    assert any(says in fault for fault in judged(method, path, body))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("POST", MESSAGES, {"content": 7, "allowed_mentions": NOBODY}, "7 is not"),
        ("POST", MESSAGES, {"content": "x", "contents": "x", "allowed_mentions": NOBODY}, "contents"),
        ("POST", "/channels/1/nonsense", {}, "no such operation"),
        ("POST", CALLBACK, {"type": "five"}, "not valid"),
        ("PUT", COMMANDS, [{"description": "nameless"}], "name"),
    ],
)
def test_what_discord_refuses_is_found_with_its_description(method, path, body, says):
    description = discord_description()
    assert any(says in fault for fault in description.faults(method, path, body))
