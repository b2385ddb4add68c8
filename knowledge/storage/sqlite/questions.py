"""The question log and the tokens spent on answers, in SQLite."""

import hashlib
import hmac
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

from pydantic import ValidationError

from knowledge.dates import stamp, utc_now
from knowledge.domain.ids import new_id
from knowledge.domain.library import Answer
from knowledge.domain.vocabulary import FeedbackReason
from knowledge.settings import Settings
from knowledge.storage.question_protocols import (
    FeedbackCounts,
    LoggedQuestion,
    QuestionStore,
    SpendingStore,
    Turn,
    Vote,
)
from knowledge.storage.sqlite.clock import Part, observe
from knowledge.storage.sqlite.connection import ConnectedStore, Connections
from knowledge.storage.sqlite.question_askers import add_asker, copy_askers

# 92 bits: nobody finds an answer by guessing, and it fits a Discord custom_id with room for a prefix.
_ID_LENGTH = 16
# A conversation is understood by its last turns; older ones are of no use to anybody.
_MOST_TURNS = 12
_HASH_LENGTH = 32
_OF_PERSON = "SELECT conversation FROM conversation_people WHERE person = ?"


class SQLiteQuestionStore(ConnectedStore, QuestionStore):
    """`QuestionStore` over one file; see there for what each method promises."""

    def __init__(self, connections: Connections, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        """Work on an opened database. `clock` gives the present moment in UTC."""
        self._connections = connections
        self._key = connections.hash_key
        self._clock = clock
        self._kept = timedelta(days=settings.question_days)
        self._remembered = timedelta(minutes=settings.conversation_minutes)
        with connections.read() as connection:
            self._salt = bytes.fromhex(connection.execute("SELECT salt FROM question_salt").fetchone()["salt"])

    # -- the log

    def impatient(self) -> AbstractContextManager[None]:
        return self._connections.impatient()

    def new_question_id(self) -> str:
        return new_id(_ID_LENGTH)

    def log(
        self,
        answer: Answer,
        conversation: str | None = None,
        asker: str | None = None,
        question_id: str | None = None,
    ) -> str:
        question_id = question_id or self.new_question_id()
        with self._connections.write(alone=False) as connection:
            self._purge(connection)
            connection.execute(
                "INSERT INTO questions (id, asked_at, question, answer, answered, reason, conversation) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    question_id,
                    self._now(),
                    answer.question,
                    answer.model_copy(update={"question_id": question_id}).model_dump_json(),
                    answer.answered,
                    answer.reason,
                    None if conversation is None else self._hash("conversation", conversation),
                ],
            )
            if asker is not None:
                add_asker(connection, self._key, question_id, asker)
        return question_id

    def share_asker(self, question_id: str, with_question: str) -> None:
        """Note of a question that it is whose another one with the same words is."""
        with self._connections.write() as connection:
            copy_askers(connection, question_id, with_question)

    def replace(self, question_id: str, answer: Answer) -> bool:
        stored = answer.model_copy(update={"question_id": question_id})
        with self._connections.write(alone=False) as connection:
            return (
                connection.execute(
                    "UPDATE questions SET answer = ?, answered = ?, reason = ? WHERE id = ?",
                    [stored.model_dump_json(), stored.answered, stored.reason, question_id],
                ).rowcount
                > 0
            )

    def logged(self, question_id: str) -> LoggedQuestion | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT asked_at, answer, withdrawn FROM questions WHERE id = ? AND asked_at >= ?",
                [question_id, self._now(-self._kept)],
            ).fetchone()
        return None if row is None else _logged(question_id, row)

    def citing(self, documents: Collection[str]) -> list[LoggedQuestion]:
        with self._connections.read() as connection:
            rows = connection.execute(
                """
                SELECT id, asked_at, answer, withdrawn FROM questions WHERE EXISTS (
                    SELECT 1 FROM json_each(?) WHERE instr(questions.answer, value) > 0
                )
                """,
                [json.dumps([_naming(document_id) for document_id in documents])],
            ).fetchall()
        found = (_logged(row["id"], row) for row in rows)
        return [question for question in found if question is not None]

    def withdraw(self, question_id: str, answer: Answer) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE questions SET answer = ?, answered = ?, reason = ?, withdrawn = true WHERE id = ?",
                [answer.model_dump_json(), answer.answered, answer.reason, question_id],
            )

    # -- feedback

    def vote(self, question_id: str, voter: str, *, helpful: bool, reason: FeedbackReason | None = None) -> bool:
        with self._connections.write(alone=False) as connection:
            self._purge(connection)
            asked = f"SELECT 1 FROM questions WHERE id = ? {self._connections.held}"
            if not connection.execute(asked, [question_id]).fetchone():
                return False
            connection.execute(
                "INSERT INTO feedback (question_id, voter, helpful, reason, given_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (question_id, voter) DO UPDATE SET helpful = excluded.helpful, "
                "reason = excluded.reason, given_at = excluded.given_at",
                [question_id, self._hash(question_id, voter), helpful, reason, self._now()],
            )
        return True

    def feedback(self, question_id: str) -> FeedbackCounts:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT helpful, reason FROM feedback WHERE question_id = ?", [question_id]
            ).fetchall()
        helpful = sum(row["helpful"] for row in rows)
        reasons = Counter(FeedbackReason(row["reason"]) for row in rows if row["reason"])
        return FeedbackCounts(helpful=helpful, not_helpful=len(rows) - helpful, reasons=dict(reasons))

    def votes_of(self, voter: str) -> list[Vote]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT * FROM feedback ORDER BY given_at, question_id").fetchall()
        return [
            Vote(
                question_id=row["question_id"],
                helpful=bool(row["helpful"]),
                reason=row["reason"],
                given_at=row["given_at"],
            )
            for row in rows
            if row["voter"] == self._hash(row["question_id"], voter)
        ]

    def forget_voter(self, voter: str) -> int:
        with self._connections.write() as connection:
            mine = [
                (row["question_id"], row["voter"])
                for row in connection.execute("SELECT question_id, voter FROM feedback")
                if row["voter"] == self._hash(row["question_id"], voter)
            ]
            connection.executemany("DELETE FROM feedback WHERE question_id = ? AND voter = ?", mine)
        return len(mine)

    # -- conversations

    def add_turn(self, conversation: str, turn: Turn) -> None:
        key = self._hash("conversation", conversation)
        with self._connections.write(alone=False) as connection:
            self._purge(connection)
            row = turn.model_dump(mode="json")
            row |= {"documents": json.dumps(turn.documents), "shown": json.dumps(turn.shown)}
            row |= {"conversation": key, "asked_at": self._now()}
            connection.execute(
                f"INSERT INTO turns ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", list(row.values())
            )
            connection.execute(
                "DELETE FROM turns WHERE conversation = ? AND id NOT IN "
                "(SELECT id FROM turns WHERE conversation = ? ORDER BY id DESC LIMIT ?)",
                [key, key, _MOST_TURNS],
            )

    def turns(self, conversation: str) -> list[Turn]:
        with self._connections.read() as connection:
            return _turns(
                connection,
                "conversation = ? AND asked_at >= ?",
                [self._hash("conversation", conversation), self._now(-self._remembered)],
            )

    def takes_part(self, conversation: str, person: str) -> None:
        with self._connections.write(alone=False) as connection:
            connection.execute(
                "INSERT INTO conversation_people (conversation, person, latest) VALUES (?, ?, ?) "
                "ON CONFLICT (conversation, person) DO UPDATE SET latest = excluded.latest",
                [self._hash("conversation", conversation), self._hash("person", person), self._now()],
            )

    def turns_of(self, person: str) -> list[Turn]:
        with self._connections.read() as connection:
            return _turns(
                connection,
                f"conversation IN ({_OF_PERSON}) AND asked_at >= ? AND NOT EXISTS (SELECT 1 FROM conversation_people "
                "AS others WHERE others.conversation = turns.conversation AND others.person <> ?)",
                [self._hash("person", person), self._now(-self._remembered), self._hash("person", person)],
            )

    def forget_person(self, person: str) -> int:
        key = self._hash("person", person)
        with self._connections.write() as connection:
            connection.execute(f"UPDATE questions SET conversation = NULL WHERE conversation IN ({_OF_PERSON})", [key])
            gone = connection.execute(f"DELETE FROM turns WHERE conversation IN ({_OF_PERSON})", [key])
            connection.execute("DELETE FROM conversation_people WHERE person = ?", [key])
        return gone.rowcount

    def join_people(self, former: str, person: str) -> None:
        votes = self.votes_of(former)
        with self._connections.write() as connection:
            # Where both said something of one answer, what the other said stays.
            connection.executemany(
                "UPDATE feedback SET voter = ?1 WHERE question_id = ?2 AND voter = ?3 AND NOT EXISTS "
                "(SELECT 1 FROM feedback AS other WHERE other.question_id = ?2 AND other.voter = ?1)",
                [
                    (self._hash(vote.question_id, person), vote.question_id, self._hash(vote.question_id, former))
                    for vote in votes
                ],
            )
            self.forget_voter(former)
            both = [self._hash("person", person), self._hash("person", former)]
            connection.execute(
                "UPDATE conversation_people SET person = ?1 WHERE person = ?2 AND conversation NOT IN "
                "(SELECT conversation FROM conversation_people WHERE person = ?1)",
                both,
            )
            connection.execute("DELETE FROM conversation_people WHERE person = ?", both[1:])

    def takes_part_in(self, person: str) -> int:
        """Return in how many conversations this person takes part."""
        with self._connections.read() as connection:
            key = self._hash("person", person)
            return int(
                connection.execute("SELECT count(*) FROM conversation_people WHERE person = ?", [key]).fetchone()[0]
            )

    def forget(self, conversation: str) -> bool:
        key = self._hash("conversation", conversation)
        with self._connections.write() as connection:
            connection.execute("UPDATE questions SET conversation = NULL WHERE conversation = ?", [key])
            return connection.execute("DELETE FROM turns WHERE conversation = ?", [key]).rowcount > 0

    def purge(self) -> int:
        with self._connections.write() as connection:
            return self._purge(connection)

    def _purge(self, connection: sqlite3.Connection) -> int:
        """Delete what has expired; both conditions are on indexed columns, so it costs nothing where nothing has."""
        questions = 0
        if observe(connection, Part.QUESTIONS, self._clock()):
            questions = connection.execute(
                "DELETE FROM questions WHERE asked_at < ?", [self._now(-self._kept)]
            ).rowcount
        # What a follow-up needs is of no use after an hour, whatever the clock says.
        turns = connection.execute("DELETE FROM turns WHERE asked_at < ?", [self._now(-self._remembered)])
        connection.execute("DELETE FROM conversation_people WHERE latest < ?", [self._now(-self._remembered)])
        return questions + turns.rowcount

    def _now(self, shift: timedelta = timedelta()) -> str:
        """Return this moment, shifted, in a form that sorts as text."""
        return stamp(self._clock() + shift)

    def _hash(self, purpose: str, key: str) -> str:
        text = f"{purpose}\0{key}".encode("utf-8", "replace")
        salted = hmac.new(self._salt, text, hashlib.sha256).hexdigest()[:_HASH_LENGTH]
        return self._key.hashed(salted)[:_HASH_LENGTH]


def _naming(document_id: str) -> str:
    """Return what stands in an answer, as it is kept, that names a document."""
    return f'"document_id":{json.dumps(document_id, ensure_ascii=False)}'


def _turns(connection: sqlite3.Connection, where: str, values: list[str]) -> list[Turn]:
    rows = connection.execute(
        f"SELECT question, understood, topic, answered, documents, shown FROM turns WHERE {where} ORDER BY id", values
    ).fetchall()
    return [
        Turn(
            question=row["question"],
            understood=row["understood"],
            topic=row["topic"],
            answered=bool(row["answered"]),
            documents=tuple(json.loads(row["documents"])),
            shown=tuple(json.loads(row["shown"])),
        )
        for row in rows
    ]


def _logged(question_id: str, row: sqlite3.Row) -> LoggedQuestion | None:
    """Return a row of the log; `None` if it is of another version of the assistant, whose answers have another form."""
    try:
        answer = Answer.model_validate_json(row["answer"])
    except ValidationError:
        return None
    return LoggedQuestion(id=question_id, asked_at=row["asked_at"], answer=answer, withdrawn=bool(row["withdrawn"]))


class SQLiteSpending(ConnectedStore, SpendingStore):
    """`SpendingStore` over one file; see there for what each method promises."""

    def reserve(self, day: date, tokens: int, limit: int) -> bool:
        # Looking and counting are one transaction that holds the write lock: two processes cannot both have the rest.
        with self._connections.write() as connection:
            row = connection.execute("SELECT tokens FROM spending WHERE day = ?", [day.isoformat()]).fetchone()
            if (row["tokens"] if row else 0) + tokens > limit:
                return False
            connection.execute(
                "INSERT INTO spending (day, tokens) VALUES (?, ?) "
                "ON CONFLICT (day) DO UPDATE SET tokens = spending.tokens + excluded.tokens",
                [day.isoformat(), tokens],
            )
        return True

    def settle(self, day: date, reserved: int, spent: int) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE spending SET tokens = CASE WHEN tokens + ?1 > 0 THEN tokens + ?1 ELSE 0 END WHERE day = ?2",
                [spent - reserved, day.isoformat()],
            )

    def spent(self, day: date) -> int:
        with self._connections.read() as connection:
            row = connection.execute("SELECT tokens FROM spending WHERE day = ?", [day.isoformat()]).fetchone()
        return int(row["tokens"]) if row else 0
