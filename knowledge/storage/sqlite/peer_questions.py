"""Questions that were passed to peers, and their replies."""

import json
from collections.abc import Collection, Sequence

from knowledge.domain.members import PeerQuestion, Route
from knowledge.storage.sqlite.connection import ConnectedStore


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

    def routes_waiting(self) -> list[Route]:
        return self._routes("reply IS NULL OR NOT told")

    def routes_sent_since(self, moment: str, members: Collection[str]) -> list[Route]:
        return self._routes(
            "sent_at >= ? AND member_id IN (SELECT value FROM json_each(?))", moment, json.dumps(list(members))
        )

    def remove_questions_before(self, moment: str) -> int:
        with self._connections.write() as connection:
            return connection.execute("DELETE FROM peer_questions WHERE asked_at < ?", [moment]).rowcount

    def _questions(self, where: str, value: str) -> list[PeerQuestion]:
        with self._connections.read() as connection:
            rows = connection.execute(f"SELECT * FROM peer_questions WHERE {where} ORDER BY asked_at", [value])
            return [PeerQuestion(**dict(row)) for row in rows]

    def _routes(self, where: str, *values: object) -> list[Route]:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM peer_question_routes WHERE {where} ORDER BY sent_at, question_id, member_id", values
            )
            return [Route(**dict(row)) for row in rows]
