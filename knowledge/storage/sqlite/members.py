"""Profiles and what their owners decided about them, blocks, and erasing all of it."""

import hmac
import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from knowledge.domain.members import Member, Profile
from knowledge.errors import StorageBusyError
from knowledge.storage.member_protocols import MemberStore
from knowledge.storage.sqlite import member_handles
from knowledge.storage.sqlite.clock import Part, observe
from knowledge.storage.sqlite.coffee_rota import SQLiteCoffeeRota
from knowledge.storage.sqlite.connection import Connections
from knowledge.storage.sqlite.introductions import SQLiteIntroductions, SQLitePeerQuestions
from knowledge.storage.sqlite.learning_sets import SQLiteLearningSets
from knowledge.storage.sqlite.member_vectors import SQLiteMemberVectors

_COLUMNS = "id, profile, findable, paused, consent, consented_at, joined_at, active_at, most_requests, waiting"
# Every column that may hold a member's id.
_ID_COLUMNS = (
    ("members", "id"),
    ("member_embeddings", "member_id"),
    ("member_offers", "member_id"),
    ("introductions", "seeker"),
    ("introductions", "other"),
    ("introduction_answers", "member_id"),
    ("member_notices", "member_id"),
    ("member_blocks", "member_id"),
    ("member_blocks", "blocked_id"),
    ("peer_questions", "asker"),
    ("peer_question_routes", "member_id"),
    ("peer_searches", "member_id"),
    ("learning_set_members", "member_id"),
    ("learning_set_votes", "member_id"),
    ("coffee_members", "member_id"),
    ("coffee_pairs", "member_id"),
    ("coffee_pairs", "other"),
)


class SQLiteMemberStore(
    SQLiteMemberVectors, SQLiteIntroductions, SQLitePeerQuestions, SQLiteCoffeeRota, SQLiteLearningSets, MemberStore
):
    """`MemberStore` over one file; see there for what each method promises. Here are profiles and blocks."""

    def __init__(self, connections: Connections) -> None:
        """Work on an opened database."""
        super().__init__(connections)
        self._away = set[str]()  # hashes in blocks that are nobody's who is there: who comes back is named in them

    @contextmanager
    def atomically(self) -> Iterator[None]:
        with self._connections.write():
            yield

    def clock_is_right(self, now: datetime) -> bool:
        with self._connections.write() as connection:
            return observe(connection, Part.MEMBERS, now)

    def version(self) -> int:
        with self._connections.read() as connection:
            return int(connection.execute("SELECT latest FROM member_changes").fetchone()[0])

    def member(self, member_id: str) -> Member | None:
        found = self.members([member_id])
        return found[0] if found else None

    def members(self, ids: Collection[str] | None = None) -> list[Member]:
        if ids is None:
            return self._select("true")
        return self._select("id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))

    def member_count(self) -> int:
        with self._connections.read() as connection:
            return int(connection.execute("SELECT count(*) FROM members").fetchone()[0])

    def suggestible_ids(self, ids: Collection[str] | None, consent: str, active_since: str) -> set[str]:
        among = "true" if ids is None else "id IN (SELECT value FROM json_each(?))"
        values = [] if ids is None else [json.dumps(list(ids))]
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT id FROM members WHERE {among} AND findable AND NOT paused AND consent = ? AND active_at >= ?",
                [*values, consent, active_since],
            )
            return {row[0] for row in rows}

    def member_ids(self) -> set[str]:
        with self._connections.read() as connection:
            return {row[0] for row in connection.execute("SELECT id FROM members")}

    def has_ids_of(self, beginning: str) -> bool:
        after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
        with self._connections.read() as connection:
            return bool(
                connection.execute(
                    "SELECT 1 FROM members WHERE id >= ? AND id < ? LIMIT 1", [beginning, after]
                ).fetchone()
            )

    def waiting_ids(self) -> list[str]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT id FROM members WHERE waiting AND NOT paused ORDER BY id")
            return [row[0] for row in rows]

    def save_member(self, member: Member) -> None:
        with self._connections.write() as connection:
            self._changed(connection)
            connection.execute(
                f"INSERT INTO members ({_COLUMNS}, number, change) "
                "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS BIGINT), latest FROM member_changes WHERE true "
                "ON CONFLICT (id) DO UPDATE SET profile = excluded.profile, findable = excluded.findable, "
                "paused = excluded.paused, consent = excluded.consent, consented_at = excluded.consented_at, "
                "active_at = excluded.active_at, most_requests = excluded.most_requests, waiting = excluded.waiting, "
                "change = excluded.change",
                [
                    member.profile.id,
                    member.profile.model_dump_json(exclude={"id"}),
                    member.findable,
                    member.paused,
                    member.consent,
                    member.consented_at,
                    member.joined_at,
                    member.active_at,
                    member.most_requests,
                    member.waiting,
                    member_handles.new_number(),  # who is there keeps theirs
                ],
            )
            self.name_in_blocks(member.profile.id)

    def note_activity(self, member_id: str, moment: str, unless_since: str) -> None:
        known = self.member(member_id)
        if known is None or known.active_at >= unless_since:
            return
        with self._connections.write() as connection:
            connection.execute("UPDATE members SET active_at = ? WHERE id = ?", [moment, member_id])

    def handle(self, context: str, member_id: str) -> str:
        with self._connections.read() as connection:
            row = connection.execute("SELECT number FROM members WHERE id = ?", [member_id]).fetchone()
            if row is not None and row[0] is not None:
                return member_handles.handle(self._salt(connection), context, row[0])
            # Somebody without a profile, or stored by a process from before there were numbers. No id has a null
            # character, so that this is never the hash of another.
            return self._salted(connection)(f"{context}\0{member_id}")[:_OLD_HANDLE]

    def behind(self, context: str, handle: str) -> str | None:
        with self._connections.read() as connection:
            salt = self._salt(connection)
            if len(handle) == member_handles.LENGTH:
                number = member_handles.number_behind(salt, context, handle)
                row = connection.execute("SELECT id FROM members WHERE number = ?", [number]).fetchone()
                return None if row is None else str(row[0])
            ids = [row[0] for row in connection.execute("SELECT id FROM members").fetchall()]
        # A message from before there were numbers: each member is tried, a hundred thousand in a fifth of a second.
        begin = f"{context}\0".encode()
        try:
            sought, length = bytes.fromhex(handle), _OLD_HANDLE // 2
        except ValueError:
            return None
        return next((one for one in ids if hmac.digest(salt, begin + one.encode(), "sha256")[:length] == sought), None)

    def unpaused_ids(self) -> list[str]:
        with self._connections.read() as connection:
            return [
                row[0]
                for row in connection.execute("SELECT id FROM members WHERE NOT paused ORDER BY active_at DESC, id")
            ]

    def consented_before(self, moment: str, version: str) -> list[str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT id FROM members WHERE consented_at < ? AND consent = ? AND NOT paused", [moment, version]
            )
            return sorted(row[0] for row in rows)

    def inactive_since(self, moment: str) -> list[str]:
        with self._connections.read() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM members WHERE active_at < ?", [moment])]

    def forget(self, member_id: str) -> dict[str, int]:
        with self._connections.write() as connection:
            removed: dict[str, int] = {}
            for table, column in _ID_COLUMNS:
                if column != "blocked_id":
                    count = connection.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", [member_id])
                    removed[table] = removed.get(table, 0) + int(count.fetchone()[0])
            # What they wrote to others and has not arrived: in it nothing names them.
            gone = connection.execute(
                "DELETE FROM outbox WHERE kind = 'peers.letter' AND json_extract(data, '$.introduction_id') IN "
                "(SELECT id FROM introductions WHERE ?1 IN (seeker, other))",
                [member_id],
            )
            removed["outbox"] = gone.rowcount
            connection.execute("DELETE FROM members WHERE id = ?", [member_id])
            # A set that nobody is in any more was about them alone.
            connection.execute("DELETE FROM learning_sets WHERE id NOT IN (SELECT set_id FROM learning_set_members)")
            self._block_as(connection, member_id, self._hashed(connection)(member_id))
            self._changed(connection)
        self._clean()
        return {table: count for table, count in removed.items() if count}

    def traces(self, member_id: str) -> int:
        with self._connections.read() as connection:
            return sum(
                int(connection.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", [member_id]).fetchone()[0])
                for table, column in _ID_COLUMNS
            )

    def letters_of(self, member_id: str) -> list[tuple[str, str]]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT json_extract(data, '$.introduction_id'), json_extract(data, '$.text') FROM outbox "
                "JOIN introductions ON introductions.id = json_extract(data, '$.introduction_id') "
                "WHERE kind = 'peers.letter' AND ?1 IN (seeker, other) AND recipient <> ?1 ORDER BY outbox.id",
                [member_id],
            )
            return [(row[0], row[1]) for row in rows]

    # -- blocks

    def block(self, member_id: str, blocked_id: str, moment: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO member_blocks (member_id, blocked_id, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [member_id, blocked_id, moment],
            )

    def name_in_blocks(self, member_id: str) -> None:
        with self._connections.write() as connection:
            hashed = self._hashed(connection)(member_id)
            if not connection.execute("SELECT 1 FROM member_blocks WHERE blocked_id = ?", [hashed]).fetchone():
                return
            self._block_as(connection, hashed, member_id)

    def unblock(self, member_id: str, blocked_id: str) -> bool:
        with self._connections.write() as connection:
            gone = connection.execute(
                "DELETE FROM member_blocks WHERE member_id = ? AND blocked_id IN (?, ?)",
                [member_id, blocked_id, self._hashed(connection)(blocked_id)],
            )
            return gone.rowcount > 0

    def blocked_by(self, member_id: str) -> list[str]:
        return sorted(self._blocked_by(member_id, None))

    def kept_apart(self, member_id: str, among: Collection[str] | None = None) -> set[str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT member_id FROM member_blocks WHERE blocked_id IN (?, ?)",
                [member_id, self._hashed(connection)(member_id)],
            )
            return {row[0] for row in rows} | self._blocked_by(member_id, among)

    def all_kept_apart(self) -> set[frozenset[str]]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT member_id, blocked_id FROM member_blocks").fetchall()
            back = self._come_back(connection, {row[1] for row in rows}, None)
        pairs = {frozenset((row[0], back.get(row[1], row[1]))) for row in rows}
        return {pair for pair in pairs if not any(one.startswith(_HASH_MARK) for one in pair)}

    def _blocked_by(self, member_id: str, among: Collection[str] | None) -> set[str]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT blocked_id FROM member_blocks WHERE member_id = ?", [member_id])
            blocked = {row[0] for row in rows}
            back = self._come_back(connection, blocked, among)
        return {one for one in blocked if not one.startswith(_HASH_MARK)} | set(back.values())

    def _come_back(
        self, connection: sqlite3.Connection, blocked: set[str], among: Collection[str] | None
    ) -> dict[str, str]:
        """Return who was blocked, left and came back, by the hash that alone is known of them."""
        hashes = {value for value in blocked if value.startswith(_HASH_MARK)} - self._away
        if not hashes:
            return {}
        hashed = self._hashed(connection)
        ids = [row[0] for row in connection.execute("SELECT id FROM members")] if among is None else among
        found = {value: one for one in ids if (value := hashed(one)) in hashes}
        if among is None:
            self._away |= hashes - found.keys()
        return found

    # -- the parts

    def _select(self, where: str, *values: object) -> list[Member]:
        with self._connections.read() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM members WHERE {where} ORDER BY id", values).fetchall()
        return [_member(row) for row in rows]

    def _clean(self) -> None:
        """Write the log into the database and empty it: it may still hold what was deleted."""
        try:
            self._connections.empty_log()
        except StorageBusyError:
            # Another process is reading an older state: its next checkpoint does the same.
            return

    @staticmethod
    def _block_as(connection: sqlite3.Connection, known: str, new: str) -> None:
        """Put an id or a hash of somebody who is blocked in the place of what they are known by."""
        connection.execute(
            "DELETE FROM member_blocks WHERE blocked_id = ? "
            "AND member_id IN (SELECT member_id FROM member_blocks WHERE blocked_id = ?)",
            [new, known],
        )
        connection.execute("UPDATE member_blocks SET blocked_id = ? WHERE blocked_id = ?", [new, known])

    @staticmethod
    def _changed(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE member_changes SET latest = latest + 1")

    def _hashed(self, connection: sqlite3.Connection) -> Callable[[str], str]:
        salted, key = self._salted(connection), self._connections.hash_key
        return lambda member_id: _HASH_MARK + key.hashed(salted(member_id))

    @classmethod
    def _salted(cls, connection: sqlite3.Connection) -> Callable[[str], str]:
        salt = cls._salt(connection)
        return lambda text: hmac.digest(salt, text.encode(), "sha256").hex()

    @staticmethod
    def _salt(connection: sqlite3.Connection) -> bytes:
        return bytes.fromhex(connection.execute("SELECT salt FROM member_changes").fetchone()[0])


# No id begins so: see `knowledge.domain.members.MemberId`.
_HASH_MARK = "#"
_OLD_HANDLE = 20  # in hexadecimal digits


def _member(row: sqlite3.Row) -> Member:
    profile = Profile.model_validate({"id": row["id"], **json.loads(row["profile"])})
    return Member(
        profile=profile,
        findable=bool(row["findable"]),
        paused=bool(row["paused"]),
        consent=row["consent"],
        consented_at=row["consented_at"],
        joined_at=row["joined_at"],
        active_at=row["active_at"],
        most_requests=row["most_requests"],
        waiting=bool(row["waiting"]),
    )
