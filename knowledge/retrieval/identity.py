"""What the settings' model and chunking are recorded as beside the embeddings they build."""

from knowledge.retrieval.embedder import Embedder
from knowledge.settings import Settings
from knowledge.storage.library_protocols import EmbeddingIdentity

# Changes whenever chunks or the text given to the model are made in another way: the library is then embedded anew.
CHUNKING_SCHEME = "sentences-1"


def wanted_identity(settings: Settings, embedder: Embedder) -> EmbeddingIdentity:
    """The identity of embeddings made by this model with these settings. Loads the model."""
    return EmbeddingIdentity(
        model=embedder.name,
        dimension=embedder.dimension,
        chunking=wanted_chunking(settings),
    )


def wanted_chunking(settings: Settings) -> str:
    """Return how these settings have documents cut, as it is recorded."""
    return f"{CHUNKING_SCHEME}/{settings.chunk_tokens}"
