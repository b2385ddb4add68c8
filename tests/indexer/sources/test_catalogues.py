"""What editors say of documents, in catalogues and front matter: slips cost a field, and never a document."""

import pytest

from indexer.pipeline import Indexer
from knowledge.domain.vocabulary import Kind, Nation
from tests.indexer.test_pipeline import add, counts

MISSING = "catalogue.csv names this file, but it is not there; mend the path there, or remove the row"


@pytest.fixture
def orchard(library, tmp_path):
    """A folder with two notes, of which the catalogue describes one, in the library."""
    folder = tmp_path / "orchard"
    folder.mkdir()
    (folder / "a.md").write_text("# Pears\n\nThe pear trees stand behind the ward.\n")
    (folder / "b.md").write_text("# Plums\n\nThe plum trees stand before the kitchen.\n")
    (folder / "catalogue.csv").write_text("path,title\na.md,Alpha pears\n")
    add(library, folder)
    return folder


def found(library, words):
    return {result.document_id for result in library.searcher.search(words, 20).results}


@pytest.mark.parametrize("alone", [False, True])
def test_a_deleted_file_is_removed_though_its_catalogue_still_names_it(library, orchard, alone):
    """Also when nothing but the catalogue is left: the folder is there, or its catalogue would not be."""
    (orchard / "a.md").unlink()
    if alone:
        (orchard / "b.md").unlink()
    report = Indexer(library).refresh()
    assert report.removed_ids == (("a", "b") if alone else ("a",))
    assert [(failure.source, failure.error) for failure in report.failed] == [(str(orchard / "a.md"), MISSING)]
    assert library.store.document("a") is None
    assert "a" not in found(library, "pear trees behind the ward")
    again = Indexer(library).refresh()
    assert (again.removed, [failure.error for failure in again.failed]) == (0, [MISSING])


def test_a_renamed_file_is_found_under_its_new_name_alone(library, orchard):
    (orchard / "a.md").rename(orchard / "pears.md")
    report = Indexer(library).refresh()
    assert (report.added_ids, report.removed_ids) == ((), ())
    assert [(moved.id, moved.now) for moved in report.renamed] == [("a", str(orchard / "pears.md"))]
    assert [failure.error for failure in report.failed] == [MISSING]
    assert found(library, "pear trees behind the ward") >= {"a"}
    assert library.store.document("a").location == str(orchard / "pears.md")
    assert library.store.document_at(str(orchard / "a.md")) is None


def test_a_folder_below_that_cannot_be_read_keeps_its_documents(library, orchard, monkeypatch):
    inner = orchard / "inner"
    inner.mkdir()
    (inner / "c.md").write_text("# Quinces\n\nThe quince trees stand at the gate.\n")
    assert add(library, orchard).added_ids == ("c",)
    walk = type(orchard).iterdir

    def refused(folder):
        if folder == inner:
            raise PermissionError(13, "Permission denied")
        return walk(folder)

    monkeypatch.setattr(type(orchard), "iterdir", refused)
    report = Indexer(library).refresh()
    assert (counts(report), len(report.failed)) == ((0, 0, 2, 0), 1)
    monkeypatch.undo()
    (inner / "c.md").unlink()
    assert Indexer(library).refresh().removed_ids == ("c",)


def test_columns_and_values_count_in_whatever_case_and_spacing(library, orchard):
    (orchard / "catalogue.csv").write_text(
        "Path , TITLE, Source Title,Nation,KIND,Pillars\nb.md,Beta plums,The book,  England ,Case  study,Estates; NHS\n"
    )
    report = add(library, orchard)
    assert report.failed == ()
    plums = library.store.document("b").metadata
    assert (plums.title, plums.source_title, plums.nation, plums.kind) == (
        "Beta plums",
        "The book",
        Nation.ENGLAND,
        Kind.CASE_STUDY,
    )
    assert [text.partition("; it may be")[0] for text in report.warnings] == [
        f'{orchard / "catalogue.csv"}, row 2 (b.md): pillars is "Estates; NHS"'
    ]


def test_of_two_columns_of_one_name_the_first_that_is_filled_counts(library, orchard):
    (orchard / "catalogue.csv").write_text("path,Title,title\nb.md,,Gamma\na.md,Alpha pears,Delta\n")
    report = add(library, orchard)
    assert [library.store.document(name).metadata.title for name in ("a", "b")] == ["Alpha pears", "Gamma"]
    assert report.warnings == (
        f"{orchard / 'catalogue.csv'}: 2 columns are named title; in each row the first that is filled counts",
    )


SLIPS = "---\nTitle: Gamma quinces\nOrganisation: Sample Trust\npublished: 14/03/2024\nnation: Englnd\n---\nQuinces.\n"


def test_a_slip_in_front_matter_costs_the_field_and_is_told_until_it_is_mended(library, orchard):
    (orchard / "c.md").write_text(SLIPS)
    report = add(library, orchard)
    assert (report.added_ids, report.failed) == (("c",), ())
    quinces = library.store.document("c").metadata
    assert (quinces.title, quinces.organisation) == ("Gamma quinces", "Sample Trust")
    assert (quinces.published, quinces.nation) == (None, None)
    assert len(report.warnings) == 1
    said = report.warnings[0]
    assert said.startswith(f"{orchard / 'c.md'}: ")
    assert 'published is "14/03/2024"; write 2021, 2021-03 or 2021-03-25' in said
    assert 'nation is "Englnd"; it may be england, scotland' in said
    again = Indexer(library).refresh()
    assert (counts(again), again.warnings) == ((0, 0, 3, 0), report.warnings)
    (orchard / "c.md").write_text(SLIPS.replace("14/03/2024", "2024-03-14").replace("Englnd", "England"))
    mended = Indexer(library).refresh()
    assert (mended.updated_ids, mended.warnings) == (("c",), ())
    quinces = library.store.document("c").metadata
    assert (quinces.published, quinces.nation) == ("2024-03-14", Nation.ENGLAND)


def test_the_catalogue_makes_good_a_slip_in_front_matter(library, orchard):
    (orchard / "c.md").write_text(SLIPS)
    (orchard / "catalogue.csv").write_text("path,nation,published\nc.md,Wales,2024\n")
    report = add(library, orchard)
    assert (report.added_ids, report.warnings) == (("c",), ())
    quinces = library.store.document("c").metadata
    assert (quinces.nation, quinces.published) == (Nation.WALES, "2024")


def test_a_year_is_a_title(library, orchard):
    (orchard / "c.md").write_text("---\ntitle: 2024\n---\nQuinces of that year.\n")
    assert add(library, orchard).warnings == ()
    assert library.store.document("c").metadata.title == "2024"
