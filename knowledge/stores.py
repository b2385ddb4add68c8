"""The stores of one database, as the rest of the house gets them."""

import contextlib
from typing import NamedTuple

from knowledge.errors import StorageBusyError
from knowledge.servers.storage.protocols import Servers
from knowledge.servers.storage.sqlite import open_servers
from knowledge.settings import Settings
from knowledge.storage.example_protocols import ExampleStore
from knowledge.storage.library_protocols import LibraryStore
from knowledge.storage.member_protocols import MemberStore
from knowledge.storage.outbox_protocols import OutboxStore
from knowledge.storage.question_protocols import QuestionStore, SpendingStore
from knowledge.storage.sqlite.database import open_database
from knowledge.storage.sqlite.examples import SQLiteExampleStore
from knowledge.storage.sqlite.library import SQLiteStore
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


def open_stores(settings: Settings) -> Stores:
    """Return the stores in `settings.data_dir`, made where there are none.

    Raises:
        StorageError: The directory or the database cannot be used.
    """
    connections = open_database(settings.database_path)
    library = SQLiteStore(connections)
    with contextlib.suppress(StorageBusyError):  # whoever writes now leaves it to the next opening
        library.finish_scrub()
    return Stores(
        library=library,
        questions=SQLiteQuestionStore(connections, settings),
        spending=SQLiteSpending(connections),
        servers=open_servers(connections),
        examples=SQLiteExampleStore(connections),
        outbox=SQLiteOutboxStore(connections),
        members=SQLiteMemberStore(connections),
    )
