"""No group of one to four people can be worked out from a table and its total: held against what an attacker can do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from knowledge.domain.insights import AskedQuestion
from knowledge.domain.members import Profile
from knowledge.insights.figures import all_tables
from knowledge.insights.small_groups import FEWEST, is_small, protected, protected_overlapping
from knowledge.storage.insight_protocols import DocumentUse, Participation


@st.composite
def tables(draw):
    columns = draw(st.integers(1, 4))
    groups = draw(st.integers(1, 6))
    rows = {}
    for group in range(groups):
        row = [draw(st.one_of(st.integers(0, 9), st.integers(0, 60)))]
        for _ in range(columns - 1):
            row.append(draw(st.integers(0, row[-1])))
        rows[f"group {group}"] = row
    return rows


def possible(rows, shown, total, weights):
    """The least and the most that a sum of figures may be, for whoever knows the table and that rows are nested."""
    names, columns = list(rows), len(next(iter(rows.values())))
    size = len(names) * columns
    constraints = []
    for place in range(size):
        if place % columns:
            step = np.zeros(size)
            step[place - 1], step[place] = 1, -1
            constraints.append(LinearConstraint(step, 0, np.inf))
    for column in range(columns):
        if total[column] is not None:
            constraints.append(LinearConstraint(np.arange(size) % columns == column, total[column], total[column]))
    figures = [figure for name in names for figure in shown[name]]
    bounds = Bounds([f if f is not None else 0 for f in figures], [f if f is not None else 500 for f in figures])
    # HiGHS takes some of these for impossible when it simplifies them first.
    asked = {"bounds": bounds, "integrality": np.ones(size), "options": {"presolve": False}}
    ends = [milp(sign * weights, constraints=constraints, **asked).fun for sign in (1, -1)]
    return round(ends[0]), round(-ends[1])


@settings(max_examples=10, deadline=None)
@given(tables())
def test_nobody_can_work_out_a_small_group(rows):
    shown, total = protected(rows)
    names, columns = list(rows), len(next(iter(rows.values())))
    for number, name in enumerate(names):
        for column, figure in enumerate(rows[name]):
            weights = np.zeros(len(names) * columns)
            weights[number * columns + column] = 1
            if is_small(figure):
                assert shown[name][column] is None
                least, most = possible(rows, shown, total, weights)
                assert least < most, (name, column)
            if column and is_small(rows[name][column - 1] - figure):
                weights = -weights
                weights[number * columns + column - 1] = 1
                least, most = possible(rows, shown, total, weights)
                assert least < most, (name, column, "the step down to it")


def test_what_is_large_is_shown():
    shown, total = protected({"England": (40, 20, 10), "Wales": (30, 15, 5)})
    assert shown == {"England": (40, 20, 10), "Wales": (30, 15, 5)}
    assert total == (70, 35, 15)


def test_a_small_group_takes_the_next_smallest_with_it():
    shown, total = protected({"England": (40,), "Scotland": (9,), "Wales": (3,)})
    assert shown == {"England": (40,), "Scotland": (None,), "Wales": (None,)}
    assert total == (52,)


def test_those_left_over_are_no_small_group_either():
    """Of seven five spoke: the two who did not could be read off."""
    shown, _ = protected({"England": (40, 20), "Scotland": (30, 12), "Wales": (7, 5)})
    assert shown["Wales"] == (7, None)
    assert shown["Scotland"] == (30, None)


def test_nobody_is_shown_as_nobody():
    shown, _ = protected({"England": (40, 0), "Wales": (0, 0)})
    assert shown == {"England": (40, 0), "Wales": (0, 0)}


def test_groups_that_share_people_are_kept_back_by_themselves():
    assert protected_overlapping({"food": (8, 3), "land": (4, 0)}) == {"food": (8, None), "land": (None, 0)}


@pytest.mark.parametrize("number", range(1, FEWEST))
def test_one_to_four_are_few(number):
    assert is_small(number)


def test_an_empty_table_stays_empty():
    assert protected({}) == ({}, ())


# Of each table the columns that count people or what each person did once. What is not named counts documents or
# questions, of which nobody knows whose they are: a new table has to be sorted here.
PEOPLE = {
    "questions": ("Votes: it helped", "Votes: it did not"),
    "documents": ("Votes: it helped", "Votes: it did not"),
    "library": (),
    "examples": (),
    "members": ("Joined",),
    "introductions": ("Asked for", "Accepted"),
    **dict.fromkeys(
        (f"outcomes_by_{group}" for group in ("nation", "sector", "stage", "pillar")),
        ("Members", "Asked or were asked", "Introduced", "Spoke", "Changed practice"),
    ),
    **dict.fromkeys(
        (f"sets_by_{group}" for group in ("nation", "sector", "stage", "pillar")),
        ("Members", "In a learning set", "A date was fixed", "Closed with a note"),
    ),
}


class Few:
    """A network of few members, of whom some did something, and documents with a few votes."""

    def __init__(self, number):
        self._number = number

    def document_use(self, *_):
        return [DocumentUse(f"d{n}", f"Document {n}", 7, self._number, n) for n in range(6)]

    def arrivals(self):
        return [("2026-01-02", None, "report", True)]

    def published_examples(self):
        return [("2026-01-02", {})]

    def joined(self):
        return ["2026-01-02"] * self._number + ["2026-02-02"] * 9

    def introductions(self, *_):
        return [("2026-01-02", "accepted")] * self._number + [("2026-02-02", "asked")] * 9

    def participation(self, *_):
        nations = ["wales"] * self._number + ["england"] * 9
        return [
            Participation(Profile(id=str(n), nation=nation, pillars=["estates"]), True, n % 2 == 0, n % 4 == 0, n == 0)
            for n, nation in enumerate(nations)
        ]


@pytest.mark.parametrize("number", range(1, 7))
def test_no_figure_about_people_of_any_table_is_one_to_four(number):
    asked = [
        AskedQuestion(id=str(n), text="?", asked_at=f"2026-0{1 + n % 2}-02", answered=True, helpful=n < number)
        for n in range(12)
    ]
    tables = all_tables(Few(number), asked, "2026-01-01", "2026-03-01")
    assert {table.key for table in tables} == set(PEOPLE)
    for table in tables:
        for place, column in enumerate(table.columns):
            if column in PEOPLE[table.key]:
                small = [row for row in table.rows if row.figures[place] is not None and is_small(row.figures[place])]
                assert small == [], table.key
        assert set(PEOPLE[table.key]) <= set(table.columns), table.key
    # In the files that are handed on a dash or nothing stands there.
    members = next(table for table in tables if table.key == "members")
    assert (members.rows[1].figures == (None,)) is (number < FEWEST)
