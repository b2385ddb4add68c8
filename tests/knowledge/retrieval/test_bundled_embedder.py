"""The models that come along: a text's vector, alone and among others, of one model and of two as one."""

import json
import threading

import numpy as np
import pytest

from knowledge.models.pool import WorkerPool
from knowledge.retrieval.bundled_embedder import (
    BGE_SMALL,
    MINILM,
    CombinedEmbedder,
    OnnxEmbedder,
    bundled_embedder,
)
from knowledge.retrieval.sentence_transformers_embedder import SentenceTransformerEmbedder
from knowledge.settings import Settings
from tests.conftest import ROOT


def questions():
    lines = (ROOT / "tests" / "quality" / "starter-questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


@pytest.fixture(scope="module")
def minilm():
    return OnnxEmbedder(MINILM)


@pytest.fixture(scope="module")
def bge():
    return OnnxEmbedder(BGE_SMALL)


def test_what_is_known_of_the_models_without_loading_them():
    bundled = bundled_embedder()
    assert OnnxEmbedder(MINILM).name == f"{MINILM.name}@{MINILM.weights.sha256[:12]}"
    assert OnnxEmbedder(BGE_SMALL).window == 512
    assert CombinedEmbedder(OnnxEmbedder(MINILM), OnnxEmbedder(BGE_SMALL)).dimension == 768
    assert bundled.window == 256
    assert bundled.count_tokens("word " * 300) == 300
    assert bundled.embed_documents([]).shape == (0, bundled.dimension)


def test_other_shares_are_another_model():
    parts = OnnxEmbedder(MINILM), OnnxEmbedder(BGE_SMALL)
    assert CombinedEmbedder(*parts).name != CombinedEmbedder(*parts, share=0.4).name


@pytest.mark.model
def test_a_texts_vector_is_the_same_alone_and_among_others(minilm, bge):
    texts = [*questions()[:10], "word " * 400, "a"]
    for embedder in (minilm, bge, CombinedEmbedder(minilm, bge)):
        together = embedder.embed_documents(texts)
        assert together.dtype == np.float32
        assert together.shape == (12, embedder.dimension)
        assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
        for text, vector in zip(texts, together, strict=True):
            np.testing.assert_array_equal(embedder.embed_documents([text])[0], vector)
        np.testing.assert_array_equal(embedder.embed_queries(texts[:3])[1], embedder.embed_queries(texts[1:2])[0])


@pytest.mark.model
def test_a_combined_product_is_the_weighted_sum_of_both_cosines(minilm, bge):
    texts, asked = questions()[:6], questions()[6:9]
    combined = CombinedEmbedder(minilm, bge, share=0.3, pool=WorkerPool(2))
    products = combined.embed_queries(asked) @ combined.embed_documents(texts).T
    of_first = minilm.embed_queries(asked) @ minilm.embed_documents(texts).T
    of_second = bge.embed_queries(asked) @ bge.embed_documents(texts).T
    assert products == pytest.approx(0.3 * of_first + 0.7 * of_second, abs=1e-5)


@pytest.mark.model
def test_something_else_is_done_while_a_query_is_embedded(minilm, bge):
    combined, text = CombinedEmbedder(minilm, bge), "who plants trees"
    vector, thread = combined.embed_query(text, threading.current_thread)
    assert vector.tolist() == combined.embed_queries([text])[0].tolist()
    assert thread is threading.current_thread()
    with pytest.raises(ZeroDivisionError):
        combined.embed_query(text, lambda: 1 / 0)


def test_only_bge_reads_questions_otherwise_than_passages(minilm, bge):
    assert (minilm.embed_queries(["local jobs"]) == minilm.embed_documents(["local jobs"])).all()
    assert (bge.embed_queries(["local jobs"]) != bge.embed_documents(["local jobs"])).any()


@pytest.mark.model
def test_a_text_is_read_as_far_as_the_window_goes(minilm):
    text = "apprentices " * 300
    np.testing.assert_array_equal(
        minilm.embed_documents([text])[0], minilm.embed_documents([text + "and the weather on Mars"])[0]
    )


@pytest.mark.model
def test_the_int8_model_is_near_the_published_one(minilm, tmp_path):
    published = SentenceTransformerEmbedder(Settings(data_dir=tmp_path, embedding_model="all-MiniLM-L6-v2"))
    texts = questions()
    ours, theirs = minilm.embed_documents(texts), published.embed_documents(texts)
    cosines = (ours * theirs).sum(axis=1)
    # Measured: .993 on average, .982 at least.
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.975
    # Of the ten nearest of 112, nine are the same; their order is not (the nearest ones differ by thousandths).
    nearest = [np.argsort(-(vectors @ vectors.T), axis=1)[:, :10].tolist() for vectors in (ours, theirs)]
    assert np.mean([len(set(one) & set(other)) for one, other in zip(*nearest, strict=True)]) >= 8.5
