"""The round-up as a message."""

from datetime import datetime
from typing import Any

from discord import ui

from bot.discord.browse import events
from bot.discord.browse.views import entry
from bot.discord.digest import texts
from bot.discord.digest.contents import MOST_DOCUMENTS, MOST_EXAMPLES, Contents
from knowledge.dates import UK, spoken

_MOST_EVENTS = 3


def digest_view(contents: Contents, since: datetime, footer: str, *buttons: ui.Item[Any]) -> ui.LayoutView:
    """What is new, what is coming, one that did not go to plan, and the footer in small print."""
    container: ui.Container[ui.LayoutView] = ui.Container()
    title = f"### {texts.TITLE.format(day=spoken(since.astimezone(UK).date(), None))}"
    new = bool(contents.examples or contents.documents)
    container.add_item(ui.TextDisplay(title if new else f"{title}\n{texts.NOTHING_NEW}"))
    shown, lesson = contents.documents[:MOST_DOCUMENTS], [contents.lesson] if contents.lesson else []
    parts = [
        _part(texts.EXAMPLES, [entry(one) for one in contents.examples[:MOST_EXAMPLES]], len(contents.examples), 800),
        _part(texts.DOCUMENTS, [entry(one) for one in shown], len(contents.documents), 1300),
        _part(texts.EVENTS, [events.entry(one) for one in contents.coming[:_MOST_EVENTS]], len(contents.coming), 700),
        _part(texts.LESSON, [entry(one) for one in lesson], len(lesson), 500),
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


def _part(title: str, entries: list[str], number: int, most: int) -> str:
    """As many of the entries as fit into `most` characters (an address can be long), and how many more there are."""
    while sum(map(len, entries)) > most:
        entries = entries[:-1]
    if not entries:
        return ""
    more = texts.EVENTS_MORE if title == texts.EVENTS else texts.MORE
    left = [f"-# {more.format(number=number - len(entries))}"] if number > len(entries) else []
    return "\n".join([f"**{title}**", *entries, *left])
