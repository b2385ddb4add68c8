"""Introductions, what came of them, and what was said to members about them."""

import json
import sqlite3
from collections.abc import Collection

from knowledge.domain.members import Introduction
from knowledge.domain.vocabulary import IntroductionState
from knowledge.storage.sqlite.members.transactions import Transactions


class SQLiteIntroductions(Transactions):
    """Introductions and notices."""

    def add_introduction(self, introduction: Introduction) -> None:
        """Store a new introduction."""
        with self._write() as connection:
            connection.execute(
                "INSERT INTO introductions (id, seeker, other, topic, state, asked_at, answered_at) "
                "VALUES (:id, :seeker, :other, :topic, :state, :asked_at, :answered_at)",
                introduction.model_dump(mode="json"),
            )

    def introduction(self, introduction_id: str) -> Introduction | None:
        """The introduction with that id."""
        found = self._selected("id = ?", introduction_id)
        return found[0] if found else None

    def introductions_of(self, member_id: str) -> list[Introduction]:
        """Those that the member asked for or was asked for, oldest first."""
        return self._selected("? IN (seeker, other)", member_id)

    def introductions_asked_since(self, moment: str, others: Collection[str]) -> list[Introduction]:
        """Those asked of these members since that moment, in any state."""
        return self._selected(
            "asked_at >= ? AND other IN (SELECT value FROM json_each(?))", moment, json.dumps(list(others))
        )

    def introductions_in(self, states: Collection[IntroductionState]) -> list[Introduction]:
        """All in these states, oldest first."""
        return self._selected("state IN (SELECT value FROM json_each(?))", json.dumps(list(states)))

    def set_introduction_state(self, introduction_id: str, state: IntroductionState, moment: str) -> None:
        """Move an introduction on."""
        with self._write() as connection:
            connection.execute(
                "UPDATE introductions SET state = ?, answered_at = ? WHERE id = ?", [state, moment, introduction_id]
            )

    def remove_introduction(self, introduction_id: str) -> None:
        """Erase an introduction."""
        with self._write() as connection:
            connection.execute("DELETE FROM introductions WHERE id = ?", [introduction_id])

    def remove_introductions_before(self, moment: str) -> int:
        """Erase introductions that were asked for before that moment; how many."""
        with self._write() as connection:
            return connection.execute("DELETE FROM introductions WHERE asked_at < ?", [moment]).rowcount

    def save_answer(self, introduction_id: str, member_id: str, kind: str, *, answer: bool, moment: str) -> None:
        """Note what a member said about how an introduction went."""
        with self._write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO introduction_answers (introduction_id, member_id, kind, answer, answered_at) "
                "VALUES (?, ?, ?, ?, ?)",
                [introduction_id, member_id, kind, answer, moment],
            )

    def answers_of(self, member_id: str) -> list[tuple[str, str, bool]]:
        """What a member said: (introduction id, kind, answer)."""
        with self._read() as connection:
            rows = connection.execute(
                "SELECT introduction_id, kind, answer FROM introduction_answers WHERE member_id = ? "
                "ORDER BY answered_at",
                [member_id],
            )
            return [(row[0], row[1], bool(row[2])) for row in rows]

    def said(self, member_id: str) -> set[str]:
        """Keys of what was said to a member."""
        with self._read() as connection:
            rows = connection.execute("SELECT key FROM member_notices WHERE member_id = ?", [member_id])
            return {row[0] for row in rows}

    def said_at(self, member_id: str, key: str) -> str | None:
        """When something was said to a member."""
        with self._read() as connection:
            row = connection.execute(
                "SELECT said_at FROM member_notices WHERE member_id = ? AND key = ?", [member_id, key]
            ).fetchone()
        return None if row is None else str(row[0])

    def save_said(self, member_id: str, key: str, moment: str) -> None:
        """Note that something was said; nothing when the member has gone."""
        with self._write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO member_notices (key, member_id, said_at) SELECT ?, id, ? FROM members "
                "WHERE id = ?",
                [key, moment, member_id],
            )

    def _selected(self, where: str, *values: object) -> list[Introduction]:
        with self._read() as connection:
            rows = connection.execute(
                f"SELECT * FROM introductions WHERE {where} ORDER BY asked_at, rowid", values
            ).fetchall()
        return [_introduction(row) for row in rows]


def _introduction(row: sqlite3.Row) -> Introduction:
    return Introduction(**dict(row))
