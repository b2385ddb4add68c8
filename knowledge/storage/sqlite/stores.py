"""Opens every store of the one SQLite file."""

import contextlib

from knowledge.errors import StorageBusyError
from knowledge.servers.storage.sqlite import open_servers
from knowledge.settings import Settings
from knowledge.storage.sqlite.database import open_database
from knowledge.storage.sqlite.examples import SQLiteExampleStore
from knowledge.storage.sqlite.library import SQLiteStore
from knowledge.storage.sqlite.members import SQLiteMemberStore
from knowledge.storage.sqlite.outbox import SQLiteOutboxStore
from knowledge.storage.sqlite.questions import SQLiteQuestionStore
from knowledge.storage.sqlite.spending import SQLiteSpending
from knowledge.storage.stores import Stores


def open_stores(settings: Settings) -> Stores:
    """The stores in `settings.data_dir`, made where there are none.

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
