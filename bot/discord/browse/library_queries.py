"""Looks along the shelves: what the library holds, by pillar, nation and kind. Plain functions over its documents."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge.domain.library import Filters, StoredDocument
from knowledge.domain.vocabulary import Kind, Measured, Nation, Pillar
from knowledge.guidance.first_steps import RESOURCES
from knowledge.guidance.first_steps import is_resource as is_resource
from knowledge.guidance.first_steps import lessons as lessons
from knowledge.library import Library
from knowledge.storage.listing_protocols import Listing


class Chosen(NamedTuple):
    """The restrictions of `/resources`."""

    pillar: Pillar | None = None
    nation: Nation | None = None
    measured: Measured | None = None


def resources(library: Library, chosen: Chosen, limit: int, page: int) -> Listing:
    """Return a page, from 1, of what there is on a pillar, from a nation and measured in a way, by title."""
    filters = Filters(pillar=chosen.pillar, nation=chosen.nation, measured=chosen.measured)
    return library.store.listing(filters, kinds=RESOURCES, limit=limit, page=page)


def past_events(library: Library, coming: Iterable[str | None]) -> list[StoredDocument]:
    """Return the library's events without those that are coming, the latest first, those without a date last."""
    left_out = set(coming)
    found = [d for d in library.store.listed(kinds=[Kind.EVENT]) if d.id not in left_out]
    return sorted(found, key=lambda d: (d.metadata.starts or d.metadata.published or "", d.id), reverse=True)


def suggested(words: Sequence[str], typed: str, most: int) -> list[str]:
    """Return the words that fit what is being typed: those that begin with it first."""
    typed = typed.casefold().strip()
    fitting = [word for word in words if typed in word.casefold()]
    return sorted(fitting, key=lambda word: not word.casefold().startswith(typed))[:most]
