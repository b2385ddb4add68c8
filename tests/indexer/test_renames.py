"""A document keeps its id and decisions when its file is renamed, moved or replaced by a new edition."""

import pytest

from indexer.pipeline import Indexer
from knowledge.errors import SourceError

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//sample//EN
BEGIN:VEVENT
UID:one@example.org
DTSTAMP:20260101T090000Z
DTSTART:20990512T130000Z
SUMMARY:Sample webinar on local jobs
END:VEVENT
END:VCALENDAR
"""


def decided(library, document_id):
    Indexer(library).decide({(document_id, "region"): "Sampleshire"})


def test_a_file_that_is_renamed_keeps_its_document(filled, sources):
    decided(filled, "food")
    given = {chunk.id for chunk in filled.store.document_chunks("food")}
    (sources / "below").mkdir()
    (sources / "food.txt").rename(sources / "below" / "apples.txt")
    report = Indexer(filled).refresh()
    assert (report.added, report.removed, report.failed) == (0, 0, ())
    assert [(moved.id, moved.was, moved.now) for moved in report.renamed] == [
        ("food", str(sources / "food.txt"), str(sources / "below" / "apples.txt"))
    ]
    food = filled.store.document("food")
    assert (food.location, food.metadata.region) == (str(sources / "below" / "apples.txt"), "Sampleshire")
    assert {chunk.id for chunk in filled.store.document_chunks("food")} == given
    assert filled.store.studies.decided(food.location) == {"region": "Sampleshire"}
    again = Indexer(filled).refresh()
    assert (again.unchanged, again.renamed) == (3, ())
    assert filled.store.problems() == filled.index.problems() == []


def test_a_title_from_the_files_name_changes_with_it(library, tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "first.txt").write_text("it rained all day in the garden of the ward, and then it stopped.\n")
    Indexer(library).add([str(folder)])
    (folder / "first.txt").rename(folder / "second.txt")
    report = Indexer(library).refresh()
    assert (report.updated_ids, [moved.id for moved in report.renamed]) == (("first",), ["first"])
    assert library.store.document("first").metadata.title == "second"


def test_a_copy_is_another_document(filled, sources):
    (sources / "copy.txt").write_bytes((sources / "food.txt").read_bytes())
    report = Indexer(filled).refresh()
    assert (report.added_ids, report.renamed) == (("copy",), ())


def test_a_renamed_file_that_is_a_source_of_its_own_is_still_one(filled, sources):
    Indexer(filled).add([str(sources / "food.txt")])
    (sources / "food.txt").rename(sources / "apples.txt")
    report = Indexer(filled).refresh()
    assert (report.removed, report.failed, [moved.id for moved in report.renamed]) == (0, (), ["food"])
    assert [source.address for source in filled.store.sources.all()] == [str(sources), str(sources / "apples.txt")]
    assert Indexer(filled).refresh().failed == ()


def test_a_file_that_is_added_by_its_new_name_is_known(filled, sources):
    (sources / "food.txt").rename(sources / "apples.txt")
    report = Indexer(filled).add([str(sources / "apples.txt")])
    assert (report.added, [moved.id for moved in report.renamed]) == (0, ["food"])


def test_a_renamed_calendar_keeps_its_events(library, tmp_path):
    folder = tmp_path / "dates"
    folder.mkdir()
    (folder / "old.ics").write_text(CALENDAR)
    (first,) = Indexer(library).add([str(folder)]).added_ids
    (folder / "old.ics").rename(folder / "new.ics")
    report = Indexer(library).refresh()
    assert (report.added, report.removed, [moved.id for moved in report.renamed]) == (0, 0, [first])
    assert library.store.document(first).location.startswith(str(folder / "new.ics"))


def test_what_was_removed_by_hand_is_left_out_with_a_word(filled, sources):
    Indexer(filled).remove(["food"])
    for report in (Indexer(filled).refresh(), Indexer(filled).add([str(sources)])):
        assert (report.added, [gone.location for gone in report.left_away]) == (0, [str(sources / "food.txt")])
        assert report.left_away[0].removed_at.startswith("20")
    assert Indexer(filled).add([str(sources)], again=True).added == 1
    assert Indexer(filled).refresh().left_away == ()


def test_what_was_removed_by_hand_stays_away_under_another_name(filled, sources):
    Indexer(filled).remove(["food"])
    (sources / "food.txt").rename(sources / "apples.txt")
    report = Indexer(filled).refresh()
    assert (report.added, [gone.location for gone in report.left_away]) == (0, [str(sources / "apples.txt")])
    assert Indexer(filled).add([str(sources / "apples.txt")]).added == 1


EDITION = "# Green roofs, second edition\n\nSample University planted twelve roofs more in the second year.\n"


def test_a_new_edition_takes_a_documents_place(filled, sources, tmp_path):
    decided(filled, "green")
    edition = tmp_path / "green-2.md"
    edition.write_text(EDITION)
    report = Indexer(filled).replace("green", str(edition))
    assert (report.updated_ids, report.added, report.removed) == (("green",), 0, 0)
    green = filled.store.document("green")
    assert (green.location, green.metadata.title) == (str(edition), "Green roofs, second edition")
    assert green.metadata.region == "Sampleshire"
    refreshed = Indexer(filled).refresh()
    assert (refreshed.added, refreshed.removed, refreshed.updated) == (0, 0, 0)
    assert [(gone.location, gone.replaced_by) for gone in refreshed.left_away] == [(str(sources / "green.md"), "green")]
    assert filled.store.problems() == filled.index.problems() == []


def test_a_new_edition_that_was_in_the_library_already_is_one_document_with_the_old_one(filled, sources):
    (sources / "green-2.md").write_text(EDITION)
    assert Indexer(filled).refresh().added_ids == ("green-2",)
    report = Indexer(filled).replace("green", str(sources / "green-2.md"))
    assert (report.updated_ids, report.removed_ids) == (("green",), ("green-2",))
    assert filled.store.document("green").metadata.title == "Green roofs, second edition"
    assert Indexer(filled).refresh().unchanged == 3


def test_a_new_edition_of_the_same_file_is_an_update(filled, sources):
    (sources / "green.md").write_text(EDITION)
    report = Indexer(filled).replace("green", str(sources / "green.md"))
    assert (report.updated_ids, report.left_away) == (("green",), ())


def test_nothing_changes_when_there_is_no_new_edition_to_be_read(filled, sources, tmp_path):
    (tmp_path / "bad.pdf").write_bytes(b"%PDF")
    for document_id, source, problem in (
        ("green", tmp_path / "bad.pdf", "not a PDF"),
        ("green", tmp_path / "nowhere.md", "does not exist"),
        ("green", sources, "not one document"),
        ("nosuch", sources / "food.txt", "no document with the id nosuch"),
    ):
        with pytest.raises(SourceError, match=problem):
            Indexer(filled).replace(document_id, str(source))
    assert filled.store.document("green").location == str(sources / "green.md")
    assert len(filled.store.sources.all()) == 1


def test_a_dry_run_stores_nothing_and_names_what_would_change(filled, sources, tmp_path):
    version = filled.store.version()
    (sources / "new.txt").write_text("A new note about bicycles for the night staff of the ward.")
    (sources / "food.txt").write_text("Buying food nearby\n\nSample Council changed its mind about growers again.\n")
    found = Indexer(filled).preview([str(sources), str(tmp_path / "nowhere")])
    assert {item.id: str(item.change) for item in found.documents} == {
        "food": "updated",
        "green": "unchanged",
        "jobs": "unchanged",
        "new": "added",
    }
    assert [failure.source for failure in found.failed] == [str(tmp_path / "nowhere")]
    assert all(item.document.coverage.unexplained == 0 for item in found.documents)
    assert filled.store.version() == version
    assert [source.last_checked for source in filled.store.sources.all()] == [
        filled.store.sources.all()[0].last_checked
    ]
    other = tmp_path / "other.txt"
    other.write_text("Another note that is in no source of the library yet.")
    Indexer(filled).preview([str(other)])
    assert len(filled.store.sources.all()) == 1
