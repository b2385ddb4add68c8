"""Looks along the shelves: what the library holds, by pillar, nation and kind. Plain functions over its documents."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge.domain.library import Filters, StoredDocument
from knowledge.domain.vocabulary import Kind, Measured, Nation, Pillar
from knowledge.guidance.first_steps import NOT_RESOURCES
from knowledge.guidance.first_steps import is_resource as is_resource
from knowledge.guidance.first_steps import lessons as lessons
from knowledge.library import Library


class Chosen(NamedTuple):
    """The restrictions of `/resources`."""

    pillar: Pillar | None = None
    nation: Nation | None = None
    measured: Measured | None = None


def resources(
    library: Library, pillar: Pillar | None, nation: Nation | None, measured: Measured | None = None
) -> list[StoredDocument]:
    """Return what there is on a pillar and from a nation, and says how it was measured, by title."""
    filters = Filters(pillar=pillar, nation=nation, measured=measured)
    found = library.store.listed(filters, kinds=[kind for kind in Kind if kind not in NOT_RESOURCES])
    return sorted(found, key=lambda document: document.metadata.title.casefold())


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
