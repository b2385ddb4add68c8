"""The reader that comes along, as a process uses it: on an accelerator where there is one, and never left without."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from knowledge.answering.reader.onnx_reader import (
    READER,
    LexicalReader,
    OnnxReader,
    PartLogits,
    PreparedPart,
    ReaderWithFallback,
    beginning,
    behind,
    passage_scores,
)
from knowledge.answering.reader.scores import Passage, PassageScores
from knowledge.models.accelerator import PROCESSOR, Accelerator, shared_accelerator
from knowledge.models.tokenizer import counting_tokenizer
from knowledge.models.torch_bert import TorchNetwork, batches
from knowledge.models.weights import Weights

if TYPE_CHECKING:
    from torch import nn


class AcceleratedReader(OnnxReader):
    """Reads all passages of a question in one pass on an accelerator; on the processor until that is loaded."""

    def __init__(self, accelerator: Accelerator, weights: Weights = READER) -> None:
        """Read with these weights, on this accelerator."""
        super().__init__(weights)
        self._accelerator = accelerator
        self._network = TorchNetwork(weights, "", _reader_network)

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        """Return the scores of each passage, in order. Each is read by itself, so none depends on the others.

        Raises:
            ModelError: The weights are missing or altered.
        """
        return self._accelerator.run(
            self._accelerator.device,
            lambda device: self._read_on(device, question, passages),
            lambda: super(AcceleratedReader, self).read(question, passages),
        )

    def _read_on(self, device: str, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        asked = beginning(question)
        encodings = counting_tokenizer().encode_batch([(asked, behind(one.heading, one.text)) for one in passages])
        prepared = [
            self.prepare(asked, passage, encoding) for passage, encoding in zip(passages, encodings, strict=True)
        ]
        read = iter(self._run_on(device, [part for parts in prepared for part in parts]))
        return [
            passage_scores(passage, parts, [next(read) for _ in parts])
            for passage, parts in zip(passages, prepared, strict=True)
        ]

    def _run_on(self, device: str, parts: Sequence[PreparedPart]) -> list[PartLogits]:
        """Run the network over all parts on a device, in as few passes as their tokens take."""
        import torch

        network = self._network.on(device)
        dtype = next(network.parameters()).dtype
        read: dict[int, PartLogits] = {}
        ids = [part.encoding.ids for part in parts]
        with torch.inference_mode():
            for batch in batches(ids, [part.encoding.type_ids for part in parts], device):
                most = max(len(parts[place].inside) for place in batch.places)
                inside = np.zeros((len(batch.places), most, batch.ids.shape[1]), dtype=np.float32)
                for row, place in enumerate(batch.places):
                    own = parts[place].inside
                    inside[row, : own.shape[0], : own.shape[1]] = own
                outputs = network(batch.ids, batch.mask, batch.types, torch.from_numpy(inside).to(device, dtype))
                sentences, whole, spans = (output.float().cpu().numpy() for output in outputs)
                for row, place in enumerate(batch.places):
                    kept, tokens = parts[place].inside.shape
                    read[place] = PartLogits(sentences[row, :kept], float(whole[row]), spans[row, :tokens])
        return [read[place] for place in range(len(parts))]


def _reader_network(layers: int) -> "nn.Module":
    from knowledge.answering.reader.network import ReaderNetwork

    return ReaderNetwork(layers, "sdpa")


@functools.cache
def packaged_reader(device: str = PROCESSOR) -> ReaderWithFallback:
    """Return the reader that comes along, the same for all libraries of a process: its weights are loaded once.

    `device` is "auto", "cpu" or torch's name of an accelerator.
    """
    return ReaderWithFallback(AcceleratedReader(shared_accelerator(device)), LexicalReader())
