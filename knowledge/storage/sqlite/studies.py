"""Findings about documents, in SQLite: `StudyStore` over the one file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from knowledge.domain.library import StoredDocument, TextCoverage
from knowledge.domain.vocabulary import Kind
from knowledge.storage.source_protocols import Proposal, Study, StudyStore
from knowledge.storage.sqlite import documents as document_rows
from knowledge.storage.sqlite.connection import ConnectedStore


class SQLiteStudies(ConnectedStore, StudyStore):
    """`StudyStore` over one file; see there for what each method promises."""

    def unstudied(self, most: int) -> list[StoredDocument]:
        return self._some("(studied IS NULL OR studied <> content_hash)", most)

    def labelled(self, most: int) -> list[StoredDocument]:
        return self._some(f"kind <> '{Kind.RESOURCE}'", most)

    def _some(self, condition: str, most: int) -> list[StoredDocument]:
        first = f"documents.id IN (SELECT id FROM documents WHERE {condition} ORDER BY id LIMIT ?)"
        with self._connections.read() as connection:
            return document_rows.select_documents(connection, first, most)

    def save_studies(self, studies: Sequence[Study]) -> None:
        with self._connections.write() as connection:
            for study in studies:
                _save(connection, study)

    def overlaps(self, most_documents: int, least: int) -> list[tuple[str, str]]:
        with self._connections.read() as connection:
            rows = connection.execute(
                """
                WITH telling AS MATERIALIZED (
                    SELECT hash FROM sketches GROUP BY hash HAVING count(*) BETWEEN 2 AND ?
                )
                SELECT one.document_id, other.document_id
                FROM telling JOIN sketches AS one USING (hash) JOIN sketches AS other USING (hash)
                WHERE one.document_id < other.document_id GROUP BY 1, 2 HAVING count(*) >= ? ORDER BY 1, 2
                """,
                [most_documents, least],
            )
            return [(row[0], row[1]) for row in rows]

    def sketch(self, document_id: str) -> set[int]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT hash FROM sketches WHERE document_id = ?", [document_id])
            return {row[0] for row in rows}

    def set_duplicates(self, duplicates: Mapping[str, str]) -> bool:
        shown = "(SELECT pair.value FROM json_each(?1) AS pair WHERE pair.key = documents.id)"
        with self._connections.write() as connection:
            changed = connection.execute(
                f"UPDATE documents SET duplicate_of = {shown} "
                f"WHERE coalesce(duplicate_of, '') <> coalesce({shown}, '')",
                [json.dumps(dict(duplicates))],
            ).rowcount
            if changed:
                document_rows.touch(connection)
            return changed > 0

    def duplicates(self) -> dict[str, str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT id, duplicate_of FROM documents WHERE duplicate_of IS NOT NULL ORDER BY id"
            )
            return {row[0]: row[1] for row in rows}

    def proposals(self) -> list[Proposal]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT document_id, title, field, value, reason FROM proposals "
                "JOIN documents ON documents.id = document_id ORDER BY document_id, field"
            )
            return [Proposal(**{**dict(row), "value": json.loads(row["value"])}) for row in rows]

    def coverage(self, document_id: str) -> TextCoverage | None:
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT coverage FROM text_coverage WHERE document_id = ?", [document_id]
            ).fetchone()
        return TextCoverage.model_validate_json(row[0]) if row else None

    def set_coverage(self, coverages: Mapping[str, TextCoverage]) -> None:
        if coverages:
            with self._connections.write() as connection:
                for location, coverage in coverages.items():
                    document_rows.set_coverage(connection, location, coverage)

    def decide(self, location: str, field: str, value: object | None) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO decisions (location, field, value) VALUES (?, ?, ?) "
                "ON CONFLICT (location, field) DO UPDATE SET value = excluded.value",
                [location, field, None if value is None else json.dumps(value)],
            )
            connection.execute(
                "DELETE FROM proposals WHERE field = ? "
                "AND document_id IN (SELECT id FROM documents WHERE location = ?)",
                [field, location],
            )

    def decided(self, location: str) -> dict[str, object]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT field, value FROM decisions WHERE location = ? AND value IS NOT NULL", [location]
            )
            return {row["field"]: json.loads(row["value"]) for row in rows}

    def decided_fields(self, location: str) -> set[str]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT field FROM decisions WHERE location = ?", [location])
            return {row["field"] for row in rows}


def _save(connection: sqlite3.Connection, study: Study) -> None:
    document_id = study.document_id
    for table in ("sketches", "proposals"):
        connection.execute(f"DELETE FROM {table} WHERE document_id = ?", [document_id])
    if not connection.execute("SELECT 1 FROM documents WHERE id = ?", [document_id]).fetchone():
        return  # another process removed it a moment ago
    connection.executemany(
        "INSERT INTO sketches (hash, document_id) VALUES (?, ?)", [(v, document_id) for v in sorted(study.sketch)]
    )
    connection.executemany(
        "INSERT INTO proposals (document_id, field, value, reason) VALUES (?, ?, ?, ?)",
        [(document_id, field, json.dumps(value), reason) for field, (value, reason) in study.proposals.items()],
    )
    connection.execute("UPDATE documents SET studied = ? WHERE id = ?", [study.content_hash, document_id])
