"""No group of one to four people can be worked out from a table and its total: held against what an attacker can do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from knowledge.insights.small_groups import FEWEST, is_small, protected, protected_overlapping


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
    ends = [
        milp(sign * weights, constraints=constraints, bounds=bounds, integrality=np.ones(size)).fun for sign in (1, -1)
    ]
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
