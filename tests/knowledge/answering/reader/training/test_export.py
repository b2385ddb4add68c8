"""The published weights through our network, export and reader, against the figures of their card."""

import pytest

from knowledge.answering.reader.onnx_reader import OnnxReader
from knowledge.models.weights import Weights
from tests.knowledge.answering.reader.passages import LAUNDRY

pytestmark = [
    pytest.mark.model,
    pytest.mark.slow,
    pytest.mark.shared,
    # torch and onnxruntime speak of their own coming releases here.
    pytest.mark.filterwarnings("ignore:.*:Warning"),
]

# Question, sentence logits and passage logit, in single precision.
CARD = [
    ("how many apprentices were hired", (-3.04, 2.86, -3.37), 2.56),
    ("Why did some apprentices leave?", (-5.69, -4.12, 4.43), 2.86),
    ("how many apprentices did Barts hire", (-3.97, -0.66, -4.34), -1.65),
    ("what did the linen service cost", (-4.26, -6.26, -6.63), -4.50),
]


def test_the_network_exports_to_a_reader_that_scores_as_its_card_says(shared, tmp_path):
    pytest.importorskip("torch")
    from knowledge.answering.reader.training.weights import export_int8, load_network, save_network

    network = load_network(shared / "reader" / "model.safetensors")
    digest = export_int8(network, tmp_path / "reader.onnx")
    reader = OnnxReader(Weights(str(tmp_path / "reader.onnx"), digest))
    for question, sentences, answerable in CARD:
        scores = reader.read(question, [LAUNDRY])[0]
        # int8 is on average .15 away from single precision.
        assert scores.sentences == pytest.approx(sentences, abs=0.75)
        assert scores.answerable == pytest.approx(answerable, abs=0.5)
    # What is stored in half precision is what was read.
    save_network(network, tmp_path / "again.safetensors")
    again = load_network(tmp_path / "again.safetensors").state_dict()
    assert all(bool((again[name] == weight).all()) for name, weight in network.state_dict().items())
