"""Step 1: the library, its documents, chunks, full text, embeddings and acronyms. Released: never edited again."""

import sqlite3
import uuid

# From this version on SQLite can also overwrite the deleted terms of a full-text index.
_FTS_SECURE_DELETE = (3, 42, 0)


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables of the library."""
    for statement in _LIBRARY_TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO library (uid, generation, change) VALUES (?, 0, '')", [uuid.uuid4().hex])
    if sqlite3.sqlite_version_info >= _FTS_SECURE_DELETE:
        for index in ("chunks_fts", "chunk_words"):
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('secure-delete', 1)")


_INDEX_NEW = """
    INSERT INTO chunks_fts (rowid, title, headings, text) VALUES (new.id, new.title, new.headings, new.text);
    INSERT INTO chunk_words (rowid, title, headings, text) VALUES (new.id, new.title, new.headings, new.text);
"""
_UNINDEX_OLD = """
    INSERT INTO chunks_fts (chunks_fts, rowid, title, headings, text)
    VALUES ('delete', old.id, old.title, old.headings, old.text);
    INSERT INTO chunk_words (chunk_words, rowid, title, headings, text)
    VALUES ('delete', old.id, old.title, old.headings, old.text);
"""
_LIBRARY_TABLES = (
    """
    CREATE TABLE library (
        uid TEXT NOT NULL,            -- names this database: a cache made from another one is no use
        generation INTEGER NOT NULL,  -- grows by one with each committed change of content
        change TEXT NOT NULL,         -- random, new with each change: a restored backup repeats no state of a cache
        model TEXT,                   -- what built the embeddings; NULL while there are none
        dimension INTEGER,
        chunking TEXT,
        last_change TEXT              -- ISO 8601, UTC
    )
    """,
    "CREATE TABLE flags (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """
    CREATE TABLE documents (
        id TEXT PRIMARY KEY,
        location TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        organisation TEXT,
        nation TEXT,
        region TEXT,
        pillars TEXT NOT NULL,        -- JSON list
        level TEXT,
        outcome TEXT,
        evidence TEXT,
        published TEXT,
        source_title TEXT,
        url TEXT,
        sections TEXT NOT NULL,       -- JSON list of {heading_path, text}: a rebuild needs no sources
        content_hash TEXT NOT NULL,
        updated_at TEXT NOT NULL      -- ISO 8601, UTC
    )
    """,
    # Every id ever given out, so that none is given out twice.
    "CREATE TABLE document_ids (id TEXT PRIMARY KEY)",
    """
    CREATE TABLE embeddings (
        hash TEXT PRIMARY KEY,        -- of the text that the model saw
        vector BLOB NOT NULL          -- float32, little-endian, unit length
    )
    """,
    """
    CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id TEXT NOT NULL REFERENCES documents (id),
        ordinal INTEGER NOT NULL,
        title TEXT NOT NULL,          -- of the document; here because full text is searched by it
        headings TEXT NOT NULL,       -- heading path, outermost first, one a line
        text TEXT NOT NULL,
        embedding_hash TEXT NOT NULL REFERENCES embeddings (hash)
    )
    """,
    "CREATE INDEX chunks_by_document ON chunks (document_id, ordinal)",
    "CREATE INDEX chunks_by_embedding ON chunks (embedding_hash)",
    """
    CREATE VIRTUAL TABLE chunks_fts USING fts5 (
        title, headings, text, content='chunks', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    # The words as written, without positions: what slips are mended with.
    """
    CREATE VIRTUAL TABLE chunk_words USING fts5 (
        title, headings, text, content='chunks', content_rowid='id', detail='none', columnsize=0,
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab (chunk_words, 'row')",
    """
    CREATE TABLE acronyms (
        short TEXT NOT NULL,
        long TEXT NOT NULL,
        stated INTEGER NOT NULL,      -- 1: a text says so in brackets; 0: the initials of a name in a text
        document_id TEXT NOT NULL REFERENCES documents (id),
        PRIMARY KEY (document_id, short, long, stated)
    ) WITHOUT ROWID
    """,
    f"CREATE TRIGGER chunks_inserted AFTER INSERT ON chunks BEGIN {_INDEX_NEW} END",
    f"CREATE TRIGGER chunks_deleted AFTER DELETE ON chunks BEGIN {_UNINDEX_OLD} END",
    # A change of ordinal alone is no change of text, so it costs the full text nothing.
    "CREATE TRIGGER chunks_updated AFTER UPDATE OF title, headings, text ON chunks BEGIN "
    f"{_UNINDEX_OLD} {_INDEX_NEW} END",
)
