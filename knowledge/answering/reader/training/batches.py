"""Training examples as tensors, examples of one length together."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from knowledge.answering.reader.training.examples import UNKNOWN, TrainingExample, untidy
from knowledge.models.tokenizer import load_tokenizer

WINDOW = 320
_POOL_OF_BATCHES = 16


class Batch(NamedTuple):
    """Padded inputs of the network and what it should say; -1 where nothing is to be learned.

    Shapes: ids, mask and types (batch, tokens); sentence_mask (batch, sentences, tokens); sentence_labels
    (batch, sentences); answerable (batch,); spans (batch, 2), first and last token.
    """

    ids: Tensor
    mask: Tensor
    types: Tensor
    sentence_mask: Tensor
    sentence_labels: Tensor
    answerable: Tensor
    spans: Tensor

    def to(self, device: str) -> "Batch":
        """Return the batch on a device."""
        return Batch(*(tensor.to(device) for tensor in self))


class Batches:
    """Makes batches of examples, untidied anew in each epoch."""

    def __init__(self, examples: Sequence[TrainingExample], size: int, seed: int) -> None:
        self._examples = list(examples)
        self._size = size
        self._chance = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
        self._tokenizer = load_tokenizer(WINDOW, "only_second")

    def __len__(self) -> int:
        """Return how many batches an epoch has."""
        return -(-len(self._examples) // self._size)

    def epoch(self) -> Iterator[Batch]:
        """Yield all examples once, in a new order, those of one length in one batch."""
        order = list(range(len(self._examples)))
        self._chance.shuffle(order)
        batches: list[list[int]] = []
        pool = self._size * _POOL_OF_BATCHES
        for start in range(0, len(order), pool):
            alike = sorted(order[start : start + pool], key=lambda place: len(self._examples[place].text))
            batches += [alike[at : at + self._size] for at in range(0, len(alike), self._size)]
        self._chance.shuffle(batches)
        for batch in batches:
            yield self._batch([self._examples[place] for place in batch])

    def _batch(self, examples: Sequence[TrainingExample]) -> Batch:
        encodings = [
            self._tokenizer.encode(untidy(example.question, self._chance), f"{example.heading}\n{example.text}")
            for example in examples
        ]
        size, tokens = len(examples), max(len(encoding.ids) for encoding in encodings)
        most = max(len(example.labels) for example in examples)
        batch = Batch(
            ids=torch.zeros(size, tokens, dtype=torch.long),
            mask=torch.zeros(size, tokens, dtype=torch.long),
            types=torch.zeros(size, tokens, dtype=torch.long),
            sentence_mask=torch.zeros(size, most, tokens),
            sentence_labels=torch.full((size, most), UNKNOWN),
            answerable=torch.tensor([example.answerable for example in examples]),
            spans=torch.full((size, 2), int(UNKNOWN), dtype=torch.long),
        )
        for row, (example, encoding) in enumerate(zip(examples, encodings, strict=True)):
            length = len(encoding.ids)
            batch.ids[row, :length] = torch.tensor(encoding.ids)
            batch.mask[row, :length] = 1
            batch.types[row, :length] = torch.tensor(encoding.type_ids)
            shift = len(example.heading) + 1
            offsets = torch.tensor(encoding.offsets)
            second = torch.tensor([sequence == 1 for sequence in encoding.sequence_ids])
            second &= offsets[:, 1] > offsets[:, 0]
            for place, ((start, end), label) in enumerate(zip(example.sentences, example.labels, strict=True)):
                inside = second & (offsets[:, 0] >= start + shift) & (offsets[:, 1] <= end + shift)
                if inside.any():
                    batch.sentence_mask[row, place, :length] = inside.float()
                    batch.sentence_labels[row, place] = label
            if example.span is not None:
                start, end = example.span[0] + shift, example.span[1] + shift
                inside = (second & (offsets[:, 1] > start) & (offsets[:, 0] < end)).nonzero()
                if len(inside):
                    batch.spans[row] = torch.tensor([int(inside[0]), int(inside[-1])])
            elif example.answerable == 0.0:
                batch.spans[row] = 0  # [CLS]: there is none
        return batch
