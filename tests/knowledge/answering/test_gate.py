"""What becomes of a question, and what is said to be missing."""

from dataclasses import replace

import pytest

from knowledge.answering.gate import Decision, Missing, Verdict, judge
from knowledge.answering.signals import signals
from tests.knowledge.answering.makers import READER_GATE, chunk, evidence, read


@pytest.mark.parametrize(
    ("score", "outcome"),
    [
        (4.0, Decision.ANSWER),
        (0.0, Decision.ANSWER),
        (-0.1, Decision.CLOSEST),
        (-1.9, Decision.CLOSEST),
        (-3, Decision.REFUSAL),
    ],
)
def test_the_probability_decides_among_three_outcomes(score, outcome):
    found = evidence("how do we start?", read("We started small.", score))
    verdict = judge(found, READER_GATE)
    assert verdict.outcome is outcome
    assert verdict.probability == READER_GATE.probability(signals(found))


def test_what_answers_lacks_nothing():
    verdict = judge(evidence("How many jobs did Plum Trust keep?", read("Some.", 4.0)), READER_GATE)
    assert (verdict.missing, verdict.names) == (None, ())


@pytest.mark.parametrize(("score", "outcome"), [(-1.0, Decision.CLOSEST), (-9.0, Decision.REFUSAL)])
def test_a_name_that_is_missing_is_said_first(score, outcome):
    passage = read("Apple Trust kept jobs.", score)
    verdict = judge(evidence("How many jobs did Plum Trust keep in 2021?", passage), READER_GATE)
    assert (verdict.outcome, verdict.missing, verdict.names) == (outcome, Missing.NAME, ("Plum Trust", "2021"))


def test_only_the_names_that_are_missing_are_said():
    passage = read("Apple Trust kept jobs.", -1.0)
    assert judge(evidence("Did Apple Trust and Plum Trust keep jobs?", passage), READER_GATE).names == ("Plum Trust",)


@pytest.mark.parametrize(("score", "missing"), [(-1.0, Missing.KIND), (-9.0, Missing.NAME)])
def test_where_another_passage_that_is_near_speaks_of_a_name_it_is_not_said_to_be_missing(score, missing):
    lead = read(chunk("Apple Trust kept jobs.", 1), -1.0)
    other = read(chunk("Plum Trust kept jobs.", 2, "b"), score)
    assert judge(evidence("How many jobs did Plum Trust keep?", lead, other), READER_GATE).missing is missing


def test_a_name_in_the_documents_title_is_not_missing():
    found = evidence("How many jobs did Plum Trust keep?", read(chunk("It kept jobs.", 3), -1.0))
    found = replace(found, subjects={3: "Jobs at Plum Trust It kept jobs."})
    assert judge(found, READER_GATE).missing is Missing.KIND


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("how many jobs were kept?", Missing.KIND),
        ("when were jobs kept?", Missing.KIND),
        ("why were jobs kept?", Missing.ANSWER),
    ],
)
def test_the_kind_of_thing_asked_for_may_be_missing(question, missing):
    assert judge(evidence(question, read("They kept jobs.", -1.0)), READER_GATE).missing is missing


def test_a_figure_that_is_there_is_not_said_to_be_missing():
    assert (
        judge(evidence("how many jobs were kept?", read("They met 6 times.", -1.0)), READER_GATE).missing
        is Missing.ANSWER
    )


def test_far_from_everything_nothing_is_near():
    verdict = judge(evidence("how many jobs were kept?", read("They met.", -9.0)), READER_GATE)
    assert (verdict.outcome, verdict.missing) == (Decision.REFUSAL, Missing.NOTHING_NEAR)


def test_nothing_read_is_a_refusal():
    assert judge(evidence("how?"), READER_GATE) == Verdict(Decision.REFUSAL, 0.0, Missing.NOTHING_NEAR)


def test_a_signal_that_nobody_measures_is_an_error():
    unknown = READER_GATE.model_copy(update={"weights": {"no_such_signal": READER_GATE.weights["reader_sentence"]}})
    with pytest.raises(KeyError, match="no_such_signal"):
        judge(evidence("how?", read("So.", 1.0)), unknown)
