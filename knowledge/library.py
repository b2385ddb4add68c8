"""An open library: its stores, its model, its indexes and the search over them, made once from the settings."""

import contextlib
import threading
from collections.abc import Callable
from typing import NamedTuple, Self

from knowledge.accounts.storage.protocols import AccountStore
from knowledge.accounts.storage.sqlite.accounts import SQLiteAccountStore
from knowledge.answering.reader.packaged_reader import packaged_reader
from knowledge.answering.reader.scores import Reader
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.digest.storage.protocols import DigestStore
from knowledge.digest.storage.sqlite.digests import SQLiteDigestStore
from knowledge.errors import StorageBusyError
from knowledge.late_writes import LateWrites
from knowledge.models.accelerator import shared_accelerator
from knowledge.retrieval.current_embedder import CurrentEmbedder
from knowledge.retrieval.dense import DenseIndex
from knowledge.retrieval.embedder import Embedder, open_embedder, wanted_chunking
from knowledge.retrieval.lexical import LexicalIndex
from knowledge.retrieval.rerank import Reranker, reranker_from
from knowledge.retrieval.search import Searcher
from knowledge.servers.storage.protocols import Servers
from knowledge.servers.storage.sqlite import open_servers
from knowledge.settings import Settings
from knowledge.storage.claims import Claims
from knowledge.storage.engines import library_store, open_claims, open_connections
from knowledge.storage.example_protocols import ExampleStore
from knowledge.storage.insight_protocols import CuratedStore, InsightStore
from knowledge.storage.library_protocols import LibraryStore
from knowledge.storage.member_protocols import MemberStore
from knowledge.storage.outbox_protocols import OutboxStore
from knowledge.storage.question_protocols import QuestionStore, SpendingStore
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.curated_answers import SQLiteCuratedStore
from knowledge.storage.sqlite.examples import SQLiteExampleStore
from knowledge.storage.sqlite.insights import SQLiteInsightStore
from knowledge.storage.sqlite.members import SQLiteMemberStore
from knowledge.storage.sqlite.outbox import SQLiteOutboxStore
from knowledge.storage.sqlite.questions import SQLiteQuestionStore, SQLiteSpending


class Stores(NamedTuple):
    """The stores, by what each is about. All are of one database; closing the library closes it."""

    library: LibraryStore
    questions: QuestionStore
    spending: SpendingStore
    servers: Servers
    examples: ExampleStore
    outbox: OutboxStore
    members: MemberStore
    accounts: AccountStore
    digests: DigestStore
    insights: InsightStore
    curated: CuratedStore
    claims: Claims
    connections: Connections


def open_stores(settings: Settings, beside: Stores | None = None) -> Stores:
    """Return the stores of the settings' database, made where there are none.

    `beside` are another network's in this process, closed last: on a server both share connections.

    Raises:
        SettingsError: It is PostgreSQL, and what that takes is not installed.
        StorageError: The directory or the database cannot be used.
    """
    connections = open_connections(settings, beside and beside.connections)
    claims = open_claims(settings, beside and beside.claims)
    library = library_store(settings, connections)
    with contextlib.suppress(StorageBusyError):  # whoever writes now leaves it to the next opening
        library.finish_scrub()
    return Stores(
        library=library,
        questions=SQLiteQuestionStore(connections, settings),
        spending=SQLiteSpending(connections),
        servers=open_servers(connections),
        examples=SQLiteExampleStore(connections),
        outbox=SQLiteOutboxStore(connections, claims),
        members=SQLiteMemberStore(connections),
        accounts=SQLiteAccountStore(connections),
        digests=SQLiteDigestStore(connections),
        insights=SQLiteInsightStore(connections),
        curated=SQLiteCuratedStore(connections),
        claims=claims,
        connections=connections,
    )


class Library:
    """The library of every face and the indexer. Opening it reads no model and no index: they load on first use."""

    def __init__(
        self,
        settings: Settings,
        stores: Stores,
        embedder: Embedder,
        reranker: Reranker | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.settings = settings
        self.stores = stores
        self.store = stores.library
        self.questions = stores.questions
        self.spending = stores.spending
        self.servers = stores.servers
        self.examples = stores.examples
        self.outbox = stores.outbox
        self.members = stores.members
        self.accounts = stores.accounts
        self.digests = stores.digests
        self.insights = stores.insights
        self.curated = stores.curated
        self.claims = stores.claims
        self.reader = reader or packaged_reader(settings.device)
        self.accelerator = shared_accelerator(settings.device)
        self._reranker = reranker
        # The model that the settings ask for embeds what is stored. What is compared with it is embedded by the model
        # that the stored embeddings are of: another one, until the library is embedded anew.
        self.chosen_embedder = embedder
        self.embedder = CurrentEmbedder(settings, self.store, embedder)
        self.scales = SimilarityScales(settings.data_dir)
        self.late_writes = LateWrites(self.questions)
        self.embedding = threading.Lock()  # held by whoever embeds the whole library
        self.index = DenseIndex(self.store, settings.index_path)
        self.lexical = LexicalIndex(self.store, settings.lexical_index_path)
        self.searcher = Searcher(settings, self.store, self.embedder, self.index, self.lexical, reranker)
        self.words = self.searcher.words

    @classmethod
    def open(
        cls,
        settings: Settings,
        make_embedder: Callable[[Settings], Embedder] = open_embedder,
        *,
        make_reranker: Callable[[Settings], Reranker | None] = reranker_from,
    ) -> Self:
        """Open the library in `settings.data_dir`, making it where there is none.

        Raises:
            StorageError: The directory or the database cannot be used.
        """
        return cls(settings, open_stores(settings), make_embedder(settings), make_reranker(settings))

    def beside(self, settings: Settings) -> Self:
        """Open another network's library with the models of this one, which are in memory once.

        Raises:
            StorageError: The directory or the database cannot be used.
        """
        return type(self)(
            settings, open_stores(settings, self.stores), self.chosen_embedder, self._reranker, self.reader
        )

    @property
    def is_behind(self) -> bool:
        """Return whether the embeddings are of another model than the settings ask for, and nothing else differs."""
        identity = self.store.identity()
        return (
            identity is not None
            and identity.model != self.chosen_embedder.name
            and identity.chunking == wanted_chunking(self.settings)
        )

    @property
    def similarity(self) -> SimilarityScale:
        """Return the scale of the present embedder's cosines: what is compared with a threshold goes through it.

        A model that has none yet is given one, which takes seconds, once.

        Raises:
            SettingsError: The kept scales cannot be read.
            StorageError: A new scale cannot be kept.
        """
        return self.scales.of(self.embedder)

    @property
    def reader_problem(self) -> str | None:
        """Return why a weaker reader reads in the place of the right one, if one does."""
        problem: str | None = getattr(self.reader, "problem", None)
        return problem

    def refresh_indexes(self) -> None:
        """Have both indexes catch up with the store, and write their files where that is worth it."""
        self.index.refresh()
        self.lexical.refresh()

    def close(self) -> None:
        """Let go of the database, once what is to be kept of answers is written."""
        self.late_writes.close()
        self.claims.close()
        self.store.close()
