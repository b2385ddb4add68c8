"""First steps for somebody at one stage of anchor work: what the library holds for exactly that, step by step."""

from collections.abc import Iterable
from typing import NamedTuple

from knowledge.assistant import Assistant
from knowledge.domain.library import Filters, Metadata, StoredDocument
from knowledge.domain.vocabulary import Kind, Level, Measured, Nation, Outcome, Pillar, Sector, Stage, Term
from knowledge.library import Library
from knowledge.storage.listing_protocols import Compared, Preference

NOT_RESOURCES = frozenset({Kind.GLOSSARY, Kind.EVENT})
RESOURCES = frozenset(Kind) - NOT_RESOURCES
_NO_EVENTS = frozenset(Kind) - {Kind.EVENT}
_WORK = frozenset({Kind.CASE_STUDY, Kind.EXAMPLE, Kind.PROGRAMME})
_GUIDES = frozenset({Kind.TOOLKIT, Kind.RESOURCE, Kind.LESSON, Kind.REPORT})
_BODIES = frozenset({Kind.PROGRAMME, Kind.REPORT, Kind.RESOURCE, Kind.TOOLKIT})
_NOT_TO_PLAN = (Outcome.DID_NOT_WORK, Outcome.PARTLY)
# The word that newcomers are told the meaning of; the title that is nothing else comes first.
_ANCHOR = "anchor"
_SEARCHED = 60


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
    kinds: frozenset[Kind]
    filters: Filters = Filters()
    titled: str = ""
    first: tuple[Preference, ...] = ()


def _before(by: Compared, *values: Term) -> Preference:
    """Return that what has one of these values comes before everything else."""
    return Preference(by, dict.fromkeys(values, 0), 1)


_MEASURED = Filters(measured=Measured.INDICATOR)
_STEPS: dict[Stage, tuple[_Sought, ...]] = {
    Stage.STARTING: (
        _Sought(
            StepKind.WHAT_AN_ANCHOR_IS,
            frozenset({Kind.GLOSSARY}),
            titled=_ANCHOR,
            first=(Preference(Compared.TITLE),),
        ),
        _Sought(
            StepKind.HOW_TO_START,
            _GUIDES,
            Filters(stage=Stage.STARTING),
            first=(_before(Compared.KIND, Kind.TOOLKIT),),
        ),
        _Sought(StepKind.NEAR_EXAMPLE, _WORK),
    ),
    Stage.EARLY: (
        _Sought(StepKind.HOW_TO_GO_ON, _GUIDES, Filters(stage=Stage.EARLY), first=(Preference(Compared.PILLARS),)),
        _Sought(StepKind.NEAR_EXAMPLE, _WORK),
        _Sought(StepKind.MEASUREMENT, _NO_EVENTS, _MEASURED),
    ),
    Stage.ESTABLISHED: (
        _Sought(StepKind.PEERS_WORK, _WORK, Filters(stage=Stage.ESTABLISHED)),
        _Sought(
            StepKind.NATIONAL_BODY,
            _BODIES,
            Filters(level=Level.NATIONAL),
            first=(
                Preference(Compared.NATION, {Nation.INTERNATIONAL: 1}),
                _before(Compared.KIND, Kind.PROGRAMME),
            ),
        ),
        _Sought(StepKind.MEASUREMENT, _NO_EVENTS, _MEASURED, first=(Preference(Compared.BASELINE),)),
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
    more = _Sought(StepKind.MORE, RESOURCES, Filters(pillar=chosen.pillar))
    steps: list[Step] = []
    for sought in (*_STEPS[chosen.stage], *[more] * STEPS):
        if len(steps) == STEPS:
            break
        best = library.store.first(
            _order(chosen, sought, ranks),
            sought.filters,
            kinds=sought.kinds,
            titled=sought.titled,
            without=[step.document.id for step in steps],
        )
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
    order = (
        _before(Compared.PILLAR, pillar),
        _fit(stage),
        _before(Compared.KIND, Kind.CASE_STUDY),
        _before(Compared.NATION, nation),
        _before(Compared.OUTCOME, _NOT_TO_PLAN[0]),
        Preference(Compared.PILLARS),
    )
    return library.store.first(order, outcomes=_NOT_TO_PLAN, without=[document.id for document in without])


def _order(chosen: Start, sought: _Sought, ranks: dict[str, int]) -> tuple[Preference, ...]:
    """Return what documents are put in order by for a step."""
    anywhere = {"": 1, Nation.UK: 1}
    return (
        Preference(Compared.STAGE, {chosen.stage: 0, "": 0}, 1),
        Preference(Compared.PILLAR, {chosen.pillar: 0, "": 0}, 1),
        *sought.first,
        _fit(chosen.stage),
        Preference(Compared.OUTCOME, dict.fromkeys(_NOT_TO_PLAN, 1)),  # that has a place of its own
        Preference(
            Compared.NATION, {chosen.nation: 0} | {at: n for at, n in anywhere.items() if at != chosen.nation}, 2
        ),
        Preference(Compared.ID, ranks, _SEARCHED + 1),
    )


def _fit(stage: Stage | None) -> Preference:
    """Return that what is for a stage comes first, then what is for any; no stage prefers none."""
    return Preference(Compared.STAGE, {stage: 0, "": 1}, 2) if stage is not None else Preference(Compared.STAGE)


def _for_another(metadata: Metadata, chosen: Start) -> bool:
    """Return whether a document is of another stage or about other pillars."""
    about_others = bool(metadata.pillars) and chosen.pillar not in metadata.pillars
    return about_others or metadata.stage not in (None, chosen.stage)


def _named(kind: StepKind, metadata: Metadata, chosen: Start) -> StepKind:
    """Return what a step is called: only an example from the same nation is called near."""
    if kind is StepKind.NEAR_EXAMPLE and (metadata.nation is not chosen.nation or chosen.nation is Nation.UK):
        return StepKind.EXAMPLE
    return kind
