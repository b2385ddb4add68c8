"""`haln index review --stale`: documents and curated answers whose review is due, or that are superseded."""

from collections.abc import Sequence
from datetime import date

import typer

from bot.commands.options import print_json
from bot.texts.sources import stale_note
from knowledge.domain.library import StoredDocument
from knowledge.errors import QuestionError
from knowledge.insights.curated_review import due_for_review
from knowledge.settings import Settings
from knowledge.storage.engines import library_store, open_connections
from knowledge.storage.sqlite.curated_answers import SQLiteCuratedStore


def show_stale(settings: Settings, ids: Sequence[str], *, as_json: bool) -> None:
    """Print what is due or superseded today, of these documents (of all when none is named).

    Raises:
        QuestionError: A document is not in the library.
    """
    today = date.today()  # noqa: DTZ011 - the day where the editor sits
    connections = open_connections(settings)
    store = library_store(settings, connections)
    try:
        missing = [name for name in ids if store.document(name) is None]
        found = [document for document in store.to_review(today) if not ids or document.id in ids]
        curated = [] if ids else due_for_review(SQLiteCuratedStore(connections), store, today)
    finally:
        store.close()
    if missing:
        raise QuestionError(f"There is no document with the id {missing[0]}. `haln index list` shows ids.")
    if as_json:
        answers = [{"id": due.answer.id, "question": due.answer.question, "reason": due.reason} for due in curated]
        print_json({"stale": [_row(document) for document in found], "curated": answers})
        return
    if not found and not curated:
        typer.echo("Nothing is due.")
    for document in found:
        metadata = document.metadata
        due = f" (review by {metadata.review_by})" if metadata.review_by else ""
        typer.echo(f"{document.id}  {metadata.title}")
        typer.echo(f"    {stale_note(metadata, today)}{due}  {metadata.url or document.location}")
    for answer in curated:
        typer.echo(f"{answer.answer.id}  {answer.answer.question}")
        typer.echo(f"    curated answer: {answer.reason}  haln insights answers check {answer.answer.id}")


def _row(document: StoredDocument) -> dict[str, object]:
    """Return a document as programs read it."""
    said = document.metadata.model_dump(mode="json")
    fields = ("title", "kind", "url", "published", "true_as_of", "review_by", "superseded_by")
    return {"id": document.id, "location": document.location, **{field: said[field] for field in fields}}
