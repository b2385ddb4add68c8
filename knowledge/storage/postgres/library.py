"""The library in PostgreSQL: rows as in SQLite, words by text search, and what the server can promise of erasure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

from psycopg import errors

from knowledge.storage.library_protocols import EmbeddingIdentity, LexicalMatches, PreparedDocument
from knowledge.storage.postgres import words
from knowledge.storage.postgres.connection import OWN_COLUMNS, PostgresConnections
from knowledge.storage.postgres.statements import PostgresConnection
from knowledge.storage.sqlite import maintenance
from knowledge.storage.sqlite.erasure import A_MEMBER, LIBRARY, note_changes
from knowledge.storage.sqlite.library import SQLiteStore

if TYPE_CHECKING:
    import sqlite3

    from knowledge.domain.library import Filters, NewChunk
    from knowledge.storage.arrays import Ids, Scores, Vectors
    from knowledge.storage.postgres.vectors import PostgresVectors

_ALL = 2**62
# Of this network alone.
_SIZE = """
    SELECT CAST(coalesce(sum(pg_total_relation_size(oid)), 0) AS bigint) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'm')
"""
_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1
"""
_EMBEDDINGS = """
    SELECT chunks.id, vector FROM chunks JOIN embeddings ON embeddings.hash = embedding_hash
    WHERE chunks.id = ANY (CAST(? AS bigint[])) ORDER BY chunks.id
"""
_AT_ONCE = 5000


class PostgresStore(SQLiteStore):
    """`LibraryStore` over a PostgreSQL database; see there for what each method promises."""

    _requested: str | None = None  # what this process has noted last of what is to be scrubbed

    @property
    def vector_index(self) -> PostgresVectors:
        return self._vectors

    @cached_property
    def _vectors(self) -> PostgresVectors:
        from knowledge.storage.postgres.vectors import PostgresVectors

        return PostgresVectors(cast("PostgresConnections", self._connections))

    def save_documents(
        self,
        identity: EmbeddingIdentity,
        documents: Sequence[PreparedDocument],
        embeddings: Mapping[str, Vectors],
    ) -> set[str]:
        with self._connections.write() as connection:
            missing = super().save_documents(identity, documents, embeddings)
            words.add_changed(connection)
        return missing

    def replace_embeddings(
        self,
        identity: EmbeddingIdentity,
        documents: Mapping[str, Sequence[NewChunk]],
        version: str,
        *,
        repair: bool = False,
    ) -> bool:
        with self._connections.write() as connection:
            cast("PostgresConnection", connection).take_any_time()
            if repair and self.version() == version:  # at once, not with each chunk
                connection.execute("DELETE FROM chunk_words")
            done = super().replace_embeddings(identity, documents, version, repair=repair)
            words.catch_up_whole(connection)
        return done

    def embeddings(self, chunk_ids: Sequence[int] | Ids) -> tuple[Ids, Vectors]:
        import numpy as np

        wanted = [int(one) for one in chunk_ids]
        with self._connections.read() as connection:
            rows = cast("PostgresConnection", connection).execute(_EMBEDDINGS, [wanted], binary=True).fetchall()
        found = np.array([row[0] for row in rows], dtype=np.int64)
        if not rows:
            return found, np.empty((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(rows), -1)
        return found, matrix.astype(np.float32, copy=False)

    # -- full text

    def lexical_search(self, terms: Sequence[str], limit: int, filters: Filters | None = None) -> LexicalMatches:
        with self._connections.read() as connection:
            return words.search(connection, terms, limit, filters)

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        with self._connections.read() as connection:
            return words.frequencies(connection, terms)

    def phrase_scores(self, phrase: str) -> tuple[Ids, Scores]:
        import numpy as np

        with self._connections.read() as connection:
            found = sorted(words.search(connection, [phrase], _ALL, None, hidden=True).found)
        ids = np.array([chunk_id for chunk_id, _ in found], dtype=np.int64)
        return ids, np.array([score for _, score in found], dtype=np.float32)

    def holds_word(self, word: str) -> bool:
        with self._connections.read() as connection:
            return words.holds(connection, word)

    def chunk_texts(self, ids: Ids | None = None) -> Iterator[tuple[int, str, str, str]]:
        wanted = None if ids is None else ids.tolist()
        last = 0
        while True:  # a part at a time: the driver reads all rows of a statement before it gives the first
            with self._connections.read() as connection:
                rows = connection.execute(
                    "SELECT chunks.id, chunks.title, headings, text FROM chunks JOIN documents "
                    "ON documents.id = document_id WHERE documents.duplicate_of IS NULL AND chunks.id > ? "
                    "AND (CAST(? AS bigint[]) IS NULL OR chunks.id = ANY (CAST(? AS bigint[]))) "
                    "ORDER BY chunks.id LIMIT ?",
                    [last, wanted, wanted, _AT_ONCE],
                ).fetchall()
            yield from (tuple(row) for row in rows)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][0]

    def vocabulary(self) -> dict[str, int]:
        with self._connections.read() as connection:
            return words.vocabulary(connection)

    def rebuild_full_text(self) -> None:
        with self._connections.write() as connection:
            cast("PostgresConnection", connection).take_any_time()
            connection.execute("DELETE FROM chunk_words")
            words.catch_up_whole(connection)

    # -- health

    def _size(self, connection: sqlite3.Connection) -> int:
        return int(connection.execute(_SIZE).fetchone()[0])

    def problems(self) -> list[str]:
        with self._connections.read() as connection:
            found = [
                sentence.format(*row)
                for query, sentence in maintenance.CHECKS_OF_ROWS
                for row in connection.execute(query)
            ]
            found += maintenance.texts_elsewhere(connection)
            return found + [
                f"the full text (chunk_words) does not agree with the chunks: chunk {chunk_id}"
                for chunk_id in words.astray(connection)
            ]

    # -- erasure

    def request_scrub(self) -> None:
        with self._connections.write():
            before = self.flag(self.SCRUB_DUE)
            super().request_scrub()
            # There is one note for all processes: whoever writes over another's takes over what that one had to do.
            mine = before is None or before == self._requested
            self._requested = self.flag(self.SCRUB_DUE) if mine else None

    def scrub(self) -> bool:
        """Have the server take deleted rows out of the tables' pages; its log and replicas are the operator's.

        Those tables are looked at that this process has written to since. What another one noted and did not come to
        may be in any.
        """
        connections = cast("PostgresConnections", self._connections)
        with connections.read() as connection:
            due = self.flag(self.SCRUB_DUE)
            if connection.in_transaction:
                return False  # later: what is deleted in it is still there
            tables = {row[0] for row in connection.execute(_TABLES).fetchall()}  # of this network
            cast("PostgresConnection", connection).settle()
            written = set(connections.written)
            connections.written -= written
            if due is None or due == self._requested:
                tables &= connections.written_with(connection, written)
            try:
                if tables:
                    with cast("PostgresConnection", connection).any_time():
                        connection.execute(f"VACUUM {', '.join(sorted(tables))}")
            except BaseException:
                connections.written |= written
                raise
        if due is not None:
            with self._connections.write() as connection:
                connection.execute("DELETE FROM flags WHERE name = ? AND value = ?", [self.SCRUB_DUE, due])
        return True

    def finish_scrub(self) -> bool:
        return self.flag(self.SCRUB_DUE) is None or self.scrub()

    def naming(self, person: str) -> dict[str, int]:
        with self._connections.read() as connection:
            people = set(self._connections.columns_of_people(connection))
            tests: dict[str, list[str]] = {}
            for table, column in connection.execute(OWN_COLUMNS.format(types="'text', 'bigint'")).fetchall():
                if len(person) >= maintenance.LONG_ID:
                    tests.setdefault(table, []).append(f'strpos(CAST("{column}" AS TEXT), ?1) > 0')
                elif (table, column) in people:
                    tests.setdefault(table, []).append(f'CAST("{column}" AS TEXT) = ?1')
            counts = {
                table: connection.execute(
                    f'SELECT count(*) FROM "{table}" WHERE {" OR ".join(conditions)}', [person]
                ).fetchone()[0]
                for table, conditions in tests.items()
            }
        return {table: count for table, count in counts.items() if count}

    def erase_mentions(self, person: str) -> int:
        if len(person) < maintenance.LONG_ID:
            return 0
        erased = 0
        with self._connections.write() as connection:
            people, named = set(self._connections.columns_of_people(connection)), self.naming(person)
            for table, column in connection.execute(OWN_COLUMNS.format(types="'text'")).fetchall():
                if table in named and not table.startswith(LIBRARY) and (table, column) not in people:
                    erased += _erase(connection, table, column, person)
        return erased


def _erase(connection: sqlite3.Connection, table: str, column: str, person: str) -> int:
    instead = f'"{column}"'
    for written in ("<@!' || ?1 || '>", "<@' || ?1 || '>", "' || ?1 || '"):
        instead = f"replace({instead}, '{written}', '{A_MEMBER}')"
    if (table, column) == ("review_events", "reason"):  # what is in the audit can be taken out, and not be rewritten
        instead = "NULL"
    members: list[str] = []
    if table == "members":
        own = connection.execute(f'SELECT id FROM members WHERE strpos("{column}", ?1) > 0', [person])
        members = [row[0] for row in own.fetchall()]
    try:
        with cast("PostgresConnection", connection).raw.transaction():  # what cannot be changed is left as it is
            found = connection.execute(
                f'UPDATE "{table}" SET "{column}" = {instead} WHERE strpos("{column}", ?1) > 0', [person]
            ).rowcount
    except errors.UniqueViolation:
        return 0
    note_changes(connection, members)
    return found
