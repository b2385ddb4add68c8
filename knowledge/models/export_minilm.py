"""Make `data/minilm-l6-int8.onnx` from the published weights: `python -m knowledge.models.export_minilm FILE`.

Needs the extra `dev` (onnx, to export and quantise). With the versions in constraints.txt the file comes out byte for
byte. Others may write another one: it needs its SHA-256 in `knowledge/retrieval/bundled_embedder.py`, and libraries are
then embedded anew.
"""

import argparse
import tempfile
from pathlib import Path

from knowledge.models.weights import MINILM_FP32

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "last_hidden_state"
_OPSET = 17


def export(target: Path) -> None:
    """Write the model to `target`, its weights as 8-bit integers with a scale for each channel.

    Raises:
        ModelError: The published weights are not installed.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        floats = Path(folder) / "floats.onnx"
        _export_floats(MINILM_FP32.verified().parent, floats)
        quantize_dynamic(floats, target, per_channel=True, weight_type=QuantType.QInt8)


def _export_floats(source: Path, target: Path) -> None:
    import torch
    from transformers import BertModel

    # Attention written out in simple operations, which quantisation can work on.
    model = BertModel.from_pretrained(str(source), attn_implementation="eager", add_pooling_layer=False).eval()

    # Its attribute's name and those of the axes are written into the file, and so into its SHA-256.
    class LastHiddenState(torch.nn.Module):  # type: ignore[misc]  # torch's types are not followed
        """The model with its inputs in order, and one output."""

        def __init__(self) -> None:
            super().__init__()
            self.m = model

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            """Return the last hidden state, shape (texts, tokens, 384)."""
            return self.m(**dict(zip(INPUTS, inputs, strict=True))).last_hidden_state

    ids = torch.ones(2, 16, dtype=torch.long)
    torch.onnx.export(
        LastHiddenState().eval(),
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(target),
        input_names=list(INPUTS),
        output_names=[OUTPUT],
        dynamic_axes={name: {0: "b", 1: "t"} for name in (*INPUTS, OUTPUT)},
        opset_version=_OPSET,
        dynamo=False,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, help="where to write the ONNX file")
    export(parser.parse_args().target)
