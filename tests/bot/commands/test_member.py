"""`haln member` and `haln peers` as operators and programs use them. The model is a fake here."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, RememberingEmbedder

SAMPLES = Path(__file__).parents[2] / "quality" / "peers"


@pytest.fixture(autouse=True)
def _own_model(monkeypatch):
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (RememberingEmbedder,))
    monkeypatch.setattr("knowledge.retrieval.embedder.open_embedder", RememberingEmbedder)


@pytest.fixture
def said(run):
    def command(*arguments):
        status, out, err = run(*arguments, "--json")
        assert (status, out.count("\n")) == (0, 1), err
        return json.loads(out)

    return command


@pytest.fixture
def store(said, tmp_path):
    def save(member_id, base, **fields):
        file = tmp_path / "member.json"
        file.write_text(json.dumps({"id": member_id, "findable": True, "consent": True, **base, **fields}))
        return said("member", "set", file)

    return save


@pytest.fixture
def two(store):
    store("ann", WANTS_GARDEN, display_name="Ann Sample")
    store("bob", GARDEN)


def test_a_profile_is_stored_and_shown_as_the_contract_says(store, said, run, tmp_path):
    assert store("ann", GARDEN) == {"id": "ann", "findable": True}
    shown = said("member", "show", "ann")
    assert (shown["sector"], shown["findable"], shown["consent"]) == ("nhs_trust", True, True)
    assert "working_on" in run("member", "show", "ann")[1]
    again = tmp_path / "again.json"
    again.write_text(json.dumps({k: shown[k] for k in ("id", "display_name", "role", "sector", "pillars", "consent")}))
    assert said("member", "set", again) == {"id": "ann", "findable": False}
    assert run("member", "set", again)[1] == "Stored ann, not findable.\n"


def test_many_profiles_are_stored_from_one_file(said, tmp_path):
    file = tmp_path / "members.jsonl"
    file.write_text("\n".join(json.dumps({"id": name, "consent": True}) for name in ("a", "b")) + "\n\n")
    assert said("member", "set", file) == {"members": [{"id": "a", "findable": False}, {"id": "b", "findable": False}]}


def test_a_match_has_the_contracts_fields(two, said, run):
    found = said("peers", "match", "ann", "-k", 3)
    assert found["member"] == "ann"
    first = found["matches"][0]
    assert {"member_id", "score", "reasons", "mutual"} <= set(first)
    assert (first["member_id"], first["mutual"]) == ("bob", False)
    assert set(found["timings_ms"]) == {"embed", "match", "total"}
    assert run("peers", "match", "ann")[1].startswith("bob")
    for option in (("--sector", "vcse"), ("--nation", "wales"), ("--topic", "gardens, someone in Scotland")):
        assert said("peers", "match", "ann", *option)["matches"] == []
    assert said("peers", "match", "ann", "--different", "sector")["matches"][0]["member_id"] == "bob"


def test_those_who_do_not_fit_are_listed_apart(two, store, run):
    store("cid", {"working_on": "Payroll software.", "nation": "wales"})
    out = run("peers", "match", "ann")[1]
    fitting, nearest = out.split("Nearest, though they may not help with what you look for:\n")
    assert fitting.startswith("bob")
    assert nearest.startswith("cid")
    out = run("peers", "match", "ann", "--sector", "council")[1]
    assert "rather say so" not in out
    store("cid", {"working_on": "Payroll software.", "sector": "council"})
    out = run("peers", "match", "ann", "--sector", "council")[1]
    assert "Nobody here fits that yet." in out
    # There is a button for that on Discord, and no command here.
    assert "be told" not in out + run("peers", "match", "ann", "--nation", "scotland")[1]
    assert "help with what you look for:\ncid" in out


def test_asking_and_having_no_introductions_are_said_in_sentences(two, run):
    assert run("peers", "introductions", "bob")[1] == "No introductions.\n"
    out = run("peers", "ask", "ann", "bob")[1]
    assert out.startswith("bob is asked whether they want to meet you.")


def test_it_is_said_why_nobody_is_in_a_set(store, run):
    jobs = {"a10": "Payroll", "a2": "Ovens", "a1": "Bicycles", "a3": "Poems"}
    for name, job in jobs.items():
        store(name, {"working_on": f"{job}.", "role": f"{job} lead"}, organisation=f"{job} House")
    status, out, err = run("peers", "sets", "--size", "4", "--seconds", 1)
    assert (status, err) == (0, "")
    assert "no 4 members who can be found are looking for much the same" in out
    assert "Smaller sets may work." in out
    reason = "their profile names neither what they are looking for nor a pillar"
    assert f"Without a set ({reason}): a1, a2, a3, a10." in out
    assert "Smaller" not in run("peers", "sets", "--size", "3", "--seconds", 1)[1]


def test_an_introduction_from_asking_to_accepting(two, said, run):
    asked = said("peers", "ask", "ann", "bob", "--topic", "Our lawn")
    assert set(asked) == {"introduction_id", "state"}
    assert asked["state"] == "asked"
    ref = asked["introduction_id"]
    waiting = run("peers", "introductions", "bob")[1]
    assert f"{ref}  Ann Sample (ann) asked you on 20" in waiting
    assert "About: Our lawn" in waiting
    assert f"`haln peers accept bob {ref}`" in waiting
    assert f"`haln peers withdraw ann {ref}`" in run("peers", "introductions", "ann")[1]
    accepted = said("peers", "accept", "bob", asked["introduction_id"])
    assert (accepted["state"], accepted["writes_first"]) == ("accepted", "ann")
    assert said("peers", "accept", asked["introduction_id"]) == accepted
    again = run("peers", "accept", "bob", "ann")[1]
    assert again.startswith("It was accepted already.\n")
    assert "please write first" in again
    seen = said("peers", "introductions", "ann")["introductions"]
    assert [(one["state"], one["counterpart"]) for one in seen] == [("accepted", "bob")]


def test_decline_withdraw_and_block(two, store, said, run):
    asked = said("peers", "ask", "ann", "bob")
    assert said("peers", "decline", asked["introduction_id"])["state"] == "declined"
    assert said("peers", "introductions", "ann")["introductions"][0]["state"] == "asked"
    store("cid", GARDEN, organisation="House of C")
    said("peers", "ask", "ann", "cid")
    assert said("peers", "withdraw", "ann", "cid")["state"] == "withdrawn"
    store("dee", GARDEN, organisation="House of D", nation="wales")
    assert said("peers", "block", "dee", "ann") == {"member": "dee", "other": "ann", "blocked": True}
    assert said("peers", "match", "ann")["matches"] == []
    assert "ann" not in run("member", "show", "dee")[1]
    assert run("peers", "block", "dee", "ann", "--undo")[:2] == (0, "Taken back.\n")
    assert [one["member_id"] for one in said("peers", "match", "ann")["matches"]] == ["dee"]


def test_pause_export_forget(two, said, run, tmp_path):
    assert said("member", "pause", "bob")["paused"] is True
    assert said("peers", "match", "ann")["matches"] == []
    assert run("member", "resume", "bob")[1] == "Resumed bob.\n"
    assert said("member", "export", "bob")["profile"]["id"] == "bob"
    file = tmp_path / "mine.json"
    assert said("member", "export", "bob", "--output", file) == {"id": "bob", "file": str(file)}
    assert json.loads(file.read_text())["profile"]["can_offer"] == GARDEN["can_offer"]
    gone = said("member", "forget", "bob")
    assert (gone["id"], gone["left"]) == ("bob", 0)
    assert said("peers", "match", "ann")["matches"] == []
    assert "Deleted everything held about ann (3 entries)." in run("member", "forget", "ann")[1]


def test_the_consent_text_can_be_read(run):
    status, out, _ = run("member", "consent")
    assert status == 0
    assert "Who sees it" in out


def test_learning_sets_are_printed_and_exported(said, run, tmp_path):
    samples = [json.loads(line) for line in (SAMPLES / "members.jsonl").read_text().splitlines()]
    for sample in samples:
        sample |= {"consent": True, "findable": True, "can_offer": "=cmd" if sample["id"] == "s01" else "x"}
    file = tmp_path / "members.jsonl"
    file.write_text("\n".join(map(json.dumps, samples)))
    said("member", "set", file)
    found = said("peers", "sets", "--size", "4..5", "--seconds", 3, "--apart", "s01,s02", "--per-organisation", 2)
    assert found["sets"]
    assert all(4 <= len(group["members"]) <= 5 for group in found["sets"])
    table, whole = tmp_path / "sets.csv", tmp_path / "sets.json"
    status, out, _ = run("peers", "sets", "--size", "4..5", "--seconds", 3, "--output", table)
    assert status == 0
    assert "First question:" in out
    rows = list(csv.DictReader(table.read_text().splitlines()))
    numbers = {row["set"] for row in rows if row["set"]}
    assert numbers == {str(number + 1) for number in range(len(numbers))}
    assert sorted(row["member_id"] for row in rows) == sorted(sample["id"] for sample in samples)
    assert {"member_id", "organisation", "reason", "first_question"} <= set(rows[0])
    said("peers", "sets", "--size", "4..5", "--seconds", 3, "--output", whole)
    assert json.loads(whole.read_text())["sets"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["member", "show", "nobody"], 1, "no profile with the id nobody"),
        (["member", "set", "/no/such/file"], 1, "cannot be read"),
        (["peers", "ask", "ann", "ann"], 2, "themselves"),
        (["peers", "accept", "ann", "x", "y"], 2, "Give the member who answers"),
        (["peers", "accept", "nothing"], 1, "no open request"),
        (["peers", "match", "ann", "--sector", "circus"], 2, "'council'"),
        (["peers", "sets", "--size", "many"], 2, "no range"),
        (["peers", "sets", "--size", "8..6"], 2, "A set has"),
        (["peers", "sets", "--apart", "a"], 2, "two different ids"),
        (["peers", "sets", "--output", "x.doc"], 2, ".csv or .json"),
        (["peers", "sets"], 1, "0 members can be found"),
        (["eval", "peers", "/no/such/folder"], 1, "members.jsonl"),
    ],
)
def test_errors_are_one_clear_line(run, arguments, status, message):
    code, out, err = run(*arguments)
    assert (code, out) == (status, "")
    assert len(err.splitlines()) == 1
    assert message in err


class Typed(io.StringIO):
    """A terminal in which somebody types."""

    def isatty(self):
        return True


def test_forgetting_is_asked_for_first_in_a_terminal(two, run, monkeypatch):
    for answer in ("\n", "n\n"):
        monkeypatch.setattr("sys.stdin", Typed(answer))
        status, out, err = run("member", "forget", "ann")
        assert status == 1
        assert "Delete everything about ann? [y/N]" in out + err
        assert "Nothing was deleted." in err
    assert run("member", "show", "ann")[0] == 0
    monkeypatch.setattr("sys.stdin", Typed("y\n"))
    assert "Deleted everything held about ann" in run("member", "forget", "ann")[1]
    assert run("member", "show", "ann")[0] == 1
    monkeypatch.setattr("sys.stdin", Typed(""))
    assert run("member", "delete", "bob", "--yes")[0] == 0
    assert "Nothing is held about bob" in run("member", "forget", "bob")[2]


def test_a_word_that_cannot_be_is_answered_with_those_that_can(run, tmp_path, monkeypatch):
    file = tmp_path / "member.json"
    for field, value, words in (("sector", "circus", "nhs_trust, ics, council"), ("pillars", ["circus"], "estates")):
        file.write_text(json.dumps({"id": "ann", "consent": True, field: value}))
        err = run("member", "set", file)[2]
        assert f"The field {field} takes only these words: " in err
        assert words in err
    monkeypatch.setattr("sys.stdin", io.StringIO("no json"))
    assert run("member", "set", "-")[2].startswith("haln: Standard input is not JSON")


@pytest.mark.parametrize("text", ["", "[1]", "not json", '{"id": "ann"}', '{"id": "ann", "consent": true, "x": 1}'])
def test_a_bad_file_stores_nothing(run, tmp_path, text):
    file = tmp_path / "member.json"
    file.write_text(text)
    status, out, err = run("member", "set", file)
    assert status in (1, 2)
    assert (out, len(err.splitlines())) == ("", 1)
    assert run("member", "show", "ann")[0] == 1


def test_matching_is_evaluated_with_real_baselines(said, tmp_path):
    run_file = tmp_path / "run.txt"
    figures = said("eval", "peers", SAMPLES, "--run", run_file)
    assert {"members", "seekers", "ndcg@5", "precision@1"} <= set(figures)
    assert {"baseline_facets_ndcg@5", "baseline_dense_ndcg@5"} <= set(figures)
    assert (figures["members"], figures["seekers"], figures["registered_twice"]) == (44, 13, ["s44"])
    # A fake of an embedder knows words and no meaning; even so need is compared with offer.
    assert figures["ndcg@5"] > figures["baseline_dense_ndcg@5"] > 0
    lines = [line.split() for line in run_file.read_text().splitlines()]
    assert {len(line) for line in lines} == {6}
    assert {line[0] for line in lines} == {
        line.split("\t")[0] for line in (SAMPLES / "judgments.tsv").read_text().splitlines()
    }
    assert "s44" not in {line[2] for line in lines}


@pytest.mark.parametrize(
    ("members", "judgments", "message"),
    [
        ('{"id": "a"}', "a\tb", "not a matching set"),
        ('{"id": "a"}', "b\ta\t3", "the seeker b"),
        ('{"id": "a", "sector": "circus"}', "a\tb\t3", "cannot be stored"),
    ],
)
def test_a_set_that_is_none_is_refused(run, tmp_path, members, judgments, message):
    (tmp_path / "members.jsonl").write_text(members)
    (tmp_path / "judgments.tsv").write_text(judgments)
    status, _, err = run("eval", "peers", tmp_path)
    assert status == 1
    assert message in err
