"""What a round-up holds. Plain functions over the library and a server's own events."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.discord.browse import events, library_queries
from bot.discord.browse.events import Coming
from knowledge.domain.library import StoredDocument
from knowledge.domain.vocabulary import Kind
from knowledge.library import Library

MOST_EXAMPLES = 3
MOST_DOCUMENTS = 5


class Contents(NamedTuple):
    """What came in since a moment, what is coming, and one example that did not go to plan.

    `news` is whether any of it is new: a document, an example, or an event that was not announced before.
    """

    examples: list[StoredDocument]
    documents: list[StoredDocument]
    coming: list[Coming]
    lesson: StoredDocument | None
    news: bool


def gather(library: Library, announced: Sequence[Coming], since: datetime, now: datetime, number: int) -> Contents:
    """The round-up of what is new since a moment.

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
    """One of the examples that did not go to plan, another each time, and none that is shown as new."""
    lessons = [document for document in library_queries.lessons(library) if document.id not in shown]
    return lessons[number % len(lessons)] if lessons else None
