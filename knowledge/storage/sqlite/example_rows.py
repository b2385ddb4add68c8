"""Submissions and their audit as rows. Functions over an open connection; writers hold a write transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from itertools import chain

from knowledge.domain.examples import Action, Author, Content, Event, Finding, Role, State, Submission
from knowledge.errors import QuestionError
from knowledge.storage.example_protocols import Selection

_CONTENT = tuple(Content.model_fields)
_PLAIN = (
    "id",
    "state",
    "version",
    "origin",
    "created_at",
    "updated_at",
    "state_since",
    "claimed_at",
    "published",
    "review_on",
    "merged_into",
    "corrects",
)
# The longest that an id of a member or a request may be: a server's index takes two thousand bytes.
LONGEST_ID = 200
# No library has as many.
_ALL = 2**62
_SELECT = f"""
    SELECT {", ".join(f"submissions.{column}" for column in (*_PLAIN, *_CONTENT, "findings", "base"))},
           author.member AS author_member, author.name AS author_name, claimant.member AS claimed_by
    FROM submissions
    LEFT JOIN example_people AS author ON author.ref = submissions.author
    LEFT JOIN example_people AS claimant ON claimant.ref = submissions.claimed_by
"""


def require_short(given: str | None, what: str) -> None:
    """Accept an id that both databases can keep in an index.

    Raises:
        QuestionError: It is too long.
    """
    if given is not None and len(given) > LONGEST_ID:
        raise QuestionError(f"{what} has {LONGEST_ID} characters at most, and this one has {len(given)}.")


def person(connection: sqlite3.Connection, member: str | None, name: str | None = None) -> int | None:
    """Return the number of a person, who is noted if new; `None` for nobody. A name replaces the one that is known.

    Raises:
        QuestionError: The id is longer than any is.
    """
    require_short(member, "A member's id")
    if member is None:
        if name is None:
            return None
        made = connection.execute("INSERT INTO example_people (name) VALUES (?) RETURNING ref", [name])
        return int(made.fetchone()[0])
    connection.execute("INSERT INTO example_people (member) VALUES (?) ON CONFLICT DO NOTHING", [member])
    if name is not None:
        connection.execute("UPDATE example_people SET name = ? WHERE member = ?", [name, member])
    return int(connection.execute("SELECT ref FROM example_people WHERE member = ?", [member]).fetchone()[0])


def insert(connection: sqlite3.Connection, submission: Submission) -> None:
    """Store a new submission."""
    author = person(connection, submission.author.member, submission.author.name)
    values = {**_columns(connection, submission), "author": author}
    connection.execute(
        f"INSERT INTO submissions ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})",
        list(values.values()),
    )


def update(connection: sqlite3.Connection, before: Submission, after: Submission) -> None:
    """Store what a submission is now. Its author stays; only the name they are credited with may change."""
    if after.author.name is not None and after.author != before.author:
        connection.execute(
            "UPDATE example_people SET name = ? WHERE ref = (SELECT author FROM submissions WHERE id = ?)",
            [after.author.name, after.id],
        )
    values = _columns(connection, after)
    connection.execute(
        f"UPDATE submissions SET {', '.join(f'{column} = ?' for column in values)} WHERE id = ?",
        [*values.values(), after.id],
    )
    if after.content != before.content:
        connection.execute("DELETE FROM submission_vectors WHERE submission_id = ?", [after.id])


def _columns(connection: sqlite3.Connection, submission: Submission) -> dict[str, object]:
    values = submission.model_dump(mode="json", include=set(_PLAIN))
    values |= submission.content.model_dump(mode="json")
    values["pillars"] = json.dumps(values["pillars"])
    values["findings"] = json.dumps([finding.model_dump() for finding in submission.findings])
    values["base"] = json.dumps(dict(submission.base))
    values["claimed_by"] = person(connection, submission.claimed_by)
    return values


def add_event(connection: sqlite3.Connection, submission_id: str, event: Event, request_id: str | None = None) -> None:
    """Add a line to the audit.

    Raises:
        QuestionError: An id in it is longer than any is.
    """
    require_short(request_id, "A request's id")
    values = event.model_dump(mode="json", exclude={"actor"})
    values |= {"submission_id": submission_id, "actor": person(connection, event.actor), "request_id": request_id}
    connection.execute(
        f"INSERT INTO review_events ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})",
        list(values.values()),
    )


def find(connection: sqlite3.Connection, submission_id: str) -> Submission | None:
    """Return the submission with that id."""
    row = connection.execute(f"{_SELECT} WHERE submissions.id = ?", [submission_id]).fetchone()
    return _submission(row) if row else None


def requested(connection: sqlite3.Connection, member: str | None, request_id: str) -> Submission | None:
    """Return the submission that a request made or changed."""
    row = connection.execute(
        "SELECT submission_id FROM review_events WHERE request_id = ? "
        "AND coalesce(actor, 0) = coalesce((SELECT ref FROM example_people WHERE member = ?), 0)",
        [request_id, member],
    ).fetchone()
    return find(connection, row[0]) if row else None


def history(connection: sqlite3.Connection, submission_id: str) -> list[Event]:
    """Return a submission's audit, oldest first."""
    rows = connection.execute(
        """
        SELECT at, action, from_state, to_state, member AS actor, role, by_author, reason, version
        FROM review_events LEFT JOIN example_people ON ref = actor WHERE submission_id = ? ORDER BY id
        """,
        [submission_id],
    )
    return [
        Event(
            at=row["at"],
            action=Action(row["action"]),
            from_state=State(row["from_state"]) if row["from_state"] else None,
            to_state=State(row["to_state"]),
            actor=row["actor"],
            role=Role(row["role"]),
            by_author=bool(row["by_author"]),
            reason=row["reason"],
            version=row["version"],
        )
        for row in rows
    ]


def select(connection: sqlite3.Connection, selection: Selection, limit: int | None, offset: int) -> list[Submission]:
    """Return submissions that fit, those that have been in their state longest first."""
    tests: list[tuple[str, list[object]]] = []
    if selection.states:
        tests.append(("state IN (SELECT value FROM json_each(?))", [json.dumps(list(selection.states))]))
    if selection.pillar is not None:
        tests.append(("EXISTS (SELECT 1 FROM json_each(pillars) WHERE value = ?)", [str(selection.pillar)]))
    for test, value in (
        ("author.member = ?", selection.author),
        ("nation = ?", selection.nation),
        ("outcome = ?", selection.outcome),
        ("published >= ?", selection.since),
        ("published <= ?", selection.until),
        ("review_on <= ?", selection.review_by),
        ("corrects = ?", selection.corrects),
        # As far as dates are known: what happened in 2023 meets June 2023 as well.
        (
            "coalesce(happened_to, happened_from) >= substr(?, 1, length(coalesce(happened_to, happened_from)))",
            selection.happened_since,
        ),
        ("coalesce(happened_from, happened_to) <= ?", selection.happened_until),
    ):
        if value is not None:
            tests.append((test, [str(value)]))
    if selection.region is not None:
        tests.append(("region IN (SELECT value FROM json_each(?))", [_regions(connection, selection.region)]))
    where = " AND ".join(test for test, _ in tests) or "true"
    rows = connection.execute(
        f"{_SELECT} WHERE {where} ORDER BY state_since, submissions.id LIMIT ? OFFSET ?",
        [*chain.from_iterable(values for _, values in tests), _ALL if limit is None else min(limit, _ALL), offset],
    )
    return [_submission(row) for row in rows]


def _regions(connection: sqlite3.Connection, wanted: str) -> str:
    """Return the regions that are this one in other letters, as JSON: what databases know of capitals differs."""
    named = connection.execute("SELECT DISTINCT region FROM submissions WHERE region IS NOT NULL")
    return json.dumps([row[0] for row in named if row[0].casefold() == wanted.casefold()])


def _submission(row: sqlite3.Row) -> Submission:
    content = {column: row[column] for column in _CONTENT}
    content |= {"pillars": json.loads(content["pillars"]), "clearance": bool(content["clearance"])}
    return Submission(
        **{column: row[column] for column in _PLAIN},
        content=Content.model_validate(content),
        author=Author(member=row["author_member"], name=row["author_name"]),
        findings=_findings(json.loads(row["findings"])),
        base=json.loads(row["base"]),
        claimed_by=row["claimed_by"],
    )


def _findings(found: Sequence[dict[str, object]]) -> tuple[Finding, ...]:
    return tuple(Finding.model_validate(finding) for finding in found)
