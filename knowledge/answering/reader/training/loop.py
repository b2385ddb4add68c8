"""The training loop: batches, AdamW, a warm-up and a linear way down, three losses added."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from knowledge.answering.reader.network import ReaderNetwork
from knowledge.answering.reader.training.examples import UNKNOWN, TrainingExample, untidy
from knowledge.models.tokenizer import load_tokenizer

WINDOW = 320
_POOL_OF_BATCHES = 16
_POSITIVE_WEIGHT = 2.0
_SENTENCE_SHARE, _SPAN_SHARE = 2.0, 0.5
_WARM_UP = 0.06


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


@dataclass(frozen=True)
class TrainingSettings:
    """The training's settings. `rate` is the body's learning rate, the heads' is `head_factor` times that.

    The embeddings and the first `frozen_layers` of the twelve stay as they are. Without dropout and with half of the
    layers frozen a step takes a third of the time on a processor, where drawing dropout's random numbers costs most.
    """

    epochs: int
    rate: float
    head_factor: float
    batch_size: int
    frozen_layers: int = 0
    dropout: float = 0.1
    seed: int = 3
    device: str = "cpu"


def train(
    network: ReaderNetwork,
    examples: Sequence[TrainingExample],
    settings: TrainingSettings,
    progress: Callable[[int, int, float], None],
) -> None:
    """Move the network's weights. `progress` is told the step, the number of steps and the last loss."""
    torch.manual_seed(settings.seed)
    network.to(settings.device).train()
    _prepare(network, settings)
    body = [w for name, w in network.named_parameters() if name.startswith("bert.") and w.requires_grad]
    heads = [weight for name, weight in network.named_parameters() if not name.startswith("bert.")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": settings.rate}, {"params": heads, "lr": settings.rate * settings.head_factor}],
        weight_decay=0.01,
    )
    batches = Batches(examples, settings.batch_size, settings.seed)
    steps = settings.epochs * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / max(1.0, _WARM_UP * steps), max(0.02, 1 - step / steps))
    )
    step = 0
    for _ in range(settings.epochs):
        for batch in batches.epoch():
            loss = _loss(network, batch.to(settings.device), settings.device)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            progress(step, steps, float(loss.detach()))
    network.to("cpu").eval()


def _prepare(network: ReaderNetwork, settings: TrainingSettings) -> None:
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = settings.dropout
    frozen: list[nn.Module] = list(network.bert.encoder.layer[: settings.frozen_layers])
    if frozen:
        frozen.append(network.bert.embeddings)
    for module in frozen:
        module.requires_grad_(False)


def _loss(network: ReaderNetwork, batch: Batch, device: str) -> Tensor:
    with torch.autocast(device.partition(":")[0], dtype=torch.bfloat16):
        sentences, answerable, spans = network(batch.ids, batch.mask, batch.types, batch.sentence_mask)
    known = batch.sentence_labels >= 0
    weights = torch.where(batch.sentence_labels == 1, _POSITIVE_WEIGHT, 1.0)
    of_sentences = _entropy(sentences.float(), batch.sentence_labels, known, weights)
    whole = _entropy(answerable.float(), batch.answerable, batch.answerable >= 0, torch.ones_like(batch.answerable))
    loss = _SENTENCE_SHARE * of_sentences + whole
    marked = batch.spans[:, 0] >= 0
    if marked.any():
        logits = spans.float().masked_fill(batch.mask[..., None] == 0, -1e4)[marked]
        ends = [nn.functional.cross_entropy(logits[..., side], batch.spans[marked, side]) for side in (0, 1)]
        loss = loss + _SPAN_SHARE * (ends[0] + ends[1]) / 2
    return loss


def _entropy(logits: Tensor, labels: Tensor, known: Tensor, weights: Tensor) -> Tensor:
    """Return the mean binary cross-entropy over what is known; 0 where nothing is."""
    each = nn.functional.binary_cross_entropy_with_logits(logits, labels.clamp(min=0), reduction="none")
    return (each * known * weights).sum() / known.sum().clamp(min=1)
