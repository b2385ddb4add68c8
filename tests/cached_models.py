"""Models that remember what they were given: asking the same questions again then costs no model run."""

from collections.abc import Callable, Sequence

import numpy as np

from knowledge.answering.reader.scores import Passage, PassageScores, Reader
from knowledge.retrieval.embedder import Embedder, WrappedEmbedder
from knowledge.storage.arrays import Vectors


class CachedEmbedder(WrappedEmbedder):
    """An embedder that embeds each text once. Keeps every vector: for a measurement, not for a service."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self._documents: dict[str, Vectors] = {}
        self._queries: dict[str, Vectors] = {}

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, shape (len(texts), dimension)."""
        return _remembered(self._documents, texts, self._embedder.embed_documents)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, shape (len(texts), dimension)."""
        return _remembered(self._queries, texts, self._embedder.embed_queries)


class CachedReader:
    """A reader that reads each passage with each question once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._scores: dict[tuple[str, Passage], PassageScores] = {}

    @property
    def name(self) -> str:
        """Return the name of the reader that reads."""
        return self._reader.name

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        """Return the scores of each passage, in order."""
        new = [passage for passage in dict.fromkeys(passages) if (question, passage) not in self._scores]
        if new:
            scores = self._reader.read(question, new)
            self._scores |= zip([(question, passage) for passage in new], scores, strict=True)
        return [self._scores[question, passage] for passage in passages]


def _remembered(known: dict[str, Vectors], texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known |= zip(new, embed(new), strict=True)
    return np.stack([known[text] for text in texts]) if texts else embed(texts)
