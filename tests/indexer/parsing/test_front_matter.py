"""Slips in front matter: each costs its field, never the file."""

from pathlib import Path

import pytest

from indexer.library import documents
from indexer.parsing import parse_file
from indexer.parsing.front_matter import split_front_matter
from indexer.pipeline import Indexer


@pytest.mark.parametrize(
    ("front", "fields", "lost"),
    [
        ("title: Anchors: the next step\nauthor: Sam", {"author": "Sam"}, ["title"]),
        ("title: Note\npublished: {{date}}", {"title": "Note"}, ["published"]),
        ("kind: lesson\ntitle: [unclosed", {"kind": "lesson"}, ["title"]),
        ("author: @sam\ntags:\n- a\n- b", {"tags": ["a", "b"]}, ["author"]),
        (
            "title: a: b\ndescription: >\n  one: two\n  three\nkind: lesson",
            {"description": "one: two three", "kind": "lesson"},
            ["title"],
        ),
        ("title: 'it's'\nkind: lesson", {"kind": "lesson"}, ["title"]),
        ("kind: lesson\na stray line\nauthor: Sam", {"kind": "lesson", "author": "Sam"}, ['"a stray line"']),
    ],
)
def test_a_slip_costs_its_field_only(front, fields, lost):
    read = split_front_matter(f"---\n{front}\n---\nThe text.\n")
    assert read.fields == fields
    assert read.text.strip() == "The text."
    assert [problem.startswith(name) for name, problem in zip(lost, read.problems, strict=True)] == [True] * len(lost)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nOur first part: and more: here.\n\n---\n\nThe second.\n",
        "---\nWords: of: a text\nthat go on\nand on\n---\nMore.\n",
        "---\ntitle: never closed: at all\n\nText.\n",
    ],
)
def test_words_between_ruled_lines_are_text(text):
    assert split_front_matter(text) == ({}, text, ())


def test_the_document_goes_in_and_the_report_says_what_it_lacks(library, tmp_path):
    (tmp_path / "a.md").write_text("---\ntitle: Note\nnation: wales\npublished: {{date}}\n---\nText about Hollybank.\n")
    report = Indexer(library).add([str(tmp_path / "a.md")])
    assert report.added == 1
    assert library.store.document("a").metadata.nation == "wales"
    assert any('published cannot be read ("{{date}}")' in warning for warning in report.warnings)


def test_the_starter_library_has_no_slips():
    files = sorted(Path(documents.__file__).parent.rglob("*.md"))
    assert len(files) >= len(list(documents.starter_documents())) > 0
    assert [file.name for file in files if parse_file(file.name, file.read_bytes()).problems] == []
