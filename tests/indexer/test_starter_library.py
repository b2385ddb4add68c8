"""The library that ships: complete, valid, and true to the fact sheets where these are at hand."""

import re

import pytest
import yaml

from indexer.library import item_files, starter_version
from indexer.library.documents import starter_documents
from indexer.pipeline import Indexer
from knowledge.domain.vocabulary import Kind
from knowledge.library import Library
from knowledge.settings import Switch
from tests.fakes import WordEmbedder


def items():
    return {document.suggested_id: document for document in starter_documents()}


def test_ninety_items_each_valid_with_source_and_text():
    documents = items()
    assert len(documents) == 90
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


@pytest.mark.shared
def test_metadata_and_every_figure_are_those_of_the_fact_sheets(shared):
    documents = items()
    facts = {fact["id"]: fact for fact in yaml.safe_load((shared / "library-facts.yaml").read_text())}
    assert set(documents) == set(facts)
    for name, fact in facts.items():
        metadata = documents[name].metadata.model_dump(mode="json")
        for field in ("title", "kind", "organisation", "nation", "region", "pillars", "level", "outcome", "evidence"):
            assert metadata[field] == fact[field], f"{name} {field}"
        assert (metadata["published"], metadata["source_title"]) == (fact["published"], fact["source_title"])
        assert metadata["url"] == fact["source_url"]
        sheet = yaml.safe_dump(fact, allow_unicode=True, width=10_000)
        text = "\n".join(section.text for section in documents[name].sections)
        assert figures(text) <= figures(sheet), f"{name}: a figure that is not in the fact sheet"
        assert figures(" ".join(fact["facts"])) <= figures(text), f"{name}: a figure of the fact sheet is missing"


def figures(text):
    return {figure.strip(".,") for figure in re.findall(r"\d[\d,.]*", text)}


def test_it_is_indexed_once_and_again_with_a_new_release(settings, embedder, monkeypatch):
    library = Library.open(settings.model_copy(update={"starter_library": Switch.ON}), lambda _: embedder)
    report = Indexer(library).ensure_starter_library()
    assert report.added == 90
    assert library.store.problems() == []
    assert Indexer(library).ensure_starter_library() is None
    monkeypatch.setattr("indexer.library.starter_version", lambda: "the next release")
    again = Indexer(library).ensure_starter_library()
    assert (again.added, again.unchanged, again.chunks_embedded) == (0, 90, 0)
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
    assert library.store.counts().documents == 89
    library.close()


def test_an_item_that_somebody_removed_stays_away(settings, monkeypatch):
    library = Library.open(settings.model_copy(update={"starter_library": Switch.ON}), WordEmbedder)
    Indexer(library).ensure_starter_library()
    library.store.remove_document("glossary-ics")
    monkeypatch.setattr("indexer.library.starter_version", lambda: "the next release")
    Indexer(library).ensure_starter_library()
    assert library.store.counts().documents == 89
    library.close()


def test_the_version_is_stable():
    assert starter_version() == starter_version()
