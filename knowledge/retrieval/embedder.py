"""Text to vectors: what is asked of a model, and which one the settings mean."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, runtime_checkable

from knowledge.retrieval.bundled_embedder import bundled_embedder
from knowledge.retrieval.sentence_transformers_embedder import SentenceTransformerEmbedder
from knowledge.settings import BUNDLED_MODEL, Settings
from knowledge.storage.arrays import Vectors
from knowledge.storage.library_protocols import EmbeddingIdentity

# Changes whenever chunks or the text given to the model are made in another way: the library is then embedded anew.
CHUNKING_SCHEME = "sentences-1"


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


class BegunQuery(Protocol):
    """A query that a model may work on already."""

    def vector(self, meaning: str, meanwhile: Callable[[], object]) -> Vectors:
        """Return the vector of the query as it is meant, shape (dimension,); what is to be done `meanwhile` is done."""


@runtime_checkable
class QueryBeginner(Protocol):
    """An embedder that can begin with a query before it is known how it is meant."""

    def begun_query(self, text: str) -> AbstractContextManager[BegunQuery]:
        """Begin to embed a query as it was typed; nothing goes on behind the body."""


class _LaterQuery:
    """A query that nothing works on before it is known how it is meant."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def vector(self, meaning: str, meanwhile: Callable[[], object]) -> Vectors:
        """Return the vector of the query as it is meant."""
        vector: Vectors = self._embedder.embed_queries([meaning])[0]
        meanwhile()
        return vector


@contextmanager
def begun_query(embedder: Embedder, text: str) -> Iterator[BegunQuery]:
    """Begin to embed a query as it was typed, where the embedder can."""
    if isinstance(embedder, QueryBeginner):
        with embedder.begun_query(text) as begun:
            yield begun
    else:
        yield _LaterQuery(embedder)


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
