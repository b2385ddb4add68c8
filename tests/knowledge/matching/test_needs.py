"""Needs that several members share, by their vectors."""

import numpy as np

from knowledge.matching.needs import shared_needs


def vectors(*places):
    """Unit vectors, alike where the place is the same; `None` is somebody who seeks nothing."""
    made = np.zeros((len(places), 4), dtype=np.float32)
    for row, place in enumerate(places):
        if place is not None:
            made[row, place] = 1.0
    return made


def test_a_need_that_enough_share_is_listed_once_in_the_words_of_one():
    words = ["lawns", "open our lawns", "pay", "grounds", "", "wages"]
    found = shared_needs(words, vectors(0, 0, 1, 0, None, 1), smallest=3)
    assert [(need.words, sorted(need.nearness)) for need in found] == [("lawns", [0, 1, 3])]
    assert [sorted(need.nearness) for need in shared_needs(words, vectors(0, 0, 1, 0, None, 1), smallest=2)] == [
        [0, 1, 3],
        [2, 5],
    ]


def test_who_seeks_nothing_shares_no_need():
    assert shared_needs(["", "", ""], vectors(None, None, None), smallest=2) == []
    assert shared_needs([], np.empty((0, 4), dtype=np.float32), smallest=2) == []


def test_those_nearest_to_the_need_are_nearest():
    close = vectors(0, 0)
    close[1] = [0.8, 0.6, 0, 0]
    [need] = shared_needs(["lawns", "grass"], close, smallest=2)
    assert sorted(round(value, 2) for value in need.nearness.values()) == [0.8, 1.0]
