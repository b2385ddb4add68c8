"""A library goes over to another model by itself: the old embeddings answer until all new ones are there."""

import pytest

from indexer.embeddings import catch_up
from indexer.pipeline import Indexer
from knowledge.errors import ModelError
from knowledge.library import Library
from knowledge.retrieval import current_embedder
from tests.fakes import WordEmbedder


class KilledError(Exception):
    """The process was killed."""


@pytest.fixture
def known_models(monkeypatch):
    """Models on this machine besides the one that the settings ask for, by their names."""
    models = {"words@1": WordEmbedder()}
    monkeypatch.setattr(current_embedder, "open_recorded", lambda name, _: models.get(name))
    return models


def with_model(filled, embedder):
    return Library(filled.settings, filled.stores, embedder)


def new_model(**changes):
    return WordEmbedder(**({"name": "other@2", "dimension": 32} | changes))


def found(library, query="entry jobs for local residents"):
    return [result.chunk_id for result in library.searcher.search(query, 3).results]


def test_the_old_model_answers_until_the_library_has_gone_over(filled, known_models):
    before, ids = found(filled), filled.store.chunk_ids().tolist()
    other = with_model(filled, new_model())
    assert other.is_behind
    assert other.embedder.name == "words@1"
    assert found(other) == before
    seen = []
    assert catch_up(other, lambda *_: seen.append((found(other), other.embedder.name))) == len(ids)
    assert seen[0] == (before, "words@1")
    assert not other.is_behind
    assert (other.embedder.name, other.embedder.dimension) == ("other@2", 32)
    assert other.store.identity().model == "other@2"
    assert found(other)[0] == before[0]
    # What was cited before is still there, under the same ids.
    assert other.store.chunk_ids().tolist() == ids
    assert other.store.problems() == other.index.problems() == []


def test_a_library_of_this_model_is_left_alone(filled):
    assert catch_up(filled) == 0
    assert filled.store.next_embeddings("words@1", filled.store.embedding_hashes("jobs")) == set()


def test_a_model_of_the_same_length_is_not_taken_for_the_old_one(filled, known_models):
    found(filled)  # the dense index is there
    other = with_model(filled, WordEmbedder(name="other@2"))
    other.chosen_embedder._word = lambda word: WordEmbedder._word(other.chosen_embedder, word[::-1])
    catch_up(other)
    assert other.index.problems() == []
    again = with_model(filled, WordEmbedder(name="other@2"))
    assert again.index.problems() == []
    # A process that was open all the while sees it, too.
    assert filled.index.problems() == []


def test_a_killed_run_goes_on_where_it_was(filled, known_models, monkeypatch):
    monkeypatch.setattr("indexer.embeddings.TOGETHER", 2)

    def killed(done, _total):
        if done >= 4:
            raise KilledError

    with pytest.raises(KilledError):
        catch_up(with_model(filled, new_model()), killed)
    assert filled.store.identity().model == "words@1"
    assert filled.store.problems() == filled.index.problems() == []
    total = filled.store.counts().chunks
    again = with_model(filled, new_model())
    assert catch_up(again) == total - 4
    assert again.store.problems() == again.index.problems() == []


def test_what_others_store_and_remove_meanwhile_is_taken_in(filled, known_models, sources):
    changed = []

    def meanwhile(*_):
        if not changed:
            changed.append(True)
            (sources / "new.txt").write_text("A new note about bicycles for the night staff.")
            (sources / "food.txt").unlink()
            Indexer(filled).add([str(sources)])

    other = with_model(filled, new_model())
    catch_up(other, meanwhile)
    assert {document.id for document in other.store.documents()} == {"jobs", "green", "new"}
    assert other.searcher.search("bicycles at night", 1).results[0].document_id == "new"
    assert other.store.problems() == other.index.problems() == []


def test_what_is_removed_leaves_no_new_embedding_behind(filled, known_models):
    other = with_model(filled, new_model())

    def gone(*_):
        raise KilledError

    with pytest.raises(KilledError):
        catch_up(other, gone)
    hashes = other.store.embedding_hashes("green")
    assert other.store.next_embeddings("other@2", hashes)
    other.store.remove_document("green")
    assert not other.store.next_embeddings("other@2", hashes)


def test_a_failing_model_leaves_the_library_as_it_was(filled, known_models):
    class Broken(WordEmbedder):
        def embed_documents(self, texts):
            raise ModelError("the model is gone")

    before = found(filled)
    other = with_model(filled, Broken(name="other@2"))
    with pytest.raises(ModelError):
        catch_up(other)
    assert found(other) == before
    assert other.store.problems() == []


def test_documents_are_added_after_the_library_has_gone_over(filled, known_models, sources):
    other = with_model(filled, new_model())
    (sources / "new.txt").write_text("A new note about bicycles for the night staff.")
    assert Indexer(other).add([str(sources)]).added == 1
    assert other.store.identity().model == "other@2"
    assert other.store.problems() == other.index.problems() == []


def test_chunks_that_the_new_model_cannot_read_whole_are_cut_anew(filled, known_models):
    other = with_model(filled, new_model())
    other.chosen_embedder.window = 14
    before = other.store.counts().chunks
    catch_up(other)
    assert other.store.counts().chunks > before
    assert other.store.problems() == other.index.problems() == []


def test_a_rebuild_goes_on_with_what_is_embedded(filled, known_models):
    other, total = with_model(filled, new_model()), filled.store.counts().chunks

    def gone(*_):
        raise KilledError

    with pytest.raises(KilledError):
        catch_up(other, gone)
    assert Indexer(other).rebuild() == 0
    assert other.store.counts().chunks == total
    assert other.store.problems() == other.index.problems() == []
