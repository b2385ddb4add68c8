"""A round-up: what it holds, from the library and a server's own events, and the message that shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from discord import ui

from bot.discord.browse import events, library_queries
from bot.discord.browse.events import Coming
from bot.discord.browse.views import entry
from bot.discord.digest import texts
from bot.discord.runtime.components import left_out, link_rows, within
from knowledge.dates import UK, spoken
from knowledge.domain.library import StoredDocument
from knowledge.domain.vocabulary import Kind
from knowledge.library import Library

MOST_EXAMPLES = 3
MOST_DOCUMENTS = 5
_MOST_EVENTS = 3
# Of 4000 characters in a message of this kind.
_MOST_TEXT = 3900


class Contents(NamedTuple):
    """The new arrivals since a moment, what is coming, and one example that did not go to plan.

    `news` is whether any of it is new: a document, an example, or an event that was not announced before.
    """

    examples: list[StoredDocument]
    documents: list[StoredDocument]
    coming: list[Coming]
    lesson: StoredDocument | None
    news: bool


def gather(library: Library, announced: Sequence[Coming], since: datetime, now: datetime, number: int) -> Contents:
    """Return the round-up of what is new since a moment.

    `announced` are the server's own events; `number` counts round-ups, so that each shows another example.
    """
    added = library.store.added_since(since)
    resources = [document for document in added if library_queries.is_resource(document)]
    coming = events.in_order([*announced, *events.of_library(library, now)])
    new_ids = {document.id for document in added}
    new_events = any(
        event.told_on >= since if event.told_on is not None else event.document_id in new_ids for event in coming
    )
    examples = [document for document in resources if document.metadata.kind is Kind.EXAMPLE]
    documents = [document for document in resources if document.metadata.kind is not Kind.EXAMPLE]
    shown = {document.id for document in (*examples[:MOST_EXAMPLES], *documents[:MOST_DOCUMENTS])}
    return Contents(
        examples=examples,
        documents=documents,
        coming=coming,
        lesson=_lesson(library, shown, number),
        news=bool(resources) or new_events,
    )


def _lesson(library: Library, shown: set[str], number: int) -> StoredDocument | None:
    """Return one of the examples that did not go to plan, another each time, and none that is shown as new."""
    lessons = [document for document in library_queries.lessons(library) if document.id not in shown]
    return lessons[number % len(lessons)] if lessons else None


def digest_view(contents: Contents, since: datetime, footer: str, *buttons: ui.Item[Any]) -> ui.LayoutView:
    """Return the round-up as a message, with the footer in small print."""
    container: ui.Container[ui.LayoutView] = ui.Container()
    title = f"### {texts.TITLE.format(day=spoken(since.astimezone(UK).date(), None))}"
    new = bool(contents.examples or contents.documents)
    container.add_item(ui.TextDisplay(title if new else f"{title}\n{texts.NOTHING_NEW}"))
    shown, lesson = contents.documents[:MOST_DOCUMENTS], [contents.lesson] if contents.lesson else []
    parts = [
        _Part(texts.EXAMPLES, [entry(one) for one in contents.examples[:MOST_EXAMPLES]], len(contents.examples)),
        _Part(texts.DOCUMENTS, [entry(one) for one in shown], len(contents.documents)),
        _Part(texts.EVENTS, [events.entry(one) for one in contents.coming[:_MOST_EVENTS]], len(contents.coming)),
        _Part(texts.LESSON, [entry(one) for one in lesson], len(lesson)),
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
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


class _Part(NamedTuple):
    """A part of the round-up: its title, the entries that are shown of it, and how many there are in all."""

    title: str
    entries: list[str]
    number: int


def _text(part: _Part) -> str:
    more = texts.EVENTS_MORE if part.title == texts.EVENTS else texts.MORE
    left = part.number - len(part.entries)
    return "\n".join([f"**{part.title}**", *part.entries, *([f"-# {more.format(number=left)}"] if left > 0 else [])])


def _around(part: _Part) -> int:
    """Return how many characters a part takes beside its entries."""
    return len(_text(part)) - sum(map(len, part.entries)) if part.entries else 0
