"""The trained network's weights: read, written, and exported to the int8 ONNX file that the assistant runs."""

import hashlib
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file, save_file

from knowledge.answering.reader.network import ReaderNetwork

# The names of the published half-precision file.
_PREFIXES = {"bert.": "ce.bert.", "classifier.": "ce.classifier."}
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


def load_network(path: Path) -> ReaderNetwork:
    """Return the network with the weights of a safetensors file.

    Raises:
        KeyError: A weight is missing.
    """
    stored = load_file(path)
    network = ReaderNetwork()
    state = {name: stored[_stored_name(name)].float() for name in network.state_dict() if _is_weight(name)}
    network.load_state_dict(state, strict=False)
    network.eval()
    return network


def save_network(network: ReaderNetwork, path: Path) -> None:
    """Write the weights in half precision."""
    weights = {name: value for name, value in network.state_dict().items() if _is_weight(name)}
    save_file({_stored_name(name): value.half().contiguous() for name, value in weights.items()}, path)


def _is_weight(name: str) -> bool:
    return not name.endswith(("position_ids", "token_type_ids"))


def _stored_name(name: str) -> str:
    for own, stored in _PREFIXES.items():
        if name.startswith(own):
            return stored + name.removeprefix(own)
    return name


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
