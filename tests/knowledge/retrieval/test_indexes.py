"""Both indexes against the database, small and in clusters, through changes, restarts and damage."""

import numpy as np
import pytest

from knowledge.domain.library import Document, Metadata, NewChunk, Section
from knowledge.retrieval import array_file, dense, dense_clusters, lexical
from knowledge.retrieval.array_file import open_arrays
from knowledge.retrieval.dense import DenseIndex
from knowledge.retrieval.lexical import LexicalIndex
from knowledge.storage.library_protocols import EmbeddingIdentity, PreparedDocument
from knowledge.storage.sqlite import SQLiteStore, open_database

DIMENSION = 32
IDENTITY = EmbeddingIdentity(model="words@1", dimension=DIMENSION, chunking="test/1")
TERMS = (("word5", "common"), ("thing7",), ("don't",), ("word9", "thing3", "nowhere"), ("thing3 in place",))


class Filled:
    """A store that is filled with chunks of chance, near to some subjects, and both indexes over it."""

    def __init__(self, folder, store=None):
        self.folder = folder
        self.store = store or SQLiteStore(open_database(folder / "haln.db"))
        self.chance = np.random.default_rng(1)
        self.subjects = self.chance.normal(size=(40, DIMENSION))
        self.documents = 0
        self.open()

    def open(self):
        self.dense = DenseIndex(self.store, self.folder / "dense.index")
        self.lexical = LexicalIndex(self.store, self.folder / "words.index")

    def vector(self):
        vector = self.subjects[self.chance.integers(40)] + 0.7 * self.chance.normal(size=DIMENSION)
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def far_vector(self):
        """Return a vector of another kind: in one dimension it lies beyond all others."""
        vector = self.vector()
        vector[self.chance.integers(DIMENSION)] += 1.5
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def add(self, chunks, of=50, vector=None):
        """Add so many chunks, in documents of so many each, with vectors of chance or of that function."""
        prepared, vectors = [], {}
        for start in range(0, chunks, of):
            name = f"d{self.documents}"
            self.documents += 1
            made = [self._chunk(name, number) for number in range(min(of, chunks - start))]
            vectors |= {chunk.embedding_hash: (vector or self.vector)() for chunk in made}
            document = Document(
                location=name, suggested_id=name, metadata=Metadata(title=name), sections=(Section(text="x"),)
            )
            prepared.append(PreparedDocument(document, "hash", made))
        assert not self.store.save_documents(IDENTITY, prepared, vectors)

    def _chunk(self, name, number):
        text = f"word{self.chance.integers(300)} common thing{self.chance.integers(20)} in place, don't {name} {number}"
        key = f"{self.documents:08x}{number:08x}{'0' * 48}"
        return NewChunk(ordinal=number, heading_path=("H",), text=text, embedded_text=text, embedding_hash=key)

    def check(self):
        assert self.dense.problems() == self.lexical.problems() == []
        ids, vectors = self.store.embeddings(self.store.chunk_keys()[0])
        found = []
        for _ in range(10):
            query = self.vector()
            nearest = ids[np.argsort(-(vectors @ query))[:10]].tolist()
            found.append(len({i for i, _ in self.dense.search(query, 100)[:10]} & set(nearest)) / 10)
        assert np.mean(found) > 0.97
        scores = vectors @ query
        best = [score for _, score in self.dense.search(query, 10)]
        assert best == pytest.approx(sorted(scores, reverse=True)[:10], abs=0.02)
        ids_of_best = [i for i, _ in self.dense.search(query, 10)]
        assert best == pytest.approx(scores[np.searchsorted(ids, ids_of_best)], abs=1e-4)
        assert self.dense.background(query) == pytest.approx((scores.mean(), scores.std()), abs=0.02)
        for terms in TERMS:
            wanted, matches = self.store.lexical_search(terms, 20), self.lexical.search(terms, 20)
            assert [s for _, s in matches.found] == pytest.approx([s for _, s in wanted.found], abs=1e-3)
            assert matches.mean == pytest.approx(wanted.mean, abs=1e-3)
            assert matches.deviation == pytest.approx(wanted.deviation, abs=1e-3)
            assert self.lexical.frequencies(terms) == self.store.document_frequencies(terms)


@pytest.fixture
def filled(tmp_path):
    made = Filled(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def small_limits(monkeypatch):
    """Clusters from 300 chunks on, and a file that is mapped from 20 kB on."""
    for module in (dense, dense_clusters):
        monkeypatch.setattr(module, "FLAT_MOST", 300)
    monkeypatch.setattr(array_file, "_SMALL", 20_000)


def test_they_agree_with_the_database_as_the_library_grows_into_clusters(filled, small_limits):
    kinds = []
    for change in (
        lambda: filled.add(50),
        lambda: filled.add(1),
        lambda: filled.add(349),
        lambda: filled.add(1),
        lambda: filled.store.remove_document("d2"),
        lambda: filled.add(800),
        lambda: filled.add(30),
        lambda: filled.store.remove_document("d9"),
        lambda: filled.add(200),
    ):
        change()
        filled.check()  # whoever only searches
        filled.dense.refresh()  # the indexer
        filled.lexical.refresh()
        filled.check()
        filled.open()  # the next process
        filled.check()
        first = filled.dense.view().segments[0]
        kinds.append((type(first).__name__, len(getattr(first, "centres", ()))))
    assert kinds[0] == ("FlatSegment", 0)
    assert kinds[2] == ("ClusteredSegment", 80)
    assert kinds[-1][1] > 50


@pytest.mark.parametrize("far", [5, 60])
def test_similarities_are_exact_where_vectors_lie_beyond_all_earlier_ones(filled, small_limits, far):
    filled.add(700)
    filled.dense.refresh()
    filled.add(40)
    filled.add(far, vector=filled.far_vector)
    filled.dense.refresh()
    beside = sum(segment.members.size for segment in filled.dense.view().segments[1:])
    assert 0 < beside < 0.01 * filled.dense.size if far == 5 else beside < 5
    for _ in range(2):
        filled.check()
        ids, vectors = filled.store.embeddings(filled.store.chunk_keys()[0])
        exact = dict(zip(ids.tolist(), vectors, strict=True))
        for query in [filled.far_vector() for _ in range(20)]:
            found = filled.dense.search(query, 20)
            assert [score for _, score in found] == pytest.approx([exact[i] @ query for i, _ in found], abs=3e-5)
            rough = filled.dense.similarities(query, ids)
            assert rough == pytest.approx({i: exact[i] @ query for i in rough}, abs=1e-2)
        filled.open()  # the next process


def test_what_lies_beyond_is_kept_in_the_file_until_it_is_gone(filled, small_limits, monkeypatch):
    filled.add(700)
    filled.dense.refresh()
    filled.add(40)
    filled.add(5, vector=filled.far_vector)
    last = f"d{filled.documents - 1}"
    filled.dense.refresh()
    written = (filled.folder / "dense.index").stat().st_ino
    held = open_arrays(filled.folder / "dense.index").arrays["outside_ids"].size
    assert 5 <= held < 8
    filled.open()
    with monkeypatch.context() as patched:
        patched.setattr(filled.store, "embeddings", lambda ids: pytest.fail("the vectors were read again"))
        assert filled.dense.size == 745
    filled.dense.refresh()
    filled.add(3)
    filled.dense.refresh()
    assert (filled.folder / "dense.index").stat().st_ino == written, "nothing was worth a new file"
    filled.store.remove_document(last)
    filled.check()
    filled.dense.refresh()
    filled.check()
    assert open_arrays(filled.folder / "dense.index").arrays["outside_ids"].size < held


def test_what_the_sample_does_not_tell_of_is_within_the_range_all_the_same(filled, small_limits, monkeypatch):
    monkeypatch.setattr(dense_clusters, "_SAMPLE", 60)
    monkeypatch.setattr(dense_clusters, "_FOR_EACH", 1)
    filled.add(900)
    filled.check()
    assert sum(segment.members.size for segment in filled.dense.view().segments[1:]) <= 9


def test_a_small_library_that_grew_in_memory_is_written(filled, small_limits):
    filled.add(20)
    filled.dense.refresh()
    filled.add(100)
    filled.dense.refresh()
    assert open_arrays(filled.folder / "dense.index").arrays["ids"].size == 120


def test_what_is_hidden_is_in_neither(filled, small_limits):
    filled.add(700)
    assert filled.dense.size == filled.lexical.view().size == 700
    filled.store.studies.set_duplicates({"d10": "d11"})
    assert filled.dense.size == filled.lexical.view().size == 650
    assert filled.dense.problems() == filled.lexical.problems() == []
    filled.store.studies.set_duplicates({})
    assert filled.dense.size == filled.lexical.view().size == 700


def test_one_more_chunk_is_read_alone(filled, small_limits, monkeypatch):
    filled.add(700)
    filled.dense.refresh()
    filled.lexical.refresh()
    filled.add(1)
    read = []
    embeddings, texts = filled.store.embeddings, filled.store.chunk_texts
    monkeypatch.setattr(filled.store, "embeddings", lambda ids: (read.append(len(ids)), embeddings(ids))[1])
    monkeypatch.setattr(filled.store, "chunk_texts", lambda ids: (read.append(len(ids)), texts(ids))[1])
    filled.open()
    assert filled.dense.size == filled.lexical.view().size == 701
    assert read == [1, 1]


def test_no_more_than_some_words_and_phrases_are_remembered(filled, small_limits, monkeypatch):
    monkeypatch.setattr(lexical, "_MOST_WORDS", 20)
    monkeypatch.setattr(lexical, "_MOST_PHRASES", 5)
    filled.add(100)
    before = filled.lexical.search(TERMS[0], 100).found
    for number in range(100):
        filled.lexical.search((f"word{number}", f"new{number}", f"word{number} common"), 10)
        filled.lexical.frequencies([f"word{number}", f"other{number}"])
    view = filled.lexical.view()
    assert max(len(view._terms), len(view._frequencies)) <= 20 + 3
    assert len(view._phrases) <= 5
    assert filled.lexical.search(TERMS[0], 100).found == before


def test_another_process_that_wrote_a_file_spares_this_one_the_work(filled, small_limits):
    filled.add(700)
    filled.dense.refresh()
    other = DenseIndex(filled.store, filled.folder / "dense.index")
    assert other.size == 700
    filled.add(200)
    filled.dense.refresh()
    written = (filled.folder / "dense.index").stat().st_ino
    assert other.size == 900
    assert (filled.folder / "dense.index").stat().st_ino == written
    assert other.problems() == []


@pytest.mark.parametrize("name", ["dense.index", "words.index"])
@pytest.mark.parametrize("damage", [lambda b: b[:-10], lambda b: b"x" * len(b), lambda b: b""])
def test_a_damaged_file_is_made_anew(filled, small_limits, name, damage):
    filled.add(700)
    filled.dense.refresh()
    filled.lexical.refresh()
    path = filled.folder / name
    content = damage(path.read_bytes())
    path.unlink()  # another file: what the first one holds of it stays as it was
    path.write_bytes(content)
    filled.open()
    filled.check()
    filled.dense.refresh()
    filled.lexical.refresh()
    assert open_arrays(path).arrays["ids"].size == 700


def test_what_is_gone_stays_in_no_file(filled, small_limits):
    filled.add(700)
    for index in (filled.dense, filled.lexical):
        index.refresh()
    filled.store.remove_document("d3")
    for index, name in ((filled.dense, "dense.index"), (filled.lexical, "words.index")):
        index.refresh()
        assert open_arrays(filled.folder / name).arrays["ids"].size == 650


def test_a_large_library_searches_where_nothing_can_be_written(filled, small_limits):
    filled.add(700)
    filled.folder = filled.folder / "missing"
    filled.open()
    filled.check()


def test_changes_are_told_from_any_known_state_on(filled):
    assert filled.store.changed_chunks("0-").tolist() == []
    assert filled.store.changed_chunks("0-of another history") is None
    filled.add(3)
    version = filled.store.version()
    before = filled.store.chunk_ids()
    filled.add(2)
    filled.store.remove_document("d0")
    after = filled.store.chunk_ids()
    assert set(filled.store.changed_chunks(version).tolist()) == {*before.tolist(), *after.tolist()}
