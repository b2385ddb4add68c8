"""The library in PostgreSQL: rows as in SQLite, words by text search, and what the server can promise of erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from psycopg import errors

from knowledge.storage.library_protocols import EmbeddingIdentity, LexicalMatches, LibraryCounts, PreparedDocument
from knowledge.storage.postgres import words
from knowledge.storage.postgres.connection import PostgresConnection
from knowledge.storage.sqlite import maintenance
from knowledge.storage.sqlite.erasure import A_MEMBER, LIBRARY
from knowledge.storage.sqlite.library import SQLiteStore

if TYPE_CHECKING:
    import sqlite3

    from knowledge.domain.library import Filters, NewChunk
    from knowledge.storage.arrays import Vectors

_OWN = "table_schema = current_schema() AND table_name NOT IN ('chunk_words', 'schema_steps')"
_TEXTS = f"""
    SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
        USING (table_schema, table_name)
    WHERE {_OWN} AND table_type = 'BASE TABLE' AND data_type IN ('text', 'bigint') ORDER BY 1, ordinal_position
"""
_POINT_AT_MEMBERS = """
    SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute
        ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid = 'members'::regclass
"""


class PostgresStore(SQLiteStore):
    """`LibraryStore` over a PostgreSQL database; see there for what each method promises."""

    def save_documents(
        self,
        identity: EmbeddingIdentity,
        documents: Sequence[PreparedDocument],
        embeddings: Mapping[str, Vectors],
    ) -> set[str]:
        with self._connections.write() as connection:
            missing = super().save_documents(identity, documents, embeddings)
            words.catch_up(connection)
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
            done = super().replace_embeddings(identity, documents, version, repair=repair)
            words.catch_up(connection)
        return done

    # -- full text

    def lexical_search(self, terms: Sequence[str], limit: int, filters: Filters | None = None) -> LexicalMatches:
        with self._connections.read() as connection:
            return words.search(connection, terms, limit, filters, self._field_weights)

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        with self._connections.read() as connection:
            return words.frequencies(connection, terms)

    def vocabulary(self) -> dict[str, int]:
        with self._connections.read() as connection:
            return words.vocabulary(connection)

    def rebuild_full_text(self) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM chunk_words")
            words.catch_up(connection)

    # -- health

    def counts(self) -> LibraryCounts:
        with self._connections.read() as connection:
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]
            return maintenance.counts(connection, size)

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

    def scrub(self) -> bool:
        """Have the server take deleted rows out of the tables' pages; its log and replicas are the operator's."""
        with self._connections.read() as connection:
            due = self.flag(self.SCRUB_DUE)
            if connection.in_transaction:
                return False  # later: what is deleted in it is still there
            connection.execute("VACUUM")
        if due is not None:
            with self._connections.write() as connection:
                connection.execute("DELETE FROM flags WHERE name = ? AND value = ?", [self.SCRUB_DUE, due])
        return True

    def finish_scrub(self) -> bool:
        return self.flag(self.SCRUB_DUE) is None or self.scrub()

    def naming(self, person: str) -> dict[str, int]:
        with self._connections.read() as connection:
            people = _columns_of_people(connection)
            tests: dict[str, list[str]] = {}
            for table, column in connection.execute(_TEXTS).fetchall():
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
            people = _columns_of_people(connection)
            for table, column in connection.execute(_TEXTS).fetchall():
                if not table.startswith(LIBRARY) and (table, column) not in people:
                    erased += _erase(connection, table, column, person)
        return erased


def _columns_of_people(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return the columns that hold ids of people: by their name, or because they point at a member."""
    pointing = {(row[0], row[1]) for row in connection.execute(_POINT_AT_MEMBERS)}
    named = {(table, column) for table, column in connection.execute(_TEXTS) if column in maintenance.PEOPLE}
    return {*pointing, *named, ("members", "id")}


def _erase(connection: sqlite3.Connection, table: str, column: str, person: str) -> int:
    instead = f'"{column}"'
    for written in ("<@!' || ?1 || '>", "<@' || ?1 || '>", "' || ?1 || '"):
        instead = f"replace({instead}, '{written}', '{A_MEMBER}')"
    if (table, column) == ("review_events", "reason"):  # what is in the audit can be taken out, and not be rewritten
        instead = "NULL"
    is_text = connection.execute(
        "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? "
        "AND column_name = ? AND data_type = 'text'",
        [table, column],
    ).fetchone()
    if is_text is None:
        return 0
    try:
        with cast("PostgresConnection", connection).raw.transaction():  # what cannot be changed is left as it is
            found = connection.execute(
                f'UPDATE "{table}" SET "{column}" = {instead} WHERE strpos("{column}", ?1) > 0', [person]
            ).rowcount
    except errors.UniqueViolation:
        return 0
    if found and table == "members":  # so that those who keep profiles in memory read them anew
        connection.execute("UPDATE member_changes SET latest = latest + 1")
        connection.execute("UPDATE members SET change = (SELECT latest FROM member_changes)")
    return found
