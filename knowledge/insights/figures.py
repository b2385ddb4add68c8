"""Figures by month and by group, each table with how it was counted. None shows a group of one to four people."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from knowledge.domain.insights import AskedQuestion, FigureRow, FigureTable
from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import IntroductionState, Term
from knowledge.insights.small_groups import protected, protected_overlapping
from knowledge.storage.insight_protocols import DocumentUse, InsightStore, Participation

TOTAL = "All"
NOT_GIVEN = "Not given"
_MOST_DOCUMENTS = 20
_HIDDEN = (
    "Groups of one to four are not shown, nor what they could be worked out from: a dash stands in the place "
    "of such figures."
)
_HIDDEN_VOTES = "One to four votes are not shown, nor what they could be worked out from: a dash stands in their place."


class _Subject(NamedTuple):
    """A thing that comes of the network, with its steps: each is a part of the one before."""

    key: str
    title: str
    columns: tuple[str, ...]
    counted: str
    steps: Callable[[Participation], tuple[bool, ...]]


_INTRODUCTIONS = _Subject(
    "outcomes",
    "What came of introductions",
    ("Members", "Asked or were asked", "Introduced", "Spoke", "Changed practice"),
    "They took part in a request of this period (on either side), it was accepted, they said when asked that they "
    "spoke, and that it changed what they do. Nobody has to answer, so the last two are the least that there were. "
    "The pairs of the coffee rota are not counted.",
    # Who says that it changed something has spoken.
    lambda part: (
        True,
        part.asked,
        part.introduced,
        part.introduced and (part.spoke or part.changed),
        part.introduced and part.changed,
    ),
)
_LEARNING_SETS = _Subject(
    "sets",
    "Learning sets",
    ("Members", "In a learning set", "A date was fixed", "Closed with a note"),
    "They are in a learning set that was made in this period, a date was fixed for it (or it was closed), and it was "
    "closed with a note of what came of it.",
    lambda part: (True, part.in_set, part.in_set and part.set_met, part.in_set and part.set_closed),
)


def months_between(since: str, until: str) -> list[str]:
    """Return the months of a period, like "2026-03"; `until`, a day, is not included."""
    first, last = date.fromisoformat(since[:10]), date.fromisoformat(until[:10])
    number, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1 + (last.day > 1)
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(number, max(end, number + 1))]


def question_table(asked: Sequence[AskedQuestion], months: Sequence[str]) -> FigureTable:
    """Return questions, answers and votes by month. Who votes is a member: a month of few votes is kept back."""
    rows: dict[str, list[int]] = {month: [0, 0, 0, 0] for month in months}
    for question in asked:
        row = rows.get(question.asked_at[:7])
        if row is not None:
            row[0] += 1
            row[1] += question.answered
            row[2] += question.helpful
            row[3] += question.unhelpful
    return FigureTable(
        key="questions",
        title="Questions by month",
        columns=("Asked", "Answered", "Votes: it helped", "Votes: it did not"),
        rows=_with_votes(rows),
        counted="Every question in the log, in the month in which it was asked; the votes on its answer count with it. "
        "Greetings and what is said in danger are not logged. Questions are kept for as long as the operator has set. "
        f"{_HIDDEN_VOTES}",
    )


def library_table(arrivals: Sequence[tuple[str, str | None, str, bool]], months: Sequence[str]) -> FigureTable:
    """Return documents added, and held at the end of each month."""
    rows = {
        month: [
            sum(added[:7] == month for added, _, _, exact in arrivals if exact),
            sum(added[:7] <= month and (gone is None or gone[:7] > month) for added, gone, _, _ in arrivals),
        ]
        for month in months
    }
    earlier = sum(not exact for _, _, _, exact in arrivals)
    before = (
        f" {earlier} were here before arrivals were noted: they are in no month's additions, and in the library from "
        "the month of their last change then."
        if earlier
        else ""
    )
    return FigureTable(
        key="library",
        title="Growth of the library",
        columns=("Added", "In the library at the month's end"),
        rows=_rows(rows),
        counted=f"Documents of every kind, by the day on which they were first stored.{before}",
    )


def example_table(published: Sequence[tuple[str, Mapping[str, str | None]]], months: Sequence[str]) -> FigureTable:
    """Return shared examples published, and published in all by the end of each month."""
    rows = {
        month: [
            sum(day[:7] == month for day, _ in published),
            sum(day[:7] <= month for day, _ in published),
        ]
        for month in months
    }
    return FigureTable(
        key="examples",
        title="Examples from members",
        columns=("Published", "Published so far"),
        rows=_rows(rows),
        counted="Examples that are published now, by the day of publication; those withdrawn since are not counted.",
    )


def member_table(joined: Sequence[str], months: Sequence[str]) -> FigureTable:
    """Return members by the month in which they joined, before that together."""
    counts = Counter(moment[:7] for moment in joined)
    earlier = sum(number for month, number in counts.items() if month < months[0])
    rows = {f"Before {months[0]}": [earlier]} | {month: [counts[month]] for month in months}
    return FigureTable(
        key="members",
        title="Members",
        columns=("Joined",),
        rows=_protected(rows),
        counted="Profiles that are there now, by the month in which they were made; members who left are not counted. "
        + _HIDDEN,
    )


def introduction_table(made: Sequence[tuple[str, str]], months: Sequence[str]) -> FigureTable:
    """Return introductions asked for and accepted, by month."""
    rows = {month: [0, 0] for month in months}
    for moment, state in made:
        if (row := rows.get(moment[:7])) is not None:
            row[0] += 1
            row[1] += state == IntroductionState.ACCEPTED
    return FigureTable(
        key="introductions",
        title="Introductions",
        columns=("Asked for", "Accepted"),
        rows=_protected(rows),
        counted="Requests by the month in which they were made, and how many of those were accepted since, without the "
        "pairs of the coffee rota. They are "
        f"deleted after the time that the operator has set, and with their members. {_HIDDEN}",
    )


def outcome_tables(participation: Sequence[Participation]) -> list[FigureTable]:
    """Return what came of introductions and learning sets by nation, sector, stage and pillar of the members."""
    return [table for subject in (_INTRODUCTIONS, _LEARNING_SETS) for table in _tables(subject, participation)]


def _tables(subject: _Subject, participation: Sequence[Participation]) -> list[FigureTable]:
    counted = f"Members who have a profile now, each once. {subject.counted} {_HIDDEN}"
    one: tuple[tuple[str, Callable[[Profile], Term | None]], ...] = (
        ("nation", lambda profile: profile.nation),
        ("sector", lambda profile: profile.sector),
        ("stage", lambda profile: profile.stage),
    )
    tables = [
        FigureTable(
            key=f"{subject.key}_by_{name}",
            title=f"{subject.title}, by {name}",
            columns=subject.columns,
            rows=_protected(_counts(subject, ((_label(group(part.profile)), part) for part in participation))),
            counted=counted,
        )
        for name, group in one
    ]
    several = ((_label(pillar), part) for part in participation for pillar in (part.profile.pillars or (None,)))
    shown = protected_overlapping(_counts(subject, several))
    tables.append(
        FigureTable(
            key=f"{subject.key}_by_pillar",
            title=f"{subject.title}, by pillar",
            columns=subject.columns,
            rows=tuple(FigureRow(name=name, figures=shown[name]) for name in shown),
            counted=f"{counted} Who works on several pillars is counted under each.",
        )
    )
    return tables


def document_table(used: Sequence[DocumentUse]) -> FigureTable:
    """Return the documents that answers cite most, with the votes on those answers."""
    shown = used[:_MOST_DOCUMENTS]
    votes = [
        protected_overlapping({document.document_id: (document.helpful,) for document in shown}),
        protected_overlapping({document.document_id: (document.unhelpful,) for document in shown}),
    ]
    return FigureTable(
        key="documents",
        title="Which documents help",
        columns=("Answers that cite it", "Votes: it helped", "Votes: it did not"),
        rows=tuple(
            FigureRow(name=document.title, figures=(document.cited, *(one[document.document_id][0] for one in votes)))
            for document in shown
        ),
        counted=f"The {_MOST_DOCUMENTS} documents cited in most answers of this period. A vote is on the whole answer, "
        f"so it counts for each document that the answer cites. {_HIDDEN_VOTES}",
    )


def all_tables(store: InsightStore, asked: Sequence[AskedQuestion], since: str, until: str) -> tuple[FigureTable, ...]:
    """Return every table for a period; `until` is not included."""
    months = months_between(since, until)
    return (
        question_table(asked, months),
        document_table(store.document_use(since, until)),
        library_table(store.arrivals(), months),
        example_table(store.published_examples(), months),
        member_table([moment for moment in store.joined() if moment < until], months),
        introduction_table(store.introductions(since, until), months),
        *outcome_tables(store.participation(since, until)),
    )


def _counts(subject: _Subject, parts: Iterable[tuple[str, Participation]]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for name, part in parts:
        row = rows.setdefault(name, [0] * len(subject.columns))
        for place, step in enumerate(subject.steps(part)):
            row[place] += step * part.members
    return dict(sorted(rows.items(), key=lambda row: (row[0] == NOT_GIVEN, row[0])))


def _label(term: Term | None) -> str:
    return NOT_GIVEN if term is None else term.label[:1].upper() + term.label[1:]


def _rows(rows: Mapping[str, Sequence[int]]) -> tuple[FigureRow, ...]:
    return tuple(FigureRow(name=name, figures=tuple(row)) for name, row in rows.items())


def _with_votes(rows: Mapping[str, Sequence[int]]) -> tuple[FigureRow, ...]:
    """Return rows of questions, answers and two sorts of votes with their total; of votes no group of one to four."""
    votes = [protected({name: (row[place],) for name, row in rows.items()}) for place in (2, 3)]
    shown = tuple(
        FigureRow(name=name, figures=(*row[:2], *(groups[name][0] for groups, _ in votes)))
        for name, row in rows.items()
    )
    questions = (sum(row[place] for row in rows.values()) for place in (0, 1))
    return (*shown, FigureRow(name=TOTAL, figures=(*questions, *(total[0] for _, total in votes))))


def _protected(rows: Mapping[str, Sequence[int]]) -> tuple[FigureRow, ...]:
    shown, total = protected(rows)
    found = tuple(FigureRow(name=name, figures=figures) for name, figures in shown.items())
    return (*found, FigureRow(name=TOTAL, figures=total)) if found else ()
