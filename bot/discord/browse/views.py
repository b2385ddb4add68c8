"""The messages of `/start`, `/resources`, `/events`, `/glossary` and `/help`."""

from collections.abc import Sequence

from discord import ui

from bot.discord.browse import texts
from bot.discord.browse.events import Coming
from bot.discord.browse.events import entry as event_entry
from bot.discord.browse.glossary import Meaning
from bot.discord.browse.library_queries import Chosen
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import button, left_out, link_rows, page_view, pages_of, within
from bot.discord.runtime.markdown import cut, link, safe
from bot.texts.languages import translated
from bot.texts.sources import shared_by
from knowledge.dates import spoken_date, spoken_event
from knowledge.domain.library import StoredDocument
from knowledge.domain.vocabulary import Measured, Nation, Outcome, Pillar
from knowledge.guidance.first_steps import Step, StepKind
from knowledge.storage.listing_protocols import Listing

ON_A_PAGE = 6
_ANY = "-"
_MOST_MEASURE = 200
EVENTS_ON_A_PAGE = 12
_MOST_TEXT = 3800
# What is around the entries of a page: its title, and which page of how many it is.
_ROOM_AROUND = 200


def entry(document: StoredDocument) -> str:
    """Return a document in two lines: its title as a link, then whose it is, what it is and when."""
    metadata = document.metadata
    what = metadata.kind.label
    if metadata.outcome in (Outcome.DID_NOT_WORK, Outcome.PARTLY):
        what += f", {metadata.outcome.label}"
    nation = metadata.nation.label if metadata.nation else None
    dated = spoken_date(metadata.published) if metadata.published else None
    if metadata.starts:
        dated = spoken_event(metadata.starts, metadata.ends)
    details = " · ".join(filter(None, [metadata.organisation, shared_by(metadata.shared_by), what, nation, dated]))
    return f"{link(metadata.title, metadata.url)}\n-# {safe(details)}"


def _measured_entry(document: StoredDocument) -> str:
    """Return a document with the first thing that it says was measured, one with a baseline before others."""
    measures = sorted(document.metadata.measured, key=lambda measure: measure.baseline is None)
    said = texts.RESOURCES_MEASURE.format(measure=safe(cut(measures[0].words, _MOST_MEASURE)))
    return f"{entry(document)}\n-# {said}"


def chosen_from(key: str) -> tuple[Chosen, int, int]:
    """Return what a button to another page is restricted to, that page and its part.

    Earlier releases named two terms, and no part.
    """
    pillar, nation, *measured, page = key.split(":")
    terms = (Pillar, pillar), (Nation, nation), (Measured, measured[0] if measured else _ANY)
    number, _, part = page.partition(".")
    chosen = Chosen(*(None if value == _ANY else kind(value) for kind, value in terms))  # type: ignore[arg-type]
    return chosen, int(number), int(part or 0)


def resources_view(found: Listing, chosen: Chosen, part: int = 0) -> ui.LayoutView:
    """Return a page of documents, with buttons to what comes before and after.

    A page that is too long for a message, as with long addresses, comes in parts, counted from 0.
    """
    words = ", ".join(term.label for term in chosen if term)
    title = f"### {texts.RESOURCES_TITLE}" + (f": {words}" if words else "")
    if not found.documents:
        return page_view(f"{title}\n{texts.RESOURCES_NONE}")
    entries = [_measured_entry(d) if chosen.measured else entry(d) for d in found.documents]
    pages, parts = -(-found.total // ON_A_PAGE), pages_of(entries, ON_A_PAGE, _MOST_TEXT - _ROOM_AROUND)
    page, part = found.page - 1, min(part, len(parts) - 1)
    where = texts.PAGE.format(page=page + 1, pages=pages, total=found.total)
    text = "\n".join([title, *parts[part], f"\n-# {where}"])
    first, last = page == part == 0, page + 1 == pages and part + 1 == len(parts)
    if first and last:
        return page_view(text)
    key = ":".join(term or _ANY for term in chosen)
    # A page has no more parts than entries: the last one is asked for, whichever that is.
    back = f"{page}.{part - 1}" if part else f"{page - 1}.{ON_A_PAGE}"
    on = f"{page}.{part + 1}" if part + 1 < len(parts) else f"{page + 1}.0"
    return page_view(
        text,
        button("page_back", f"{key}:{back}", runtime_texts.PREVIOUS, disabled=first),
        button("page_on", f"{key}:{on}", runtime_texts.NEXT, disabled=last),
    )


def start_view(
    steps: Sequence[Step], lesson: StoredDocument | None, event: str | None, peers: str | None = None
) -> ui.LayoutView:
    """Return three things to begin with, each with what it is for, one that did not go to plan, and the next event.

    `peers` says how many members may help, where that is one of the things to begin with.
    """
    if not steps:
        return page_view(texts.START_NOTHING)
    container: ui.Container[ui.LayoutView] = ui.Container()
    begin = [f"**{texts.START_STEPS[step.kind]}**\n{entry(step.document)}" for step in steps]
    measured = any(step.kind is StepKind.MEASUREMENT for step in steps)
    also = [peers, texts.START_MEASURE if measured else None]
    parts = [
        (texts.START_BEGIN_WITH, "\n".join([*begin, *filter(None, also)])),
        (texts.START_LESSON, entry(lesson) if lesson else texts.START_NO_LESSON),
        (texts.START_EVENT, event or texts.START_NO_EVENT),
    ]
    around = sum(len(title) + 5 for title, _ in parts) + len(texts.START_NEXT) + 4
    whole = [text for _, text in parts]
    shown = within(whole, _MOST_TEXT - around)
    for (title, _), text in zip(parts, shown, strict=True):
        container.add_item(ui.TextDisplay(f"### {title}\n{text}"))
        container.add_item(ui.Separator())
    for row in link_rows(left_out(whole, shown)):
        container.add_item(row)
    container.add_item(ui.TextDisplay(f"-# {texts.START_NEXT}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def events_view(coming: Sequence[Coming], past: Sequence[StoredDocument], page: int = 0) -> ui.LayoutView:
    """Return one page of what is on, then of what the library tells of events that are over."""
    entries = [event_entry(event) for event in coming] or [texts.EVENTS_NONE]
    entries[0] = f"### {texts.EVENTS_COMING}\n{entries[0]}"
    over = [entry(event) for event in past]
    over[:1] = [f"### {texts.EVENTS_PAST}\n{first}" for first in over[:1]]
    found = pages_of([*entries, *over], EVENTS_ON_A_PAGE, _MOST_TEXT - _ROOM_AROUND)
    page, pages = min(max(page, 0), len(found) - 1), len(found)
    text = "\n".join(found[page])
    if pages == 1:
        return page_view(text)
    where = texts.PAGE.format(page=page + 1, pages=pages, total=len(coming) + len(past))
    return page_view(
        f"{text}\n\n-# {where}",
        button("events_back", str(page - 1), runtime_texts.PREVIOUS, disabled=page == 0),
        button("events_on", str(page + 1), runtime_texts.NEXT, disabled=page == pages - 1),
    )


def meaning_view(meaning: Meaning) -> ui.LayoutView:
    """Return what a word means, and who says so."""
    if meaning.document is None:
        return page_view(texts.GLOSSARY_STANDS_FOR.format(short=safe(meaning.term), long=safe(meaning.text)))
    paragraphs = [safe(paragraph) for paragraph in meaning.text.split("\n\n")]
    lines = within([f"### {safe(meaning.term)}", *paragraphs, entry(meaning.document)], _MOST_TEXT)
    return page_view("\n".join(lines))


def help_view(language: str) -> ui.LayoutView:
    """Return what the assistant does, in a language that there is a catalogue for; else in English."""
    parts = (
        texts.HELP_GREETING,
        texts.HELP_ASK,
        texts.HELP_EVIDENCE,
        texts.HELP_FIND,
        texts.HELP_SHARE,
        texts.HELP_PEERS,
        texts.HELP_PRIVACY,
    )
    return page_view("\n\n".join(translated(part, language) for part in parts))
