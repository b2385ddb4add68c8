"""Descriptions of sources next to a quote, the same on every face."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from knowledge.dates import last_day, spoken_date, spoken_event
from knowledge.domain.library import Citation, Metadata, SearchResult
from knowledge.domain.vocabulary import Kind

# Older than this, a reader is told so.
OLD_YEARS = 5


class ShownSource(NamedTuple):
    """A document that an answer cites, with the numbers of all its quotes."""

    numbers: tuple[int, ...]
    title: str
    details: str
    url: str | None


def sources(citations: Sequence[Citation], today: date | None = None) -> list[ShownSource]:
    """Return the cited documents in order, each once: sections, who says it, what it rests on, when, and the link."""
    by_document: dict[str, list[Citation]] = {}
    for citation in citations:
        by_document.setdefault(citation.document_id, []).append(citation)
    return [
        ShownSource(
            numbers=tuple(citation.n for citation in cited),
            title=_with_place(cited[0].title, " / ".join(dict.fromkeys(place for c in cited if (place := _place(c))))),
            details=source_details(cited[0], today),
            url=cited[0].url,
        )
        for cited in by_document.values()
    ]


def source_title(result: Citation | SearchResult) -> str:
    """Return title, section and place: "Anchors in a storm › Lesson 6: Maintain momentum for change, page 12"."""
    return _with_place(result.title, _place(result))


def source_details(source: Citation | SearchResult, today: date | None = None) -> str:
    """Return who says it, what it rests on and when: "The Health Foundation · report · 2021"; and whether it is old.

    Of what is due for review or superseded it says so: "guidance · as of 2021; check for changes".

    `today` is the day to reckon from, this machine's when not given.
    """
    credit = source.source_title if isinstance(source, Citation) else None
    # A member's example is credited as its author chose; of everything else the organisation says more.
    said_by = (credit if source.kind is Kind.EXAMPLE else None) or source.organisation or credit
    said_by = " · ".join(filter(None, [said_by, shared_by(source.shared_by)])) or None
    kind = source.evidence.label if source.evidence else source.kind.label
    if note := stale_note(source, today or date.today()):  # noqa: DTZ011 - a day either way is no matter
        as_of = None if source.superseded_by else source.true_as_of or source.published
        published = None if source.published in (None, as_of) else spoken_date(source.published)
        return " · ".join(filter(None, [said_by, kind, published, note]))
    if source.kind is Kind.EVENT and source.published is None:
        return " · ".join(filter(None, [said_by, kind]))  # its day is in what it says
    return " · ".join(filter(None, [said_by, kind, _dated(source.published, today or date.today())]))  # noqa: DTZ011 - a day either way is no matter


def shared_by(network: str | None) -> str | None:
    """Return that a document is another network's; `None` of one's own."""
    return f"shared by {network}" if network else None


def next_event_line(metadata: Metadata) -> str:
    """Return the next event that fits something, in a line of plain text: its title, when it is, and where to read."""
    when = spoken_event(metadata.starts or "", metadata.ends)
    return " ".join(filter(None, [f"Next event on this: {metadata.title}, {when}", metadata.url]))


def is_old(published: str, today: date) -> bool:
    """Return whether a date ("2019", "2019-03" or "2019-03-25") is certainly more than five years ago."""
    # A year or a month stands for its last day: what may still be recent is not called old.
    return last_day(published) < f"{today.year - OLD_YEARS}-{today.month:02}-{today.day:02}"


def is_due(source: Citation | SearchResult | Metadata, today: date) -> bool:
    """Return whether the day by which somebody was to check a document has passed."""
    return source.review_by is not None and last_day(source.review_by) < today.isoformat()


def stale_note(source: Citation | SearchResult | Metadata, today: date) -> str | None:
    """Return the short line for what is superseded or due for review, `None` for everything else."""
    if source.superseded_by:
        return f"superseded by “{source.superseded_by}”; look there"
    if not is_due(source, today):
        return None
    dated = source.true_as_of or source.published
    return f"as of {spoken_date(dated)}; check for changes" if dated else "check for changes"


def _dated(published: str | None, today: date) -> str:
    """Return when it was published, and that this is more than five years ago."""
    if published is None:
        return "date not known"
    said = spoken_date(published)
    return f"{said}, more than {OLD_YEARS} years ago" if is_old(published, today) else said


def _place(source: Citation | SearchResult) -> str:
    """Return where in its document a passage stands: the section, and the page, slide or time."""
    return ", ".join(filter(None, [source.section, source.locator]))


def _with_place(title: str, place: str) -> str:
    return f"{title} › {place}" if place else title
