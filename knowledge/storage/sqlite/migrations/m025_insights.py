"""Step 25: vectors of logged questions, curated answers, dealt-with feedback, and since when documents are here.

Released: never edited.
"""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables; of the documents that are here already, the last change is the only date there is."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO document_arrivals (document_id, added_at, exact) SELECT id, updated_at, 0 FROM documents"
    )


_TABLES = (
    # Goes with its question: what is kept of a question is kept no longer than the question.
    """
    CREATE TABLE question_vectors (
        question_id TEXT PRIMARY KEY REFERENCES questions (id) ON DELETE CASCADE,
        model TEXT NOT NULL,          -- what built it
        vector BLOB NOT NULL          -- float16, little-endian
    )
    """,
    """
    CREATE TABLE settled_feedback (
        question_id TEXT PRIMARY KEY REFERENCES questions (id) ON DELETE CASCADE,
        settled_at TEXT NOT NULL      -- ISO 8601, UTC, as all moments here; a later vote opens it again
    ) WITHOUT ROWID
    """,
    # Messages to moderators that show a question. No reference: a question that is gone leaves its row until the
    # message is gone, too.
    """
    CREATE TABLE feedback_cards (
        question_id TEXT NOT NULL,
        channel_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL,
        PRIMARY KEY (question_id, channel_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE curated_answers (
        id TEXT PRIMARY KEY,          -- random
        question TEXT NOT NULL,
        wordings TEXT NOT NULL,       -- JSON list of other ways to ask it
        text TEXT NOT NULL,
        sources TEXT NOT NULL,        -- JSON list of {document_id, quote, content_hash}
        checked_on TEXT NOT NULL,     -- date
        review_by TEXT NOT NULL,      -- date
        member_id TEXT,               -- who checked it last; NULL once they are forgotten
        updated_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE curated_vectors (
        answer_id TEXT NOT NULL REFERENCES curated_answers (id) ON DELETE CASCADE,
        wording TEXT NOT NULL,
        model TEXT NOT NULL,
        vector BLOB NOT NULL,         -- float32, little-endian, unit length
        PRIMARY KEY (answer_id, wording, model)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE document_arrivals (
        document_id TEXT PRIMARY KEY,
        added_at TEXT NOT NULL,
        exact INTEGER NOT NULL,       -- 0: it was here before arrivals were noted, and this is its last change then
        removed_at TEXT
    ) WITHOUT ROWID
    """,
    """
    CREATE TRIGGER documents_arrive AFTER INSERT ON documents BEGIN
        INSERT OR IGNORE INTO document_arrivals (document_id, added_at, exact) VALUES (new.id, new.updated_at, 1);
    END
    """,
    """
    CREATE TRIGGER documents_leave AFTER DELETE ON documents BEGIN
        UPDATE document_arrivals SET removed_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')
        WHERE document_id = old.id;
    END
    """,
)
