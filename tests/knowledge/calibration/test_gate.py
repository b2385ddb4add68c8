"""Fitted numbers: those that come along, and those of a library."""

import pytest
from pydantic import ValidationError

from knowledge.answering.pipeline import AnswerPipeline
from knowledge.calibration.gate import FittedWeight, GateCalibration, SentenceCalibration, gate_of, own_gate_path
from knowledge.errors import SettingsError

GATE = GateCalibration(
    fitted_on="nothing",
    intercept=1.0,
    weights={
        "a": FittedWeight(weight=2.0, mean=3.0, deviation=4.0),
        "b": FittedWeight(weight=-1.0, mean=0, deviation=1),
    },
    answer=0.5,
    closest=0.2,
    certain=0.7,
    sure=0.9,
)


@pytest.mark.parametrize(
    ("a", "b", "probability"),
    [(3.0, 0.0, 0.7311), (7.0, 0.0, 0.9526), (3.0, 1.0, 0.5), (1e9, 0.0, 1.0), (-1e9, 0.0, 0.0)],
)
def test_the_probability_is_a_logistic_regression(a, b, probability):
    assert GATE.probability({"a": a, "b": b, "more": 9.0}) == pytest.approx(probability, abs=1e-4)


def test_a_fitted_signal_that_is_missing_is_an_error():
    with pytest.raises(KeyError, match="b"):
        GATE.probability({"a": 1.0})


@pytest.mark.parametrize("reader", ["haln-reader", "lexical"])
def test_the_calibrations_that_come_along_are_in_order(reader):
    gate = GateCalibration.packaged(f"{reader}@0123456789ab")
    assert 0 < gate.closest < gate.answer <= gate.certain <= gate.sure < 1
    assert reader in gate.fitted_on
    assert all(weight.deviation > 0 for weight in gate.weights.values())
    sentences = SentenceCalibration.packaged()
    assert 0 < sentences.show < 1


def test_a_sentence_is_as_likely_as_what_is_known_of_it():
    calibration = SentenceCalibration(fitted_on="nothing", intercept=0.0, weights={"next": 1.0}, show=0.5)
    assert calibration.probability({"next": 0.0, "score": 5.0}) == 0.5
    assert calibration.probability({"next": 1.0}) > 0.7


def test_a_librarys_own_gate_goes_before_the_one_that_comes_along(tmp_path):
    assert gate_of(tmp_path, "lexical") == GateCalibration.packaged("lexical")
    own_gate_path(tmp_path, "lexical").write_text(GATE.model_dump_json())
    assert gate_of(tmp_path, "lexical") == GATE
    assert gate_of(tmp_path, "haln-reader@abc") == GateCalibration.packaged("haln-reader")
    own_gate_path(tmp_path, "haln-reader@abc").write_text(GATE.model_dump_json())
    assert gate_of(tmp_path, "haln-reader@def") == GATE


@pytest.mark.parametrize("text", ["", "{", '{"answer": 2}', GATE.model_dump_json().replace("sure", "certain")])
def test_a_damaged_gate_says_what_to_do(tmp_path, text):
    own_gate_path(tmp_path, "lexical").write_text(text)
    with pytest.raises(SettingsError, match=r"gate-lexical.json is damaged. Delete it, or .*haln eval calibrate"):
        gate_of(tmp_path, "lexical")


def test_a_gate_that_cannot_be_read_says_so(tmp_path):
    own_gate_path(tmp_path, "lexical").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        gate_of(tmp_path, "lexical")


def test_a_gate_knows_its_fields():
    with pytest.raises(ValidationError):
        GateCalibration.model_validate_json('{"threshold": 1}')


def test_a_pipeline_takes_the_gate_it_is_given(library):
    assert AnswerPipeline(library, GATE).gate == GATE
