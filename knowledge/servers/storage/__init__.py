"""The storage of the servers: protocols, and SQLite."""
