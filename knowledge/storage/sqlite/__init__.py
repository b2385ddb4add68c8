"""The library in one SQLite file, with WAL and FTS5."""

from knowledge.storage.sqlite.database import open_database
from knowledge.storage.sqlite.store import SQLiteStore

__all__ = ["SQLiteStore", "open_database"]
