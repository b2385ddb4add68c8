"""Sources, origins and studies in SQLite; and a library of an earlier release brought up to date."""

import pytest

from knowledge.storage.source_protocols import Origin, SourceKind, Study
from knowledge.storage.sqlite import SQLiteStore, migrations, open_database
from tests.knowledge.storage.test_library import IDENTITY, prepared, vectors


@pytest.fixture
def store(tmp_path):
    opened = SQLiteStore(open_database(tmp_path / "haln.db"))
    opened.set_identity(IDENTITY)
    yield opened
    opened.close()


def save(store, document, **more):
    assert store.save_documents(IDENTITY, [document._replace(**more)], vectors(document)) == set()


def test_a_source_is_registered_once_and_says_how_its_last_reading_went(store):
    source = store.sources.add(SourceKind.PAGE, "https://example.org/a", 0)
    assert store.sources.add(SourceKind.PAGE, "https://example.org/a", 2).id == source.id
    assert store.sources.at("https://example.org/a").depth == 2
    store.sources.checked(source.id, error="it is down", not_before="2026-05-01T10:00:00+00:00", read=False)
    failed = store.sources.all()[0]
    assert (failed.error, failed.last_success) == ("it is down", None)
    store.sources.checked(source.id)
    assert (store.sources.all()[0].error, store.sources.all()[0].not_before) == (None, None)
    assert store.sources.all()[0].last_success is not None


def test_what_a_source_no_longer_gives_is_gone_unless_another_gives_it(store):
    one = store.sources.add(SourceKind.SITEMAP, "https://example.org/s", 0)
    other = store.sources.add(SourceKind.FEED, "https://example.org/f", 0)
    assert store.sources.gave(one.id, {"a", "b", "c"}, complete=True) == set()
    store.sources.gave(other.id, {"b"}, complete=False)
    assert store.sources.gave(one.id, {"c"}, complete=False) == set()
    assert store.sources.gave(one.id, {"c"}, complete=True) == {"a"}
    assert store.sources.locations(one.id) == {"c"}
    assert store.sources.remove(other.id) == {"b"}
    assert store.sources.remove(one.id) == {"c"}
    assert store.sources.all() == []


def test_a_document_its_origin_and_its_source_are_noted_together(store):
    source = store.sources.add(SourceKind.FOLDER, "/x", 0)
    save(store, prepared(), origin=Origin(location="a", digest="1", etag="e"), source_id=source.id)
    assert store.sources.origins()["a"].etag == "e"
    assert store.sources.locations(source.id) == {"a"}
    assert store.sources.all()[0].documents == 1
    store.remove_document("a")
    assert store.sources.origins() == {}
    assert store.sources.all()[0].documents == 0


def test_what_was_removed_by_hand_is_remembered_until_it_is_asked_for_again(store):
    for location in ("/x/a", "/x/b#1", "/xy"):
        store.sources.withdraw(location)
    store.sources.readmit("/x")
    assert set(store.sources.withdrawn()) == {"/xy"}


def test_a_study_is_of_one_content_and_goes_with_its_document(store):
    save(store, prepared())
    assert [document.id for document in store.studies.unstudied(5)] == ["a"]
    study = Study("a", store.document("a").content_hash, {1, 2}, {"nation": ("wales", "it says so")})
    store.studies.save_studies([study, study._replace(document_id="gone")])
    assert store.studies.unstudied(5) == []
    assert store.studies.sketch("a") == {1, 2}
    assert store.studies.proposals()[0].value == "wales"
    save(store, prepared(texts=("another text",)))
    assert [document.id for document in store.studies.unstudied(5)] == ["a"]
    store.remove_document("a")
    assert store.studies.proposals() == []
    assert store.problems() == []


def test_a_hidden_document_is_in_no_search_and_counts_in_no_statistic(store):
    save(store, prepared("a", suggested_id="a"))
    save(store, prepared("b", ("first part", "third part"), "b"))
    assert store.document_frequencies(["part"]) == {"part": 4}
    assert store.studies.set_duplicates({"b": "a"}) is True
    assert store.studies.set_duplicates({"b": "a"}) is False
    assert {chunk.document_id for chunk in store.chunks(store.chunk_ids().tolist()).values()} == {"a"}
    assert store.chunk_keys()[0].tolist() == store.chunk_ids().tolist()
    found = [chunk_id for chunk_id, _ in store.lexical_search(["part"], 10).found]
    assert set(found) == set(store.chunk_ids().tolist())
    assert store.document_frequencies(["part"]) == {"part": 2}
    store.remove_document("a")
    assert len(store.chunk_ids()) == 2


def test_a_library_of_an_earlier_release_is_brought_up_to_date(tmp_path, monkeypatch):
    path = tmp_path / "haln.db"
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", tuple(step for step in migrations.STEPS if step < "m007"))
        connections = open_database(path)
        with connections.write() as connection:
            connection.execute(
                "INSERT INTO documents (id, location, title, kind, pillars, sections, content_hash, updated_at) "
                """VALUES ('a', '/a', 'T', 'report', '[]', '[{"heading_path": [], "text": "Text."}]', 'h', 'now')"""
            )
        connections.close()
    store = SQLiteStore(open_database(path))
    assert store.document("a").metadata.starts is None
    assert store.sections("a")[0].locator is None
    assert [document.id for document in store.studies.unstudied(5)] == ["a"]
    store.close()
