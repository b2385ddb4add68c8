"""First steps for somebody at one stage of anchor work: what the library holds for exactly that, step by step."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from knowledge.assistant import Assistant
from knowledge.domain.library import Metadata, StoredDocument
from knowledge.domain.vocabulary import Kind, Level, Nation, Outcome, Pillar, Sector, Stage, Term
from knowledge.library import Library

NOT_RESOURCES = frozenset({Kind.GLOSSARY, Kind.EVENT})
_WORK = frozenset({Kind.CASE_STUDY, Kind.EXAMPLE, Kind.PROGRAMME})
_GUIDES = frozenset({Kind.TOOLKIT, Kind.RESOURCE, Kind.LESSON, Kind.REPORT})
_BODIES = frozenset({Kind.PROGRAMME, Kind.REPORT, Kind.RESOURCE, Kind.TOOLKIT})
_NOT_TO_PLAN = (Outcome.DID_NOT_WORK, Outcome.PARTLY)
# The word that newcomers are told the meaning of; the title that is nothing else comes first.
_ANCHOR = "anchor"
_SEARCHED = 60
_OTHER_STAGE = 2


class Start(NamedTuple):
    """The choices of somebody who begins."""

    stage: Stage
    pillar: Pillar
    nation: Nation
    sector: Sector


class StepKind(Term):
    """A reason why a document is a first step."""

    WHAT_AN_ANCHOR_IS = "what_an_anchor_is"
    HOW_TO_START = "how_to_start"
    HOW_TO_GO_ON = "how_to_go_on"
    NEAR_EXAMPLE = "near_example"
    EXAMPLE = "example"
    PEERS_WORK = "peers_work"
    NATIONAL_BODY = "national_body"
    MEASUREMENT = "measurement"
    MORE = "more"


class Step(NamedTuple):
    """A document, and why it is a first step."""

    kind: StepKind
    document: StoredDocument


class _Sought(NamedTuple):
    """A step as it is sought: what the documents are that can be it, and which of them come first."""

    kind: StepKind
    fits: Callable[[Metadata], bool]
    first: Callable[[Metadata], int] = lambda _: 0


_STEPS: dict[Stage, tuple[_Sought, ...]] = {
    Stage.STARTING: (
        _Sought(
            StepKind.WHAT_AN_ANCHOR_IS,
            lambda one: one.kind is Kind.GLOSSARY and _ANCHOR in one.title.casefold(),
            lambda one: len(one.title),
        ),
        _Sought(
            StepKind.HOW_TO_START,
            lambda one: one.kind in _GUIDES and one.stage is Stage.STARTING,
            lambda one: one.kind is not Kind.TOOLKIT,
        ),
        _Sought(StepKind.NEAR_EXAMPLE, lambda one: one.kind in _WORK),
    ),
    Stage.EARLY: (
        _Sought(
            StepKind.HOW_TO_GO_ON,
            lambda one: one.kind in _GUIDES and one.stage is Stage.EARLY,
            lambda one: len(one.pillars),
        ),
        _Sought(StepKind.NEAR_EXAMPLE, lambda one: one.kind in _WORK),
        _Sought(StepKind.MEASUREMENT, lambda one: bool(one.measured) and one.kind is not Kind.EVENT),
    ),
    Stage.ESTABLISHED: (
        _Sought(StepKind.PEERS_WORK, lambda one: one.kind in _WORK and one.stage is Stage.ESTABLISHED),
        _Sought(
            StepKind.NATIONAL_BODY,
            lambda one: one.kind in _BODIES and one.level is Level.NATIONAL,
            lambda one: (one.nation is Nation.INTERNATIONAL) * 2 + (one.kind is not Kind.PROGRAMME),
        ),
        _Sought(
            StepKind.MEASUREMENT,
            lambda one: bool(one.measured) and one.kind is not Kind.EVENT,
            lambda one: not any(measure.baseline for measure in one.measured),
        ),
    ),
}
STEPS = 3


def is_resource(document: StoredDocument) -> bool:
    """Return whether a document is something to learn from: words and events have commands of their own."""
    return document.metadata.kind not in NOT_RESOURCES


def lessons(library: Library) -> list[StoredDocument]:
    """Return the examples that did not work, or only in part, by id."""
    return library.store.listed(outcomes=_NOT_TO_PLAN)


def first_steps(assistant: Assistant, library: Library, chosen: Start, wish: str) -> list[Step]:
    """Return up to three steps for a stage, in order; each stage seeks others.

    Of what can be a step, what is for that stage and pillar comes first, then what is from the nation or the whole UK.
    A step that the library holds nothing for is left to what else it holds on the pillar; `wish` says what is sought.
    """
    query = f"{wish}, {chosen.pillar.label}, {chosen.sector.label}"
    found = assistant.search(query, _SEARCHED).results
    ranks = {result.document_id: result.rank for result in reversed(found)}
    documents = library.store.documents()
    more = _Sought(StepKind.MORE, lambda one: one.kind not in NOT_RESOURCES and chosen.pillar in one.pillars)
    steps: list[Step] = []
    for sought in (*_STEPS[chosen.stage], *[more] * STEPS):
        if len(steps) == STEPS:
            break
        taken = {step.document.id for step in steps}
        fitting = [one for one in documents if one.id not in taken and sought.fits(one.metadata)]
        best = min(fitting, key=lambda one: _order(one, chosen, sought, ranks), default=None)
        if best is not None and (sought is more or not _for_another(best.metadata, chosen)):
            steps.append(Step(_named(sought.kind, best.metadata, chosen), best))
    return steps


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
            _misfit(document.metadata, stage),
            document.metadata.kind is not Kind.CASE_STUDY,
            document.metadata.nation is not nation,
            _NOT_TO_PLAN.index(document.metadata.outcome or Outcome.PARTLY),
            len(document.metadata.pillars),
            document.id,
        ),
        default=None,
    )


def _order(document: StoredDocument, chosen: Start, sought: _Sought, ranks: dict[str, int]) -> tuple[int | str, ...]:
    """Return what a document is ordered by for a step, the smallest first."""
    metadata, misfit = document.metadata, _misfit(document.metadata, chosen.stage)
    near = 0 if metadata.nation is chosen.nation else 1 if metadata.nation in (None, Nation.UK) else 2
    return (
        misfit == _OTHER_STAGE,
        bool(metadata.pillars) and chosen.pillar not in metadata.pillars,
        sought.first(metadata),
        misfit,
        metadata.outcome in _NOT_TO_PLAN,  # that has a place of its own
        near,
        ranks.get(document.id, _SEARCHED + 1),
        document.id,
    )


def _for_another(metadata: Metadata, chosen: Start) -> bool:
    """Return whether a document is of another stage or about other pillars."""
    about_others = bool(metadata.pillars) and chosen.pillar not in metadata.pillars
    return about_others or _misfit(metadata, chosen.stage) == _OTHER_STAGE


def _misfit(metadata: Metadata, stage: Stage | None) -> int:
    """Return how badly a document fits a stage: 0 where it is for that one, 1 where for any, 2 where for another."""
    return 1 if metadata.stage is None or stage is None else 0 if metadata.stage is stage else _OTHER_STAGE


def _named(kind: StepKind, metadata: Metadata, chosen: Start) -> StepKind:
    """Return what a step is called: only an example from the same nation is called near."""
    if kind is StepKind.NEAR_EXAMPLE and (metadata.nation is not chosen.nation or chosen.nation is Nation.UK):
        return StepKind.EXAMPLE
    return kind
