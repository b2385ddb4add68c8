"""Looks at an example as its author or a moderator is shown it: in a thread, with the model where it is needed."""

from bot.discord.examples.draft_card import Looked
from bot.discord.examples.service import TEAM
from knowledge.domain.examples import LOCATION_PREFIX, Actor, Duplicate
from knowledge.examples.examples import Examples
from knowledge.examples.views import Receipt
from knowledge.library import Library


def looked_at(library: Library, examples: Examples, actor: Actor, submission_id: str) -> Looked:
    """An example with its near-duplicates and what may identify somebody.

    Moderators review what is given on their own server: of what waits on another one they are told that it is there.

    Raises:
        ExampleError: It is gone, or not for this actor to see.
    """
    view = examples.show(actor, submission_id)
    _, receipt = examples.preview(actor, submission_id)
    if actor.role in TEAM:
        receipt = receipt.model_copy(update={"duplicates": _untitled_elsewhere(library, submission_id, receipt)})
    return Looked(view=view, receipt=receipt, readable=_readable(library, receipt))


def example_behind(library: Library, duplicate: Duplicate) -> str | None:
    """The id of the example that a near-duplicate is, if it is one."""
    if duplicate.kind == "submission":
        return duplicate.id
    document = library.store.document(duplicate.id)
    if document is None or not document.location.startswith(LOCATION_PREFIX):
        return None
    return document.location.removeprefix(LOCATION_PREFIX)


def _untitled_elsewhere(library: Library, submission_id: str, receipt: Receipt) -> tuple[Duplicate, ...]:
    """The near-duplicates, without the title of what waits on another server than this example's."""
    giving = library.servers.reviews
    here = giving.place(submission_id)
    return tuple(
        found.model_copy(update={"title": None})
        if found.kind == "submission" and giving.place(found.id) not in (None, here)
        else found
        for found in receipt.duplicates
    )


def _readable(library: Library, receipt: Receipt) -> tuple[tuple[str, str], ...]:
    found = [
        (example_id, duplicate.title)
        for duplicate in receipt.duplicates
        if duplicate.title and (example_id := example_behind(library, duplicate))
    ]
    return tuple(dict(found).items())
