"""What cannot be a source is refused once, with what to do, and is not asked for again at every refresh."""

import pytest

from indexer.pipeline import Indexer
from indexer.web.addresses import address_meant
from knowledge.storage.source_protocols import SourceKind
from tests.indexer.test_pipeline import add


@pytest.fixture(autouse=True)
def _without_text_recognition(monkeypatch):
    """Pictures are never read where the extra for them is not installed."""
    monkeypatch.setattr("indexer.parsing.files.can_recognise", lambda: False)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("holiday.jpg", "pictures (.jpg) have no text to read"),
        ("minutes.doc", "save it as .docx"),
        ("nowhere.md", "it does not exist; check the spelling"),
    ],
)
def test_a_file_that_is_never_read_does_not_become_a_source(library, tmp_path, name, message):
    if name != "nowhere.md":
        (tmp_path / name).write_bytes(b"x")
    report = add(library, tmp_path / name)
    assert report.added == 0
    assert len(report.failed) == 1
    assert message in report.failed[0].error
    assert library.store.sources.all() == []
    assert Indexer(library).refresh().failed == ()


def test_a_file_that_is_damaged_stays_a_source_until_it_is_mended(library, tmp_path):
    (tmp_path / "note.txt").write_bytes(b"\0\1\2")
    assert len(add(library, tmp_path / "note.txt").failed) == 1
    (tmp_path / "note.txt").write_text("A note about the orchard.")
    assert Indexer(library).refresh().added_ids == ("note",)


@pytest.mark.parametrize("named", ["www.example.org", "example.org.uk/anchors/page?id=1", "WWW.example.org", "nhs.uk"])
def test_a_web_address_without_its_beginning_is_suggested(library, tmp_path, monkeypatch, named):
    monkeypatch.chdir(tmp_path)
    report = add(library, named)
    assert [(failure.source, failure.error) for failure in report.failed] == [
        (named, f"there is no such file or folder; if the web page is meant, write https://{named}")
    ]
    assert library.store.sources.all() == []


@pytest.mark.parametrize(
    "named", ["report.docx", "notes.md", "a/b.org", "./example.org", "/srv/www.example.org", "a b.uk"]
)
def test_a_file_is_not_taken_for_a_web_address(named):
    assert address_meant(named) is None


def test_a_source_of_earlier_releases_that_is_never_read_can_be_forgotten(library, tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    source = library.store.sources.add(SourceKind.FILE, str(tmp_path / "holiday.jpg"), 0)
    report = Indexer(library).refresh()
    assert [failure.error.rpartition("; ")[2] for failure in report.failed] == [
        f"`haln index remove {source.id}` forgets it"
    ]
    Indexer(library).remove([str(source.id)])
    assert library.store.sources.all() == []
