"""Step 21: how documents and examples say that work was measured. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the columns, and name those of examples in the view of what is published."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_STATEMENTS = (
    # JSON array of objects: indicator, baseline, period.
    "ALTER TABLE documents ADD COLUMN measured TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE submissions ADD COLUMN indicator TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE submissions ADD COLUMN baseline TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE submissions ADD COLUMN measured_period TEXT NOT NULL DEFAULT ''",
    "DROP VIEW published_examples",
    """
    CREATE VIEW published_examples AS
    SELECT id, title, what, for_whom, what_happened, differently, measured, indicator, baseline, measured_period,
           pillars, outcome, level, nation, region, happened_from, happened_to,
           CASE credit WHEN 'anonymous' THEN NULL ELSE nullif(organisation, '') END AS organisation,
           CASE credit WHEN 'named' THEN name END AS name,
           credit, published, review_on
    FROM submissions LEFT JOIN example_people ON ref = author WHERE state = 'published'
    """,
)
