"""Searches for peers, introductions (where two can meet, what came of it, what was said), and questions to peers."""

import json
import sqlite3
from collections.abc import Collection, Sequence

from knowledge.domain.members import Introduction, PeerQuestion, Place, Route, Search
from knowledge.domain.vocabulary import DueKind, IntroductionState
from knowledge.storage.sqlite.connection import ConnectedStore

_UNANSWERED = f"state IN ('{IntroductionState.ASKED}', '{IntroductionState.DECLINED}') AND asked_at < ?1"
_OPEN = f"state = '{IntroductionState.ASKED}' AND asked_at >= ?1"
_AGREED = f"state = '{IntroductionState.ACCEPTED}'"
_LONG_AGO = f"{_AGREED} AND coalesce(answered_at, '') <= "
# What is to be said of an introduction: to which of the two, of which kind, and when.
_NOTICES = (
    ("seeker", DueKind.LAPSED, _UNANSWERED),
    ("other", DueKind.REQUEST, _OPEN),
    *((who, DueKind.INTRODUCED, _AGREED) for who in ("seeker", "other")),
    *((who, DueKind.DID_YOU_SPEAK, f"{_LONG_AGO}?2") for who in ("seeker", "other")),
    *((who, DueKind.DID_IT_CHANGE, f"{_LONG_AGO}?3") for who in ("seeker", "other")),
)
_DUE = " UNION ALL ".join(
    f"SELECT id, {who} AS who, '{kind}' AS kind FROM introductions WHERE {when}" for who, kind, when in _NOTICES
)
# Nearly all of a year's were told of everything: they are compared with what was said in one go, rather than read.
# Whoever said that the two never spoke is not asked whether anything changed.
_TO_TELL = f"""
    id IN (
        SELECT due.id FROM ({_DUE}) AS due
        LEFT JOIN member_notices ON member_notices.member_id = who AND key = kind || ':' || due.id
        WHERE key IS NULL AND NOT (kind = '{DueKind.DID_IT_CHANGE}' AND EXISTS (
            SELECT 1 FROM introduction_answers AS said WHERE said.introduction_id = due.id
                AND said.member_id = who AND said.kind = '{DueKind.DID_YOU_SPEAK}' AND NOT said.answer
        ))
    )
"""
# Who was asked and has not replied is told once.
_ROUTES_TO_TELL = f"""
    (reply IS NOT NULL AND NOT told) OR (reply IS NULL AND NOT EXISTS (
        SELECT 1 FROM member_notices WHERE member_notices.member_id = peer_question_routes.member_id
            AND key = '{DueKind.QUESTION}:' || peer_question_routes.question_id
    ))
"""


class SQLiteIntroductions(ConnectedStore):
    """Searches, introductions, the places where they are, and notices."""

    def add_introduction(self, introduction: Introduction) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO introductions (id, seeker, other, topic, state, asked_at, answered_at, coffee) "
                "VALUES (:id, :seeker, :other, :topic, :state, :asked_at, :answered_at, :coffee)",
                introduction.model_dump(mode="json"),
            )

    def introduction(self, introduction_id: str) -> Introduction | None:
        found = self._selected("id = ?", introduction_id)
        return found[0] if found else None

    def introductions_of(self, member_id: str) -> list[Introduction]:
        return self._selected("? IN (seeker, other)", member_id)

    def introductions_asked_since(self, moment: str, others: Collection[str]) -> list[Introduction]:
        return self._selected(
            "asked_at >= ? AND other IN (SELECT value FROM json_each(?))", moment, json.dumps(list(others))
        )

    def introductions_in(self, states: Collection[IntroductionState]) -> list[Introduction]:
        return self._selected("state IN (SELECT value FROM json_each(?))", json.dumps(list(states)))

    def introductions_to_tell(self, unanswered: str, spoken: str, changed: str) -> list[Introduction]:
        return self._selected(_TO_TELL, unanswered, spoken, changed)

    def set_introduction_state(self, introduction_id: str, state: IntroductionState, moment: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE introductions SET state = ?, answered_at = ? WHERE id = ?", [state, moment, introduction_id]
            )

    def remove_introduction(self, introduction_id: str) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM introductions WHERE id = ?", [introduction_id])

    def remove_introductions_before(self, moment: str) -> int:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM introductions WHERE asked_at < ?", [moment]).rowcount

    def save_answer(self, introduction_id: str, member_id: str, kind: str, *, answer: bool, moment: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO introduction_answers (introduction_id, member_id, kind, answer, answered_at) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (introduction_id, member_id, kind) "
                "DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at",
                [introduction_id, member_id, kind, answer, moment],
            )

    def answers_of(self, member_id: str) -> list[tuple[str, str, bool]]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT introduction_id, kind, answer FROM introduction_answers WHERE member_id = ? "
                "ORDER BY answered_at, introduction_id, kind",
                [member_id],
            )
            return [(row[0], row[1], bool(row[2])) for row in rows]

    def said(self, member_id: str) -> set[str]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT key FROM member_notices WHERE member_id = ?", [member_id])
            return {row[0] for row in rows}

    def said_at(self, member_id: str, key: str) -> str | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT said_at FROM member_notices WHERE member_id = ? AND key = ?", [member_id, key]
            ).fetchone()
        return None if row is None else str(row[0])

    def save_said(self, member_id: str, key: str, moment: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO member_notices (key, member_id, said_at) SELECT ?, id, ? FROM members "
                "WHERE id = ? ON CONFLICT (member_id, key) DO UPDATE SET said_at = excluded.said_at",
                [key, moment, member_id],
            )

    def save_search(self, search: Search) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO peer_searches (id, member_id, topic, sector, nation, different, made_at) "
                "SELECT :id, id, :topic, :sector, :nation, :different, :made_at FROM members WHERE id = :member_id "
                "ON CONFLICT (id) DO UPDATE SET topic = excluded.topic, sector = excluded.sector, "
                "nation = excluded.nation, different = excluded.different, made_at = excluded.made_at",
                search.model_dump(mode="json"),
            )

    def search(self, search_id: str) -> Search | None:
        found = self._found("id = ?", search_id)
        return found[0] if found else None

    def searches_of(self, member_id: str) -> list[Search]:
        return self._found("member_id = ?", member_id)

    def remove_searches_before(self, moment: str) -> int:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM peer_searches WHERE made_at < ?", [moment]).rowcount

    def save_place(self, place: Place) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO introduction_places (introduction_id, server_id, channel_id, thread_id) "
                "SELECT id, :server_id, :channel_id, CAST(:thread_id AS BIGINT) FROM introductions "
                "WHERE id = :introduction_id ON CONFLICT (introduction_id) DO UPDATE SET "
                "server_id = excluded.server_id, channel_id = excluded.channel_id, thread_id = excluded.thread_id",
                place.model_dump(),
            )

    def place(self, introduction_id: str) -> Place | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT * FROM introduction_places WHERE introduction_id = ?", [introduction_id]
            ).fetchone()
        return None if row is None else Place(**dict(row))

    def _found(self, where: str, value: str) -> list[Search]:
        with self._connections.read() as connection:
            rows = connection.execute(f"SELECT * FROM peer_searches WHERE {where} ORDER BY made_at, id", [value])
            return [Search(**dict(row)) for row in rows]

    def _selected(self, where: str, *values: object) -> list[Introduction]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM introductions WHERE {where} ORDER BY asked_at, id", values
            ).fetchall()
        return [_introduction(row) for row in rows]


def _introduction(row: sqlite3.Row) -> Introduction:
    return Introduction(**dict(row))


class SQLitePeerQuestions(ConnectedStore):
    """Questions to peers and whom they went to."""

    def add_question(self, question: PeerQuestion, routes: Sequence[Route]) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO peer_questions (id, asker, question, named, asked_at) "
                "VALUES (:id, :asker, :question, :named, :asked_at)",
                question.model_dump(),
            )
            for route in routes:
                self.save_route(route)

    def name_asker(self, question_id: str) -> None:
        with self._connections.write() as connection:
            connection.execute("UPDATE peer_questions SET named = true WHERE id = ?", [question_id])

    def question(self, question_id: str) -> PeerQuestion | None:
        found = self._questions("id = ?", question_id)
        return found[0] if found else None

    def routes(self, question_id: str) -> list[Route]:
        return self._routes("question_id = ?", question_id)

    def save_route(self, route: Route) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO peer_question_routes "
                "(question_id, member_id, sent_at, reply, replied_at, helpful, may_share, passed_on, told) VALUES "
                "(:question_id, :member_id, :sent_at, :reply, :replied_at, :helpful, :may_share, :passed_on, :told) "
                "ON CONFLICT (question_id, member_id) DO UPDATE SET reply = excluded.reply, "
                "replied_at = excluded.replied_at, helpful = excluded.helpful, may_share = excluded.may_share, "
                "passed_on = excluded.passed_on, told = excluded.told",
                route.model_dump(),
            )

    def questions_of(self, member_id: str) -> list[PeerQuestion]:
        return self._questions("asker = ?", member_id)

    def routes_of(self, member_id: str) -> list[Route]:
        return self._routes("member_id = ?", member_id)

    def routes_to_tell(self) -> list[Route]:
        return self._routes(_ROUTES_TO_TELL)

    def routes_sent_since(self, moment: str, members: Collection[str]) -> list[Route]:
        return self._routes(
            "sent_at >= ? AND member_id IN (SELECT value FROM json_each(?))", moment, json.dumps(list(members))
        )

    def remove_questions_before(self, moment: str) -> int:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM peer_questions WHERE asked_at < ?", [moment]).rowcount

    def _questions(self, where: str, value: str) -> list[PeerQuestion]:
        with self._connections.read() as connection:
            rows = connection.execute(f"SELECT * FROM peer_questions WHERE {where} ORDER BY asked_at, id", [value])
            return [PeerQuestion(**dict(row)) for row in rows]

    def _routes(self, where: str, *values: object) -> list[Route]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM peer_question_routes WHERE {where} ORDER BY sent_at, question_id, member_id", values
            )
            return [Route(**dict(row)) for row in rows]
