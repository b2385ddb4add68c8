"""From PyTorch to the int8 ONNX file that the assistant runs."""

import hashlib
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from knowledge.answering.reader.training.network import ReaderNetwork

_INPUTS = ("input_ids", "attention_mask", "token_type_ids", "sentence_mask")
_OUTPUTS = ("sentence_logits", "answerable_logit", "span_logits")
_AXES = {
    "input_ids": {0: "batch", 1: "tokens"},
    "attention_mask": {0: "batch", 1: "tokens"},
    "token_type_ids": {0: "batch", 1: "tokens"},
    "sentence_mask": {0: "batch", 1: "sentences", 2: "tokens"},
    "sentence_logits": {0: "batch", 1: "sentences"},
    "answerable_logit": {0: "batch"},
    "span_logits": {0: "batch", 1: "tokens"},
}


def export_int8(network: ReaderNetwork, path: Path) -> str:
    """Write the network as int8 ONNX, quantised per channel, and return the file's SHA-256 in hex."""
    tokens = torch.ones(2, 40, dtype=torch.long)
    example = (tokens, tokens, torch.zeros_like(tokens), torch.ones(2, 3, 40))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "reader.onnx"
        torch.onnx.export(
            network.eval(),
            example,
            str(whole),
            input_names=list(_INPUTS),
            output_names=list(_OUTPUTS),
            dynamic_axes=_AXES,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(str(whole), str(path), per_channel=True, weight_type=QuantType.QInt8)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
