"""A summary of the collection: how many examples of which sort, from when, and in how many answers they were used."""

from collections import Counter
from collections.abc import Iterable, Sequence

from knowledge.domain.library import Noun
from knowledge.domain.vocabulary import Level, Nation, Outcome, Pillar, Term
from knowledge.examples.views import ExampleView

_MOST_USED = 10
NOT_SAID = "not said"


class UsedExample(Noun):
    """An example, and in how many answers of the question log it was used."""

    id: str
    title: str
    answers: int


class CollectionSummary(Noun):
    """The number of examples of each sort, in members' words. An example may be of several pillars.

    `years` counts an example in each year in which it happened, `used` those that were in an answer, and `answers` adds
    up in how many each was: an answer from two examples counts twice.
    """

    examples: int
    outcomes: dict[str, int]
    pillars: dict[str, int]
    levels: dict[str, int]
    nations: dict[str, int]
    regions: dict[str, int]
    years: dict[str, int]
    used: int
    answers: int
    most_used: tuple[UsedExample, ...]


def summary_of(views: Sequence[ExampleView]) -> CollectionSummary:
    """Return the summary of these examples."""
    used = [UsedExample(id=view.id, title=view.title, answers=view.answers) for view in views if view.answers]
    used.sort(key=lambda found: (-found.answers, found.id))
    return CollectionSummary(
        examples=len(views),
        outcomes=_of_terms(Outcome, (view.outcome for view in views)),
        pillars=_of_terms(Pillar, (pillar for view in views for pillar in view.pillars or (None,))),
        levels=_of_terms(Level, (view.level for view in views)),
        nations=_of_terms(Nation, (view.nation for view in views)),
        regions=_counted(_same_spelling(view.region for view in views)),
        years=dict(sorted(Counter(year for view in views for year in _years(view)).items())),
        used=len(used),
        answers=sum(found.answers for found in used),
        most_used=tuple(used[:_MOST_USED]),
    )


def _of_terms(kind: type[Term], values: Iterable[str | None]) -> dict[str, int]:
    counts = Counter(values)
    found = {term.label: counts[term.value] for term in kind if counts[term.value]}
    return found | ({NOT_SAID: counts[None]} if counts[None] else {})


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda pair: (pair[0] == NOT_SAID, -pair[1], pair[0])))


def _same_spelling(regions: Iterable[str]) -> list[str]:
    """Return regions, those that differ in capitals and spaces alone spelt as the first one is."""
    spelt: dict[str, str] = {}
    return [spelt.setdefault(" ".join(region.split()).casefold(), region) if region else NOT_SAID for region in regions]


def _years(view: ExampleView) -> list[str]:
    first, last = view.happened_from or view.happened_to, view.happened_to or view.happened_from
    if first is None or last is None:
        return [NOT_SAID]
    return [str(year) for year in range(int(first[:4]), int(last[:4]) + 1)]
