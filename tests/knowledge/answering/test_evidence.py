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
        read(chunk("One.", 1), search=3.0, answerable=1.0),
        read(chunk("Two.", 2), search=2.9, answerable=60.0),
        read(chunk("Three.", 3), search=0.1, answerable=-50.0),
    ]
    assert numbers(mixed_order(chunks)) == [2, 1, 3]


def test_equals_keep_the_order_of_the_search():
    chunks = [read(chunk("One.", number)) for number in (3, 1, 2)]
    assert numbers(mixed_order(chunks)) == [3, 1, 2]
    assert mixed_order([]) == []


def test_the_lead_has_the_best_sentence_in_the_best_passage():
    weak = read(chunk("One. Two.", 1), 3.0, 2.0, answerable=-4.0)
    strong = read(chunk("Three. Four.", 2), 0.0, 2.0, answerable=1.0)
    found = evidence("q", weak, strong)
    assert found.lead is strong
    assert found.sentence.unit.text == "Four."


def test_where_the_reader_sees_no_difference_the_search_decides():
    first = read(chunk("One.", 1), 1.0, search=2.0)
    second = read(chunk("Two.", 2), 1.0, search=4.0)
    assert evidence("q", first, second).lead is second


def test_any_passage_can_be_looked_at_as_the_lead():
    one, two = read(chunk("One.", 1), 5.0, answerable=5.0), read(chunk("Two.", 2), 0.0, answerable=-1.0)
    found = evidence("q", one, two)
    assert found.with_lead(two).lead is two
    assert reader_passage(found.with_lead(two)) == -1.0
    assert found.lead is one


def test_nothing_read_leads_nowhere():
    assert evidence("q").lead is None
    assert evidence("q").sentence is None
