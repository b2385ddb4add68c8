"""`haln eval calibrate`: the evidence gate fitted to a small set of questions, shown, kept and used."""

import json

import numpy as np
import pytest

from bot.cli import run_command
from bot.evaluation.fit import calibrate, fit_gate, fit_sentences, held_out_probabilities, judge_all, threshold
from bot.evaluation.questions import EvalQuestion, Gold, read_questions
from indexer.pipeline import Indexer
from knowledge.answering.pipeline import AnswerPipeline
from knowledge.answering.signals import SIGNALS
from knowledge.assistant import Assistant
from knowledge.calibration.gate import GateCalibration, own_gate_path
from knowledge.errors import SettingsError
from knowledge.library import Library
from tests.fakes import WordEmbedder, WordReader

THINGS = (
    *("bakery", "bicycle", "boatyard", "brewery", "cannery", "carpentry", "ceramics", "cinema", "creche", "dairy"),
    *("forge", "foundry", "garden", "garage", "gallery", "hostel", "kiosk", "laundry", "library", "market", "museum"),
    *("nursery", "orchard", "pottery", "printing", "quarry", "sawmill", "smithy"),
)
FEWEST = 20


def questions_of(thing, number):
    """A question that the document about a thing answers, and one that it does not."""
    gold = (Gold(file=thing, contains=f"kept {number + 10} jobs"),)
    also = (Gold(file=thing, contains="It was also told of the jobs by a neighbour"),)
    split = "tune" if number % 2 else "test"
    common = {"documents": (thing,), "split": split}
    return (
        EvalQuestion(
            id=f"{thing}-yes",
            question=f"How many jobs did the {thing} keep for residents?",
            answerable=True,
            gold=gold,
            also=also,
            **common,
        ),
        EvalQuestion(
            id=f"{thing}-no",
            question=f"What colour is the carpet that visitors of the {thing} walk on?",
            answerable=False,
            **common,
        ),
    )


ASKED = [question for number, thing in enumerate(THINGS) for question in questions_of(thing, number)]


@pytest.fixture
def things(tmp_path):
    """A folder with a small document about each thing."""
    folder = tmp_path / "things"
    folder.mkdir()
    for number, thing in enumerate(THINGS):
        (folder / f"{thing}.md").write_text(
            f"# The {thing}\n\nThe {thing} kept {number + 10} jobs for residents. It was also told of the jobs by a "
            f"neighbour. Visitors like the {thing}.\n"
        )
    return folder


@pytest.fixture
def library(library, things):
    library.reader = WordReader()
    Indexer(library).add([str(things)])
    return library


@pytest.fixture
def judged(library):
    return judge_all(ASKED, library, lambda done, total: None)


@pytest.fixture
def question_file(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(question.model_dump_json() for question in ASKED))
    return path


def test_every_question_is_asked_and_its_signals_are_kept(library):
    told = []
    judged = judge_all(ASKED[:4], library, lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [one.question for one in judged] == ASKED[:4]
    assert all(one.signals.keys() == SIGNALS.keys() for one in judged)
    assert judged[0].files[judged[0].evidence.lead.chunk.document_id] == "bakery"
    assert judged[0].signals["reader_sentence"] > judged[1].signals["reader_sentence"]


def test_the_fitted_gate_tells_answers_from_what_only_looks_like_one(judged):
    gate = fit_gate(judged, "a small set")
    assert gate.fitted_on == "a small set"
    assert gate.weights["reader_sentence"].weight > 0
    likely = np.array([gate.probability(one.signals) for one in judged])
    answerable = np.array([one.question.answerable for one in judged])
    assert likely[answerable].min() > likely[~answerable].max()
    assert 0 < gate.closest <= gate.answer <= gate.certain <= gate.sure < 1


def test_a_signal_can_be_left_out(judged):
    gate = fit_gate(judged, "a small set", leave_out=["relevance"])
    assert set(gate.weights) == SIGNALS.keys() - {"relevance"}


def test_a_signal_that_is_the_same_for_all_questions_counts_for_nothing(judged):
    same = [one._replace(signals=one.signals | {"kind_fits": 1.0}) for one in judged]
    gate = fit_gate(same, "a small set")
    assert gate.weights["kind_fits"].weight == 0
    one = same[0].signals
    assert gate.probability(one) == gate.probability(one | {"kind_fits": 0.0})


def test_each_question_is_held_out_with_all_others_about_its_document(judged):
    spoilt = [
        one._replace(signals=one.signals | {"names_missing": float(one.question.documents == ("bakery",))})
        for one in judged
    ]
    # What only the questions about one document have says nothing to a gate that has not seen these.
    place = next(place for place, one in enumerate(spoilt) if one.question.id == "bakery-no")
    flat = [one._replace(signals=one.signals | {"names_missing": 0.0}) for one in judged]
    with_it, without = held_out_probabilities(spoilt), held_out_probabilities(flat)
    assert with_it[place] == pytest.approx(without[place], abs=0.01)


def test_the_threshold_refuses_no_more_than_is_allowed():
    likely = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 0.95])
    answerable = np.array([True] * 10 + [False])
    assert threshold(likely, answerable, 0.0) == 0.1
    assert threshold(likely, answerable, 0.2) == 0.3
    assert threshold(likely, answerable, 1.0) == 1.0


def test_the_curve_trades_wrong_refusals_against_wrong_answers(judged):
    found = calibrate(judged, "a small set", most_refused=0.1)
    assert (found.questions, found.answerable, found.unanswerable) == (2 * len(THINGS), len(THINGS), len(THINGS))
    refused = [point.wrong_refusal for point in found.curve]
    answered = [point.wrong_answer for point in found.curve]
    assert [point.threshold for point in found.curve] == sorted(point.threshold for point in found.curve)
    assert refused == sorted(refused)
    assert answered == sorted(answered, reverse=True)
    assert refused[0] == 0
    assert found.chosen.wrong_refusal <= 0.1
    assert found.chosen.threshold == found.gate.answer
    assert found.written is None


@pytest.mark.parametrize("answerable", [True, False, None])
def test_too_few_questions_are_one_clear_error(judged, answerable):
    few = [one for one in judged if answerable is None or one.question.answerable is answerable]
    few = few[: FEWEST - 2] if answerable is None else few
    with pytest.raises(SettingsError, match=r"at least 20 answerable and 20 unanswerable questions; these are") as one:
        calibrate(few, "too few")
    assert "\n" not in str(one.value)


def test_no_questions_at_all_are_the_same_error():
    with pytest.raises(SettingsError, match="these are 0 and 0"):
        calibrate([], "nothing")


def test_the_choice_of_sentences_is_fitted_to_what_belongs_in_an_answer(judged):
    fitted = fit_sentences(judged, "a small set")
    # What follows the answer belongs to it in this set, and the next but one does not.
    assert fitted.weights["next"] > 0
    assert fitted.fitted_on == "a small set"
    with pytest.raises(ValueError):
        fit_sentences([one for one in judged if not one.question.answerable], "none")


# -- the command


@pytest.fixture
def _own_models(monkeypatch):
    """Every library that a command opens has the fake models, and starts without the starter library."""
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setattr("knowledge.library.packaged_reader", lambda device: WordReader())
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")


@pytest.fixture
def data_dir(monkeypatch, settings, things, _own_models):
    monkeypatch.setenv("HALN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("HALN_CHUNK_TOKENS", str(settings.chunk_tokens))
    assert run_command(["index", "add", str(things)]) == 0
    return settings.data_dir


def test_the_command_shows_the_curve_and_changes_nothing(data_dir, question_file, run):
    status, out, _ = run("eval", "calibrate", question_file)
    assert status == 0
    assert "reader_sentence" in out
    assert "wrong refusals" in out
    assert "28 answerable and 28 unanswerable questions" in out
    assert "Nothing was changed." in out
    assert not list(data_dir.glob("gate-*"))


def test_what_is_written_is_used_from_then_on(data_dir, question_file, run, settings):
    status, out, _ = run("eval", "calibrate", question_file, "--write", "--json")
    found = json.loads(out)
    path = own_gate_path(data_dir, WordReader.name)
    assert status == 0
    assert found["written"] == str(path)
    assert path.name == "gate-words.json"
    gate = GateCalibration.model_validate_json(path.read_text())
    assert gate == GateCalibration.model_validate(found["gate"])
    assert "questions.jsonl" in gate.fitted_on
    assert "words@1" in gate.fitted_on
    library = Library.open(settings)
    assert AnswerPipeline(library).gate == gate
    assistant = Assistant(library)
    assert assistant.ask(ASKED[0].question).answered
    assert not assistant.ask(ASKED[1].question).answered
    strict = gate.model_copy(update={"answer": 0.999999, "certain": 0.999999, "sure": 0.999999})
    path.write_text(strict.model_dump_json())
    assert not assistant.ask(ASKED[2].question).answered
    library.close()


def test_only_the_questions_of_a_split_are_asked(data_dir, question_file, run):
    assert len(read_questions(question_file, "tune")) == len(THINGS)
    status, _, err = run("eval", "calibrate", question_file, "--split", "tune", "--write")
    assert status != 0
    assert "these are 14 and 14" in err
    assert len(err.strip().splitlines()) == 1
    assert not list(data_dir.glob("gate-*"))
    rows = [json.loads(line) | {"split": "tune"} for line in question_file.read_text().splitlines()]
    question_file.write_text("\n".join(map(json.dumps, rows)))
    status, out, _ = run("eval", "calibrate", question_file, "--split", "tune", "--json")
    assert json.loads(out)["questions"] == len(ASKED)
    assert "these are 0 and 0" in run("eval", "calibrate", question_file, "--split", "test")[2]
