"""Step 7: sources that are refreshed, what was read from them, where a chunk stands in its file, what was proposed."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the columns and tables."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_STATEMENTS = (
    # Whether something was taken out of an answer because its document was removed or changed.
    "ALTER TABLE questions ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE documents ADD COLUMN author TEXT",
    "ALTER TABLE documents ADD COLUMN starts TEXT",
    "ALTER TABLE documents ADD COLUMN ends TEXT",
    "ALTER TABLE documents ADD COLUMN place TEXT",
    # The document that is shown in this one's place: nearly the same text.
    "ALTER TABLE documents ADD COLUMN duplicate_of TEXT REFERENCES documents (id)",
    # The content hash for which duplicates and proposals were last looked for.
    "ALTER TABLE documents ADD COLUMN studied TEXT",
    "CREATE INDEX documents_hidden ON documents (duplicate_of) WHERE duplicate_of IS NOT NULL",
    "CREATE INDEX documents_by_start ON documents (starts) WHERE starts IS NOT NULL",
    # "page 12", "slide 3", "at 12:40"
    "ALTER TABLE chunks ADD COLUMN locator TEXT",
    """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,           -- file, folder, page, sitemap, feed, calendar
        address TEXT NOT NULL UNIQUE, -- absolute path (perhaps with a pattern) or web address
        depth INTEGER NOT NULL,       -- how many links from a page are followed
        added_at TEXT NOT NULL,       -- ISO 8601, UTC, as all moments below
        last_checked TEXT,
        last_success TEXT,
        error TEXT,                   -- of the last check; NULL when it went well
        not_before TEXT               -- when its server allows to be asked again
    )
    """,
    """
    CREATE TABLE source_documents (
        source_id INTEGER NOT NULL REFERENCES sources (id),
        location TEXT NOT NULL,       -- of a document that the source gave when it was last read
        PRIMARY KEY (source_id, location)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX source_documents_by_location ON source_documents (location)",
    """
    CREATE TABLE origins (
        location TEXT PRIMARY KEY,    -- a file or an address that was read
        digest TEXT NOT NULL,         -- of its bytes and all else that its documents are made from
        etag TEXT,
        last_modified TEXT
    ) WITHOUT ROWID
    """,
    # Locations whose document a person removed: a refresh leaves them away.
    "CREATE TABLE withdrawn (location TEXT PRIMARY KEY) WITHOUT ROWID",
    """
    CREATE TABLE sketches (
        hash INTEGER NOT NULL,        -- of a run of words: a document's smallest ones, to find near-duplicates
        document_id TEXT NOT NULL REFERENCES documents (id),
        PRIMARY KEY (hash, document_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX sketches_by_document ON sketches (document_id)",
    """
    CREATE TABLE proposals (
        document_id TEXT NOT NULL REFERENCES documents (id),
        field TEXT NOT NULL,          -- a field of the metadata that nobody filled in
        value TEXT NOT NULL,          -- JSON
        reason TEXT NOT NULL,
        PRIMARY KEY (document_id, field)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE decisions (
        location TEXT NOT NULL,
        field TEXT NOT NULL,
        value TEXT,                   -- JSON; NULL: the field is to stay empty
        PRIMARY KEY (location, field)
    ) WITHOUT ROWID
    """,
)
