"""Files and folders into the library: incremental, complete, hard to break."""

import pytest

from indexer.pipeline import Indexer
from knowledge.errors import LibraryMismatchError
from knowledge.library import Library
from knowledge.vocabulary import Kind, Nation, Pillar
from tests.fakes import WordEmbedder


def add(library, *sources):
    return Indexer(library).add([str(source) for source in sources])


def counts(report):
    return (report.added, report.updated, report.unchanged, report.removed)


def test_a_folder_is_added_once(library, sources, embedder):
    report = add(library, sources)
    assert counts(report) == (3, 0, 0, 0)
    assert report.chunks_embedded == library.store.counts().chunks == len(embedder.embedded)
    embedder.embedded.clear()
    again = add(library, sources)
    assert counts(again) == (0, 0, 3, 0)
    assert again.chunks_embedded == 0
    assert embedder.embedded == []
    assert library.store.problems() == library.index.problems() == []


def test_front_matter_becomes_metadata(filled):
    jobs = filled.store.document("jobs").metadata
    assert (jobs.kind, jobs.nation, jobs.pillars) == (Kind.CASE_STUDY, Nation.WALES, (Pillar.EMPLOYMENT,))
    assert filled.store.document("green").metadata.title == "Green roofs"


def test_an_edit_embeds_only_what_changed(filled, sources, embedder):
    embedder.embedded.clear()
    path = sources / "jobs.md"
    path.write_text(path.read_text().replace("90%", "91%"))
    report = add(filled, sources)
    assert counts(report) == (0, 1, 2, 0)
    assert report.chunks_embedded == 1
    assert "91%" in embedder.embedded[0]


def test_a_removed_file_is_gone_from_every_search(filled, sources):
    (sources / "food.txt").unlink()
    assert counts(add(filled, sources)) == (0, 0, 2, 1)
    assert filled.store.document("food") is None
    assert filled.store.lexical_search(["wholesalers"], 5).found == []
    results = filled.searcher.search("wholesalers and growers", 20).results
    assert "food" not in {result.document_id for result in results}
    assert filled.index.problems() == []


def test_a_removed_file_can_be_named_itself(filled, sources):
    (sources / "food.txt").unlink()
    report = add(filled, sources / "food.txt")
    assert counts(report) == (0, 0, 0, 1)
    assert report.failed == ()


def test_one_bad_file_stops_no_other(library, sources):
    (sources / "broken.txt").write_bytes(b"\0\1\2")
    (sources / "photo.jpg").write_bytes(b"jpg")
    (sources / "odd.md").write_text("---\nkind: recipe\n---\nText of a recipe.\n")
    report = add(library, sources, sources / "nowhere")
    assert counts(report) == (3, 0, 0, 0)
    failed = {failure.source.rsplit("/", 1)[-1]: failure.error for failure in report.failed}
    assert set(failed) == {"broken.txt", "photo.jpg", "odd.md", "nowhere"}
    assert "'case_study'" in failed["odd.md"]
    assert "does not exist" in failed["nowhere"]


def test_a_file_that_became_unreadable_is_not_forgotten(filled, sources):
    (sources / "food.txt").write_bytes(b"\0\0")
    report = add(filled, sources)
    assert report.removed == 0
    assert filled.store.document("food") is not None


def test_a_file_over_the_limit_is_named(library, tmp_path):
    library.settings = library.settings.model_copy(update={"max_file_mb": 1})
    (tmp_path / "big.txt").write_text("word " * 300_000)
    report = add(library, tmp_path / "big.txt")
    assert "HALN_MAX_FILE_MB" in report.failed[0].error


def test_a_catalogue_describes_the_files_beside_it_and_is_no_document(library, sources):
    (sources / "catalogue.csv").write_text(
        "path,title,url,organisation,kind,evidence,published,nation,pillars,notes\n"
        "food.txt,Feeding schools,https://example.org/food,Sample Council,report,evaluation,2021-03,england,"
        "procurement; environment,mine\n"
        "gone.txt,Gone,,,,,,,,\n"
    )
    report = add(library, sources)
    assert report.added == 3
    assert [f.error for f in report.failed] == ["catalogue.csv names this file, but it is not there"]
    food = library.store.document("food").metadata
    assert (food.title, food.kind, food.published) == ("Feeding schools", Kind.REPORT, "2021-03")
    assert food.pillars == (Pillar.PROCUREMENT, Pillar.ENVIRONMENT)
    assert add(library, sources / "food.txt").unchanged == 1


def test_a_catalogue_without_paths_is_a_failure_and_the_files_still_go_in(library, sources):
    (sources / "catalogue.csv").write_text("name;title\nfood.txt;x\n")
    report = add(library, sources)
    assert report.added == 3
    assert "column named path" in report.failed[0].error


def test_the_same_text_in_two_files_is_embedded_once(library, tmp_path, embedder):
    (tmp_path / "a.txt").write_text("Exactly the same sentence stands in both files.")
    (tmp_path / "b.txt").write_text("Exactly the same sentence stands in both files.")
    (tmp_path / "catalogue.csv").write_text("path,title\na.txt,Same\nb.txt,Same\n")
    report = add(library, tmp_path)
    assert (report.added, report.chunks_embedded) == (2, 1)


def test_another_chunk_size_is_refused_until_the_library_is_rebuilt(filled, sources):
    changed = Library(filled.settings.model_copy(update={"chunk_tokens": 40}), filled.store, filled.embedder)
    (sources / "new.txt").write_text("A new note about bicycles for the night staff.")
    with pytest.raises(LibraryMismatchError, match="haln index rebuild"):
        add(changed, sources)
    Indexer(changed).rebuild()
    assert counts(add(changed, sources)) == (1, 0, 3, 0)
    assert changed.store.identity().chunking.endswith("/40")
    assert changed.store.problems() == changed.index.problems() == []


def test_a_rebuild_takes_another_model_and_needs_no_sources(filled, sources):
    for path in sources.iterdir():
        path.unlink()
    other = Library(filled.settings, filled.store, WordEmbedder(name="other@2", dimension=32))
    embedded = Indexer(other).rebuild()
    assert embedded == other.store.counts().chunks > 0
    assert other.store.identity().dimension == 32
    assert other.searcher.search("entry jobs for local residents", 1).results[0].document_id == "jobs"
    assert other.store.problems() == other.index.problems() == []


def test_progress_is_told_to_the_end(library, sources):
    told = []
    Indexer(library, lambda done, total: told.append((done, total))).add([str(sources)])
    assert told[-1] == (3, 3)
    assert told == sorted(told)
