"""The SQLite store of shared examples: `ExampleStore` over one file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.domain.examples import LOCATION_PREFIX, Actor, Change, Command, DocumentEffect, Event, State, Submission
from knowledge.errors import ExampleNotFoundError
from knowledge.storage.example_protocols import Decide, ExampleStore, Selection, Stored, Tidied
from knowledge.storage.sqlite import documents as document_rows
from knowledge.storage.sqlite import example_retention as retention
from knowledge.storage.sqlite import example_rows as rows
from knowledge.storage.sqlite.clock import Part, observe
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.outbox import enqueue

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors


class SQLiteExampleStore(ConnectedStore, ExampleStore):
    """`ExampleStore` over one file; see there for what each method promises."""

    def add(self, change: Change, request: tuple[Actor, str] | None = None) -> Stored:
        with self._connections.write() as connection:
            if request and (made := rows.requested(connection, request[0].id, request[1])):
                return Stored(made, repeated=True)
            rows.insert(connection, change.submission)
            self._note(connection, change, request[1] if request else None)
        return Stored(change.submission, repeated=False)

    def change(self, submission_id: str, command: Command, decide: Decide) -> Stored:
        with self._connections.write() as connection:
            if command.request_id and (made := rows.requested(connection, command.actor.id, command.request_id)):
                return Stored(made, repeated=True)
            before = rows.find(connection, submission_id)
            if before is None:
                raise ExampleNotFoundError(
                    f"There is no example with the id {submission_id}. `haln examples list` shows ids."
                )
            change = decide(before, rows.history(connection, submission_id))
            rows.update(connection, before, change.submission)
            self._note(connection, change, command.request_id)
            _settle_document(connection, change)
        return Stored(change.submission, repeated=False)

    def discard(self, submission_id: str) -> bool:
        with self._connections.write() as connection:
            deleted = connection.execute("DELETE FROM submissions WHERE id = ? AND state = 'draft'", [submission_id])
            return deleted.rowcount > 0

    def find(self, submission_id: str) -> Submission | None:
        with self._connections.read() as connection:
            return rows.find(connection, submission_id)

    def history(self, submission_id: str) -> list[Event]:
        with self._connections.read() as connection:
            return rows.history(connection, submission_id)

    def requested(self, actor: Actor, request_id: str) -> Submission | None:
        with self._connections.read() as connection:
            return rows.requested(connection, actor.id, request_id)

    def last_request(self, actor: Actor, beginning: str) -> str | None:
        """Return the last of this actor's requests that begins so."""
        with self._connections.read() as connection:
            # As the index has it: nobody's number is 0.
            row = connection.execute(
                "SELECT request_id FROM review_events WHERE coalesce(actor, 0) = coalesce("
                "(SELECT ref FROM example_people WHERE member = ?), ?) "
                "AND request_id >= ? AND request_id < ? ORDER BY id DESC LIMIT 1",
                [actor.id, 0 if actor.id is None else -1, beginning, f"{beginning}\U0010ffff"],
            ).fetchone()
        return str(row[0]) if row else None

    def select(self, selection: Selection, limit: int | None = None, offset: int = 0) -> list[Submission]:
        with self._connections.read() as connection:
            return rows.select(connection, selection, limit, offset)

    def counts(self) -> dict[State, int]:
        with self._connections.read() as connection:
            found = connection.execute("SELECT state, count(*) FROM submissions GROUP BY state ORDER BY state")
            return {State(row[0]): row[1] for row in found}

    def set_vector(self, submission_id: str, model: str, vector: Vectors) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO submission_vectors (submission_id, model, vector) "
                "SELECT id, ?, ? FROM submissions WHERE id = ? "
                "ON CONFLICT (submission_id) DO UPDATE SET model = excluded.model, vector = excluded.vector",
                [model, vector.astype("<f4").tobytes(), submission_id],
            )

    def vectors(self, model: str, states: Collection[State]) -> tuple[list[str], Vectors]:
        import numpy as np

        with self._connections.read() as connection:
            found = connection.execute(
                "SELECT id, vector FROM submission_vectors JOIN submissions ON id = submission_id "
                "WHERE model = ? AND state IN (SELECT value FROM json_each(?)) ORDER BY id",
                [model, json.dumps(list(states))],
            ).fetchall()
        if not found:
            return [], np.empty((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(row[1] for row in found), dtype="<f4").reshape(len(found), -1)
        return [row[0] for row in found], matrix.astype(np.float32, copy=False)

    def banned(self, member: str) -> bool:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM example_bans JOIN example_people ON ref = person WHERE member = ?)",
                [member],
            ).fetchone()
        return bool(row[0])

    def set_banned(self, member: str, since: str | None) -> None:
        with self._connections.write() as connection:
            ref = rows.person(connection, member)
            if since is None:
                connection.execute("DELETE FROM example_bans WHERE person = ?", [ref])
            else:
                connection.execute(
                    "INSERT INTO example_bans (person, since) VALUES (?, ?) ON CONFLICT DO NOTHING", [ref, since]
                )

    def acts_of(self, member: str) -> list[tuple[str, str, str]]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT at, action, submission_id FROM review_events JOIN example_people ON ref = actor "
                "WHERE member = ? ORDER BY id",
                [member],
            )
            return [(row[0], row[1], row[2]) for row in rows]

    def members_behind(self, document_ids: Collection[str], but: str | None = None) -> int:
        with self._connections.read() as connection:
            row = connection.execute(
                """
                WITH wanted AS (
                    SELECT substr(location, 9) AS id FROM documents JOIN json_each(?) ON documents.id = value
                    WHERE location LIKE 'example:%'
                )
                -- All who are anonymous count as one more: whether a named example is theirs, too, is not told.
                SELECT count(DISTINCT CASE WHEN credit = 'anonymous' THEN 0 ELSE author END) FROM submissions
                WHERE ((id IN (SELECT id FROM wanted) AND state IN ('approved', 'published'))
                    OR (merged_into IN (SELECT id FROM wanted) AND state = 'declined'))
                  AND coalesce(author, 0) <> coalesce((SELECT ref FROM example_people WHERE member = ?), 0)
                """,
                [json.dumps(list(document_ids)), but],
            ).fetchone()
        return int(row[0])

    def uses(self, since: str, until: str) -> dict[str, int]:
        with self._connections.read() as connection:
            rows = connection.execute(
                """
                SELECT substr(documents.location, 9), count(DISTINCT questions.id)
                FROM questions
                CROSS JOIN json_each(questions.answer, '$.citations') AS citation
                JOIN documents ON documents.id = json_extract(citation.value, '$.document_id')
                WHERE asked_at >= ? AND asked_at < ? AND documents.location LIKE 'example:%'
                GROUP BY documents.location
                """,
                [since, until],
            )
            return {row[0]: row[1] for row in rows}

    def forget(self, member: str, *, keep_names: bool = False) -> None:
        with self._connections.write() as connection:
            retention.forget(connection, member, keep_names=keep_names)

    def tidy(self, drafts_before: str, texts_before: str, messages_before: str, now: datetime) -> Tidied:
        with self._connections.write() as connection:
            if not observe(connection, Part.EXAMPLES, now):
                return Tidied(drafts=0, texts=0, messages=0)
            return retention.tidy(connection, drafts_before, texts_before, messages_before)

    def problems(self) -> list[str]:
        with self._connections.read() as connection:
            return retention.problems(connection)

    @staticmethod
    def _note(connection: sqlite3.Connection, change: Change, request_id: str | None) -> None:
        for event in change.events[:-1]:
            rows.add_event(connection, change.submission.id, event)
        rows.add_event(connection, change.submission.id, change.events[-1], request_id)
        for message in change.messages:
            enqueue(connection, message, change.events[-1].at)


def _settle_document(connection: sqlite3.Connection, change: Change) -> None:
    """Do with the submission's document what the change asks for, in the same transaction."""
    if change.document is DocumentEffect.KEEP:
        return
    location = LOCATION_PREFIX + change.submission.id
    row = connection.execute("SELECT id FROM documents WHERE location = ?", [location]).fetchone()
    if row is None:
        return
    if change.document is DocumentEffect.REMOVE:
        document_rows.remove(connection, row["id"])
    else:
        # Whoever no longer wished to be named is not, from this moment; the new credit follows with the publication.
        connection.execute(
            "UPDATE documents SET organisation = NULL, source_title = NULL, content_hash = '' WHERE id = ?", [row["id"]]
        )
    document_rows.touch(connection)
