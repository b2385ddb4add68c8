"""The library in PostgreSQL: full text by its text search, vectors by pgvector, rows by the stores that SQLite has."""
