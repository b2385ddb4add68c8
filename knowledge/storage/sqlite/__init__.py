"""The library in one SQLite file, with WAL and FTS5."""

from knowledge.storage.sqlite.store import SQLiteStore

__all__ = ["SQLiteStore"]
