"""The library that ships: complete and valid. What it states is held against its sources in `test_library_facts.py`."""

from indexer.library import item_files, starter_version
from indexer.library.documents import starter_documents
from indexer.pipeline import Indexer
from knowledge.domain.library import Measure
from knowledge.domain.vocabulary import Kind
from knowledge.library import Library
from knowledge.settings import Switch
from tests.fakes import WordEmbedder


def items():
    return {document.suggested_id: document for document in starter_documents()}


def test_at_least_ninety_items_each_valid_with_source_and_text():
    documents = items()
    assert len(documents) >= 90
    for name, document in documents.items():
        metadata = document.metadata
        assert metadata.title, name
        assert metadata.nation, name
        assert metadata.pillars, name
        assert metadata.outcome, name
        assert metadata.evidence, name
        assert metadata.source_title, name
        assert sum(len(section.text.split()) for section in document.sections) >= 30, name


def test_each_item_lies_in_the_folder_of_its_kind():
    documents = items()
    for file in item_files():
        assert f"/{documents[file.name.removesuffix('.md')].metadata.kind}/" in str(file)
    assert {document.metadata.kind for document in documents.values()} == set(Kind) - {Kind.EXAMPLE}


def test_the_level_is_known_of_all_but_guides_and_general_words():
    without = {name for name, document in items().items() if document.metadata.level is None}
    assert {name for name in without if not name.startswith(("guide-", "glossary-"))} == set()
    assert len([name for name in without if name.startswith("glossary-")]) <= 9


def test_the_stage_is_known_of_every_case_study_but_one_that_does_not_tell():
    without = {
        name
        for name, document in items().items()
        if document.metadata.stage is None and document.metadata.kind is Kind.CASE_STUDY
    }
    assert without == {"royal-free-staff-wellbeing"}


def test_every_item_says_when_it_was_true_but_one_whose_source_has_no_date():
    undated = {name: document.metadata for name, document in items().items() if document.metadata.true_as_of is None}
    assert set(undated) == {"uhb-learning-hub"}
    assert all(metadata.review_by for metadata in undated.values())


def test_how_it_was_measured_is_a_field_with_indicator_baseline_and_period():
    measured = {name: document.metadata.measured for name, document in items().items() if document.metadata.measured}
    assert len(measured) >= 25
    assert measured["elft-social-value-qi"][0] == Measure(
        indicator="share of procurement from local suppliers",
        baseline="35% in April 2020",
        period="April to September 2020",
    )
    assert sum(any(measure.baseline for measure in measures) for measures in measured.values()) >= 5


def test_what_is_known_to_have_changed_is_due_for_review():
    documents = items()
    for name in ("glossary-ics", "glossary-icb-icp", "glossary-social-value-model", "london-living-wage-nhs"):
        metadata = documents[name].metadata
        assert metadata.true_as_of, name
        assert metadata.review_by is not None, name
        assert metadata.review_by < "2026-11", name
    replacing = {d.metadata.superseded_by for d in documents.values()} - {None}
    assert replacing <= set(documents)


def test_it_is_indexed_once_and_again_with_a_new_release(settings, embedder, monkeypatch):
    library = Library.open(settings.model_copy(update={"starter_library": Switch.ON}), lambda _: embedder)
    report = Indexer(library).ensure_starter_library()
    assert report.added == len(items())
    assert library.store.problems() == []
    assert Indexer(library).ensure_starter_library() is None
    monkeypatch.setattr("indexer.library.starter_version", lambda: "the next release")
    again = Indexer(library).ensure_starter_library()
    assert (again.added, again.unchanged, again.chunks_embedded) == (0, len(items()), 0)
    library.close()


def test_it_can_be_left_out(library):
    assert Indexer(library).ensure_starter_library() is None
    assert library.store.counts().documents == 0


def test_an_item_that_a_release_drops_is_removed(settings, monkeypatch):
    library = Library.open(settings.model_copy(update={"starter_library": Switch.ON}), WordEmbedder)
    Indexer(library).ensure_starter_library()
    fewer = list(starter_documents())[1:]
    monkeypatch.setattr("indexer.pipeline.starter_documents", lambda: iter(fewer))
    monkeypatch.setattr("indexer.library.starter_version", lambda: "the next release")
    Indexer(library).ensure_starter_library()
    assert library.store.counts().documents == len(items()) - 1
    library.close()


def test_an_item_that_somebody_removed_stays_away(settings, monkeypatch):
    library = Library.open(settings.model_copy(update={"starter_library": Switch.ON}), WordEmbedder)
    Indexer(library).ensure_starter_library()
    library.store.remove_document("glossary-ics")
    monkeypatch.setattr("indexer.library.starter_version", lambda: "the next release")
    Indexer(library).ensure_starter_library()
    assert library.store.counts().documents == len(items()) - 1
    library.close()


def test_the_version_is_stable():
    assert starter_version() == starter_version()
