"""Shared examples as a source of documents: approved ones go into the library through the pipeline."""

from collections.abc import Callable

from indexer.pipeline import Indexer
from knowledge.domain.library import Document
from knowledge.library import Library


def publisher(library: Library) -> Callable[[Document], None]:
    """Return the publisher for `knowledge.examples.examples.Examples`. Every process finds what it published."""

    def publish(document: Document) -> None:
        Indexer(library).store_documents([document], 1)

    return publish
