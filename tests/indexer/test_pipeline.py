"""Files and folders into the library: incremental, complete, hard to break."""

import shutil

import pytest

from indexer.pipeline import Indexer
from knowledge.domain.vocabulary import Kind, Nation, Pillar
from knowledge.errors import LibraryMismatchError
from knowledge.library import Library
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
    path = sources / "long.md"
    part = "Sentence number {} of this part says something of its own about gardens. "
    parts = [f"## Part {p}\n\n" + "".join(part.format(f"{p}{n}") for n in range(20)) for p in "abc"]
    path.write_text("# Long\n\n" + "\n\n".join(parts))
    chunks = add(filled, sources).chunks_embedded
    embedder.embedded.clear()
    path.write_text(path.read_text().replace("number b19", "number b19, the last and by far the longest one,"))
    report = add(filled, sources)
    assert counts(report) == (0, 1, 3, 0)
    assert 0 < report.chunks_embedded < chunks / 2
    assert all("\nPart b\n" in text for text in embedder.embedded)


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


@pytest.mark.parametrize("emptied", [False, True])
def test_a_folder_that_is_not_there_keeps_its_documents_until_it_is_removed(filled, sources, emptied):
    """A drive that is not connected looks like a deleted folder, or like an empty one."""
    shutil.rmtree(sources)
    if emptied:
        sources.mkdir()
    for report in (add(filled, sources), Indexer(filled).refresh()):
        assert (report.removed, len(report.failed)) == (0, 1)
        assert f"haln index remove {sources}" in report.failed[0].error
    assert len(filled.searcher.search("jobs", 5).results) > 0
    removal = Indexer(filled).remove([str(sources)])
    assert (sorted(removal.removed), removal.sources) == (["food", "green", "jobs"], (str(sources),))
    assert filled.searcher.search("jobs", 5).results == ()
    assert filled.store.sources.all() == []


def test_a_broken_catalogue_removes_nothing(filled, sources):
    (sources / "catalogue.csv").write_text("name;title\n")
    report = add(filled, sources / "food.txt")
    assert (report.removed, report.unchanged, len(report.failed)) == (0, 1, 1)


def test_a_path_that_cannot_be_one_stops_no_other(library, sources):
    report = add(library, "x" * 300, sources)
    assert (report.added, len(report.failed)) == (3, 1)


def test_a_file_named_twice_is_one_document(library, sources):
    assert counts(add(library, sources, sources / "food.txt")) == (3, 0, 0, 0)


def test_each_folder_has_a_catalogue_of_its_own(library, tmp_path):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (inner / "a.txt").write_text("A note about the oldest orchard of the town.")
    (inner / "catalogue.csv").write_text("path,title\na.txt,From the inner\n")
    (tmp_path / "outer" / "catalogue.csv").write_text("path,title\ninner/a.txt,From the outer\n")
    add(library, tmp_path / "outer")
    assert library.store.document("a").metadata.title == "From the inner"
    assert counts(add(library, inner)) == (0, 0, 1, 0)


def test_one_bad_file_stops_no_other(library, sources):
    (sources / "broken.txt").write_bytes(b"\0\1\2")
    (sources / "photo.jpg").write_bytes(b"jpg")
    (sources / "odd.md").write_text("---\nkind: recipe\n---\nText of a recipe.\n")
    report = add(library, sources, sources / "nowhere")
    assert counts(report) == (4, 0, 0, 0)
    failed = {failure.source.rsplit("/", 1)[-1]: failure.error for failure in report.failed}
    assert set(failed) == {"broken.txt", "nowhere"}
    assert report.warnings[0] == "1 file of another kind was passed over: .jpg"
    assert report.warnings[1].startswith(f'{sources / "odd.md"}: kind is "recipe"; it may be ')
    assert "case_study" in report.warnings[1]
    assert "does not exist" in failed["nowhere"]


def test_a_file_that_became_unreadable_is_not_forgotten(filled, sources):
    (sources / "food.txt").write_bytes(b"\0\0")
    report = add(filled, sources)
    assert report.removed == 0
    assert filled.store.document("food").chunk_count > 0
    assert "food" in {result.document_id for result in filled.searcher.search("kitchen contracts", 20).results}


def test_a_file_over_the_limit_is_named(library, tmp_path):
    library.settings = library.settings.model_copy(update={"max_file_mb": 1})
    (tmp_path / "big.txt").write_text("word " * 300_000)
    report = add(library, tmp_path / "big.txt")
    assert "HALN_MAX_FILE_MB" in report.failed[0].error


def test_a_catalogue_describes_the_files_beside_it_and_is_no_document(library, sources):
    (sources / "catalogue.csv").write_text(
        "path,title,url,organisation,kind,evidence,published,nation,pillars,notes\n"
        "food.txt,Feeding schools,https://example.org/food,Sample Council,Report,evaluation,2021-03,England,"
        "procurement; environment,mine\n"
        "gone.txt,Gone,,,,,,,,\n"
    )
    report = add(library, sources)
    assert report.added == 3
    assert [f.error for f in report.failed] == [
        "catalogue.csv names this file, but it is not there; mend the path there, or remove the row"
    ]
    food = library.store.document("food").metadata
    assert (food.title, food.kind, food.published) == ("Feeding schools", Kind.REPORT, "2021-03")
    assert food.pillars == (Pillar.PROCUREMENT, Pillar.ENVIRONMENT)
    assert add(library, sources / "food.txt").unchanged == 1


def test_a_month_that_the_calendar_does_not_have_is_noted_and_left_out(library, sources):
    (sources / "catalogue.csv").write_text("path,published\nfood.txt,2024-13\n")
    report = add(library, sources)
    assert report.added == 3
    assert any('published is "2024-13"; write 2021, 2021-03 or 2021-03-25' in text for text in report.warnings)
    assert library.store.document("food").metadata.published is None


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
    changed = Library(filled.settings.model_copy(update={"chunk_tokens": 40}), filled.stores, filled.embedder)
    (sources / "new.txt").write_text("A new note about bicycles for the night staff.")
    with pytest.raises(LibraryMismatchError, match="haln index rebuild"):
        add(changed, sources)
    Indexer(changed).rebuild()
    assert counts(add(changed, sources)) == (1, 0, 3, 0)
    assert changed.store.identity().chunking.endswith("/40")
    assert changed.store.problems() == changed.index.problems() == []


def test_a_rebuild_takes_in_what_others_store_meanwhile(filled, sources):
    class Slow(WordEmbedder):
        """While it embeds for the first time, another process adds, edits and removes."""

        def embed_documents(self, texts):
            if not self.embedded:
                self.embedded.append("begun")
                (sources / "new.txt").write_text("A new note about bicycles for the night staff.")
                (sources / "green.md").write_text("# Green walls\n\nSample University planted walls instead.")
                (sources / "food.txt").unlink()
                add(filled, sources)
            return super().embed_documents(texts)

    other = Library(filled.settings, filled.stores, Slow(name="other@2", dimension=32))
    Indexer(other).rebuild()
    assert {document.id for document in other.store.documents()} == {"jobs", "green", "new"}
    assert other.searcher.search("planted walls", 1).results[0].document_id == "green"
    assert other.store.problems() == other.index.problems() == []


def test_what_was_embedded_for_another_model_is_not_stored(filled, sources):
    class Overtaken(WordEmbedder):
        def embed_documents(self, texts):
            Indexer(Library(filled.settings, filled.stores, WordEmbedder(name="other@2", dimension=32))).rebuild()
            return super().embed_documents(texts)

    (sources / "new.txt").write_text("A new note about bicycles for the night staff.")
    with pytest.raises(LibraryMismatchError):
        add(Library(filled.settings, filled.stores, Overtaken()), sources)
    assert filled.store.problems() == []


def test_a_vector_that_vanishes_meanwhile_is_made_again(filled, tmp_path, embedder, monkeypatch):
    twin = tmp_path / "twin.txt"
    twin.write_text("Exactly the same sentence stands in both files.")
    (tmp_path / "catalogue.csv").write_text("path,title\ntwin.txt,Same\nlater.txt,Same\n")
    add(filled, twin)
    known = filled.store.known_embeddings

    def known_and_gone(hashes):
        found = known(hashes)
        filled.store.remove_document("twin")
        return found

    monkeypatch.setattr(filled.store, "known_embeddings", known_and_gone)
    (tmp_path / "later.txt").write_text(twin.read_text())
    assert add(filled, tmp_path / "later.txt").chunks_embedded == 1
    assert filled.store.problems() == []


def test_a_rebuild_takes_another_model_and_needs_no_sources(filled, sources):
    for path in sources.iterdir():
        path.unlink()
    other = Library(filled.settings, filled.stores, WordEmbedder(name="other@2", dimension=32))
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
