"""Deletion of old submissions, and whether submissions, audit and documents agree. Functions over a connection."""

import sqlite3

from knowledge.domain.examples import TEXT_FIELDS
from knowledge.storage.example_protocols import Tidied
from knowledge.storage.sqlite.outbox import OF_EXAMPLES

_TEXTS = (*TEXT_FIELDS, "region", "organisation")
_BLANK = (
    ", ".join(f"{column} = ''" for column in _TEXTS)
    + ", findings = '[]', base = '{}', author = NULL, claimed_by = NULL"
)
_OVER = "state IN ('declined', 'withdrawn', 'applied')"


def forget(connection: sqlite3.Connection, member: str, *, keep_names: bool = False) -> None:
    """Erase a member: who gave what, drafts, messages to them, the text of all that is not published.

    `keep_names`: what is published stays credited with their name, which belongs to nobody any more.
    """
    row = connection.execute("SELECT ref FROM example_people WHERE member = ?", [member]).fetchone()
    connection.execute(f"DELETE FROM outbox WHERE recipient = ? AND {OF_EXAMPLES}", [member])
    if row is None:
        return
    connection.execute("DELETE FROM submissions WHERE author = ? AND state = 'draft'", [row[0]])
    # What somebody else would have corrected in their words is in their words.
    _blank(connection, f"corrects IN (SELECT id FROM submissions WHERE author = ?) AND {_OVER}", row[0])
    # A reason is written to an author about their work, and may name them.
    _take_reasons(connection, "author = ?", row[0])
    _blank(connection, "author = ? AND state NOT IN ('approved', 'published')", row[0])
    connection.execute("DELETE FROM example_bans WHERE person = ?", [row[0]])
    if keep_names:
        connection.execute("UPDATE example_people SET member = NULL WHERE ref = ?", [row[0]])
        return
    connection.execute("UPDATE submissions SET author = NULL WHERE author = ?", [row[0]])
    connection.execute("UPDATE example_people SET member = NULL, name = NULL WHERE ref = ?", [row[0]])


def tidy(connection: sqlite3.Connection, drafts_before: str, texts_before: str, messages_before: str) -> Tidied:
    """Delete drafts, the texts and authors of what is over, and messages, that are older than these moments."""
    drafts = connection.execute(
        "DELETE FROM submissions WHERE state = 'draft' AND updated_at < ?", [drafts_before]
    ).rowcount
    texts = _blank(connection, f"{_OVER} AND state_since < ? AND what <> ''", texts_before)
    # Who has nothing here any more, and has not acted for as long, need not be known either.
    connection.execute(
        """
        UPDATE example_people SET member = NULL, name = NULL WHERE member IS NOT NULL
          AND ref NOT IN (SELECT author FROM submissions WHERE author IS NOT NULL)
          AND ref NOT IN (SELECT claimed_by FROM submissions WHERE claimed_by IS NOT NULL)
          AND ref NOT IN (SELECT person FROM example_bans)
          AND ref NOT IN (SELECT actor FROM review_events WHERE at >= ? AND actor IS NOT NULL)
        """,
        [texts_before],
    )
    # Also what no face has come for: where nobody delivers messages, they are not kept for ever.
    messages = connection.execute(
        "DELETE FROM outbox WHERE coalesce(done_at, created_at) < ?", [messages_before]
    ).rowcount
    return Tidied(drafts=drafts, texts=texts, messages=messages)


def _blank(connection: sqlite3.Connection, condition: str, value: object) -> int:
    """Delete the words and the author of submissions; that they were there, and their audit, stays."""
    connection.execute(
        f"DELETE FROM submission_vectors WHERE submission_id IN (SELECT id FROM submissions WHERE {condition})", [value]
    )
    _take_reasons(connection, condition, value)
    return connection.execute(f"UPDATE submissions SET {_BLANK} WHERE {condition}", [value]).rowcount


def _take_reasons(connection: sqlite3.Connection, condition: str, value: object) -> None:
    """Take the moderators' reasons out of the audit of submissions; that of a merger names an id and nobody."""
    connection.execute(
        f"""
        UPDATE review_events SET reason = NULL
        WHERE reason IS NOT NULL AND submission_id IN (SELECT id FROM submissions WHERE {condition})
          AND reason NOT IN (
            SELECT merged.reason FROM review_events AS merged
            WHERE merged.submission_id = review_events.submission_id AND merged.action = 'merge'
              AND merged.reason IS NOT NULL
        )
        """,
        [value],
    )


def problems(connection: sqlite3.Connection) -> list[str]:
    """Return every disagreement, one line each."""
    checks = (
        (
            "SELECT id FROM submissions WHERE state = 'published' "
            "AND 'example:' || id NOT IN (SELECT location FROM documents)",
            "example {} is published, but the library does not hold it: `haln examples tag` publishes it anew, "
            "`haln examples withdraw` takes it back",
        ),
        (
            "SELECT location FROM documents WHERE location LIKE 'example:%' AND location NOT IN "
            "(SELECT 'example:' || id FROM submissions WHERE state IN ('approved', 'published'))",
            "the library holds {}, which is not approved",
        ),
        (
            "SELECT id FROM submissions WHERE state <> (SELECT to_state FROM review_events "
            "WHERE submission_id = submissions.id ORDER BY review_events.id DESC LIMIT 1)",
            "example {} is not in the state that its audit says",
        ),
        (
            "SELECT id FROM submissions WHERE id NOT IN (SELECT submission_id FROM review_events)",
            "example {} has no audit",
        ),
    )
    return [line.format(row[0]) for query, line in checks for row in connection.execute(query)]
