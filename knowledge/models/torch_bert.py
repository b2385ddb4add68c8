"""A model that comes along, run by torch on an accelerator: many texts in a pass, the int8 weights as floats.

Graphics cards have no operation for integers whose scale is found anew for each text, as the int8 files have them. The
weights are the files' own. What is between is not rounded to 8 bits, so results differ a little from the processor's:
docs/accelerator.md says how much.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.models.weights import Weights

if TYPE_CHECKING:
    from torch import Tensor, nn

_Floats = npt.NDArray[np.float32]
# Tokens of a pass, padding included: about a gigabyte of a card's memory. More is not quicker.
_TOKENS_AT_ONCE = 32_768
# Of every model that comes along.
WIDTH, _HEADS, _INNER, _VOCABULARY = 384, 12, 1536, 30522


class Batch(NamedTuple):
    """Texts of about one length: their places among all, and what the network reads, padded with 0."""

    places: list[int]
    ids: "Tensor"
    mask: "Tensor"
    types: "Tensor"


class TorchNetwork:
    """A network on a device, made and loaded with the first text. May be used from several threads."""

    def __init__(self, weights: Weights, prefix: str, make: "Callable[[int], nn.Module]") -> None:
        """Run what `make` makes (of a number of layers) with these weights, whose names in the file have a prefix."""
        self._weights = weights
        self._prefix = prefix
        self._make = make
        self._lock = threading.Lock()
        self._networks: dict[str, nn.Module] = {}

    def on(self, device: str) -> "nn.Module":
        """Return the network on a device, in half precision on a graphics card.

        Raises:
            ModelError: The weights' file is missing or altered.
            ImportError: What reads it for torch is not installed (the extra `gpu`).
        """
        with self._lock:
            if device not in self._networks:
                self._networks[device] = self._loaded(device)
            return self._networks[device]

    def _loaded(self, device: str) -> "nn.Module":
        import torch

        state = {
            name.removeprefix(self._prefix): torch.from_numpy(value)
            for name, value in float_weights(self._weights.verified()).items()
        }
        layers = 1 + max(int(name.split(".")[-5]) for name in state if name.endswith("attention.self.query.weight"))
        network = self._make(layers)
        missing = network.load_state_dict(state, strict=False).missing_keys
        if missing:
            raise KeyError(f"the weights lack {missing}")
        return network.to(device=device, dtype=torch.float16 if device.startswith("cuda") else torch.float32).eval()


def bert(layers: int, *, pooler: bool, attention: str = "sdpa") -> "nn.Module":
    """Return a BERT as every model that comes along is one, without weights; `attention` is transformers' name."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=_VOCABULARY,
        hidden_size=WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=_HEADS,
        intermediate_size=_INNER,
        attn_implementation=attention,
    )
    return BertModel(config, add_pooling_layer=pooler)


def float_weights(path: Path) -> dict[str, _Floats]:
    """Return the weights of an int8 ONNX file as floats, under the names that they have in the network.

    The names of matrices are those of the nodes that multiply with them ("/encoder/layer.0/.../MatMul_quant"), since
    the exporter does not keep the matrices' own.
    """
    import onnx
    from onnx.numpy_helper import to_array

    model = onnx.load(path)
    stored = {tensor.name: to_array(tensor) for tensor in model.graph.initializer}
    found = {name: value for name, value in stored.items() if value.dtype == np.float32 and value.ndim}
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear":  # what was looked up in a table of embeddings
            weight = node.input[1].removesuffix("_scale")
            found[weight] = (_floats(stored[f"{weight}_quantized"]) - stored[node.input[2]]) * stored[node.input[1]]
        elif node.op_type == "MatMulInteger":
            matrix = node.input[1].removesuffix("_quantized")
            values = (_floats(stored[node.input[1]]) - stored[node.input[3]]) * stored[f"{matrix}_scale"]
            found[".".join([*node.name.strip("/").split("/")[:-1], "weight"])] = values.T
    return {name: np.array(value, dtype=np.float32) for name, value in found.items()}


def _floats(values: npt.NDArray[Any]) -> _Floats:
    return values.astype(np.float32)


def batches(ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]], device: str) -> Iterator[Batch]:
    """Pad texts' tokens to batches on a device, the longest first: little of a batch of one length is padding."""
    import torch

    order = sorted(range(len(ids)), key=lambda place: -len(ids[place]))
    first = 0
    while first < len(order):
        longest = max(1, len(ids[order[first]]))
        places = order[first : first + max(1, _TOKENS_AT_ONCE // longest)]
        padded = np.zeros((3, len(places), longest), dtype=np.int64)
        for row, place in enumerate(places):
            length = len(ids[place])
            padded[0, row, :length] = ids[place]
            padded[1, row, :length] = 1
            padded[2, row, :length] = types[place]
        yield Batch(places, *torch.from_numpy(padded).to(device))
        first += len(places)
