"""Documents whose review is due, from front matter to `haln index review --stale` and to what an answer cites."""

import json

import pytest

from bot.cli import run_command
from knowledge.assistant import Assistant
from knowledge.library import Library
from tests.fakes import WordEmbedder

OLD = """---
title: Boards of sample county
kind: report
stage: early
true_as_of: {as_of}
review_by: {review_by}
{more}
---

Sample county has four boards that buy together.
"""


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
def indexed(run, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    for name, as_of, review_by, more in (
        ("long-due", "2019", "2020", ""),
        ("due", "2021-03", "2022-01-31", ""),
        ("fresh", "2021", "2999", ""),
        ("replaced", "2021", "2999", "superseded_by: fresh"),
    ):
        (folder / f"{name}.md").write_text(OLD.format(as_of=as_of, review_by=review_by, more=more))
    status, _, err = run("add", folder)
    assert (status, "says nothing" in err) == (0, False)
    return run


def test_what_is_due_is_listed_the_longest_due_first(indexed):
    status, out, _ = indexed("review", "--stale")
    assert status == 0
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == ["long-due", "due", "replaced"]
    assert "as of 2019; check for changes (review by 2020)" in lines[1]
    assert "as of March 2021; check for changes (review by 2022-01-31)" in lines[3]
    assert "superseded by “fresh”" in lines[5]


def test_programs_get_the_dates(indexed):
    rows = json.loads(indexed("review", "--stale", "--json")[1])["stale"]
    assert [row["id"] for row in rows] == ["long-due", "due", "replaced"]
    assert (rows[1]["true_as_of"], rows[1]["review_by"], rows[1]["superseded_by"]) == ("2021-03", "2022-01-31", None)
    assert rows[2]["superseded_by"] == "fresh"


def test_named_documents_only_and_no_decision_with_it(indexed):
    assert indexed("review", "fresh", "--stale")[1] == "Nothing is due.\n"
    assert "no document with the id lost" in indexed("review", "lost", "--stale")[2]
    assert indexed("review", "--stale", "--accept")[0] != 0


def test_a_date_that_is_none_costs_its_field_only(run, tmp_path):
    (tmp_path / "odd.md").write_text(OLD.format(as_of="2021", review_by="next spring", more=""))
    _, _, err = run("add", tmp_path / "odd.md")
    assert 'review_by is "next spring"; write 2021, 2021-03 or 2021-03-25' in err


def test_an_answer_and_a_search_carry_what_is_known_of_their_age(settings, tmp_path):
    from indexer.pipeline import Indexer

    (tmp_path / "boards.md").write_text(OLD.format(as_of="2021-03", review_by="2022", more="superseded_by: newer"))
    library = Library.open(settings, WordEmbedder)
    Indexer(library).add([str(tmp_path / "boards.md")])
    stored = library.store.document("boards").metadata
    assert (stored.stage, stored.true_as_of, stored.review_by) == ("early", "2021-03", "2022")
    found = Assistant(library).search("boards that buy together").results[0]
    assert (found.true_as_of, found.review_by, found.superseded_by) == ("2021-03", "2022", "newer")
    cited = Assistant(library).ask("How many boards of sample county buy together?").citations
    assert {(c.true_as_of, c.review_by, c.superseded_by) for c in cited} <= {("2021-03", "2022", "newer")}
    library.close()
