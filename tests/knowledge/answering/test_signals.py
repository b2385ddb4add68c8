"""Each signal of the gate, and that it points the way it says."""

import math
from dataclasses import replace

import pytest

from knowledge.answering import signals as module
from knowledge.answering.signals import SIGNALS, signals
from knowledge.calibration.gate import GateCalibration
from tests.knowledge.answering.makers import chunk, evidence, read

QUESTION = "How many jobs did Apple Trust keep?"
GOOD = read("Apple Trust kept 40 jobs.", 3.0, answerable=2.0, search=6.0, cosine=0.8)
POOR = read("Pears are eaten in autumn.", -4.0, answerable=-3.0, search=1.0, cosine=0.2)


@pytest.mark.parametrize(
    "name",
    [
        "reader_sentence",
        "reader_passage",
        "reader_agreement",
        "relevance",
        "search_score",
        "kind_fits",
        "words_covered",
    ],
)
def test_what_answers_has_more_of_it(name):
    assert SIGNALS[name](evidence(QUESTION, GOOD)) > SIGNALS[name](evidence(QUESTION, POOR))


def test_what_answers_lacks_no_name():
    assert module.names_missing(evidence(QUESTION, GOOD)) == 0
    assert module.names_missing(evidence(QUESTION, POOR)) == 1
    assert module.names_missing(evidence("What did Apple Trust do in Leeds in 2021?", POOR)) == 3


def test_a_name_may_stand_in_what_the_chunk_is_about():
    found = evidence(QUESTION, read(chunk("It kept 40 jobs.", 7), 3.0))
    assert module.names_missing(found) == 1
    assert module.names_missing(replace(found, subjects={7: "Jobs Apple Trust It kept 40 jobs."})) == 0


def test_the_readers_scores_are_those_of_the_lead():
    values = signals(evidence(QUESTION, GOOD, POOR))
    assert (values["reader_sentence"], values["reader_passage"]) == (3.0, 2.0)
    assert (values["relevance"], values["search_score"]) == (0.8, 6.0)


def test_agreement_is_the_mean_of_the_three_best_passages():
    passages = [read(chunk("One.", n), answerable=float(n)) for n in range(1, 6)]
    assert module.reader_agreement(evidence("q", *passages)) == 4.0
    assert module.reader_agreement(evidence("q", passages[0])) == 1.0


def test_words_are_sought_in_title_and_headings_too():
    within = read(chunk("It kept them.", document="a", headings=["Jobs"], title="Apple Trust"))
    assert module.words_covered(evidence("Apple Trust jobs", within)) == 1.0


def test_the_length_of_a_question_grows_slowly():
    assert module.question_length(evidence("jobs", GOOD)) == pytest.approx(math.log(2))
    assert module.question_length(evidence("jobs " * 99, GOOD)) == pytest.approx(math.log(100))


def test_an_empty_library_has_the_least_of_everything():
    values = signals(evidence(QUESTION))
    assert values["reader_sentence"] == values["reader_passage"] == values["reader_agreement"] == -10.0
    assert values["relevance"] == values["search_score"] == values["kind_fits"] == values["words_covered"] == 0.0
    assert values["names_missing"] == 1.0


@pytest.mark.parametrize("reader", ["haln-reader", "lexical"])
def test_every_signal_that_was_fitted_is_measured(reader):
    assert set(GateCalibration.packaged(reader).weights) <= set(SIGNALS)


def test_signals_are_numbers_whatever_the_question():
    for question in ("", "?", "🌳", "x" * 4000, "שלום"):
        assert all(math.isfinite(value) for value in signals(evidence(question, GOOD)).values())
