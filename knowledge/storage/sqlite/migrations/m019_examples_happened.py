"""Step 19: when and in which region an example happened, and corrections of published ones. Released: never edited."""

import sqlite3


def apply(connection: sqlite3.Connection) -> None:
    """Add the columns, and name them in the view of what is published."""
    for statement in _STATEMENTS:
        connection.execute(statement)


_STATEMENTS = (
    "ALTER TABLE submissions ADD COLUMN region TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE submissions ADD COLUMN happened_from TEXT",
    "ALTER TABLE submissions ADD COLUMN happened_to TEXT",
    # The published example that this one would correct.
    "ALTER TABLE submissions ADD COLUMN corrects TEXT REFERENCES submissions (id)",
    # JSON object: what fields said before a moderator changed them, or before a correction.
    "ALTER TABLE submissions ADD COLUMN base TEXT NOT NULL DEFAULT '{}'",
    "CREATE INDEX submissions_by_correction ON submissions (corrects)",
    "DROP VIEW published_examples",
    """
    CREATE VIEW published_examples AS
    SELECT id, title, what, for_whom, what_happened, differently, measured, pillars, outcome, level, nation, region,
           happened_from, happened_to,
           CASE credit WHEN 'anonymous' THEN NULL ELSE nullif(organisation, '') END AS organisation,
           CASE credit WHEN 'named' THEN name END AS name,
           credit, published, review_on
    FROM submissions LEFT JOIN example_people ON ref = author WHERE state = 'published'
    """,
)
