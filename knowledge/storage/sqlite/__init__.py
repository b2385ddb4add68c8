"""The library in one SQLite file, with WAL and FTS5."""

from knowledge.storage.sqlite.connection import open_database
from knowledge.storage.sqlite.examples import SQLiteExampleStore
from knowledge.storage.sqlite.library import SQLiteStore
from knowledge.storage.sqlite.outbox import SQLiteOutboxStore
from knowledge.storage.sqlite.questions import SQLiteQuestionStore

__all__ = ["SQLiteExampleStore", "SQLiteOutboxStore", "SQLiteQuestionStore", "SQLiteStore", "open_database"]
