"""The SQLite store against what `LibraryStore` promises."""

import hashlib
import sqlite3

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.domain.library import Document, Filters, Metadata, NewChunk, Section
from knowledge.domain.vocabulary import Kind, Nation, Pillar
from knowledge.errors import LibraryMismatchError, StorageBusyError, StorageError
from knowledge.storage.library_protocols import EmbeddingIdentity, PreparedDocument
from knowledge.storage.sqlite import SQLiteStore, open_database
from knowledge.storage.sqlite.chunks import lexical_search
from knowledge.storage.sqlite.connection import in_words

IDENTITY = EmbeddingIdentity(model="words@1", dimension=2, chunking="test/1")


def key(text):
    return hashlib.sha256(text.encode()).hexdigest()


def prepared(location="a", texts=("first part", "second part"), suggested_id="a", **metadata):
    document = Document(
        location=location,
        suggested_id=suggested_id,
        metadata=Metadata(title=metadata.pop("title", "A title"), **metadata),
        sections=tuple(Section(heading_path=("Heading",), text=text) for text in texts),
    )
    chunks = [
        NewChunk(ordinal=i, heading_path=("Heading",), text=t, embedded_text=t, embedding_hash=key(t))
        for i, t in enumerate(texts)
    ]
    return PreparedDocument(document, f"digest {texts}", chunks)


def vectors(*documents):
    return {
        chunk.embedding_hash: np.array([1, 0], dtype=np.float32) for document in documents for chunk in document.chunks
    }


@pytest.fixture
def store(tmp_path):
    opened = SQLiteStore(open_database(tmp_path / "haln.db"))
    opened.set_identity(IDENTITY)
    yield opened
    opened.close()


def save(store, *documents):
    assert store.save_documents(IDENTITY, documents, vectors(*documents)) == set()


def test_a_saved_document_comes_back_whole(store):
    save(
        store,
        prepared(kind=Kind.LESSON, pillars=(Pillar.ESTATES,), published="2021-03", url="https://example.org/a"),
    )
    document = store.document("a")
    assert document.metadata.kind is Kind.LESSON
    assert document.metadata.pillars == (Pillar.ESTATES,)
    assert document.chunk_count == 2
    assert [chunk.text for chunk in store.document_chunks("a")] == ["first part", "second part"]
    assert store.document_chunks("a")[0].section == "Heading"
    assert store.document_at("a") == document
    assert [s.text for s in store.sections("a")] == ["first part", "second part"]
    assert store.problems() == []


def test_each_change_is_a_new_version(store):
    versions = [store.version()]
    for change in (lambda: save(store, prepared()), lambda: store.remove_document("a")):
        change()
        versions.append(store.version())
    assert len(set(versions)) == 3
    assert store.remove_document("a") is False
    assert store.version() == versions[-1]


def test_nothing_is_stored_without_all_vectors(store):
    document = prepared()
    assert store.save_documents(IDENTITY, [document], {}) == {key("first part"), key("second part")}
    assert store.documents() == []


def test_an_update_keeps_the_ids_of_unchanged_chunks(store):
    save(store, prepared(texts=("one", "two", "three")))
    before = {chunk.text: chunk.id for chunk in store.document_chunks("a")}
    save(store, prepared(texts=("zero", "one", "three")))
    after = {chunk.text: chunk.id for chunk in store.document_chunks("a")}
    assert list(after) == ["zero", "one", "three"]
    assert (after["one"], after["three"]) == (before["one"], before["three"])
    assert after["zero"] not in before.values()
    assert store.known_embeddings([key("two"), key("one")]) == {key("one")}
    assert store.lexical_search(["two"], 10).found == []


def test_a_changed_title_is_searchable(store):
    save(store, prepared(title="Allotments"))
    save(store, prepared(title="Orchards"))
    assert store.lexical_search(["allotments"], 10).found == []
    assert len(store.lexical_search(["orchard"], 10).found) == 2
    assert store.problems() == []


def test_a_removed_document_is_gone_and_its_id_is_not_given_out_again(store):
    save(store, prepared())
    old_ids = set(store.chunk_ids().tolist())
    assert store.remove_document("a") is True
    assert store.chunk_ids().size == 0
    assert store.lexical_search(["part"], 10).found == []
    assert store.counts().embeddings == 0
    save(store, prepared())
    assert [document.id for document in store.documents()] == ["a-2"]
    assert not old_ids & set(store.chunk_ids().tolist())


def test_two_documents_may_share_an_embedding(store):
    save(store, prepared(), prepared("b", suggested_id="b"))
    store.remove_document("a")
    ids, matrix = store.embeddings(store.chunk_ids())
    assert matrix.shape == (2, 2)
    assert ids.tolist() == store.chunk_ids().tolist()
    assert store.problems() == []


def test_filters(store):
    save(
        store,
        prepared("a", suggested_id="a", kind=Kind.LESSON, nation=Nation.WALES, pillars=(Pillar.ESTATES,)),
        prepared("b", ("part b",), "b", kind=Kind.REPORT, nation=Nation.WALES, pillars=tuple(Pillar)),
    )

    def documents(**filters):
        found = store.chunks(store.chunk_ids(Filters(**filters)).tolist())
        lexical = store.chunks([i for i, _ in store.lexical_search(["part"], 10, Filters(**filters)).found])
        assert {c.document_id for c in found.values()} == {c.document_id for c in lexical.values()}
        return {chunk.document_id for chunk in found.values()}

    assert documents(nation=Nation.WALES) == {"a", "b"}
    assert documents(kind=Kind.LESSON) == {"a"}
    assert documents(pillar=Pillar.EMPLOYMENT) == {"b"}
    assert documents(pillar=Pillar.ESTATES, kind=Kind.REPORT) == {"b"}
    assert documents(nation=Nation.SCOTLAND) == set()


def test_lexical_statistics_count_every_chunk(store):
    save(store, prepared(texts=("apple apple", "pear", "plum", "fig")))
    matches = store.lexical_search(["apple"], 10)
    score = matches.found[0][1]
    assert matches.mean == pytest.approx(score / 4)
    assert matches.deviation == pytest.approx(np.std([score, 0, 0, 0]))


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
@settings(deadline=None, max_examples=150)
def test_any_text_is_safe_to_search_for(terms):
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    db.execute("CREATE TABLE documents (id, duplicate_of)")
    db.execute("CREATE TABLE chunks (id INTEGER, document_id)")
    db.execute("CREATE VIRTUAL TABLE chunks_fts USING fts5 (title, headings, text)")
    db.execute("INSERT INTO chunks_fts VALUES ('t', 'h', 'OR NEAR AND NOT text')")
    db.execute("INSERT INTO chunks VALUES (1, 'a')")
    db.execute("INSERT INTO documents VALUES ('a', NULL)")
    assert len(lexical_search(db, terms, 10, None).found) <= 1
    db.close()


def test_another_model_is_refused_with_the_repair(store):
    save(store, prepared())
    with pytest.raises(LibraryMismatchError, match="haln index rebuild"):
        store.set_identity(IDENTITY.model_copy(update={"model": "other@2"}))
    with pytest.raises(LibraryMismatchError, match="haln index rebuild"):
        store.save_documents(IDENTITY.model_copy(update={"chunking": "test/2"}), [prepared()], {})
    store.remove_document("a")
    store.set_identity(IDENTITY.model_copy(update={"model": "other@2"}))
    assert store.identity().model == "other@2"


def test_flags(store):
    assert store.flag("starter") is None
    store.set_flag("starter", "1")
    store.set_flag("starter", "2")
    assert store.flag("starter") == "2"


def test_verification_names_what_is_wrong(store, tmp_path):
    save(store, prepared())
    db = sqlite3.connect(tmp_path / "haln.db")
    db.execute("DELETE FROM embeddings WHERE hash = ?", [key("first part")])
    db.execute("INSERT INTO chunks_fts (rowid, title, headings, text) VALUES (999, 'x', 'y', 'z')")
    db.commit()
    db.close()
    found = "\n".join(store.problems())
    assert "has no embedding" in found
    assert "full text (chunks_fts) does not agree" in found


def test_a_busy_database_is_not_called_damaged(store, tmp_path, monkeypatch):
    save(store, prepared())
    store._connections.get().execute("PRAGMA busy_timeout = 10")
    db = sqlite3.connect(tmp_path / "haln.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusyError, match="somebody else"):
        store.problems()
    db.execute("ROLLBACK")
    db.close()
    assert store.problems() == []


def test_a_newer_database_is_refused_untouched(tmp_path):
    SQLiteStore(open_database(tmp_path / "haln.db")).close()
    db = sqlite3.connect(tmp_path / "haln.db")
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('haln', 'm999_future', 'now')")
    db.commit()
    db.close()
    with pytest.raises(StorageError, match="newer version"):
        SQLiteStore(open_database(tmp_path / "haln.db"))


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "haln.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageError, match="damaged or is not"):
        SQLiteStore(open_database(tmp_path / "haln.db"))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="HALN_DATA_DIR"):
        SQLiteStore(open_database(tmp_path / "file" / "haln.db"))


def test_a_full_disk_is_said_and_nothing_is_lost(store, tmp_path):
    save(store, prepared())
    connection = store._connections.get()
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
    big = prepared("big", tuple(f"{i} " + "word " * 2000 for i in range(50)), "big")
    with pytest.raises(StorageBusyError, match="full"):
        save(store, big)
    assert [document.id for document in store.documents()] == ["a"]
    assert store.problems() == []


def test_a_busy_database_is_a_transient_error(tmp_path):
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert isinstance(in_words(error, tmp_path), StorageBusyError)


def test_a_thread_can_keep_to_one_state(store):
    save(store, prepared())
    with store.one_state():
        save(store, prepared("b", suggested_id="b"))
        began = store.version()  # not read before it is needed
        save(store, prepared("c", suggested_id="c"))
        with store.one_state():
            assert store.version() == began
        assert store.version() == began
        assert store.identity() == IDENTITY
        present = store.version(anew=True)
        assert store.version() == present != began
        save(store, prepared("d", suggested_id="d"))
    assert store.version() not in (began, present)
