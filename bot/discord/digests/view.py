"""The round-up as a message."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from discord import ui

from bot.discord import events
from bot.discord.digests.contents import MOST_DOCUMENTS, MOST_EXAMPLES, Contents
from bot.discord.finding import entry
from bot.texts import discord_digest as texts
from knowledge.dates import UK, spoken

_MOST_EVENTS = 3
# Of each part, so that four of them fit into a message: an address may be a thousand characters long.
_MOST_TEXT = 850
_T = TypeVar("_T")


def digest_view(contents: Contents, since: datetime, footer: str, *buttons: ui.Item[Any]) -> ui.LayoutView:
    """What is new, what is coming, one that did not go to plan, and the footer in small print."""
    container: ui.Container[ui.LayoutView] = ui.Container()
    title = f"### {texts.TITLE.format(day=spoken(since.astimezone(UK).date(), None))}"
    new = bool(contents.examples or contents.documents)
    container.add_item(ui.TextDisplay(title if new else f"{title}\n{texts.NOTHING_NEW}"))
    parts = [
        _part(texts.EXAMPLES, contents.examples, entry, MOST_EXAMPLES, texts.MORE),
        _part(texts.DOCUMENTS, contents.documents, entry, MOST_DOCUMENTS, texts.MORE),
        _part(texts.EVENTS, contents.coming, events.entry, _MOST_EVENTS, texts.EVENTS_MORE),
        _part(texts.LESSON, [contents.lesson] if contents.lesson else [], entry, 1, texts.MORE),
    ]
    for part in filter(None, parts):
        container.add_item(ui.TextDisplay(part))
    container.add_item(ui.Separator())
    container.add_item(ui.TextDisplay(f"-# {footer}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


def _part(title: str, found: Sequence[_T], told: Callable[[_T], str], most: int, more: str) -> str:
    if not found:
        return ""
    entries = [told(one) for one in found[:most]]
    while sum(map(len, entries)) > _MOST_TEXT:
        entries.pop()
    left = len(found) - len(entries)
    return "\n".join([f"**{title}**", *entries, *([f"-# {more.format(number=left)}"] if left else [])])
