"""Pieces that the cards of givers and of moderators have in common, and the preview of an example."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.examples import texts
from bot.discord.examples.service import TEAM
from bot.discord.runtime.components import Item, button, choice
from bot.discord.runtime.markdown import capitalised, cut, link
from bot.discord.runtime.worker import Backend
from knowledge.domain.examples import Actor, Duplicate
from knowledge.domain.library import Noun
from knowledge.domain.vocabulary import Level, Nation, Outcome, Pillar, Term
from knowledge.examples.duplicates import example_behind
from knowledge.examples.views import ExampleView, Receipt
from knowledge.library import Library

# https://discord.com/developers/docs/components/reference: all texts of a message together.
MOST_TEXT = 4000
_MOST_LABEL = 80
OUTCOMES = Outcome.for_examples()
# Per select: the words to choose from, and how many may be chosen.
TERMS: dict[str, tuple[tuple[Term, ...], int]] = {
    "pillars": (tuple(Pillar), len(Pillar)),
    "outcome": (OUTCOMES, 1),
    "level": (tuple(Level), 1),
    "nation": (tuple(Nation), 1),
}


def layout(*parts: str | Item | Sequence[Item] | None) -> ui.LayoutView:
    """Return a message: texts in a frame, a select or a list of buttons a row; empty parts are left out."""
    view = ui.LayoutView(timeout=None)
    frame: ui.Container[ui.LayoutView] = ui.Container()
    room = MOST_TEXT
    before: str | Item | Sequence[Item] | None = None
    for part in parts:
        if isinstance(part, str):
            if part.strip() and room > 0:
                shown = cut(part, room)
                room -= len(shown)
                if isinstance(before, str):
                    frame.add_item(ui.Separator())
                frame.add_item(ui.TextDisplay(shown))
        elif isinstance(part, ui.Item):
            frame.add_item(ui.ActionRow(part))
        elif part:
            frame.add_item(ui.ActionRow(*part))
        before = part or before
    view.add_item(frame)
    return view


def term_choice(action: str, key: str, field: str, placeholder: str, chosen: Collection[str]) -> Item:
    """Return a select for one of the tags, with what is chosen now."""
    terms, most = TERMS[field]
    options = [
        discord.SelectOption(label=capitalised(term.label), value=term.value, default=term.value in chosen)
        for term in terms
    ]
    return choice(action, key, placeholder, options, least=0 if field == "pillars" else 1, most=most)


def tags_of(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what is chosen of each tag in a dumped example."""
    return {
        field: tuple(values[field]) if field == "pillars" else tuple(filter(None, [values[field]])) for field in TERMS
    }


def chosen_update(field: str, values: Sequence[str]) -> dict[str, object]:
    """Return what a select's values mean for an example."""
    if field == "pillars":
        return {"pillars": tuple(Pillar(value) for value in values)}
    kinds: dict[str, type[Term]] = {"outcome": Outcome, "level": Level, "nation": Nation}
    return {field: kinds[field](values[0]) if values else None}


def duplicate_lines(duplicates: Iterable[Duplicate]) -> list[str]:
    """Return near-duplicates as lines, with a link where they have one."""
    return [
        "- "
        + texts.DUPLICATE_LINE.format(
            title=link(found.title, found.url) if found.title else texts.DUPLICATE_HIDDEN, similarity=found.similarity
        )
        for found in duplicates
    ]


def reading_buttons(readable: Iterable[tuple[str, str]], most: int = 4) -> list[Item]:
    """Return buttons that show other examples, by id and title."""
    return [
        button("example_read", f"{example_id}:0", cut(texts.READ_DUPLICATE.format(title=title), _MOST_LABEL))
        for example_id, title in list(readable)[:most]
    ]


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
