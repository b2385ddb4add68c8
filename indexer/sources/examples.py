"""Shared examples as a source of documents: approved ones go into the library through the pipeline."""

from collections.abc import Callable

from indexer.pipeline import Indexer
from knowledge.domain.library import Document
from knowledge.library import Library


def publisher(library: Library) -> Callable[[Document], None]:
    """What `knowledge.examples.examples.Examples` publishes with. Every process finds it with its next search."""

    def publish(document: Document) -> None:
        Indexer(library).store_documents([document], 1)

    return publish
