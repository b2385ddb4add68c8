"""`haln index sources`, `refresh`, `list` and `remove` as people and programs use them."""

import io
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
    assert 'Note: front matter field "kinds" says nothing to the assistant (1 file); did you mean kind?' in err
    (sources / "food.txt").unlink()
    assert run("add", sources)[1].splitlines()[1] == "Removed: food"
    report = json.loads(run("add", sources, "--json")[1])
    assert (report["added_ids"], report["unchanged"], report["removed_ids"]) == ([], 3, [])


def test_every_problem_with_a_files_metadata_is_named_at_once(run, sources):
    (sources / "odd.md").write_text("---\nkind: recipe\nnation: france\npublished: last year\n---\nText.\n")
    status, out, err = run("add", sources)
    assert (status, "odd" in out) == (0, True)
    assert len(err.splitlines()) == 1
    for part in (
        f"{sources / 'odd.md'}: ",
        'kind is "recipe"; it may be case_study, ',
        'nation is "france"; it may be',
        "wales",
        "write 2021, 2021-03",
    ):
        assert part in err


def test_an_empty_source_is_a_mistake_and_not_the_folder_that_one_is_in(run, sources, monkeypatch):
    monkeypatch.chdir(sources)
    for empty in ("", "  "):
        status, out, err = run("add", empty, sources / "food.txt")
        assert (status, out) == (2, "")
        assert err.startswith("haln: An empty address was given; ")
    assert json.loads(run("list", "--json")[1])["documents"] == []
    assert json.loads(run("add", ".", "--json")[1])["added"] == 3


def test_what_lies_about_in_a_folder_is_passed_over(run, sources, monkeypatch):
    monkeypatch.setattr("indexer.parsing.files.can_recognise", lambda: False)
    for name in ("~$jobs.docx", ".hidden.md", "Thumbs.db", "a.jpg", "b.JPG", "run.py", "LICENCE"):
        (sources / name).write_bytes(b"x")
    status, out, err = run("add", sources)
    assert (status, err) == (0, "Note: 4 files of other kinds were passed over: .jpg, without ending, .py\n")
    assert "Added 3" in out
    assert json.loads(run("add", f"{sources}/**/*", "--json")[1])["failed"] == []
    assert run("add", f"{sources}/**/*")[2] == err
    for name, advice in (
        ("a.jpg", "pictures (.jpg) have no text to read"),
        ("run.py", ".html, .ics, .markdown"),
        ("LICENCE", "(no ending)"),
        ("~$jobs.docx", "add the document itself"),
    ):
        status, _, err = run("add", sources / name)
        assert status == 1
        assert advice in err


def test_a_picture_that_is_left_does_not_keep_documents_that_were_deleted(indexed, sources):
    for name in sources.iterdir():
        name.unlink()
    (sources / "a.jpg").write_bytes(b"x")
    assert json.loads(indexed("refresh", "--json")[1])["removed"] == 3


def test_many_failures_are_cut_short_for_people_only(run, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    for number in range(23):
        (folder / f"{number:02}.pdf").write_bytes(b"no")
    status, _, err = run("add", folder)
    assert (status, len(err.splitlines())) == (1, 21)
    assert err.splitlines()[-1].startswith("and 3 more")
    assert len(json.loads(run("add", folder, "--json")[1])["failed"]) == 23


def test_a_catalogues_mistakes_are_named_by_row_and_the_document_goes_in_without_them(run, sources):
    (sources / "catalogue.csv").write_text(
        "path,titel,title,kind,nation,published,notes\n"
        'jobs.md,,"Jobs, ""near"" us",Report,,,\n'
        "\n"
        "food.txt,,Food,banana,France,May,mine\n"
    )
    status, _, err = run("add", sources)
    assert (status, len(err.splitlines())) == (0, 2)
    columns, row = err.splitlines()
    assert columns.endswith(
        "catalogue.csv: columns that say nothing to the assistant: titel (did you mean title?), notes"
    )
    assert 'catalogue.csv, row 4 (food.txt): kind is "banana"; it may be case_study, ' in row
    assert 'nation is "France"; it may be england, ' in row
    assert 'published is "May"; write 2021, 2021-03' in row
    documents = {d["id"]: d for d in json.loads(run("list", "--json")[1])["documents"]}
    assert (documents["food"]["title"], documents["food"]["kind"]) == ("Food", "resource")
    assert (documents["jobs"]["title"], documents["jobs"]["kind"]) == ('Jobs, "near" us', "report")
    assert "row 4" not in run("add", sources / "jobs.md")[2]
    assert "row 4" in run("add", sources / "food.txt")[2]


def test_a_source_whose_first_reading_was_killed_says_so(run, sources, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("indexer.storer.Storer.store", killed)
        assert run("add", sources)[0] == 130
    assert "next: it was interrupted; run `haln index refresh 1`" in run("sources")[1]
    assert run("refresh", "1")[0] == 0
    assert "next: nothing;" in run("sources")[1]


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("command", "task"),
    [
        (["index", "add"], "Indexing (loading the language model takes a moment)"),
        (["ask", "How many jobs?"], "Indexing the starter library (loading the language model takes a moment)"),
    ],
)
def test_somebody_who_waits_for_the_model_is_told_so(sources, monkeypatch, command, task):
    terminal, shown = Terminal(), []

    class SlowEmbedder(WordEmbedder):
        def count_tokens(self, text):
            shown.append(terminal.getvalue())
            return super().count_tokens(text)

    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (SlowEmbedder,))
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "on" if command[0] == "ask" else "off")
    assert run_command([*command, *([str(sources)] if command[0] == "index" else [])]) == 0
    assert task in shown[0]


def test_one_document_is_not_called_documents(run, sources):
    run("add", sources / "food.txt")
    assert "(1 document)" in run("sources")[1]
    assert run("rebuild")[1].startswith("Rebuilt: 1 document, 2 chunks.")


def test_what_cannot_be_removed_is_an_error_like_all_others(run):
    status, out, err = run("remove", "nosuch")
    assert (status, out) == (1, "")
    assert err.startswith("haln: There is no document with the id nosuch")


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

    from knowledge.retrieval.dense_segments import FlatSegment, Members
    from knowledge.retrieval.dense_view import View

    ids = filled.store.chunk_ids().tolist()
    view = filled.index.view()
    members = Members(np.array([*ids[1:], 4711], dtype=np.int64), view.segments[0].members.keys)
    filled.index._view = View(
        view.version, view.model, [FlatSegment(members, view.segments[0].vectors[[*range(1, len(ids)), 0]])]
    )
    assert filled.index.problems() == [
        f"chunk {ids[0]} is missing from the dense index",
        "chunk 4711 is in the dense index, but not in the database",
    ]
