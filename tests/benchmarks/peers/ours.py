"""HALN Assistant's search as a system of the comparison, over a library that is made already."""

from pathlib import Path

from bot.evaluation.retrieval import LOCATION_PREFIX
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch
from tests.benchmarks.peers.worker import FOUND


class Ours:
    """The hybrid search of the product, its database included."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "library"
        self.library = Library.open(Settings(data_dir=self.path, starter_library=Switch.OFF), open_embedder)
        self.library.index.discard()
        self.library.lexical.discard()
        self.library.refresh_indexes()
        self._names = {d.id: d.location.removeprefix(LOCATION_PREFIX) for d in self.library.store.documents()}

    def search(self, text: str) -> list[str]:
        return [self._names[one.document_id] for one in self.library.searcher.search(text, FOUND).results]
