"""Step 32: documents in the order of their titles, so that a page of a list is read alone. Released: never edited."""

import sqlite3

# Every column that a list is restricted or put in order by: the texts, which stand between them, are not read.
_INDEXES = (
    "CREATE INDEX documents_listed ON documents (title_order, id, kind, nation, outcome, evidence, stage, level, "
    "pillars, measured) WHERE duplicate_of IS NULL",
    "CREATE INDEX documents_by_evidence ON documents (evidence)",
    "CREATE INDEX documents_by_stage ON documents (stage)",
    "CREATE INDEX documents_by_level ON documents (level)",
    "CREATE INDEX documents_by_pillars ON documents (pillars)",
    "CREATE INDEX documents_measured ON documents (id) WHERE measured <> '[]'",
    "CREATE INDEX documents_to_review ON documents (review_by, superseded_by, id) "
    "WHERE review_by IS NOT NULL OR superseded_by IS NOT NULL",
    "CREATE INDEX documents_by_url ON documents (url) WHERE url IS NOT NULL",
)


def apply(connection: sqlite3.Connection) -> None:
    """Add the column with what is in it, then the indexes."""
    # The title with its letters folded, as titles are compared.
    connection.execute("ALTER TABLE documents ADD COLUMN title_order TEXT NOT NULL DEFAULT ''")
    fill(connection)
    for statement in _INDEXES:
        connection.execute(statement)


def fill(connection: sqlite3.Connection) -> None:
    """Write what the documents of an older database are put in order by; only Python folds letters so."""
    titles = connection.execute("SELECT title, id FROM documents").fetchall()
    connection.executemany(
        "UPDATE documents SET title_order = ? WHERE id = ?", [(row[0].casefold(), row[1]) for row in titles]
    )
