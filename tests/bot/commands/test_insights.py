"""`haln insights`: the report in words, JSON, CSV and Markdown; curated answers from files; votes dealt with."""

import csv
import json

import pytest

from bot.cli import run_command
from indexer.sandbox.personal_data import SandboxedCheck
from knowledge.dates import utc_now
from tests.fakes import WordEmbedder

QUESTION = "Do green roofs hold rain water?"


@pytest.fixture(autouse=True)
def _own_model(monkeypatch):
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    monkeypatch.setattr(SandboxedCheck, "find", lambda _, text: [])


@pytest.fixture
def run(capsys, filled, settings, monkeypatch):
    monkeypatch.setenv("HALN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("HALN_CHUNK_TOKENS", str(settings.chunk_tokens))

    def command(*arguments):
        status = run_command([*map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


def write(tmp_path, **changes):
    file = tmp_path / "answer.json"
    file.write_text(json.dumps({"question": QUESTION, "text": "They do [1].", "sources": ["green"], **changes}))
    return file


def test_the_report_in_every_form(run, tmp_path):
    assert run("ask", QUESTION)[0] in (0, 1)
    status, said, _ = run("insights")
    assert status == 0
    assert "1 questions" in said or "1 question" in said
    status, said, _ = run("insights", "--json")
    assert json.loads(said)["questions"] == 1
    status, said, _ = run("insights", "--csv", tmp_path / "figures.csv")
    rows = list(csv.DictReader((tmp_path / "figures.csv").read_text().splitlines()))
    assert {"questions", "library", "members"} <= {row["table"] for row in rows}
    assert all(row["how_counted"] for row in rows)
    status, said, _ = run("insights", "report", "--year", utc_now().year, tmp_path / "report.md")
    assert status == 0
    assert (tmp_path / "report.md").read_text().startswith(f"# Insights {utc_now().year}")


def test_half_a_character_in_a_file_is_read_as_a_question_mark(run, tmp_path):
    assert run("insights", "answers", "write", write(tmp_path, question="Which \ud800 roofs?"), "--json")[0] == 0
    assert "Which ? roofs?" in run("insights", "answers", "list")[1]


def test_a_curated_answer_from_a_file_is_given_first_and_comes_up_for_review(run, tmp_path, filled):
    assert run("insights", "answers", "list")[1].startswith("There are none.")
    _, said, _ = run("insights", "answers", "write", write(tmp_path), "--moderator", "m1", "--json")
    kept = json.loads(said)
    answer = json.loads(run("ask", QUESTION, "--json")[1])
    assert answer["curated"]["id"] == kept["id"]
    assert answer["citations"][0]["document_id"] == "green"
    assert "Checked by a person on" in run("ask", QUESTION)[1]
    run("index", "remove", "green")
    stale = json.loads(run("index", "review", "--stale", "--json")[1])["curated"]
    assert [due["id"] for due in stale] == [kept["id"]]
    assert "curated answer: a source" in run("index", "review", "--stale")[1]
    assert run("insights", "answers", "check", kept["id"])[0] == 2
    assert run("insights", "answers", "remove", kept["id"])[0] == 0


def test_what_cannot_be_kept_is_said_in_one_line(run, tmp_path):
    for changes, said in (({"sources": ["nothing"]}, "no document"), ({"colour": "red"}, "no field colour")):
        status, _, error = run("insights", "answers", "write", write(tmp_path, **changes))
        assert status == 2
        assert said in error
        assert error.count("\n") == 1


def test_votes_are_dealt_with(run, filled):
    run("ask", QUESTION)
    question = filled.insights.asked("", "9")[0].id
    filled.questions.vote(question, "discord:1", helpful=False)
    assert question in run("insights")[1]
    assert run("insights", "settle", question)[0] == 0
    assert "Did not help" not in run("insights")[1]
    assert run("insights", "settle", "no-such-question")[0] == 1
