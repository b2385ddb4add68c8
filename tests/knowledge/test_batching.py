"""Texts that arrive together are embedded together, each gets its own vector, and nobody is left waiting."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.errors import ModelError
from knowledge.retrieval.batching import BatchingEmbedder
from tests.fakes import WordEmbedder


class Gated(WordEmbedder):
    """Waits within its first batch until the gate opens, and remembers the batches."""

    def __init__(self):
        super().__init__()
        self.started, self.gate, self.batches = threading.Event(), threading.Event(), []

    def embed_queries(self, texts):
        self.batches.append(list(texts))
        self.started.set()
        assert self.gate.wait(10)
        return super().embed_queries(texts)


def waiting(batching, number):
    """Until so many wait for the model."""
    with batching._changed:
        return len(batching._waiting) >= number


def test_those_who_come_while_the_model_is_busy_make_one_batch():
    model = Gated()
    batching = BatchingEmbedder(model)
    texts = [f"question number {n} about roofs" for n in range(50)]
    with ThreadPoolExecutor(51) as threads:
        first = threads.submit(batching.embed_queries, ["the first of all"])
        assert model.started.wait(10)
        others = [threads.submit(batching.embed_queries, [text]) for text in texts]
        while not waiting(batching, 50):
            pass
        model.gate.set()
        got = [other.result(10)[0] for other in others]
        first.result(10)
    assert [len(batch) for batch in model.batches] == [1, 50]
    expected = WordEmbedder().embed_queries(texts)
    np.testing.assert_array_equal(np.array(got), expected)


def test_several_texts_of_one_caller_stay_together():
    batching = BatchingEmbedder(WordEmbedder())
    np.testing.assert_array_equal(
        batching.embed_queries(["roofs", "jobs"]), WordEmbedder().embed_queries(["roofs", "jobs"])
    )


def test_a_failure_reaches_everybody_and_the_next_batch_works():
    class Broken(WordEmbedder):
        failing = True

        def embed_queries(self, texts):
            if self.failing:
                raise ModelError("the model is gone")
            return super().embed_queries(texts)

    model = Broken()
    batching = BatchingEmbedder(model)
    with ThreadPoolExecutor(8) as threads:
        failed = [threads.submit(batching.embed_queries, ["roofs"]) for _ in range(8)]
        for one in failed:
            with pytest.raises(ModelError):
                one.result(10)
    model.failing = False
    assert batching.embed_queries(["roofs"]).shape == (1, 64)


def test_many_threads_over_and_over_each_get_their_own():
    batching = BatchingEmbedder(WordEmbedder())
    texts = [f"word{n} again" for n in range(200)]
    with ThreadPoolExecutor(16) as threads:
        got = list(threads.map(lambda text: batching.embed_queries([text])[0], texts))
    np.testing.assert_array_equal(np.array(got), WordEmbedder().embed_queries(texts))


def test_all_else_is_the_model_s_own():
    model = WordEmbedder()
    batching = BatchingEmbedder(model)
    assert (batching.name, batching.dimension, batching.window) == (model.name, model.dimension, model.window)
    assert batching.count_tokens("two words") == 2
    assert batching.embed_documents(["roofs"]).shape == (1, 64)
    assert model.embedded == ["roofs"]
