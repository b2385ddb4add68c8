"""The message that shows a digest: what is new, what is coming, what waits, and one that did not go to plan."""

from datetime import datetime
from typing import Any, NamedTuple

from discord import ui

from bot.discord.browse import events
from bot.discord.browse.views import entry
from bot.discord.digest import texts
from bot.discord.runtime.components import left_out, link_rows, within
from bot.discord.runtime.markdown import cut, safe
from knowledge.dates import UK, spoken
from knowledge.digest.contents import Contents

# Of 4000 characters in a message of this kind.
_MOST_TEXT = 3900
_LONGEST_QUESTION = 200


def digest_view(contents: Contents, since: datetime, footer: str, *rows: ui.ActionRow[Any]) -> ui.LayoutView:
    """Return the digest as a message, with the footer in small print, and rows of buttons and selects below."""
    container: ui.Container[ui.LayoutView] = ui.Container()
    title = f"### {texts.TITLE.format(day=spoken(since.astimezone(UK).date(), None))}"
    new = bool(contents.examples or contents.documents)
    container.add_item(ui.TextDisplay(title if new else f"{title}\n{texts.NOTHING_NEW}"))
    lesson = [contents.lesson] if contents.lesson else []
    more = texts.MORE.format(number=contents.more) if contents.more else ""
    more_events = texts.EVENTS_MORE.format(number=contents.more_events) if contents.more_events else ""
    parts = [
        _Part(texts.EXAMPLES, [entry(one) for one in contents.examples], "" if contents.documents else more),
        _Part(texts.DOCUMENTS, [entry(one) for one in contents.documents], more),
        _Part(texts.EVENTS, [events.entry(one) for one in contents.coming], more_events),
        _Part(texts.QUESTIONS, [_question(one.question) for one in contents.questions], texts.QUESTIONS_WHERE),
        _Part(texts.LESSON, [entry(one) for one in lesson], ""),
    ]
    room = _MOST_TEXT - len(title) - len(texts.NOTHING_NEW) - len(footer) - sum(map(_around, parts))
    whole = [one for part in parts for one in part.entries]
    fitting = within(whole, room)
    entries = iter(fitting)
    for part in parts:
        if part.entries:
            text = _text(part._replace(entries=[next(entries) for _ in part.entries]))
            container.add_item(ui.TextDisplay(text))
            container.add_item(ui.Separator())
    for row in link_rows(left_out(whole, fitting)):
        container.add_item(row)
    container.add_item(ui.TextDisplay(f"-# {footer}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    for below in rows:
        view.add_item(below)
    return view


class _Part(NamedTuple):
    """A part of the digest: its title, the entries that are shown of it, and what is said after them."""

    title: str
    entries: list[str]
    after: str


def _question(text: str) -> str:
    return f"“{safe(cut(text, _LONGEST_QUESTION))}”"


def _text(part: _Part) -> str:
    return "\n".join([f"**{part.title}**", *part.entries, *([f"-# {part.after}"] if part.after else [])])


def _around(part: _Part) -> int:
    """Return how many characters a part takes beside its entries."""
    return len(_text(part)) - sum(map(len, part.entries)) if part.entries else 0
