"""Embeddings by sentence-transformers: the way for every model of the operator's own choice.

torch is imported when the first text is embedded, never before.
"""

import functools
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.errors import ModelError
from knowledge.models.accelerator import shared_accelerator
from knowledge.models.pool import wait_passively
from knowledge.retrieval.model_folder import ModelFolder, resolve_model
from knowledge.settings import Settings
from knowledge.storage.arrays import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

_log = logging.getLogger(__name__)


class SentenceTransformerEmbedder:
    """A sentence-transformers model. May be used from several threads; they take turns."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._model: SentenceTransformer | None = None
        self._tokenizer: Tokenizer
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return the name of the model and its weights, which are read for it, but not loaded.

        Raises:
            ModelError: The model is not on this machine.
        """
        return self._folder.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        dimension = self._loaded().get_embedding_dimension()
        if not dimension:
            raise ModelError(f"The model {self.name} does not say how long its vectors are; use another.")
        return int(dimension)

    @property
    def window(self) -> int:
        """Return the most tokens that the model reads of a text."""
        return int(self._loaded().max_seq_length or 512)

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's own tokens."""
        self._loaded()
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        model = self._loaded()
        with self._lock:
            return self._as_vectors(
                model.encode_document(
                    list(texts),
                    batch_size=self._settings.embedding_batch_size,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            )

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        model = self._loaded()
        with self._lock:
            return self._as_vectors(
                model.encode_query(
                    list(texts),
                    batch_size=self._settings.embedding_batch_size,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            )

    @functools.cached_property
    def _folder(self) -> ModelFolder:
        return resolve_model(self._settings)

    @staticmethod
    def _as_vectors(encoded: object) -> Vectors:
        return np.ascontiguousarray(np.asarray(encoded), dtype=np.float32)

    def _loaded(self) -> "SentenceTransformer":
        # Without the lock once it is there: a thread that counts tokens need not wait for one that embeds.
        if self._model is not None:
            return self._model
        with self._lock:
            if self._model is None:
                model = _load(self._folder.path, shared_accelerator(self._settings.device).for_torch)
                # A copy of its own: the model's pads and cuts what it counts, and is changed by every call.
                from tokenizers import Tokenizer

                self._tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
                self._tokenizer.no_padding()
                self._tokenizer.no_truncation()
                self._model = model
            return self._model


def _load(path: Path, device: str) -> "SentenceTransformer":
    _log.info("loading the embedding model from %s", path)
    wait_passively()
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        return SentenceTransformer(str(path), device=device, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"The folder {path} does not hold a model that sentence-transformers can load ({error})."
        ) from error
