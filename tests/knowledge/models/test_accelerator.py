"""Where models run: found without importing torch, named where it is not there, and results agree."""

import subprocess
import sys

import numpy as np
import pytest

from knowledge.answering.reader.onnx_reader import OnnxReader
from knowledge.answering.reader.packaged_reader import AcceleratedReader
from knowledge.diagnostics.finding import Level
from knowledge.diagnostics.surroundings import check_models
from knowledge.errors import SettingsError
from knowledge.models import accelerator
from knowledge.models.accelerator import AUTO, PROCESSOR, Accelerator
from knowledge.models.torch_bert import TorchNetwork
from knowledge.retrieval.bundled_embedder import BGE_SMALL, MINILM, CombinedEmbedder, OnnxEmbedder
from knowledge.settings import Settings
from tests.knowledge.answering.reader.passages import LAUNDRY

TEXTS = [f"The trust bought {number} things. " * (1 + number % 3) for number in range(64)]


class TorchOnProcessor(Accelerator):
    """An accelerator that every machine has: torch's way of running a model, on the processor."""

    def __init__(self):
        super().__init__(PROCESSOR)
        self._device = "cpu"


def test_without_a_card_torch_is_not_imported():
    code = (
        "import sys; from pathlib import Path; from knowledge.models import accelerator\n"
        "accelerator._DRIVERS = ()\naccelerator.shutil.which = lambda name: None\n"
        "print(accelerator.Accelerator('auto').load(), 'torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.split() == ["None", "False"]


def test_a_device_that_is_not_there_is_named_and_done_without(tmp_path, caplog):
    accelerator.shared_accelerator.cache_clear()
    [(level, text)] = check_models(Settings(data_dir=tmp_path, device=" CUDA:7 "))
    accelerator.shared_accelerator.cache_clear()
    assert level is Level.PROBLEM
    assert text.startswith("HALN_DEVICE=cuda:7: models run on the processor, as the device cannot be used (")
    assert text in caplog.text
    assert Accelerator("meta").for_torch == PROCESSOR  # nothing comes back from it
    with pytest.raises(SettingsError, match="HALN_DEVICE"):
        Settings.from_environment({"HALN_DEVICE": "my card"})


def test_a_card_that_cannot_be_used_is_said_and_done_without(tmp_path, monkeypatch):
    monkeypatch.setattr(accelerator, "has_driver", lambda: True)
    monkeypatch.setattr(accelerator, "_problem", lambda device: f"no build for {device}")
    found = Accelerator(AUTO)
    assert found.device is None
    assert found.load() is None
    accelerator.shared_accelerator.cache_clear()
    findings = list(check_models(Settings(data_dir=tmp_path)))
    accelerator.shared_accelerator.cache_clear()
    assert findings == [(Level.ADVICE, found.problem)]
    assert "(no build for cuda)" in found.problem
    assert Settings(data_dir=tmp_path).device == AUTO


@pytest.mark.model
def test_what_fails_on_the_device_is_done_on_the_processor(monkeypatch, caplog):
    torch = pytest.importorskip("torch")
    device = TorchOnProcessor()

    def full(network, name):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.")

    monkeypatch.setattr(TorchNetwork, "on", full)
    exact = CombinedEmbedder(OnnxEmbedder(MINILM), OnnxEmbedder(BGE_SMALL)).embed_documents(TEXTS)
    parts = [OnnxEmbedder(model, accelerator=device) for model in (MINILM, BGE_SMALL)]
    np.testing.assert_array_equal(CombinedEmbedder(*parts).embed_documents(TEXTS), exact)
    again = TorchOnProcessor()
    (scores,) = AcceleratedReader(again).read("Why did some apprentices leave?", [LAUNDRY])
    assert scores == OnnxReader().read("Why did some apprentices leave?", [LAUNDRY])[0]
    assert device.device is again.device is None
    assert device.problem.count("CUDA out of memory. Tried to allocate 2 GiB") == 1
    assert caplog.text.count("models run on the processor") == 2


def test_auto_serves_those_who_stay_and_those_who_have_much_to_do(monkeypatch):
    monkeypatch.setattr(accelerator, "has_driver", lambda: True)
    monkeypatch.setattr(accelerator, "_problem", lambda device: None)
    found = Accelerator(AUTO)
    embedder = OnnxEmbedder(MINILM, accelerator=found)
    assert embedder.device_for(TEXTS[:10]) is None
    assert found.device is None
    assert embedder.device_for(TEXTS) == "cuda"
    assert found.device == "cuda"


@pytest.mark.model
def test_the_same_weights_mean_the_same_on_both():
    pytest.importorskip("onnx")
    torch_way = TorchOnProcessor()
    parts = [OnnxEmbedder(model, accelerator=torch_way) for model in (MINILM, BGE_SMALL)]
    whole = CombinedEmbedder(*parts).embed_documents(TEXTS)
    assert whole.shape == (64, 768)
    assert whole.dtype == np.float32
    exact = CombinedEmbedder(OnnxEmbedder(MINILM), OnnxEmbedder(BGE_SMALL)).embed_documents(TEXTS[:6])
    np.testing.assert_allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-5)
    assert (whole[:6] * exact).sum(axis=1).min() > 0.985
    # A text's vector does not hang on those that share its batch.
    alone = parts[0].embed_on("cpu", TEXTS[:1])[0]
    np.testing.assert_allclose(alone, whole[0, :384] / np.linalg.norm(whole[0, :384]), atol=1e-4)


@pytest.mark.model
def test_the_reader_reads_the_same_on_both():
    pytest.importorskip("onnx")
    short = LAUNDRY._replace(text=LAUNDRY.text[: LAUNDRY.sentences[0][1]], sentences=LAUNDRY.sentences[:1])
    long = LAUNDRY._replace(
        text=" ".join([LAUNDRY.text] * 11),
        sentences=tuple(
            (start + turn * (len(LAUNDRY.text) + 1), end + turn * (len(LAUNDRY.text) + 1))
            for turn in range(11)
            for start, end in LAUNDRY.sentences
        ),
    )
    passages = [short, long, LAUNDRY]
    question = "Why did some apprentices leave?"
    exact = OnnxReader().read(question, passages)
    whole = AcceleratedReader(TorchOnProcessor()).read(question, passages)
    for one, other in zip(exact, whole, strict=True):
        assert len(one.sentences) == len(other.sentences)
        assert other.answerable == pytest.approx(one.answerable, abs=0.8)
        np.testing.assert_allclose(other.sentences, one.sentences, atol=1)
    best = int(np.argmax(exact[2].sentences))
    assert int(np.argmax(whole[2].sentences)) == best
    assert whole[2].spans[best] == exact[2].spans[best]
