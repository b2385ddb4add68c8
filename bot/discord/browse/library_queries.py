"""Looks along the shelves: what the library holds, by pillar, nation and kind. Plain functions over its documents."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge.assistant import Assistant
from knowledge.domain.library import Filters, StoredDocument
from knowledge.domain.vocabulary import Kind, Measured, Nation, Outcome, Pillar, Sector, Stage
from knowledge.library import Library

_NOT_RESOURCES = frozenset({Kind.GLOSSARY, Kind.EVENT})
_NOT_TO_PLAN = (Outcome.DID_NOT_WORK, Outcome.PARTLY)
_SEARCHED = 20
_OTHER_STAGE = 2


class Chosen(NamedTuple):
    """The restrictions of `/resources`."""

    pillar: Pillar | None = None
    nation: Nation | None = None
    measured: Measured | None = None


class Start(NamedTuple):
    """The choices of a newcomer."""

    stage: Stage
    pillar: Pillar
    nation: Nation
    sector: Sector


def is_resource(document: StoredDocument) -> bool:
    """Return whether a document is something to learn from: words and events have commands of their own."""
    return document.metadata.kind not in _NOT_RESOURCES


def lessons(library: Library) -> list[StoredDocument]:
    """Return the examples that did not work, or only in part, by id."""
    return library.store.listed(outcomes=_NOT_TO_PLAN)


def resources(
    library: Library, pillar: Pillar | None, nation: Nation | None, measured: Measured | None = None
) -> list[StoredDocument]:
    """Return what there is on a pillar and from a nation, and says how it was measured, by title."""
    filters = Filters(pillar=pillar, nation=nation, measured=measured)
    found = library.store.listed(filters, kinds=[kind for kind in Kind if kind not in _NOT_RESOURCES])
    return sorted(found, key=lambda document: document.metadata.title.casefold())


def to_begin_with(
    assistant: Assistant, library: Library, chosen: Start, wish: str, number: int
) -> list[StoredDocument]:
    """Return the best documents for a newcomer: of their nation and of the whole UK in turn, then from anywhere.

    What is for their stage comes first, and what is for another stage only where nothing else is left.
    """
    query = f"{wish}, {chosen.pillar.label}, {chosen.sector.label}"
    found: dict[str, tuple[tuple[int, int], StoredDocument]] = {}
    for nations in ((chosen.nation, Nation.UK), (None,)):
        for nation in nations:
            results = assistant.search(query, _SEARCHED, Filters(pillar=chosen.pillar, nation=nation)).results
            documents = [library.store.document(result.document_id) for result in results]
            there = [document for document in documents if document is not None and is_resource(document)]
            for place, document in enumerate(sorted(there, key=lambda one: _misfit(one, chosen.stage))):
                found.setdefault(document.id, ((_misfit(document, chosen.stage), place), document))
        if sum(misfit < _OTHER_STAGE for (misfit, _), _ in found.values()) >= number:
            break
    return [document for _, document in sorted(found.values(), key=lambda one: one[0])][:number]


def _misfit(document: StoredDocument, stage: Stage | None) -> int:
    """Return how badly a document fits a stage: 0 where it is for that one, 1 where for any, 2 where for another."""
    own = document.metadata.stage
    return 1 if own is None or stage is None else 0 if own is stage else _OTHER_STAGE


def not_to_plan(
    library: Library,
    pillar: Pillar,
    nation: Nation,
    without: Iterable[StoredDocument],
    stage: Stage | None = None,
) -> StoredDocument | None:
    """Return an example that did not work, or only in part: nearest to the newcomer's pillar, stage and nation.

    Of examples that are equally near, the one on fewer pillars is: what names them all says least of this one.
    """
    shown = {document.id for document in without}
    found = [document for document in lessons(library) if document.id not in shown]
    return min(
        found,
        key=lambda document: (
            pillar not in document.metadata.pillars,
            _misfit(document, stage),
            document.metadata.kind is not Kind.CASE_STUDY,
            document.metadata.nation is not nation,
            _NOT_TO_PLAN.index(document.metadata.outcome or Outcome.PARTLY),
            len(document.metadata.pillars),
            document.id,
        ),
        default=None,
    )


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
