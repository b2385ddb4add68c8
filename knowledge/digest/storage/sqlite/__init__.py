"""Who wants the digest, in SQLite."""
