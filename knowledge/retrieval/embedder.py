"""Text to vectors: what is asked of a model, and which one the settings mean."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from knowledge.retrieval.bundled_embedder import bundled_embedder
from knowledge.retrieval.sentence_transformers_embedder import SentenceTransformerEmbedder
from knowledge.settings import BUNDLED_MODEL, Settings
from knowledge.storage.arrays import Vectors
from knowledge.storage.library_protocols import EmbeddingIdentity

# Changes whenever chunks or the text given to the model are made in another way: the library is then embedded anew.
CHUNKING_SCHEME = "sentences-1"

_Result = TypeVar("_Result")


class Embedder(Protocol):
    """A model as search and the indexer need it."""

    @property
    def name(self) -> str:
        """Return the name of the model and its weights."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    @property
    def window(self) -> int:
        """Return the most tokens that the model reads of a text, special tokens included."""

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's own tokens, special tokens not included."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension), float32."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of texts that are searched with, as `embed_documents` does (some models tell both apart)."""


@runtime_checkable
class ParallelEmbedder(Protocol):
    """An embedder that leaves the calling thread time for something else while it embeds a query."""

    def embed_query(self, text: str, meanwhile: Callable[[], _Result]) -> tuple[Vectors, _Result]:
        """Return the vector of one query, shape (dimension,), and what `meanwhile` returned, called in this thread."""


def embed_query(embedder: Embedder, text: str, meanwhile: Callable[[], _Result]) -> tuple[Vectors, _Result]:
    """Return the vector of one query, shape (dimension,), and what `meanwhile` returned, which this thread calls.

    It does so while the embedder works, where that is a `ParallelEmbedder`; else when the vector is there.
    """
    if isinstance(embedder, ParallelEmbedder):
        return embedder.embed_query(text, meanwhile)
    return embedder.embed_queries([text])[0], meanwhile()


class WrappedEmbedder:
    """An embedder in front of another one, which it is like in every way but those that a subclass changes."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def name(self) -> str:
        """Return the name of the model and its weights."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._embedder.dimension

    @property
    def window(self) -> int:
        """Return the most tokens that the model reads of a text."""
        return self._embedder.window

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's own tokens."""
        return self._embedder.count_tokens(text)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        return self._embedder.embed_documents(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of unit length, shape (len(texts), dimension)."""
        return self._embedder.embed_queries(texts)


def open_embedder(settings: Settings) -> Embedder:
    """Return the model that the settings ask for. Loads nothing: a model is loaded with the first text."""
    if settings.embedding_model == BUNDLED_MODEL:
        return bundled_embedder(settings.device)
    return SentenceTransformerEmbedder(settings)


def wanted_identity(settings: Settings, embedder: Embedder) -> EmbeddingIdentity:
    """Return the identity of embeddings made by this model with these settings. Loads the model."""
    return EmbeddingIdentity(
        model=embedder.name,
        dimension=embedder.dimension,
        chunking=wanted_chunking(settings),
    )


def wanted_chunking(settings: Settings) -> str:
    """Return how these settings have documents cut, as it is recorded."""
    return f"{CHUNKING_SCHEME}/{settings.chunk_tokens}"
