"""An open library: its store, its model, its dense index and the search over them, made once from the settings."""

from collections.abc import Callable
from typing import Self

from knowledge.retrieval.dense import DenseIndex
from knowledge.retrieval.embedder import Embedder, SentenceTransformerEmbedder
from knowledge.retrieval.search import Searcher
from knowledge.settings import Settings
from knowledge.storage.protocols import LibraryStore
from knowledge.storage.question_log import QuestionStore
from knowledge.storage.sqlite import SQLiteQuestionStore, SQLiteStore, open_database


class Library:
    """What every face and the indexer work on. Opening it reads no model and no index: they load on first use."""

    def __init__(self, settings: Settings, store: LibraryStore, embedder: Embedder, questions: QuestionStore) -> None:
        self.settings = settings
        self.store = store
        self.questions = questions
        self.embedder = embedder
        self.index = DenseIndex(store, settings.index_path)
        self.searcher = Searcher(settings, store, embedder, self.index)

    @classmethod
    def open(
        cls, settings: Settings, make_embedder: Callable[[Settings], Embedder] = SentenceTransformerEmbedder
    ) -> Self:
        """Open the library in `settings.data_dir`, making it where there is none.

        Raises:
            StorageError: The directory or the database cannot be used.
        """
        connections = open_database(settings.database_path)
        return cls(
            settings, SQLiteStore(connections), make_embedder(settings), SQLiteQuestionStore(connections, settings)
        )

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()
