"""How large, how old and how fresh the library is, in a few lines."""

from datetime import date, datetime

import discord

from bot.discord.marking import safe
from bot.texts import discord_admin as texts
from bot.texts.sources import is_old
from knowledge.library import Library


def status_text(library: Library, today: date) -> str:
    """The library's size, age, last refresh and model."""
    counts, identity = library.store.counts(), library.store.identity()
    kinds = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in counts.by_kind.items())
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
    changed = counts.last_change
    moment = discord.utils.format_dt(datetime.fromisoformat(changed), "f") if changed else texts.STATUS_NEVER
    lines.append(texts.STATUS_REFRESHED.format(moment=moment))
    lines.append(texts.STATUS_MODEL.format(model=safe(identity.model) if identity else "-"))
    return "\n".join(lines)
