"""Step 28: which chunks each change was about, so that an index reads the difference. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables and what fills them; from the present state on, changes are known."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_NOTE = "INSERT OR IGNORE INTO changed_chunks (generation, chunk_id) SELECT library.generation, "
_STATEMENTS = (
    # A state of the library that an index may be of. A restored backup goes on with other values of `change`.
    "CREATE TABLE library_states (generation INTEGER PRIMARY KEY, change TEXT NOT NULL)",
    "INSERT INTO library_states (generation, change) SELECT generation, change FROM library",
    """
    CREATE TABLE changed_chunks (
        generation INTEGER NOT NULL,  -- the one that was in force while the chunk was written
        chunk_id INTEGER NOT NULL,
        PRIMARY KEY (generation, chunk_id)
    ) WITHOUT ROWID
    """,
    f"CREATE TRIGGER chunks_insert_noted AFTER INSERT ON chunks BEGIN {_NOTE} new.id FROM library; END",
    f"CREATE TRIGGER chunks_delete_noted AFTER DELETE ON chunks BEGIN {_NOTE} old.id FROM library; END",
    "CREATE TRIGGER chunks_update_noted AFTER UPDATE OF title, headings, text, embedding_hash ON chunks "
    f"BEGIN {_NOTE} new.id FROM library; END",
    "CREATE TRIGGER documents_hidden_noted AFTER UPDATE OF duplicate_of ON documents "
    f"WHEN old.duplicate_of IS NOT new.duplicate_of BEGIN {_NOTE} chunks.id FROM library, chunks "
    "WHERE chunks.document_id = new.id; END",
    # Another random number with each change of acronyms: whoever has read them knows whether they are still the same.
    "ALTER TABLE library ADD COLUMN acronyms_state INTEGER NOT NULL DEFAULT 0",
    "CREATE TRIGGER acronyms_inserted AFTER INSERT ON acronyms BEGIN UPDATE library SET acronyms_state = random(); END",
    "CREATE TRIGGER acronyms_deleted AFTER DELETE ON acronyms BEGIN UPDATE library SET acronyms_state = random(); END",
    # What is asked of all documents is read from these alone, without their texts.
    "CREATE INDEX documents_by_organisation ON documents (organisation, region)",
    "CREATE INDEX documents_by_kind ON documents (kind, published)",
    "CREATE INDEX documents_by_nation ON documents (nation)",
    "CREATE INDEX documents_unstudied ON documents (id) WHERE studied IS NOT content_hash",
    "CREATE INDEX documents_by_outcome ON documents (outcome)",
)
