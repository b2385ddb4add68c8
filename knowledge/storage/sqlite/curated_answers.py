"""Curated answers, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from knowledge.domain.insights import CuratedAnswer, CuratedSource
from knowledge.storage.insight_protocols import CuratedStore
from knowledge.storage.sqlite.connection import ConnectedStore

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors


class SQLiteCuratedStore(ConnectedStore, CuratedStore):
    """`CuratedStore` over one file; see there for what each method promises."""

    def save(self, answer: CuratedAnswer, now: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO curated_answers (id, question, wordings, text, sources, checked_on, review_by, member_id, "
                "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "question = excluded.question, wordings = excluded.wordings, text = excluded.text, "
                "sources = excluded.sources, checked_on = excluded.checked_on, review_by = excluded.review_by, "
                "member_id = excluded.member_id, updated_at = excluded.updated_at",
                [
                    answer.id,
                    answer.question,
                    json.dumps(answer.wordings, ensure_ascii=False),
                    answer.text,
                    json.dumps([source.model_dump() for source in answer.sources], ensure_ascii=False),
                    answer.checked_on,
                    answer.review_by,
                    answer.checked_by,
                    now,
                ],
            )
            connection.execute(
                "DELETE FROM curated_vectors WHERE answer_id = ? AND wording NOT IN (SELECT value FROM json_each(?))",
                [answer.id, json.dumps([answer.question, *answer.wordings])],
            )

    def find(self, answer_id: str) -> CuratedAnswer | None:
        found = self._answers("WHERE id = ?", [answer_id])
        return found[0] if found else None

    def all(self) -> list[CuratedAnswer]:
        return self._answers("", [])

    def remove(self, answer_id: str) -> bool:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM curated_answers WHERE id = ?", [answer_id]).rowcount > 0

    def any(self) -> bool:
        with self._connections.read() as connection:
            return connection.execute("SELECT 1 FROM curated_answers LIMIT 1").fetchone() is not None

    def version(self) -> str:
        with self._connections.read() as connection:
            count, latest = connection.execute("SELECT count(*), max(updated_at) FROM curated_answers").fetchone()
        return f"{count}-{latest}" if count else ""

    def vectors(self, model: str) -> list[tuple[str, str, Vectors | None]]:
        import numpy as np

        with self._connections.read() as connection:
            kept = {
                (row["answer_id"], row["wording"]): np.frombuffer(row["vector"], dtype="<f4")
                for row in connection.execute("SELECT * FROM curated_vectors WHERE model = ?", [model])
            }
        return [
            (answer.id, wording, kept.get((answer.id, wording)))
            for answer in self.all()
            for wording in (answer.question, *answer.wordings)
        ]

    def save_vector(self, answer_id: str, wording: str, model: str, vector: Vectors) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO curated_vectors (answer_id, wording, model, vector) "
                "SELECT id, ?, ?, ? FROM curated_answers WHERE id = ? "
                "ON CONFLICT (answer_id, wording, model) DO UPDATE SET vector = excluded.vector",
                [wording, model, vector.astype("<f4").tobytes(), answer_id],
            )

    def checked_by(self, member_id: str) -> list[CuratedAnswer]:
        return self._answers("WHERE member_id = ?", [member_id])

    def forget(self, member_id: str) -> int:
        with self._connections.write() as connection:
            return connection.execute(
                "UPDATE curated_answers SET member_id = NULL WHERE member_id = ?", [member_id]
            ).rowcount

    def _answers(self, where: str, values: list[str]) -> list[CuratedAnswer]:
        with self._connections.read() as connection:
            rows = connection.execute(f"SELECT * FROM curated_answers {where} ORDER BY question, id", values).fetchall()
        return [_answer(row) for row in rows]


def _answer(row: sqlite3.Row) -> CuratedAnswer:
    return CuratedAnswer(
        id=row["id"],
        question=row["question"],
        wordings=tuple(json.loads(row["wordings"])),
        text=row["text"],
        sources=tuple(CuratedSource.model_validate(source) for source in json.loads(row["sources"])),
        checked_on=row["checked_on"],
        review_by=row["review_by"],
        checked_by=row["member_id"],
    )
