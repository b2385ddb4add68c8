"""The FAISS cache against exact numpy, and through every way of losing it."""

import logging
import os
import shutil

import numpy as np
import pytest

from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.retrieval.dense import DenseIndex


def exact(library, vector, allowed=None):
    ids, vectors = library.store.embeddings(library.store.chunk_ids() if allowed is None else allowed)
    scores = vectors @ vector
    order = np.argsort(-scores, kind="stable")
    return [(int(ids[i]), float(scores[i])) for i in order]


def same(found, wanted):
    assert [s for _, s in found] == pytest.approx([s for _, s in wanted], abs=1e-5)
    assert {i for i, _ in found} == {i for i, _ in wanted}


def test_what_a_killed_writer_left_is_tidied_up(filled):
    path = filled.settings.index_path
    left, fresh = (path.with_name(f"{path.name}.{n}.1") for n in (1, 2))
    for each in (left, fresh):
        each.write_bytes(b"half an index")
    os.utime(left, (0, 0))
    filled.index.discard()
    filled.index.refresh()
    assert path.exists()
    assert fresh.exists()
    assert not left.exists()


def test_search_is_exact(filled):
    vector = filled.embedder.embed_queries(["jobs for local residents"])[0]
    same(filled.index.search(vector, 100), exact(filled, vector))
    assert filled.index.search(vector, 2) == filled.index.search(vector, 100)[:2]
    assert filled.index.search(vector, 0) == []


def test_search_among_allowed_chunks(filled):
    vector = filled.embedder.embed_queries(["roofs"])[0]
    allowed = filled.store.chunk_ids()[::2]
    same(filled.index.search(vector, 100, allowed), exact(filled, vector, allowed))
    assert filled.index.search(vector, 5, allowed[:0]) == []


def test_similarities_and_background_agree_with_numpy(filled):
    vector = filled.embedder.embed_queries(["kitchen contracts"])[0]
    all_of_them = dict(exact(filled, vector))
    some = list(all_of_them)[:3]
    assert filled.index.similarities(vector, [*some, 10_000]) == pytest.approx(
        {i: all_of_them[i] for i in some}, abs=1e-5
    )
    mean, deviation = filled.index.background(vector)
    assert mean == pytest.approx(np.mean(list(all_of_them.values())), abs=1e-5)
    assert deviation == pytest.approx(np.std(list(all_of_them.values())), abs=1e-5)


def test_it_catches_up_with_additions_and_removals(filled, sources):
    other = DenseIndex(filled.store, filled.settings.index_path)
    vector = filled.embedder.embed_queries(["bicycles"])[0]
    other.search(vector, 1)
    (sources / "bikes.md").write_text("# Bicycles\n\nSample Trust lends bicycles to night staff.\n")
    (sources / "green.md").unlink()
    Indexer(filled).add([str(sources)])
    for index in (other, filled.index):
        same(index.search(vector, 100), exact(filled, vector))
        assert index.problems() == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"rubbish"),
        lambda path: path.write_bytes(path.read_bytes()[:-10]),
        lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x07"),
        lambda path: path.write_bytes(path.read_bytes().replace(b'"version"', b'"visions"')),
        lambda path: path.write_bytes(b"HALN-DENSE-2\n\n[1]\n"),
    ],
    ids=["lost", "empty", "rubbish", "cut short", "altered", "altered header", "no header"],
)
def test_losing_or_damaging_the_file_loses_nothing(filled, damage, caplog):
    vector = filled.embedder.embed_queries(["porters"])[0]
    damage(filled.settings.index_path)
    with caplog.at_level(logging.WARNING):
        index = DenseIndex(filled.store, filled.settings.index_path)
        same(index.search(vector, 100), exact(filled, vector))
        caplog.clear()
        DenseIndex(filled.store, filled.settings.index_path).view()
    assert not caplog.records, "it is told once"
    index.refresh()
    again = DenseIndex(filled.store, filled.settings.index_path)
    same(again.search(vector, 100), exact(filled, vector))


def test_the_file_is_used_when_it_is_good(filled, monkeypatch):
    index = DenseIndex(filled.store, filled.settings.index_path)
    monkeypatch.setattr(filled.store, "embeddings", lambda ids: pytest.fail("the vectors were read again"))
    assert index.search(filled.embedder.embed_queries(["porters"])[0], 3)


def test_a_restored_backup_is_not_searched_with_the_vectors_of_another_text(filled, sources, tmp_path):
    def reopened():
        return Library.open(filled.settings, lambda _: filled.embedder)

    def add(text):
        library = reopened()
        (sources / "new.txt").write_text(text)
        Indexer(library).add([str(sources / "new.txt")])
        library.close()

    filled.close()
    shutil.copy(filled.settings.database_path, tmp_path / "backup.db")
    add("Bicycles are lent to the night staff of the hospital.")
    for path in filled.settings.data_dir.glob("haln.db*"):
        path.unlink()
    shutil.copy(tmp_path / "backup.db", filled.settings.database_path)
    add("Orchards are planted by the pupils of three schools.")
    library = reopened()
    assert library.index.problems() == []
    vector = library.embedder.embed_queries(["orchards planted by pupils"])[0]
    same(library.index.search(vector, 100), exact(library, vector))
    library.close()


def test_a_file_of_another_library_is_not_used(filled, tmp_path, embedder):
    settings = filled.settings.model_copy(update={"data_dir": tmp_path / "other"})
    other = Library.open(settings, lambda _: embedder)
    settings.index_path.write_bytes(filled.settings.index_path.read_bytes())
    assert other.index.search(embedder.embed_queries(["porters"])[0], 3) == []
    other.close()


def test_a_folder_that_cannot_be_written_does_not_stop_search(filled, tmp_path, caplog):
    index = DenseIndex(filled.store, tmp_path / "missing" / "dense.index")
    index.refresh()
    assert "could not be written" in caplog.text
    assert index.search(filled.embedder.embed_queries(["porters"])[0], 3)


def test_an_empty_library(library):
    vector = library.embedder.embed_queries(["anything"])[0]
    assert library.index.search(vector, 3) == []
    assert library.index.background(vector) == (0.0, 0.0)
    assert library.index.problems() == []
    assert library.index.size == 0
