"""The `haln` command as people and programs use it. The model is a fake here; tests/quality uses the real one."""

import json
import re
import sqlite3
import time

import pytest

from bot.cli import run_command
from bot.commands import sources as source_commands
from bot.commands.options import moment
from knowledge.settings import Settings
from tests.fakes import WordEmbedder


@pytest.fixture(autouse=True)
def _own_model(monkeypatch):
    """Every library that a command opens has the fake model, and starts without the starter library."""
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")


@pytest.fixture
def indexed(run, sources):
    assert run("index", "add", sources)[0] == 0
    return run


QUESTION = "How many entry jobs were kept for local residents?"


def test_ask_prints_the_contracts_json_and_nothing_else(indexed):
    status, out, _ = indexed("ask", QUESTION, "--json")
    answer = json.loads(out)
    assert status == 0
    assert out.count("\n") == 1
    assert answer["question"] == QUESTION
    assert answer["answered"] is True
    assert answer["sentences"][0]["citations"] == [1]
    needed = {"n", "document_id", "chunk_id", "title", "section", "url", "kind", "evidence", "published", "quote"}
    assert needed <= set(answer["citations"][0])
    assert {"text", "nearest", "reason", "timings_ms"} <= set(answer)


def test_ask_reads_well(indexed):
    status, out, _ = indexed("ask", QUESTION)
    assert status == 0
    assert out.startswith("The Sample Hospital Trust kept 40 entry jobs")
    assert "Sources" in out
    assert "Sample Hospital Trust · case study · date not known" in out


def test_a_refusal_is_no_failure(indexed):
    status, out, _ = indexed("ask", "Who won the football match?")
    assert status == 0
    assert out.startswith("The library does not say.")
    assert "Nearest in the library" in out


def test_a_batch_answers_each_line_in_order(indexed, tmp_path):
    batch = tmp_path / "batch.txt"
    batch.write_text(f"{QUESTION}\n\nhello\n")
    status, out, _ = indexed("ask", "--batch", batch)
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == 1  # one line was refused
    assert [answer["question"] for answer in answers] == [QUESTION, "", "hello"]
    assert [answer["answered"] for answer in answers] == [True, False, True]
    assert "empty" in answers[1]["reason"]


def test_search_prints_the_contracts_json(indexed):
    status, out, _ = indexed("search", "roofs", "-k", 2, "--json")
    response = json.loads(out)
    assert status == 0
    assert [result["rank"] for result in response["results"]] == [1, 2]
    needed = {"score", "document_id", "chunk_id", "title", "section", "text", "url", "kind", "evidence", "published"}
    assert needed | {"organisation"} <= set(response["results"][0])
    assert set(response["timings_ms"]) == {"embed", "search", "total"}


def test_search_filters_batches_and_reads_well(indexed, tmp_path):
    batch = tmp_path / "batch.txt"
    batch.write_text("roofs\n\njobs")
    responses = [json.loads(line) for line in indexed("search", "--batch", batch, "--nation", "wales")[1].splitlines()]
    assert [len(r["results"]) > 0 for r in responses] == [True, False, True]
    assert {result["document_id"] for r in responses for result in r["results"]} == {"jobs"}
    assert "Green roofs" in indexed("search", "roofs")[1]
    assert "Nothing found" in indexed("search", "roofs", "--kind", "glossary")[1]
    assert (
        json.loads(indexed("search", "roofs", "--pillar", "estates", "--level", "local", "--json")[1])["results"] == []
    )


def test_index_add_reports_as_json_and_fails_with_one_line_each(run, sources, tmp_path):
    (sources / "bad.pdf").write_bytes(b"%PDF")
    status, out, _ = run("index", "add", sources, tmp_path / "nowhere", "--json")
    report = json.loads(out)
    assert status == 1
    assert (report["added"], report["updated"], report["unchanged"], report["removed"]) == (3, 0, 0, 0)
    assert report["chunks_embedded"] > 0
    assert report["seconds"] > 0
    assert [set(failure) for failure in report["failed"]] == [{"source", "error"}] * 2
    status, out, err = run("index", "add", sources)
    assert (status, len(err.splitlines())) == (1, 1)
    assert "unchanged 3" in out


def test_index_status_verify_rebuild_remove(indexed):
    status = json.loads(indexed("index", "status", "--json")[1])
    assert (status["documents"], status["model"]) == (3, "words@1")
    assert "Documents" in indexed("index", "status")[1]
    assert indexed("index", "verify")[:2] == (0, "Everything agrees.\n")
    assert json.loads(indexed("index", "rebuild", "--json")[1])["documents"] == 3
    assert json.loads(indexed("index", "verify", "--json")[1]) == {"ok": True, "problems": []}
    assert indexed("index", "remove", "food")[:2] == (0, "Removed food.\n")
    code, out, err = indexed("index", "remove", "food", "--json")
    assert (code, json.loads(out)) == (1, {"removed": [], "sources": [], "not_found": ["food"]})
    assert "no document with the id food" in err
    assert "Rebuilt: 2 documents" in indexed("index", "rebuild")[1]


def test_the_data_directory_can_be_given_before_or_after(run, sources, tmp_path):
    run("--data-dir", tmp_path / "one", "index", "add", sources)
    assert json.loads(run("index", "status", "--data-dir", tmp_path / "one", "--json")[1])["documents"] == 3
    assert json.loads(run("index", "status", "--data-dir", tmp_path / "two", "--json")[1])["documents"] == 0


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["ask", ""], 2, "The question is empty"),
        (["ask"], 2, "either a question or --batch"),
        (["ask", "what", "is", "an", "ICS"], 2, 'in quotes: haln ask "several words"'),
        (["ask", "x", "--nope"], 2, "No such option"),
        (["nothing"], 2, "No such command"),
        (["search", "x", "--kind", "recipe"], 2, "'case_study'"),
        (["search", "x", "-k", "0"], 2, "-k"),
        (["ask", "--batch", "/no/such/file"], 1, "cannot be read"),
        (["eval", "retrieval", "/no/such/folder"], 1, "corpus.jsonl"),
        (["eval", "answers", "/no/such/file"], 1, "cannot be read"),
        (["discord"], 2, "HALN_DISCORD_TOKEN"),
        (["discord", "--invite"], 2, "HALN_DISCORD_TOKEN"),
        (["index", "status", "--data-dir", "/proc/nowhere"], 1, "HALN_DATA_DIR"),
    ],
)
def test_errors_are_one_clear_line(run, arguments, status, message):
    code, out, err = run(*arguments)
    assert (code, out) == (status, "")
    assert len(err.splitlines()) == 1
    assert message in err


def test_bytes_that_are_no_text_are_answered_all_the_same(indexed):
    status, out, _ = indexed("ask", "caf\udce9 jobs", "--json")
    assert (status, json.loads(out)["question"]) == (0, "caf? jobs")


def test_figures_are_shown_even_if_their_details_cannot_be_written(indexed, tmp_path):
    questions = tmp_path / "q.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": QUESTION, "answerable": True, "extra": 1}))
    status, out, err = indexed("eval", "answers", questions, "--json", "--details", "/no/such/folder/x")
    assert (status, json.loads(out)["questions"]) == (1, 1)
    assert "cannot be written" in err


def test_an_unknown_setting_is_an_error(run, monkeypatch):
    monkeypatch.setenv("HALN_TOPK", "3")
    code, _, err = run("ask", "x")
    assert (code, err) == (2, "haln: Unknown setting HALN_TOPK. Did you mean HALN_TOP_K?\n")


def test_what_nobody_expected_is_one_line_too(run, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("knowledge.assistant.Assistant.ask", broken)
    code, _, err = run("ask", "x")
    assert code == 1
    assert err == (
        "haln: Something went wrong that should not (RuntimeError: two lines). HALN_LOG_LEVEL=debug shows where.\n"
    )


def test_piped_questions_are_each_answered(indexed, monkeypatch, capsys):
    monkeypatch.setattr("bot.terminal.chat.sys.stdin", Lines([f"{QUESTION}\n", "\n", "Who won the football match?\n"]))
    assert run_command(["run"]) == 0
    out = capsys.readouterr().out
    assert out.count("> ") == 2
    assert "kept 40 entry jobs" in out
    assert "The library does not say." in out


def test_a_piped_chat_is_a_conversation_that_is_forgotten_when_it_ends(indexed, monkeypatch, capsys):
    lines = [f"{QUESTION}\n", "thanks\n", "who else?\n", "How many buildings got roofs at Sample University?\n"]
    monkeypatch.setattr("bot.terminal.chat.sys.stdin", Lines(lines))
    assert run_command(["chat"]) == 0
    out = capsys.readouterr().out
    assert out.count("Understood as: ") == 1
    assert f"Understood as: {QUESTION}" in out
    assert "planted roofs on six buildings" in out
    assert kept("turns") == 0
    assert kept("questions") == 3


def kept(table):
    connection = sqlite3.connect(Settings.from_environment().database_path)
    try:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        connection.close()


def test_a_chat_with_a_person_is_a_conversation_too(indexed, monkeypatch, capsys):
    monkeypatch.setattr("bot.terminal.chat.sys.stdin", Terminal())
    typed = iter([QUESTION, "who else?"])

    def line(_prompt):
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", line)
    assert run_command(["chat"]) == 0
    assert f"Understood as: {QUESTION}" in capsys.readouterr().out
    assert (kept("turns"), kept("questions")) == (0, 2)


def test_lines_of_a_batch_know_nothing_of_each_other(indexed, tmp_path):
    batch = tmp_path / "batch.txt"
    batch.write_text(f"{QUESTION}\nwho else?\n")
    answers = [json.loads(line) for line in indexed("ask", "--batch", batch)[1].splitlines()]
    assert [answer["understood"] for answer in answers] == [None, None]
    assert all(answer["question_id"] for answer in answers)


class Terminal:
    """Standard input that is a terminal."""

    def isatty(self):
        return True


class Lines(list):
    """Standard input that is no terminal."""

    def isatty(self):
        return False


def test_answers_are_evaluated_from_the_command_line(indexed, tmp_path):
    questions = tmp_path / "q.jsonl"
    gold = [{"file": "jobs", "contains": "40 entry jobs"}]
    questions.write_text(json.dumps({"id": "1", "question": QUESTION, "answerable": True, "gold": gold}))
    status, out, _ = indexed("eval", "answers", questions, "--json", "--details", tmp_path / "details")
    assert (status, json.loads(out)["evidence_in_answer"]) == (0, 1.0)
    assert json.loads((tmp_path / "details").read_text())["answered"] is True
    assert "evidence_in_answer" in indexed("eval", "answers", questions)[1]


def test_the_invitation_comes_from_the_token_alone(monkeypatch, capsys):
    monkeypatch.setenv("HALN_DISCORD_TOKEN", "MTIzNDU2.x.y")
    assert run_command(["discord", "--invite"]) == 0
    out = capsys.readouterr().out
    assert "client_id=123456" in out
    assert "permissions=" in out
    monkeypatch.setenv("HALN_DISCORD_TOKEN", "nonsense!")
    assert run_command(["discord", "--invite"]) == 2


def test_the_version_is_said(capsys):
    assert run_command(["--version"]) == 0
    assert re.fullmatch(r"HALN Assistant \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_moments_are_said_in_words(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    try:
        assert moment("2026-06-01T08:05:00+00:00") == "1 June 2026, 09:05"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_no_question_is_said_plainly(run):
    status, out, err = run("ask")
    assert (status, out) == (2, "")
    assert err.startswith("haln: Give either a question or --batch FILE.")


def test_a_refresher_goes_on_until_it_is_stopped(indexed, monkeypatch):
    waited = []

    def wait(seconds):
        waited.append(seconds)
        if len(waited) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(source_commands.time, "sleep", wait)
    code, out, _ = indexed("index", "refresh", "--every", "6", "--json")
    assert waited == [21600, 21600]
    assert out.count('"unchanged":3') == 2
    assert code == 130
