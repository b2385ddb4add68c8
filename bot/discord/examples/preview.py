"""Looks at an example as its author or a moderator is shown it: in a thread, with the model where it is needed."""

from bot.discord.examples.service import TEAM
from bot.discord.runtime.worker import Backend
from knowledge.domain.examples import LOCATION_PREFIX, Actor, Duplicate
from knowledge.domain.library import Noun
from knowledge.examples.views import ExampleView, Receipt
from knowledge.library import Library


class ExamplePreview(Noun):
    """An example with what was found when it was looked at: by its author before handing in, or by moderators.

    `readable` are the examples among the near-duplicates that the viewer may read: id and title.
    """

    view: ExampleView
    receipt: Receipt
    readable: tuple[tuple[str, str], ...] = ()


def preview_of(backend: Backend, actor: Actor, submission_id: str) -> ExamplePreview:
    """Return an example with its near-duplicates and what may identify somebody.

    Moderators review what is given on their own server: of what waits on another one they are told that it is there.

    Raises:
        ExampleError: It is gone, or not for this actor to see.
    """
    library, view = backend.library, backend.examples.show(actor, submission_id)
    _, receipt = backend.examples.preview(actor, submission_id)
    if actor.role in TEAM:
        receipt = receipt.model_copy(update={"duplicates": _untitled_elsewhere(library, submission_id, receipt)})
    return ExamplePreview(view=view, receipt=receipt, readable=_readable(library, receipt))


def example_behind(library: Library, duplicate: Duplicate) -> str | None:
    """Return the id of the example that a near-duplicate is, if it is one."""
    if duplicate.kind == "submission":
        return duplicate.id
    document = library.store.document(duplicate.id)
    if document is None or not document.location.startswith(LOCATION_PREFIX):
        return None
    return document.location.removeprefix(LOCATION_PREFIX)


def _untitled_elsewhere(library: Library, submission_id: str, receipt: Receipt) -> tuple[Duplicate, ...]:
    """Return the near-duplicates, without the title of what waits on another server than this example's."""
    reviews = library.servers.reviews
    here = reviews.place(submission_id)
    return tuple(
        found.model_copy(update={"title": None})
        if found.kind == "submission" and reviews.place(found.id) not in (None, here)
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
