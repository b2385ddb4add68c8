"""Sources in SQLite: `SourceStore` over the one file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from knowledge.dates import stamp, utc_now
from knowledge.storage.source_protocols import Origin, Source, SourceKind, SourceStore, Withdrawal
from knowledge.storage.sqlite.connection import ConnectedStore
from knowledge.storage.sqlite.documents import set_origins

_SELECT = """
    SELECT id, kind, address, depth, added_at, last_checked, last_success, error, not_before,
           (SELECT count(*) FROM source_documents JOIN documents USING (location)
            WHERE source_id = sources.id) AS documents
    FROM sources
"""
_ABOUT_WHAT_WAS_READ = ("origins", "withdrawn")
# What stands at the place that something else moves to, and where it does so only for the same field or source.
_DISPLACED = """
    DELETE FROM {table} WHERE EXISTS (
        SELECT 1 FROM {table} AS moved
        WHERE (moved.location = ?1 OR substr(moved.location, 1, length(?1) + 1) = ?1 || '#')
          AND {table}.location = ?2 || substr(moved.location, length(?1) + 1) AND {same}
    )
"""
_SAME = {
    "decisions": "moved.field = decisions.field",
    "source_documents": "moved.source_id = source_documents.source_id",
}
_NOBODY_GIVES = "NOT EXISTS (SELECT 1 FROM source_documents AS other WHERE other.location = given.location"


class SQLiteSources(ConnectedStore, SourceStore):
    """`SourceStore` over one file; see there for what each method promises."""

    def add(self, kind: SourceKind, address: str, depth: int) -> Source:
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO sources (kind, address, depth, added_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (address) DO UPDATE SET kind = excluded.kind, depth = excluded.depth",
                [str(kind), address, depth, stamp(utc_now())],
            )
            return _sources(connection, "address = ?", [address])[0]

    def all(self) -> list[Source]:
        with self._connections.read() as connection:
            return _sources(connection, "true", [])

    def at(self, address: str) -> Source | None:
        with self._connections.read() as connection:
            found = _sources(connection, "address = ?", [address])
        return found[0] if found else None

    def remove(self, source_id: int) -> set[str]:
        with self._connections.write() as connection:
            orphans = connection.execute(
                f"SELECT location FROM source_documents AS given WHERE source_id = ? "
                f"AND {_NOBODY_GIVES} AND other.source_id <> given.source_id)",
                [source_id],
            ).fetchall()
            connection.execute("DELETE FROM source_documents WHERE source_id = ?", [source_id])
            connection.execute("DELETE FROM sources WHERE id = ?", [source_id])
        return {row[0] for row in orphans}

    def checked(
        self, source_id: int, *, error: str | None = None, not_before: str | None = None, read: bool = True
    ) -> None:
        moment = stamp(utc_now())
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE sources SET last_checked = ?, last_success = coalesce(?, last_success), error = ?, "
                "not_before = ? WHERE id = ?",
                [moment, moment if read else None, error, not_before, source_id],
            )

    def locations(self, source_id: int) -> set[str]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT location FROM source_documents WHERE source_id = ?", [source_id])
            return {row[0] for row in rows}

    def gave(self, source_id: int, locations: Collection[str], *, complete: bool) -> set[str]:
        current = json.dumps(sorted(locations))
        gone: set[str] = set()
        with self._connections.write() as connection:
            if complete:
                missing = "source_id = ? AND location NOT IN (SELECT value FROM json_each(?))"
                rows = connection.execute(
                    f"SELECT location FROM source_documents AS given WHERE {missing} "
                    f"AND {_NOBODY_GIVES} AND other.source_id <> given.source_id)",
                    [source_id, current],
                )
                gone = {row[0] for row in rows}
                connection.execute(f"DELETE FROM source_documents WHERE {missing}", [source_id, current])
            connection.execute(
                "INSERT INTO source_documents (source_id, location) SELECT ?, value FROM json_each(?) WHERE true "
                "ON CONFLICT DO NOTHING",
                [source_id, current],
            )
        return gone

    def origins(self) -> dict[str, Origin]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT location, digest, etag, last_modified FROM origins")
            return {row["location"]: Origin.model_construct(**dict(row)) for row in rows}

    def set_origins(self, origins: Sequence[Origin]) -> None:
        if origins:
            with self._connections.write() as connection:
                set_origins(connection, origins)

    def stored(self, under: str = "") -> set[str]:
        query = "SELECT location FROM documents WHERE substr(location, 1, length(?1)) = ?1"
        with self._connections.read() as connection:
            return {row[0] for row in connection.execute(query, [under])}

    def ids(self, locations: Collection[str]) -> dict[str, str]:
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT location, id FROM documents WHERE location IN (SELECT value FROM json_each(?))",
                [json.dumps(list(locations))],
            )
            return {row[0]: row[1] for row in rows}

    def withdrawn(self) -> dict[str, Withdrawal]:
        with self._connections.read() as connection:
            rows = connection.execute("SELECT location, removed_at, digest, replaced_by FROM withdrawn")
            return {row["location"]: Withdrawal.model_validate(dict(row)) for row in rows}

    def withdraw(self, location: str) -> None:
        with self._connections.write() as connection:
            _withdraw(connection, location, None)

    def move(self, old: str, new: str, replaced_by: str | None = None) -> None:
        with self._connections.write() as connection:
            if replaced_by is not None:
                _withdraw(connection, old, replaced_by)
            read = () if replaced_by else _ABOUT_WHAT_WAS_READ
            for table in ("documents", "decisions", "source_documents", *read):
                if table != "documents":  # one at the new place would be an error: its chunks must be removed with it
                    connection.execute(_DISPLACED.format(table=table, same=_SAME.get(table, "true")), [old, new])
                connection.execute(
                    f"UPDATE {table} SET location = ?2 || substr(location, length(?1) + 1) "
                    "WHERE location = ?1 OR substr(location, 1, length(?1) + 1) = ?1 || '#'",
                    [old, new],
                )
            if replaced_by is not None:
                connection.execute("DELETE FROM origins WHERE location = ?", [old])
                connection.execute("DELETE FROM withdrawn WHERE location = ?", [new])
            # A source of its own goes with it, unless the new place is one already.
            connection.execute(
                "UPDATE sources SET address = ?1 WHERE address = ?2 "
                "AND NOT EXISTS (SELECT 1 FROM sources WHERE address = ?1)",
                [new, old],
            )
            left = "(SELECT id FROM sources WHERE address = ?)"
            connection.execute(f"DELETE FROM source_documents WHERE source_id = {left}", [old])
            connection.execute("DELETE FROM sources WHERE address = ?", [old])

    def readmit(self, address: str) -> None:
        with self._connections.write() as connection:
            connection.execute(
                "DELETE FROM withdrawn WHERE location = ?1 "
                "OR substr(location, 1, length(?1) + 1) IN (?1 || '/', ?1 || '#')",
                [address],
            )


def _withdraw(connection: sqlite3.Connection, location: str, replaced_by: str | None) -> None:
    connection.execute(
        "INSERT INTO withdrawn (location, removed_at, digest, replaced_by) "
        "VALUES (?1, ?2, (SELECT digest FROM origins WHERE location = ?1), ?3) ON CONFLICT (location) DO UPDATE SET "
        "removed_at = excluded.removed_at, digest = excluded.digest, replaced_by = excluded.replaced_by",
        [location, stamp(utc_now()), replaced_by],
    )


def _sources(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Source]:
    rows = connection.execute(f"{_SELECT} WHERE {where} ORDER BY id", values)
    return [Source.model_validate(dict(row)) for row in rows]
