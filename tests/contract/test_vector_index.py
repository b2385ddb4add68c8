"""The nearest vectors as pgvector finds them: against all vectors, as the library grows, and for several processes."""

import logging

import numpy as np
import pytest

from knowledge.domain.library import Filters
from knowledge.errors import StorageBusyError, StorageError
from knowledge.retrieval import dense, dense_clusters
from knowledge.retrieval.database_segment import DatabaseSegment
from knowledge.retrieval.dense import DenseIndex
from knowledge.storage.postgres import vectors
from knowledge.storage.postgres.schema import bring_up_to_date
from tests.knowledge.retrieval.test_indexes import IDENTITY, Filled


@pytest.fixture
def filled(tmp_path, connections, monkeypatch):
    """A library whose vectors the server keeps from 300 chunks on, and searches by the graph."""
    from knowledge.storage.postgres.library import PostgresStore

    monkeypatch.setattr(dense, "FLAT_MOST", 300)
    monkeypatch.setattr(vectors, "_FEW", 40)
    store = PostgresStore(connections)
    store.set_identity(IDENTITY)
    return Filled(tmp_path, store)


def kept(filled):
    with filled.store._connections.read() as connection:
        return {row[0] for row in connection.execute("SELECT chunk_id FROM chunk_vectors").fetchall()}


def shown(filled):
    return set(filled.store.chunk_keys()[0].tolist())


def test_it_agrees_with_all_vectors_as_the_library_grows(filled):
    for change in (
        lambda: filled.add(50),
        lambda: filled.add(400),
        lambda: filled.add(1),
        lambda: filled.store.remove_document("d2"),
        lambda: filled.add(300),
        lambda: [filled.store.remove_document(f"d{number}") for number in range(4, 14)],
        lambda: filled.add(1),
    ):
        change()
        filled.check()
        if filled.dense.size > 300:
            assert kept(filled) == shown(filled)
            assert isinstance(filled.dense.view().segments[0], DatabaseSegment)
            assert filled.dense.view().exact
            assert not (filled.folder / "dense.index").exists()
        filled.open()  # the next process
        filled.check()
    assert filled.dense.size < 300


def test_a_row_is_gone_with_its_chunk(filled):
    filled.add(400)
    filled.dense.refresh()
    filled.store.remove_document("d1")
    assert kept(filled) == shown(filled)


def test_what_one_process_has_kept_another_does_not_keep_again(filled, monkeypatch):
    filled.add(400)
    other = DenseIndex(filled.store, filled.folder / "other.index")
    assert other.size == 400
    filled.add(30)
    other.refresh()
    monkeypatch.setattr(vectors.PostgresVectors, "_add", lambda *_: pytest.fail("it was there"))
    filled.check()


def test_whoever_looks_at_an_older_state_takes_nothing_away(filled):
    filled.add(400)
    filled.dense.refresh()
    older = filled.store.chunk_keys()[0]
    filled.add(30)
    filled.dense.refresh()
    filled.store.vector_index.keep(IDENTITY.model, IDENTITY.dimension, older)
    filled.store.vector_index.keep(IDENTITY.model, IDENTITY.dimension)
    assert kept(filled) == shown(filled)


def test_an_index_that_was_dropped_is_made_anew_with_all(filled):
    filled.add(400)
    filled.dense.refresh()
    with filled.store._connections.write() as connection:
        connection.execute("DROP INDEX chunk_vectors_nearest")
        connection.execute("DELETE FROM chunk_vectors WHERE chunk_id < 200")
    filled.add(1)
    filled.check()
    assert kept(filled) == shown(filled)


def test_what_is_hidden_as_a_duplicate_is_not_found_and_comes_back(filled):
    filled.add(400)
    filled.dense.refresh()
    first, second = (filled.store.document_at(name).id for name in ("d0", "d1"))
    for hidden_by in (first, None):
        with filled.store._connections.write() as connection:
            connection.execute("UPDATE documents SET duplicate_of = ? WHERE id = ?", [hidden_by, second])
        filled.open()
        filled.dense.refresh()
        assert kept(filled) == shown(filled)
        assert len(kept(filled)) == (350 if hidden_by else 400)


def test_filters_are_exact_for_few_and_by_the_graph_for_many(filled):
    filled.add(900)
    ids = filled.store.chunk_keys()[0]
    _, every = filled.store.embeddings(ids)
    for share in (30, 2):
        allowed = ids[::share]
        query = filled.vector()
        found = filled.dense.search(query, 10, allowed)
        nearest = allowed[np.argsort(-(every[::share] @ query))[:10]]
        assert len({one for one, _ in found} & set(nearest.tolist())) >= (10 if share == 30 else 9)
        mean, deviation = filled.dense.background(query, allowed)
        assert (mean, deviation) == pytest.approx(
            ((every[::share] @ query).mean(), (every[::share] @ query).std()), abs=1e-3
        )
    assert filled.store.chunk_ids(Filters()).size == 900


def test_how_far_a_search_looks_is_measured_again_when_there_are_twice_as_many(filled):
    def noted():
        with filled.store._connections.read() as connection:
            return vectors._read_state(connection)

    filled.add(400)
    filled.dense.refresh()
    first = noted()
    assert (first["measured"], first["dimension"]) == (400, 32)
    assert first["ef"] in vectors._EF
    filled.add(500)
    filled.open()
    filled.dense.refresh()
    assert noted()["measured"] == 900


def test_another_model_has_all_made_anew(filled):
    filled.add(400)
    filled.dense.refresh()
    index = filled.store.vector_index
    with pytest.raises(StorageBusyError, match="another model"):
        index.keep("other@1", 32)
    assert kept(filled) == shown(filled)
    with filled.store._connections.write() as connection:
        connection.execute("UPDATE library SET model = 'other@1'")
    index.keep("other@1", 32, filled.store.chunk_keys()[0][:1])
    with filled.store._connections.write() as connection:
        assert vectors._read_state(connection)["model"] == "other@1"
        connection.execute("UPDATE library SET model = ?", [IDENTITY.model])
    assert kept(filled) == shown(filled)
    filled.dense.discard()
    assert kept(filled) == set()
    filled.check()


def test_vectors_that_are_too_long_for_it_are_kept_in_a_file(filled, monkeypatch):
    monkeypatch.setattr(vectors, "_MOST_DIMENSIONS", 31)
    monkeypatch.setattr(dense_clusters, "FLAT_MOST", 300)
    filled.add(400)
    filled.check()
    assert kept(filled) == set()
    assert (filled.folder / "dense.index").exists()


def test_what_differs_is_named(filled):
    filled.add(400)
    filled.dense.refresh()
    first, second, *_ = sorted(kept(filled))
    with filled.store._connections.write() as connection:
        connection.execute("DELETE FROM chunk_vectors WHERE chunk_id = ?", [first])
        connection.execute(
            "UPDATE chunk_vectors SET vector = other.vector FROM chunk_vectors AS other "
            "WHERE other.chunk_id = ? AND chunk_vectors.chunk_id = ?",
            [second + 1, second],
        )
    differs = "the vector of chunk {} in the dense index differs from the database"
    assert filled.dense.problems() == [differs.format(first), differs.format(second)]


def test_a_server_that_takes_no_writes_is_searched_all_the_same(filled, monkeypatch, caplog):
    filled.add(400)
    filled.dense.refresh()
    filled.add(10)

    def refused(*_args, **_kwargs):
        raise StorageBusyError("The database takes no writes at present.")

    with monkeypatch.context() as patched, caplog.at_level(logging.WARNING):
        patched.setattr(vectors.PostgresVectors, "_alone", refused)
        assert len(filled.dense.search(filled.vector(), 10)) == 10
        assert "takes no writes at present" in caplog.text
    filled.add(1)
    filled.check()
    assert kept(filled) == shown(filled)


def test_an_older_pgvector_is_refused_with_what_to_do(connections):
    with connections.write() as connection:
        connection.execute("DROP TABLE chunk_vectors")
        connection.execute("DELETE FROM schema_steps WHERE name = 'm041'")
        old = Older(connection)
        with pytest.raises(StorageError, match=r"has pgvector 0\.7\.4, and 0\.8 or newer is needed.*ALTER EXTENSION"):
            bring_up_to_date(old)
        bring_up_to_date(connection)
    with connections.read() as connection:
        assert connection.execute("SELECT count(*) FROM chunk_vectors").fetchone()[0] == 0


class Older:
    """A connection to a server with an older pgvector."""

    def __init__(self, connection):
        self._connection = connection

    def execute(self, statement, values=()):
        if "extversion" in statement:
            return self._connection.execute("SELECT CAST('0.7.4' AS text)")
        return self._connection.execute(statement, values)
