"""The training loop: AdamW, a warm-up and a linear way down, three losses added."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from knowledge.answering.reader.training.batches import Batch, Batches
from knowledge.answering.reader.training.examples import TrainingExample
from knowledge.answering.reader.training.network import ReaderNetwork

_POSITIVE_WEIGHT = 2.0
_SENTENCE_SHARE, _SPAN_SHARE = 2.0, 0.5
_WARM_UP = 0.06


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
