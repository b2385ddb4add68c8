"""`haln index sources`, `refresh`, `list` and `remove` as people and programs use them."""

import json

import pytest

from bot.cli import run_command
from tests.fakes import WordEmbedder


@pytest.fixture(autouse=True)
def _own_model(monkeypatch):
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")


@pytest.fixture
def run(capsys):
    def command(*arguments):
        status = run_command(["index", *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


@pytest.fixture
def indexed(run, sources):
    assert run("add", sources)[0] == 0
    return run


def test_add_names_what_it_added_and_removed(run, sources):
    (sources / "odd.md").write_text("---\nkinds: report\n---\nText of an odd note.\n")
    status, out, err = run("add", sources)
    assert status == 0
    assert out.splitlines()[1] == "Added: food, green, jobs, odd"
    assert "Note: front matter field 'kinds' says nothing to the assistant (1 file); did you mean 'kind'?" in err
    (sources / "food.txt").unlink()
    assert run("add", sources)[1].splitlines()[1] == "Removed: food"
    report = json.loads(run("add", sources, "--json")[1])
    assert (report["added_ids"], report["unchanged"], report["removed_ids"]) == ([], 3, [])


def test_every_problem_with_a_files_metadata_is_named_at_once(run, sources):
    (sources / "odd.md").write_text("---\nkind: recipe\nnation: france\npublished: last year\n---\nText.\n")
    status, _, err = run("add", sources)
    assert status == 1
    assert len(err.splitlines()) == 1
    for part in (
        "kind cannot be 'recipe'",
        "'case_study'",
        "nation cannot be 'france'",
        "'wales'",
        "write 2021, 2021-03",
    ):
        assert part in err


def test_list_names_every_document(indexed):
    assert "jobs  case study  Jobs for local people" in indexed("list")[1]
    rows = json.loads(indexed("list", "--json")[1])["documents"]
    assert [row["id"] for row in rows] == ["food", "green", "jobs"]
    assert {"id", "title", "kind", "location", "chunks", "updated_at", "same_as"} == set(rows[0])


def test_sources_say_how_they_are_and_what_to_do_next(indexed, sources, run):
    assert "No sources yet" not in run("sources")[1]
    row = json.loads(run("sources", "--json")[1])["sources"][0]
    assert (row["kind"], row["address"], row["documents"], row["error"]) == ("folder", str(sources), 3, None)
    assert row["last_success"] is not None
    assert "next: nothing; `haln index refresh` looks for changes" in run("sources")[1]
    (sources / "bad.pdf").write_bytes(b"%PDF-1.4 cut")
    assert run("refresh")[0] == 1
    shown = run("sources")[1]
    assert "problem: 1 not read, first" in shown
    assert "mend the problem and run `haln index refresh 1`" in shown


def test_a_library_without_sources(run):
    assert "No sources yet" in run("sources")[1]
    assert json.loads(run("refresh", "--json")[1])["unchanged"] == 0


def test_refresh_brings_all_or_the_named_sources_up_to_date(indexed, sources, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("A note about bees that live on the roof of the ward.")
    indexed("add", other)
    (sources / "food.txt").write_text("Buying food nearby\n\nSample Council changed its mind about growers again.\n")
    other.write_text("A note about wasps that live on the roof of the ward.")
    assert json.loads(indexed("refresh", other, "--json")[1])["updated_ids"] == ["other"]
    assert json.loads(indexed("refresh", "--all", "--json")[1])["updated_ids"] == ["food"]
    other.unlink()
    status, out, err = indexed("refresh", "2")
    assert (status, out.splitlines()[1]) == (1, "Removed: other")
    assert "`haln index remove 2` forgets it" in err
    assert indexed("remove", "2")[1] == f"Forgot the source {other}.\n"
    assert indexed("refresh")[0] == 0
    status, out, err = indexed("refresh", "nowhere")
    assert (status, out) == (1, "")
    assert "haln index sources" in err


def test_remove_takes_ids_and_sources(indexed, sources):
    assert indexed("remove", "food")[1] == "Removed food.\n"
    assert json.loads(indexed("refresh", "--json")[1])["added"] == 0
    out = indexed("remove", sources)[1]
    assert out == f"Removed green.\nRemoved jobs.\nForgot the source {sources}.\n"
    assert indexed("remove", sources)[0] == 1


def test_a_pattern_is_a_source(run, sources):
    pattern = f"{sources}/**/*.md"
    report = json.loads(run("add", pattern, "--json")[1])
    assert report["added_ids"] == ["green", "jobs"]
    (sources / "more.md").write_text("# More\n\nA third note that fits the pattern.\n")
    (sources / "green.md").unlink()
    report = json.loads(run("refresh", "--json")[1])
    assert (report["added_ids"], report["removed_ids"]) == (["more"], ["green"])
    assert "no file fits" in run("add", f"{sources}/*.docx")[2]


def test_verify_names_each_difference(indexed, tmp_path):
    import sqlite3

    connection = sqlite3.connect(tmp_path / "data" / "haln.db")
    chunk = connection.execute("SELECT id FROM chunks WHERE document_id = 'green'").fetchone()[0]
    connection.execute("UPDATE documents SET title = 'Another' WHERE id = 'jobs'")
    connection.execute("UPDATE documents SET sections = '[]' WHERE id = 'green'")
    connection.execute("INSERT INTO embeddings (hash, vector) VALUES ('orphan', x'00')")
    connection.execute("INSERT INTO chunks_fts (rowid, title, headings, text) VALUES (999, 'x', 'y', 'z')")
    connection.commit()
    connection.close()
    status, out, _ = indexed("verify", "--json")
    problems = json.loads(out)["problems"]
    assert status == 1
    assert f"the text of chunk {chunk} is not in its document green" in problems
    assert "embedding orphan belongs to no chunk" in problems
    assert "embedding orphan has the wrong length" in problems
    assert "the full text (chunks_fts) does not agree with the chunks: chunk 999" in problems
    assert any("has another title than its document jobs" in problem for problem in problems)
    assert "haln index rebuild" in indexed("verify")[1]


def test_verify_names_what_the_dense_index_lacks(filled):
    import numpy as np

    ids = filled.store.chunk_ids().tolist()
    filled.index._caught_up()
    filled.index._ids = np.array([*ids[1:], 4711], dtype=np.int64)
    assert filled.index.problems() == [
        f"chunk {ids[0]} is missing from the dense index",
        "chunk 4711 is in the dense index, but not in the database",
    ]
