"""The library in one SQLite file, with WAL and FTS5."""

from knowledge.storage.sqlite.database import open_database
from knowledge.storage.sqlite.questions import SQLiteQuestionStore
from knowledge.storage.sqlite.store import SQLiteStore

__all__ = ["SQLiteQuestionStore", "SQLiteStore", "open_database"]
