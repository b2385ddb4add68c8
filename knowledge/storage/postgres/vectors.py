"""The nearest vectors by pgvector: half precision in a table of their own, over which there is an HNSW index.

Yu. A. Malkov and D. A. Yashunin, Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
Small World graphs, 2018. A row is gone with its chunk, in the same transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from pgvector import HalfVector

from knowledge.storage.postgres import row_security

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Scores, Vectors
    from knowledge.storage.postgres.connection import PostgresConnections
    from knowledge.storage.postgres.statements import PostgresConnection

_INDEX = "chunk_vectors_nearest"
# Of half precision, in an index: https://github.com/pgvector/pgvector#hnsw
_MOST_DIMENSIONS = 4000
_AT_ONCE = 1000
# Of so few that may be found each is compared.
_FEW = 20_000
# How many a search looks at in the graph: the least at which it finds such a share of the ten nearest, measured with
# so many vectors that lie between two of the library, whenever there are twice as many.
_EF = (200, 400, 800)
_RECALL = 0.98
_MEASURED_WITH = 20
_NEAREST = 10
# What is noted counts only while the index is there.
_STATE = "SELECT value FROM flags WHERE name = ? AND to_regclass(?) IS NOT NULL"
_NOTE = "INSERT INTO flags (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_MISSING = """
    SELECT chunks.id FROM unnest(CAST(? AS bigint[])) AS wanted (id) JOIN chunks USING (id)
        LEFT JOIN chunk_vectors ON chunk_id = chunks.id
    WHERE chunk_vectors.hash IS DISTINCT FROM embedding_hash ORDER BY chunks.id
"""
_ROWS = """
    SELECT chunks.id, embedding_hash, embeddings.vector
    FROM chunks JOIN embeddings ON embeddings.hash = embedding_hash LEFT JOIN chunk_vectors ON chunk_id = chunks.id
    WHERE chunks.id = ANY (CAST(? AS bigint[])) AND chunk_vectors.hash IS DISTINCT FROM embedding_hash
    ORDER BY chunks.id FOR KEY SHARE OF chunks
"""
_INSERT = """
    INSERT INTO chunk_vectors (chunk_id, hash, vector) VALUES (?, ?, ?)
    ON CONFLICT (chunk_id) DO UPDATE SET hash = excluded.hash, vector = excluded.vector
"""
_OTHERS = """
    DELETE FROM chunk_vectors WHERE NOT EXISTS (
        SELECT 1 FROM unnest(CAST(? AS bigint[])) AS wanted (id) WHERE wanted.id = chunk_id
    )
"""
_NEAREST_OF = """
    SELECT chunk_id FROM chunk_vectors {where}
    ORDER BY CAST(vector AS halfvec({dimension})) <#> CAST(? AS halfvec({dimension})) LIMIT ?
"""
_AMONG = "WHERE chunk_id = ANY (CAST(? AS bigint[]))"
_COMPARED = f"SELECT -(vector <#> CAST(? AS halfvec)) FROM chunk_vectors {_AMONG}"
# No index is asked: it is compared with all.
_EXACTLY = "SET LOCAL enable_indexscan = off"
_BY_GRAPH = (
    "SELECT set_config('hnsw.ef_search', '{ef}', true), set_config('hnsw.iterative_scan', 'relaxed_order', true)"
)


class PostgresVectors:
    """`VectorIndex` over pgvector; see there for what each method promises."""

    def __init__(self, connections: PostgresConnections) -> None:
        self._connections = connections
        name = f"chunk_vectors {row_security.alone_key(connections.network)}"
        self._lock = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
        self._ef = _EF[0]

    @property
    def most_dimensions(self) -> int:
        return _MOST_DIMENSIONS

    def keep(self, model: str, dimension: int, ids: Ids, gone: Ids | None = None) -> None:
        state = self._begun(model, dimension)
        with self._connections.read() as connection:
            found = connection.execute(_MISSING, [ids.tolist()]).fetchall()
        missing = [row[0] for row in found]
        for start in range(0, len(missing), _AT_ONCE):
            with self._alone() as connection:
                self._add(connection, missing[start : start + _AT_ONCE])
        if gone is None or gone.size:
            with self._alone() as connection:
                if gone is None:
                    connection.execute(_OTHERS, [ids.tolist()])
                else:
                    connection.execute(f"DELETE FROM chunk_vectors {_AMONG}", [gone.tolist()])
        self._ef = state["ef"]
        if gone is None and ids.size >= 2 * state["measured"]:
            self._measure(state, ids)

    def nearest(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> Ids:
        exactly = allowed is not None and allowed.size <= _FEW
        with self._connections.read() as lent:
            found = self._nearest(cast("PostgresConnection", lent), vector, limit, allowed, self._ef, exactly=exactly)
            if allowed is not None and not exactly and len(found) < min(limit, allowed.size):
                # The graph was left before it came to enough of them.
                found = self._nearest(cast("PostgresConnection", lent), vector, limit, allowed, self._ef, exactly=True)
        return np.array(found, dtype=np.int64)

    def similarities(self, vector: Vectors, ids: Ids) -> Scores:
        with self._connections.read() as connection:
            rows = connection.execute(_COMPARED, [HalfVector(vector), ids.tolist()]).fetchall()
        return np.array([row[0] for row in rows], dtype=np.float32)

    def differing(self, ids: Ids, vectors: Vectors) -> Ids:
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT chunk_id, CAST(vector AS real[]) FROM chunk_vectors {_AMONG}", [ids.tolist()]
            ).fetchall()
        held = {row[0]: np.array(row[1], dtype=np.float16) for row in rows}
        wanted = zip(ids.tolist(), vectors.astype(np.float16), strict=True)
        return np.array(
            [one for one, vector in wanted if one not in held or not np.array_equal(held[one], vector)], dtype=np.int64
        )

    def clear(self) -> None:
        with self._alone() as connection:
            connection.execute("DELETE FROM chunk_vectors")

    # -- the parts

    @contextmanager
    def _alone(self) -> Iterator[PostgresConnection]:
        """Open a transaction in which no other process changes the index; whoever writes anything else goes on."""
        with self._connections.write(alone=False) as lent:
            lent.execute("SELECT pg_advisory_xact_lock(?)", [self._lock])
            yield cast("PostgresConnection", lent)

    def _begun(self, model: str, dimension: int) -> dict[str, Any]:
        """Return what is noted of the index, made anew for another model."""
        with self._connections.read() as connection:
            state = _read_state(connection)
        if state is not None and (state["model"], state["dimension"]) == (model, dimension):
            return state
        with self._alone() as connection:
            state = _read_state(connection)
            if state is None or (state["model"], state["dimension"]) != (model, dimension):
                state = {"model": model, "dimension": dimension, "ef": _EF[0], "measured": 0}
                connection.execute(f"DROP INDEX IF EXISTS {_INDEX}")
                connection.execute("DELETE FROM chunk_vectors")
                connection.execute(
                    f"CREATE INDEX {_INDEX} ON chunk_vectors "
                    f"USING hnsw ((CAST(vector AS halfvec({int(dimension)}))) halfvec_ip_ops)"
                )
                _note(connection, state)
        return state

    def _add(self, connection: PostgresConnection, ids: list[int]) -> None:
        rows = connection.execute(_ROWS, [ids], binary=True).fetchall()
        connection.executemany(
            _INSERT, [(row[0], row[1], HalfVector(np.frombuffer(row[2], dtype="<f4"))) for row in rows]
        )

    def _nearest(
        self,
        connection: PostgresConnection,
        vector: Vectors,
        limit: int,
        allowed: Ids | None,
        ef: int,
        *,
        exactly: bool = False,
    ) -> list[int]:
        query = _NEAREST_OF.format(where="" if allowed is None else _AMONG, dimension=vector.size)
        values = [HalfVector(vector), limit]
        with connection.raw.transaction():
            connection.execute(_EXACTLY if exactly else _BY_GRAPH.format(ef=ef))
            rows = connection.execute(query, values if allowed is None else [allowed.tolist(), *values])
            return [row[0] for row in rows.fetchall()]

    def _measure(self, state: dict[str, Any], ids: Ids) -> None:
        """Choose how much of the graph a search looks at."""
        with self._connections.read() as lent:
            connection = cast("PostgresConnection", lent)
            some = ids[np.linspace(0, ids.size - 1, 2 * _MEASURED_WITH).astype(np.int64)]
            rows = connection.execute(f"SELECT CAST(vector AS real[]) FROM chunk_vectors {_AMONG}", [some.tolist()])
            vectors = np.array([row[0] for row in rows.fetchall()], dtype=np.float32)
            if len(vectors) < 2:
                return
            queries = vectors[: len(vectors) // 2] + 0.5 * vectors[-(len(vectors) // 2) :]
            exact = [set(self._nearest(connection, one, _NEAREST, None, 0, exactly=True)) for one in queries]
            for ef in _EF:
                found = [set(self._nearest(connection, one, _NEAREST, None, ef)) for one in queries]
                if sum(map(len, map(set.__and__, found, exact))) >= _RECALL * sum(map(len, exact)):
                    break
        self._ef = state["ef"] = ef
        state["measured"] = int(ids.size)
        with self._alone() as connection:
            if (now := _read_state(connection)) is not None and now["model"] == state["model"]:
                _note(connection, state)


def _read_state(connection: Any) -> dict[str, Any] | None:  # noqa: ANN401 - of either sort
    row = connection.execute(_STATE, [_INDEX, _INDEX]).fetchone()
    return json.loads(row[0]) if row else None


def _note(connection: PostgresConnection, state: dict[str, Any]) -> None:
    connection.execute(_NOTE, [_INDEX, json.dumps(state)])
