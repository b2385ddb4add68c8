"""The order of what was read, and which passage leads."""

import pytest

from knowledge.answering.evidence import mixed_order, standardised
from knowledge.answering.signals import reader_passage
from tests.knowledge.answering.makers import chunk, evidence, read


def numbers(chunks):
    return [one.chunk.id for one in chunks]


def test_standardised_values_have_mean_0_and_deviation_1():
    assert standardised([1.0, 2.0, 3.0]) == pytest.approx([-1.2247, 0.0, 1.2247], abs=1e-4)
    assert standardised([4.0, 4.0]) == [0.0, 0.0]
    assert standardised([7.0]) == [0.0]
    assert standardised([]) == []


def test_the_order_is_searchs_and_readers_together_each_on_its_own_scale():
    # The search prefers 1 by much, the reader 2 by little on its own larger scale; 3 is last for both.
    chunks = [
        read(chunk("One.", 1), 0.0, search=3.0, answerable=1.0),
        read(chunk("Two.", 2), 0.0, search=2.9, answerable=60.0),
        read(chunk("Three.", 3), 0.0, search=0.1, answerable=-50.0),
    ]
    assert numbers(mixed_order(chunks)) == [2, 1, 3]


def test_the_best_sentence_counts_beside_the_passage():
    weak, strong = read(chunk("One. Two.", 1), 0.0, 1.0), read(chunk("Three. Four.", 2), -9.0, 2.0)
    assert numbers(mixed_order([weak, strong])) == [2, 1]


def test_the_search_can_be_left_out():
    chunks = [
        read(chunk("One.", 1), 1.0, search=9.0, answerable=1.0),
        read(chunk("Two.", 2), 2.0, search=9.1, answerable=1.0),
        read(chunk("Three.", 3), 2.1, search=0.0, answerable=1.0),
    ]
    assert numbers(mixed_order(chunks))[0] == 2
    assert numbers(mixed_order(chunks, by_search=False)) == [3, 2, 1]


def test_equals_keep_the_order_of_the_search():
    chunks = [read(chunk("One.", number)) for number in (3, 1, 2)]
    assert numbers(mixed_order(chunks)) == [3, 1, 2]
    assert mixed_order([]) == []


def test_the_first_passage_leads_with_its_best_sentence():
    found = evidence("q", read(chunk("One. Two.", 1), 0.0, 2.0), read(chunk("Three.", 2), 9.0))
    assert found.lead.chunk.id == 1
    assert found.sentence.unit.text == "Two."


def test_any_passage_can_be_looked_at_as_the_lead():
    one, two = read(chunk("One.", 1), 5.0, answerable=5.0), read(chunk("Two.", 2), 0.0, answerable=-1.0)
    found = evidence("q", one, two)
    assert found.with_lead(two).lead is two
    assert reader_passage(found.with_lead(two)) == -1.0
    assert found.lead is one


def test_nothing_read_leads_nowhere():
    assert evidence("q").lead is None
    assert evidence("q").sentence is None
