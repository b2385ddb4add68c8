"""Make the reader's weights: `python -m knowledge.answering.reader.training STEP ...`.

`full` trains a cross-encoder on public data; it wants a graphics card (under ten minutes on one). `last-step` goes on
with examples of our own and takes minutes on two processors. Both write half-precision weights and the int8 ONNX file.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from knowledge.answering.reader.network import ReaderNetwork
from knowledge.answering.reader.training.examples import (
    TrainingExample,
    near_misses,
    read_sentence_examples,
    read_span_examples,
)
from knowledge.answering.reader.training.loop import TrainingSettings, train
from knowledge.answering.reader.training.weights import export_int8, load_network, save_network

_NEAR_MISSES = 0.3
# Shares of public examples that the last step goes over again, so that what was learned of them stays.
_PUBLIC_AGAIN, _SPANS_AGAIN = 500, 400


def main() -> None:
    """Run the step that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.answering.reader.training", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    full = steps.add_parser("full", help="Train on public data, from a cross-encoder's weights.")
    last = steps.add_parser("last-step", help="Go on with examples of our own.")
    for step in (full, last):
        step.add_argument("weights", type=Path, help="What to begin with (safetensors).")
        step.add_argument("public", type=Path, help="The folder with spans.jsonl.xz and sentences.jsonl.xz.")
        step.add_argument("out", type=Path, help="The folder to write reader.safetensors and reader-int8.onnx to.")
        step.add_argument("--device", default="cpu", help="cpu, or cuda on a machine with a graphics card.")
        step.add_argument("--limit", type=int, help="Use only so many examples, to try the recipe out.")
    last.add_argument("--own", type=Path, required=True, help="Our own examples (tests/quality/reader_examples.py).")
    options = parser.parse_args()
    chance = random.Random(11)  # noqa: S311 - repeatable, nothing secret
    sentences = read_sentence_examples(options.public / "sentences.jsonl.xz")
    spans = read_span_examples(options.public / "spans.jsonl.xz")
    network = load_network(options.weights)
    if options.step == "full":
        examples = [*sentences, *spans]
        settings = TrainingSettings(2, 5e-5, 10.0, 64, device=options.device)
    else:
        own = read_sentence_examples(options.own)
        chance.shuffle(sentences)
        marked = [example for example in spans if example.span is not None]
        chance.shuffle(marked)
        examples = [*own, *sentences[:_PUBLIC_AGAIN], *marked[:_SPANS_AGAIN]]
        settings = TrainingSettings(2, 3e-5, 5.0, 16, frozen_layers=6, dropout=0.0, device=options.device)
    _make(network, examples, settings, options.out, chance, options.limit)


def _make(
    network: ReaderNetwork,
    examples: Sequence[TrainingExample],
    settings: TrainingSettings,
    out: Path,
    chance: random.Random,
    limit: int | None,
) -> None:
    examples = [*examples, *near_misses(examples, _NEAR_MISSES, chance)]
    chance.shuffle(examples)
    out.mkdir(parents=True, exist_ok=True)
    train(network, examples[:limit], settings, _show)
    save_network(network, out / "reader.safetensors")
    sys.stderr.write(f"\nreader-int8.onnx: SHA-256 {export_int8(network, out / 'reader-int8.onnx')}\n")


def _show(step: int, steps: int, loss: float) -> None:
    sys.stderr.write(f"\rstep {step} of {steps}, loss {loss:.3f}")


if __name__ == "__main__":
    main()
