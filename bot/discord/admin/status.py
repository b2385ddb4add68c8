"""How large, how old and how fresh the library is, in a few lines."""

from datetime import date, datetime

import discord

from bot.discord.admin import texts
from bot.discord.runtime.markdown import safe
from bot.texts.sources import is_old
from knowledge.domain.vocabulary import Kind
from knowledge.library import Library


def status_text(library: Library, today: date) -> str:
    """The library's size, age, last refresh and model."""
    counts, identity = library.store.counts(), library.store.identity()
    kinds = ", ".join(
        f"{number} {texts.STATUS_KINDS[Kind(kind)][number != 1]}" for kind, number in counts.by_kind.items()
    )
    lines = [
        f"### {texts.STATUS_TITLE}",
        texts.STATUS_DOCUMENTS.format(documents=counts.documents, kinds=kinds or "-"),
        texts.STATUS_PASSAGES.format(chunks=counts.chunks),
    ]
    dates = sorted(d.metadata.published for d in library.store.documents() if d.metadata.published)
    if dates:
        old = sum(is_old(published, today) for published in dates)
        age = texts.STATUS_AGE.format(oldest=dates[0][:4], newest=dates[-1][:4], old=old, dated=len(dates))
        lines.append(age)
    sources = library.store.sources.all()
    read = max((source.last_success for source in sources if source.last_success), default=None)
    # Where nothing is refreshed, the library is as fresh as its last change.
    lines.append(texts.STATUS_REFRESHED.format(moment=_moment(read or counts.last_change)))
    if read:
        lines.append(texts.STATUS_CHANGED.format(moment=_moment(counts.last_change)))
    if failing := sum(source.error is not None for source in sources):
        lines.append(texts.STATUS_TROUBLE.format(number=failing, all=len(sources)))
    lines.append(texts.STATUS_MODEL.format(model=safe(identity.model) if identity else "-"))
    return "\n".join(lines)


def _moment(moment: str | None) -> str:
    """When, in the reader's own time and language, and how long ago that is."""
    if moment is None:
        return texts.STATUS_NEVER
    at = datetime.fromisoformat(moment)
    return f"{discord.utils.format_dt(at, 'f')} ({discord.utils.format_dt(at, 'R')})"
