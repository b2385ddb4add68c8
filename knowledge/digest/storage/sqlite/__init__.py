"""Storage of who wants the digest, in SQLite."""
