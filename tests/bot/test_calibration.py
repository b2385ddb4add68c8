import json

import pytest

from bot.cli import run_command
from bot.evaluation.answers import evaluate_answers
from bot.evaluation.calibration import Point, calibrate, recommend
from bot.evaluation.questions import read_questions
from bot.evaluation.remembering import RememberingReranker, open_remembering
from indexer.pipeline import Indexer
from knowledge.answering.evidence import DEFAULT, Thresholds
from knowledge.assistant import Assistant
from knowledge.errors import SettingsError
from tests.fakes import WordEmbedder

ASKED = (
    ("easy", "How many entry jobs were kept for local residents?", "kept 40 entry jobs"),
    ("hard", "Which wholesalers complained about small rounds in the county?", "too small for the wholesalers"),
    ("weak", "Do any schools teach chess?", None),
    ("out", "Who won the cup final yesterday evening?", None),
)


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    files = {"easy": "jobs", "hard": "food"}
    rows = [
        {
            "id": name,
            "question": text,
            "answerable": gold is not None,
            "gold": [{"file": files[name], "contains": gold}] if gold else [],
        }
        for name, text, gold in ASKED
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture
def remembering(settings, sources):
    embedder = WordEmbedder()
    library = open_remembering(settings, lambda _: embedder)
    Indexer(library).add([str(sources)])
    yield library, embedder
    library.close()


def test_the_curve_is_what_evaluation_measures_at_each_value(remembering, questions):
    library, _ = remembering
    asked = read_questions(questions)
    gate = Thresholds(strength=0.44)
    found = calibrate(asked, library, "strength", 0.2, 4, 0.1, thresholds=gate)
    values = [point.value for point in found.curve]
    assert values == [0.04, 0.24, 0.44, 0.64, 0.84, 1.04, 1.24]
    assert found.current == values[2]
    measured, _ = evaluate_answers(asked, library, gate)
    assert found.curve[2].model_dump(exclude={"value"}).items() <= measured.items()
    assert (found.questions, found.answerable, found.unanswerable) == (4, 2, 2)
    refused = [point.wrong_refusal for point in found.curve]
    answered = [point.wrong_answer for point in found.curve]
    assert refused == sorted(refused)
    assert answered == sorted(answered, reverse=True)
    assert refused[0] < refused[-1]
    assert answered[0] > answered[-1]


def test_the_signals_say_up_to_where_each_question_is_answered(remembering, questions):
    library, _ = remembering
    found = calibrate(read_questions(questions), library, "strength", 0.1, 8, 0.1)
    up_to = {signal.id: signal.answered_up_to for signal in found.signals}
    assert up_to["easy"] > up_to["weak"] > 0
    for signal in found.signals:
        answered = [p.value for p in found.curve if signal.answered_up_to and p.value <= signal.answered_up_to]
        expected = sum(value in answered for value in [point.value for point in found.curve])
        assert len(answered) == expected
    assert [signal.answerable for signal in found.signals] == [True, True, False, False]


def test_a_second_value_runs_the_model_no_more(remembering, questions):
    library, embedder = remembering
    asked = read_questions(questions)
    evaluate_answers(asked, library)
    embedded = len(embedder.embedded)
    calibrate(asked, library, "strength", 0.1, 3, 0.1)
    assert len(embedder.embedded) == embedded


def test_any_threshold_can_be_moved_and_an_unknown_one_is_named(remembering, questions):
    library, _ = remembering
    asked = read_questions(questions)
    found = calibrate(asked, library, "cosine", 0.25, 3, 0.1, thresholds=Thresholds(cosine=0.25))
    assert [point.value for point in found.curve] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert found.curve[-1].wrong_refusal == 1.0
    with pytest.raises(SettingsError, match=r"no threshold courage.*strength"):
        calibrate(asked, library, "courage", 0.1, 3, 0.1)


def point(value, wrong_refusal, wrong_answer, evidence=0.5):
    return Point(
        value=value,
        wrong_refusal=wrong_refusal,
        wrong_answer=wrong_answer,
        evidence_in_answer=evidence,
        must_include=evidence,
    )


def test_the_recommendation_has_the_fewest_wrong_answers_within_the_limit():
    curve = [point(0.2, 0.0, 0.8), point(0.4, 0.05, 0.5), point(0.6, 0.1, 0.3), point(0.8, 0.4, 0.0)]
    assert recommend(curve, 0.4, 0.1) == 0.6
    assert recommend(curve, 0.4, 0.05) == 0.4
    assert recommend(curve, 0.4, 0.5) == 0.8
    assert recommend(curve[3:], 0.4, 0.1) is None


def test_among_equals_evidence_decides_then_the_value_in_force_stays():
    level = [point(0.2, 0.0, 0.3), point(0.4, 0.0, 0.3), point(0.6, 0.0, 0.3)]
    assert recommend(level, 0.4, 0.1) == 0.4
    assert recommend([*level, point(0.8, 0.0, 0.3, evidence=0.6)], 0.4, 0.1) == 0.8


def test_a_reranker_reads_each_pair_once():
    class Counting:
        read = 0

        def scores(self, query, passages):
            self.read += len(passages)
            return [float(len(passage)) for passage in passages]

    counting = Counting()
    remembering = RememberingReranker(counting)
    assert remembering.scores("q", ["aa", "b", "aa"]) == [2.0, 1.0, 2.0]
    assert remembering.scores("q", ["b", "ccc"]) == [1.0, 3.0]
    assert remembering.scores("other", ["b"]) == [1.0]
    assert counting.read == 4


def test_thresholds_reach_the_gate(filled):
    strict = Assistant(filled, thresholds=Thresholds(strength=2.0))
    question = "How many entry jobs were kept for local residents?"
    assert Assistant(filled).ask(question).answered
    assert not strict.ask(question).answered


@pytest.mark.model
def test_the_command_prints_the_curve_and_changes_nothing(sources, questions, capsys, monkeypatch):
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    assert run_command(["index", "add", str(sources)]) == 0
    capsys.readouterr()
    line = ["eval", "calibrate", str(questions), "--steps", "2", "--step", "0.1"]
    assert run_command([*line, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    now = DEFAULT.strength
    assert found["current"] == now
    assert [p["value"] for p in found["curve"]] == pytest.approx([now - 0.2, now - 0.1, now, now + 0.1, now + 0.2])
    assert run_command(line) == 0
    shown = capsys.readouterr().out
    assert "strength" in shown
    assert "now" in next(row for row in shown.splitlines() if row.strip().startswith(f"{now:g}"))
    assert "Nothing was changed" in shown
    assert run_command([*line, "--threshold", "courage"]) == 2
