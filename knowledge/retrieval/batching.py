"""Questions that arrive at the same time are embedded in one batch.

A model takes little longer for ten short texts than for one.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

from knowledge.retrieval.embedder import Embedder, WrappedEmbedder
from knowledge.storage.arrays import Vectors


class BatchingEmbedder(WrappedEmbedder):
    """Stands in front of an `Embedder`. Nobody waits for company: a text that comes alone is embedded at once.

    Whoever finds the model free embeds all texts that wait by then; those that come meanwhile make the next batch.
    """

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self._changed = threading.Condition()
        self._waiting: list[tuple[list[str], Future[Vectors]]] = []
        self._busy = False

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, shape (len(texts), dimension), embedded together with what others ask meanwhile."""
        own: Future[Vectors] = Future()
        with self._changed:
            self._waiting.append((list(texts), own))
            self._changed.wait_for(lambda: own.done() or not self._busy)
            if own.done():
                return own.result()
            self._busy = True
            batch, self._waiting = self._waiting, []
        try:
            self._embed(batch)
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
        return own.result()

    def _embed(self, batch: list[tuple[list[str], Future[Vectors]]]) -> None:
        try:
            vectors = self._embedder.embed_queries([text for texts, _ in batch for text in texts])
        except BaseException as error:  # noqa: BLE001 - each that waits must hear of it, whatever it is
            for _, future in batch:
                future.set_exception(error)
            return
        start = 0
        for texts, future in batch:
            future.set_result(vectors[start : start + len(texts)])
            start += len(texts)
