"""Step 6: shared examples, their audit, and the outbox. Who somebody is stands in `example_people` and nowhere else."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Make the tables of shared examples and the outbox."""
    for statement in _TABLES:
        connection.execute(statement)


_TABLES = (
    # Everything else points here by number, so that one row erased is a person erased, and the audit stays.
    """
    CREATE TABLE example_people (
        ref INTEGER PRIMARY KEY AUTOINCREMENT,
        member TEXT UNIQUE,           -- a member's id; NULL for people known by name only, and once erased
        name TEXT
    )
    """,
    """
    CREATE TABLE submissions (
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        version INTEGER NOT NULL,
        author INTEGER REFERENCES example_people (ref),
        title TEXT NOT NULL,
        what TEXT NOT NULL,
        for_whom TEXT NOT NULL,
        what_happened TEXT NOT NULL,
        differently TEXT NOT NULL,
        measured TEXT NOT NULL,
        pillars TEXT NOT NULL,        -- JSON list
        outcome TEXT,
        level TEXT,
        nation TEXT,
        organisation TEXT NOT NULL,
        credit TEXT,
        clearance INTEGER NOT NULL,
        findings TEXT NOT NULL,       -- JSON list of places that may identify a person; never the words themselves
        origin TEXT NOT NULL,         -- form, file, import ...
        created_at TEXT NOT NULL,     -- ISO 8601, UTC, as all times here
        updated_at TEXT NOT NULL,
        state_since TEXT NOT NULL,
        claimed_by INTEGER REFERENCES example_people (ref),
        claimed_at TEXT,
        published TEXT,               -- date
        review_on TEXT,               -- date
        merged_into TEXT REFERENCES submissions (id)
    )
    """,
    "CREATE INDEX submissions_by_state ON submissions (state, state_since)",
    "CREATE INDEX submissions_by_author ON submissions (author)",
    "CREATE INDEX submissions_by_merge ON submissions (merged_into)",
    """
    CREATE TABLE submission_vectors (
        submission_id TEXT PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE,
        model TEXT NOT NULL,
        vector BLOB NOT NULL          -- float32, little-endian, unit length
    )
    """,
    """
    CREATE TABLE review_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        submission_id TEXT NOT NULL,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        from_state TEXT,
        to_state TEXT NOT NULL,
        actor INTEGER REFERENCES example_people (ref),
        role TEXT NOT NULL,
        by_author INTEGER NOT NULL,
        reason TEXT,
        version INTEGER NOT NULL,
        request_id TEXT
    )
    """,
    "CREATE INDEX review_events_by_submission ON review_events (submission_id, id)",
    # The same request of the same person acts once.
    "CREATE UNIQUE INDEX review_events_by_request ON review_events (coalesce(actor, 0), request_id) "
    "WHERE request_id IS NOT NULL",
    "CREATE TRIGGER review_events_stay BEFORE UPDATE ON review_events "
    "BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END",
    "CREATE TRIGGER review_events_remain BEFORE DELETE ON review_events "
    "BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END",
    """
    CREATE TABLE example_bans (
        person INTEGER PRIMARY KEY REFERENCES example_people (ref),
        since TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE notices (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,     -- stays when the rest is deleted, so that nothing is said twice
        recipient TEXT,               -- NULL once delivered or given up
        kind TEXT NOT NULL,
        data TEXT NOT NULL,           -- JSON object; empty once delivered or given up
        created_at TEXT NOT NULL,
        due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        lease TEXT,
        leased_until TEXT,
        done_at TEXT,                 -- delivered or given up
        error TEXT                    -- why it was given up, or failed last
    )
    """,
    "CREATE INDEX notices_waiting ON notices (recipient, seq) WHERE done_at IS NULL",
    # For whoever looks at the database itself: what is published, as it is credited.
    """
    CREATE VIEW published_examples AS
    SELECT id, title, what, for_whom, what_happened, differently, measured, pillars, outcome, level, nation,
           CASE credit WHEN 'anonymous' THEN NULL ELSE nullif(organisation, '') END AS organisation,
           CASE credit WHEN 'named' THEN name END AS name,
           credit, published, review_on
    FROM submissions LEFT JOIN example_people ON ref = author WHERE state = 'published'
    """,
    # Whatever a program does, the library never holds the document of an example that nobody has approved.
    """
    CREATE TRIGGER documents_of_examples_are_approved BEFORE INSERT ON documents
    WHEN new.location LIKE 'example:%' AND NOT EXISTS (
        SELECT 1 FROM submissions WHERE 'example:' || id = new.location AND state IN ('approved', 'published')
    )
    BEGIN SELECT RAISE (ABORT, 'this example is not approved'); END
    """,
)
