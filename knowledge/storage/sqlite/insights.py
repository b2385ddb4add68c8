"""The questions, votes, documents and introductions that insights count, in SQLite."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from knowledge.domain.insights import AskedQuestion, Disliked, FeedbackCard
from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import DueKind, IntroductionState
from knowledge.storage.insight_protocols import DocumentUse, InsightStore, Participation
from knowledge.storage.sqlite.connection import ConnectedStore

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors

# What a question was understood as: follow-ups say little by themselves.
_TEXT = "coalesce(json_extract(questions.answer, '$.understood'), questions.question)"
_SETS = """
    SELECT 1 FROM learning_set_members JOIN learning_sets ON learning_sets.id = set_id
    WHERE learning_set_members.member_id = members.id AND made_at >= ?1 AND made_at < ?2
"""
_DISLIKED = f"""
    SELECT questions.id, {_TEXT} AS text, answered, count(*) AS votes, max(given_at) AS said_at,
           group_concat(DISTINCT feedback.reason) AS reasons,
           coalesce(max(given_at) <= max(settled_at), false) AS settled
    FROM feedback JOIN questions ON questions.id = feedback.question_id
    LEFT JOIN settled_feedback ON settled_feedback.question_id = questions.id
    WHERE NOT helpful GROUP BY questions.id
"""

_COUNTED_BY = ("nation", "sector", "stage", "pillars")
_FLAGS = ("asked", "introduced", "spoke", "changed", "in_set", "set_met", "set_closed")


class SQLiteInsightStore(ConnectedStore, InsightStore):
    """`InsightStore` over one file; see there for what each method promises."""

    # -- questions

    def save_vector(self, question_id: str, model: str, vector: Vectors) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO question_vectors (question_id, model, vector) SELECT id, ?, ? FROM questions WHERE id = ? "
                "ON CONFLICT (question_id) DO UPDATE SET model = excluded.model, vector = excluded.vector",
                [model, vector.astype("<f2").tobytes(), question_id],
            )

    def without_vector(self, model: str, limit: int) -> list[tuple[str, str]]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT id, {_TEXT} FROM questions WHERE NOT EXISTS (SELECT 1 FROM question_vectors "
                "WHERE question_id = questions.id AND model = ?) ORDER BY asked_at DESC, id LIMIT ?",
                [model, limit],
            ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def asked(self, since: str, until: str) -> list[AskedQuestion]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"""
                SELECT questions.id, asked_at, {_TEXT} AS text, answered,
                       json_extract(questions.answer, '$.curated.id') AS curated, coalesce(helpful, 0) AS helpful,
                       coalesce(unhelpful, 0) AS unhelpful, coalesce(said_at <= settled_at, false) AS settled
                FROM questions LEFT JOIN (
                    SELECT question_id, count(CASE WHEN helpful THEN 1 END) AS helpful,
                           count(CASE WHEN NOT helpful THEN 1 END) AS unhelpful,
                           max(CASE WHEN NOT helpful THEN given_at END) AS said_at
                    FROM feedback GROUP BY question_id
                ) AS votes ON votes.question_id = questions.id
                LEFT JOIN settled_feedback ON settled_feedback.question_id = questions.id
                WHERE asked_at >= ? AND asked_at < ? ORDER BY asked_at, questions.id
                """,
                [since, until],
            ).fetchall()
        return [AskedQuestion.model_construct(**{**dict(row), "answered": bool(row["answered"])}) for row in rows]

    def number_asked(self, since: str, until: str) -> int:
        with self._connections.read() as connection:
            counted = "SELECT count(*) FROM questions WHERE asked_at >= ? AND asked_at < ?"
            return int(connection.execute(counted, [since, until]).fetchone()[0])

    def vectors(self, model: str, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        import numpy as np

        found: dict[str, Vectors] = {}
        wanted = set(ids)
        with self._connections.read() as connection:
            # All of them, as they lie in the file: with many questions that is quicker than looking each one up.
            for row in connection.execute("SELECT question_id, vector FROM question_vectors WHERE model = ?", [model]):
                if row["question_id"] in wanted:
                    found[row["question_id"]] = np.frombuffer(row["vector"], dtype="<f2")
        known = [question_id for question_id in ids if question_id in found]
        if not known:
            return [], np.empty((0, 0), dtype=np.float32)
        matrix = np.empty((len(known), len(found[known[0]])), dtype=np.float32)
        for place, question_id in enumerate(known):
            matrix[place] = found[question_id]
        return known, matrix

    # -- feedback

    def disliked(self, since: str, *, settled: bool = False) -> list[Disliked]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM ({_DISLIKED}) AS said WHERE said_at >= ? AND (? OR NOT settled) "
                "ORDER BY said_at DESC, id",
                [since, settled],
            ).fetchall()
        return [
            Disliked(
                question_id=row["id"],
                question=row["text"],
                answered=bool(row["answered"]),
                votes=row["votes"],
                reasons=tuple(sorted((row["reasons"] or "").split(","))) if row["reasons"] else (),
                said_at=row["said_at"],
                settled=bool(row["settled"]),
            )
            for row in rows
        ]

    def settle(self, question_id: str, now: str) -> bool:
        with self._connections.write() as connection:
            done = connection.execute(
                "INSERT INTO settled_feedback (question_id, settled_at) SELECT id, ? FROM questions WHERE id = ? "
                "ON CONFLICT (question_id) DO UPDATE SET settled_at = excluded.settled_at",
                [now, question_id],
            )
            return done.rowcount > 0

    def cards(self, question_id: str) -> list[FeedbackCard]:
        return self._cards("WHERE question_id = ?", [question_id])

    def keep_card(self, card: FeedbackCard) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO feedback_cards (question_id, channel_id, message_id) VALUES (?, ?, ?) "
                "ON CONFLICT (question_id, channel_id) DO UPDATE SET message_id = excluded.message_id",
                [card.question_id, card.channel_id, card.message_id],
            )

    def orphans(self) -> list[FeedbackCard]:
        return self._cards("WHERE question_id NOT IN (SELECT id FROM questions)", [])

    def forget_card(self, card: FeedbackCard) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "DELETE FROM feedback_cards WHERE question_id = ? AND channel_id = ?",
                [card.question_id, card.channel_id],
            )

    def _cards(self, where: str, values: Sequence[str]) -> list[FeedbackCard]:
        with self._connections.read() as connection:
            rows = connection.execute(f"SELECT * FROM feedback_cards {where}", list(values)).fetchall()
        return [FeedbackCard.model_validate(dict(row)) for row in rows]

    # -- growth and outcomes

    def document_use(self, since: str, until: str) -> list[DocumentUse]:
        with self._connections.read() as connection:
            rows = connection.execute(
                """
                WITH cited AS (
                    SELECT DISTINCT questions.id AS question_id,
                                    json_extract(citation.value, '$.document_id') AS document
                    FROM questions, json_each(questions.answer, '$.citations') AS citation
                    WHERE asked_at >= ? AND asked_at < ? AND answered
                )
                SELECT document, title, count(DISTINCT cited.question_id) AS answers,
                       count(CASE WHEN helpful THEN 1 END) AS helpful,
                       count(CASE WHEN NOT helpful THEN 1 END) AS unhelpful
                FROM cited JOIN documents ON documents.id = document
                LEFT JOIN feedback ON feedback.question_id = cited.question_id
                GROUP BY document, title ORDER BY answers DESC, document
                """,
                [since, until],
            ).fetchall()
        return [DocumentUse(*row) for row in rows]

    def arrivals(self) -> list[tuple[str, str | None, str, bool]]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT added_at, removed_at, coalesce(kind, '') AS kind, exact FROM document_arrivals "
                "LEFT JOIN documents ON documents.id = document_id ORDER BY added_at, document_id"
            ).fetchall()
        return [(row[0], row[1], row[2], bool(row[3])) for row in rows]

    def published_examples(self) -> list[tuple[str, Mapping[str, str | None]]]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT coalesce(published, created_at) AS day, nation, outcome, level FROM submissions "
                "WHERE state = 'published' ORDER BY day, id"
            ).fetchall()
        return [(row["day"], {name: row[name] for name in ("nation", "outcome", "level")}) for row in rows]

    def participation(self, since: str, until: str) -> list[Participation]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"""
                WITH part AS (
                    SELECT id, state, seeker AS member_id FROM introductions
                    WHERE asked_at >= ?1 AND asked_at < ?2 AND NOT coffee
                    UNION ALL
                    SELECT id, state, other FROM introductions WHERE asked_at >= ?1 AND asked_at < ?2 AND NOT coffee
                )
                SELECT profile, count(part.id) > 0 AS asked,
                       max(CASE WHEN state = ?3 THEN 1 ELSE 0 END) AS introduced,
                       max(CASE WHEN kind = ?4 AND answer THEN 1 ELSE 0 END) AS spoke,
                       max(CASE WHEN kind = ?5 AND answer THEN 1 ELSE 0 END) AS changed,
                       EXISTS ({_SETS}) AS in_set,
                       EXISTS ({_SETS} AND (meets_on IS NOT NULL OR closed_at IS NOT NULL)) AS set_met,
                       EXISTS ({_SETS} AND closed_at IS NOT NULL) AS set_closed
                FROM members LEFT JOIN part ON part.member_id = members.id
                LEFT JOIN introduction_answers AS said
                    ON said.introduction_id = part.id AND said.member_id = members.id AND part.state = ?3
                GROUP BY members.id
                """,
                [since, until, IntroductionState.ACCEPTED, DueKind.DID_YOU_SPEAK, DueKind.DID_IT_CHANGE],
            ).fetchall()
        # Of many members the same is so: to read each one's whole profile would take a large network seconds.
        alike = Counter((_counted_by(row["profile"]), tuple(bool(row[name]) for name in _FLAGS)) for row in rows)
        return [
            Participation(Profile.model_validate({"id": "some", **json.loads(fields)}), *flags)._replace(members=count)
            for (fields, flags), count in alike.items()
        ]

    def introductions(self, since: str, until: str) -> list[tuple[str, str]]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT asked_at, state FROM introductions WHERE asked_at >= ? AND asked_at < ? AND NOT coffee "
                "ORDER BY asked_at, id",
                [since, until],
            ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def joined(self) -> list[str]:
        with self._connections.read() as connection:
            return [row[0] for row in connection.execute("SELECT joined_at FROM members ORDER BY joined_at")]


def _counted_by(profile: str) -> str:
    """Return of a profile what members are counted by, the same text for the same."""
    held = json.loads(profile)
    return json.dumps({name: held[name] for name in _COUNTED_BY if held.get(name)})
