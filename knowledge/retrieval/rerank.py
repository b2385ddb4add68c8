"""Reads the first results again together with the query and orders them anew: a cross-encoder, when one is set.

An embedding is made of a passage before anybody asks; a cross-encoder reads query and passage side by side. That finds
finer distinctions and costs a model run for each passage, so only the first `HALN_RERANKER_DEPTH` results are read.
Only the order is taken from it: its scores and the fused ones are on scales that have nothing to do with each other.
"""

import json
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from knowledge.domain.library import Chunk
from knowledge.errors import ModelError
from knowledge.models.accelerator import shared_accelerator
from knowledge.models.pool import wait_passively
from knowledge.retrieval.model_folder import locate_model
from knowledge.settings import NO_RERANKER, Settings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_log = logging.getLogger(__name__)

_SETTING = "HALN_RERANKER_MODEL"
# Any other transformer loads as well, with a head of random numbers, and would shuffle the results.
_ARCHITECTURES = ("ForSequenceClassification", "ForCausalLM")
# What torch and transformers raise for an input that the model was not made for.
_UNFIT = (ValueError, KeyError, IndexError, TypeError, RuntimeError)


class Reranker(Protocol):
    """A model that reads query and passage together, as search needs it."""

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """Return how well each passage fits the query, in order; higher is better, on a scale of the model's own."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder. May be used from several threads; they take turns."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._model: CrossEncoder | None = None
        self._lock = threading.Lock()

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """Return how well each passage fits the query: the model's raw output. The first call loads the model.

        Raises:
            ModelError: The model is not on this machine, or is not one that can rerank.
        """
        with self._lock:
            if self._model is None:
                path = locate_model(_SETTING, self._settings.reranker_model, self._settings)
                self._model = _load(path, shared_accelerator(self._settings.device).for_torch)
            from torch.nn import Identity

            try:
                predicted = self._model.predict(
                    [(query, passage) for passage in passages],
                    # The usual sigmoid is 1.0 in single precision for everything that fits well.
                    activation_fn=Identity(),
                    show_progress_bar=False,
                )
            except _UNFIT as error:
                raise ModelError(
                    f"{_SETTING}: the model cannot score passages ({_first_line(error)}). Use another, or off."
                ) from error
        values = np.asarray(predicted, dtype=float)
        if values.shape != (len(passages),) or not np.isfinite(values).all():
            raise ModelError(f"{_SETTING}: the model does not give a number for each passage. Use another, or off.")
        return [float(value) for value in values]


def reranker_from(settings: Settings) -> Reranker | None:
    """Return the reranker that the settings ask for; `None` when it is off. Loads nothing."""
    return None if settings.reranker_model == NO_RERANKER else CrossEncoderReranker(settings)


def passage_of(chunk: Chunk) -> str:
    """Return what the reranker reads of a chunk: its title and headings, a line each, then its text."""
    return "\n".join(filter(None, [chunk.metadata.title, *chunk.heading_path, chunk.text]))


def best_first(scores: Sequence[float]) -> list[int]:
    """Return the places of the scores, the highest score first; equal ones keep their order."""
    return sorted(range(len(scores)), key=lambda place: -scores[place])


def _load(path: Path, device: str) -> "CrossEncoder":
    if not _is_cross_encoder(path):
        raise ModelError(
            f"{_SETTING}: the model in {path} is not a cross-encoder (an embedding model cannot rerank). Use another, "
            "or off."
        )
    _log.info("loading the reranker from %s", path)
    wait_passively()
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        model = CrossEncoder(str(path), device=device, local_files_only=True)
    except (OSError, ImportError, SafetensorError, *_UNFIT) as error:
        raise ModelError(
            f"{_SETTING}: sentence-transformers cannot load a cross-encoder from {path} ({_first_line(error)})."
        ) from error
    if model.num_labels != 1:
        raise ModelError(
            f"{_SETTING}: the model in {path} gives {model.num_labels} numbers for a passage; a reranker gives one."
        )
    return model


def _is_cross_encoder(path: Path) -> bool:
    """Return whether a folder's own description says that it holds a cross-encoder."""
    if _described(path / "config_sentence_transformers.json").get("model_type") == "CrossEncoder":
        return True
    architectures = _described(path / "config.json").get("architectures")
    return isinstance(architectures, list) and any(str(name).endswith(_ARCHITECTURES) for name in architectures)


def _described(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{_SETTING}: {path} cannot be read ({_first_line(error)}).") from None
    return content if isinstance(content, dict) else {}


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
