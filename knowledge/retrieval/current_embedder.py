"""The model that a library's embeddings were made with, which is not the settings' own until all is embedded anew."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from knowledge.errors import ModelError
from knowledge.models.weights import MINILM_FP32
from knowledge.retrieval.bundled_embedder import BGE_SMALL, MINILM, OnnxEmbedder, bundled_embedder
from knowledge.retrieval.embedder import Embedder, WrappedEmbedder, embed_query
from knowledge.retrieval.model_folder import MINILM_NAME
from knowledge.retrieval.sentence_transformers_embedder import SentenceTransformerEmbedder
from knowledge.settings import Settings, Switch
from knowledge.storage.arrays import Vectors
from knowledge.storage.library_protocols import LibraryStore

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class CurrentEmbedder:
    """Embeds what is compared with a library's stored embeddings: with the model that made them.

    Each call looks at what the library records, so that it goes over to the new model in the moment in which the
    library does. Where the recorded model is not on this machine, it is the settings' own: `name` tells.
    """

    def __init__(self, settings: Settings, store: LibraryStore, chosen: Embedder) -> None:
        """Follow what the store records; `chosen` is the model that the settings ask for."""
        self._settings = settings
        self._store = store
        self._chosen = chosen
        self._lock = threading.Lock()
        self._recorded: tuple[str, Embedder] | None = None

    @property
    def name(self) -> str:
        """Return the name of the model and its weights."""
        return self._current().name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._current().dimension

    @property
    def window(self) -> int:
        """Return the most tokens that the model reads of a text."""
        return self._current().window

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's own tokens."""
        return self._current().count_tokens(text)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        return self._current().embed_documents(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        return self._current().embed_queries(texts)

    def embed_query(self, text: str, meanwhile: Callable[[], _Result]) -> tuple[Vectors, _Result]:
        """Return the vector of one query, shape (dimension,), and what `meanwhile` returned, called in this thread."""
        return embed_query(self._current(), text, meanwhile)

    def _current(self) -> Embedder:
        identity = self._store.identity()
        if identity is None or identity.model == self._chosen.name:
            return self._chosen
        with self._lock:
            if self._recorded is None or self._recorded[0] != identity.model:
                found = open_recorded(identity.model, self._settings)
                if found is None:
                    _log.warning("the model %s that made this library's embeddings is not here", identity.model)
                self._recorded = (identity.model, found or self._chosen)
            return self._recorded[1]


class _StandIn(WrappedEmbedder):
    """A model under the name of another, which it stands for."""

    def __init__(self, embedder: Embedder, name: str) -> None:
        super().__init__(embedder)
        self._name = name

    @property
    def name(self) -> str:
        """Return the name of the model and its weights."""
        return self._name


def open_recorded(name: str, settings: Settings) -> Embedder | None:
    """Return the model that a library records under a name, or `None` where it is not on this machine.

    For all-MiniLM-L6-v2 in single precision its int8 form stands in: the vectors have a cosine of .99, and torch, which
    takes seconds to load and hundreds of megabytes, is not needed to answer until the library is embedded anew.
    """
    for embedder in (bundled_embedder(settings.device), OnnxEmbedder(MINILM), OnnxEmbedder(BGE_SMALL)):
        if embedder.name == name:
            return embedder
    if name == f"{MINILM_NAME}@{MINILM_FP32.digest}":
        return _StandIn(OnnxEmbedder(MINILM), name)
    wanted = name.rpartition("@")[0]
    if not wanted:
        return None
    own = SentenceTransformerEmbedder(
        settings.model_copy(update={"embedding_model": wanted, "model_download": Switch.OFF})
    )
    try:
        return own if own.name == name else None
    except ModelError:
        return None
