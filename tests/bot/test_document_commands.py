"""`haln index show`, `replace`, `add --dry-run` and `--again`, and what a run says of words, as people read them."""

import json

import pytest

from bot.cli import run_command
from tests.fakes import WordEmbedder

PAGE = """<html><head><title>Local jobs</title></head><body><nav><a href="/">Home</a> <a href="/n">News</a></nav>
<main><h1>Local jobs</h1><p>{0}</p><p>{0} It was three years ago.</p></main></body></html>"""
WORDS = "The hospital hired forty porters from the streets around it and kept all but two of them for three years."


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
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(WORDS))
    return path


def test_add_says_what_was_left_out_and_why(run, page):
    status, out, err = run("add", page)
    assert (status, err) == (0, "")
    (line,) = [line for line in out.splitlines() if line.startswith("page: ")]
    assert " words read, 2 left out (" in line
    page.write_text(PAGE.format(WORDS + " More."))
    report = json.loads(run("add", page, "--json")[1])
    assert report["unexplained"] == 0
    assert sum(report["left_out"].values()) == report["words_read"] - report["words_kept"] == 2
    assert report["words"][0] | {"id": "page", "location": str(page), "unexplained": 0} == report["words"][0]


def test_show_prints_what_is_stored_and_what_is_not(run, page):
    run("add", page)
    status, out, _ = run("show", "page")
    assert status == 0
    assert out.startswith(f"page  Local jobs\n    {page}\n")
    assert WORDS in out
    assert "    Home" in out
    shown = json.loads(run("show", "page", "--json")[1])
    assert (shown["id"], shown["title"], shown["unexplained"], shown["missing"]) == ("page", "Local jobs", 0, "")
    assert shown["left_out"].keys() == shown["left_out_text"].keys()
    assert WORDS in shown["sections"][0]["text"]
    status, out, err = run("show", "nosuch")
    assert (status, out) == (2, "")
    assert "There is no document with the id nosuch. `haln index list` shows ids." in err


def test_a_dry_run_shows_the_same_and_stores_nothing(run, page, tmp_path):
    status, out, _ = run("add", page, "--dry-run")
    assert status == 0
    assert "words read, 2 left out" in out
    assert out.endswith("Would be added.\n\nNothing was stored: this was a dry run.\n")
    found = json.loads(run("add", page, tmp_path / "nowhere", "--dry-run", "--json")[1])
    assert [(item["id"], item["change"], item["unexplained"]) for item in found["documents"]] == [("page", "added", 0)]
    assert len(found["failed"]) == 1
    assert json.loads(run("list", "--json")[1])["documents"] == []
    assert json.loads(run("sources", "--json")[1])["sources"] == []


def test_what_was_removed_by_hand_is_named_and_comes_back_when_asked_for(run, sources):
    run("add", sources)
    run("remove", "food")
    status, out, err = run("refresh")
    assert (status, "added 0" in out.lower()) == (0, True)
    assert err.startswith(f"Note: {sources / 'food.txt'}: left out: removed by hand on ")
    assert err.endswith(f"; `haln index add --again {sources / 'food.txt'}` brings it back\n")
    assert json.loads(run("add", sources, "--json")[1])["left_away"][0]["location"] == str(sources / "food.txt")
    assert json.loads(run("add", "--again", sources, "--json")[1])["added"] == 1


def test_replace_keeps_the_id(run, sources, tmp_path):
    run("add", sources)
    edition = tmp_path / "second.md"
    edition.write_text("# Green roofs\n\nSample University planted twelve roofs more in the second year.\n")
    status, out, _ = run("replace", "green", edition)
    assert (status, out.splitlines()[1]) == (0, "Updated: green")
    assert "twelve roofs" in run("show", "green")[1]
    assert "replaced by a new edition of green on " in run("refresh")[2]
    status, out, err = run("replace", "nosuch", edition)
    assert (status, out) == (1, "")
    assert "There is no document with the id nosuch" in err


def test_a_renamed_file_is_named(run, sources):
    run("add", sources)
    (sources / "food.txt").rename(sources / "apples.txt")
    assert f"Renamed: food is at {sources / 'apples.txt'} now" in run("refresh")[1]
