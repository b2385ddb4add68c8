"""The network that is trained, in PyTorch, and its export to the int8 ONNX file that the assistant runs."""

import hashlib
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

_WIDTH, _LAYERS, _HEADS, _INNER, _VOCABULARY = 384, 12, 12, 1536, 30522
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


class ReaderNetwork(nn.Module):  # type: ignore[misc]  # torch's types are not followed
    """A cross-encoder with three heads. Attention is written out ("eager"), so that it can be exported."""

    def __init__(self) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=_VOCABULARY,
            hidden_size=_WIDTH,
            num_hidden_layers=_LAYERS,
            num_attention_heads=_HEADS,
            intermediate_size=_INNER,
            attn_implementation="eager",
        )
        self.bert = BertModel(config)
        self.classifier = nn.Linear(_WIDTH, 1)
        self.sent = nn.Linear(2 * _WIDTH, 1)
        self.span = nn.Linear(_WIDTH, 2)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, sentence_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return sentence logits (batch, sentences), passage logits (batch,) and span logits (batch, tokens, 2).

        `sentence_mask` is 1.0 where a token belongs to a sentence, shape (batch, sentences, tokens).
        """
        read = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        tokens = read.last_hidden_state
        mean = torch.matmul(sentence_mask, tokens) / sentence_mask.sum(-1, keepdim=True).clamp(min=1)
        whole = tokens[:, :1].expand(-1, mean.shape[1], -1)
        sentences = self.sent(torch.cat([mean, whole], -1)).squeeze(-1)
        return sentences, self.classifier(read.pooler_output).squeeze(-1), self.span(tokens)


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
