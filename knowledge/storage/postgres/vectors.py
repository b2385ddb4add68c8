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

from knowledge.errors import StorageBusyError
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
_SHOWN = """
    FROM chunks JOIN documents ON documents.id = document_id LEFT JOIN chunk_vectors ON chunk_id = chunks.id
    WHERE duplicate_of IS NULL AND chunk_vectors.hash IS DISTINCT FROM embedding_hash
"""
_OF_THESE = "AND chunks.id = ANY (CAST(? AS bigint[]))"
_ROWS = f"""
    SELECT chunks.id, embedding_hash, (SELECT vector FROM embeddings WHERE embeddings.hash = embedding_hash)
    {_SHOWN} {_OF_THESE} ORDER BY chunks.id FOR KEY SHARE OF chunks
"""
_HIDDEN = """
    SELECT chunk_id FROM chunk_vectors JOIN chunks ON chunks.id = chunk_id JOIN documents ON documents.id = document_id
    WHERE duplicate_of IS NOT NULL
"""
_INSERT = """
    INSERT INTO chunk_vectors (chunk_id, hash, vector) VALUES (?, ?, ?)
    ON CONFLICT (chunk_id) DO UPDATE SET hash = excluded.hash, vector = excluded.vector
"""
_SOME = "SELECT CAST(vector AS real[]) FROM chunk_vectors WHERE chunk_id % ? = 0 ORDER BY chunk_id LIMIT ?"
_NEAREST_OF = """
    SELECT chunk_id FROM chunk_vectors {where}
    ORDER BY CAST(vector AS halfvec({dimension})) <#> CAST(? AS halfvec({dimension})) LIMIT ?
"""
_AMONG = "WHERE chunk_id = ANY (CAST(? AS bigint[]))"
_COMPARED = f"SELECT -(vector <#> CAST(? AS halfvec)) FROM chunk_vectors {_AMONG}"
# No index is asked: it is compared with all.
_EXACTLY = "SELECT set_config('enable_indexscan', 'off', true)"
_BY_GRAPH = (
    "SELECT set_config('hnsw.ef_search', '{ef}', true), set_config('hnsw.iterative_scan', 'relaxed_order', true)"
)
# A plan that was made for other searches knows nothing of how many may be found by this one.
_PLAN = "set_config('plan_cache_mode', 'force_custom_plan', true)"


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

    def keep(self, model: str, dimension: int, changed: Ids | None = None) -> None:
        state, is_new = self._begun(model, dimension)
        these = None if changed is None or is_new else changed.tolist()
        among, values = ("", []) if these is None else (_OF_THESE, [these])
        with self._connections.read() as connection:
            missing = [row[0] for row in connection.execute(f"SELECT chunks.id {_SHOWN} {among}", values).fetchall()]
            hidden = connection.execute(f"{_HIDDEN} {among} LIMIT 1", values).fetchone()
        for start in range(0, len(missing), _AT_ONCE):
            with self._alone(model) as connection:
                self._add(connection, missing[start : start + _AT_ONCE])
        if hidden is not None:
            with self._alone(model) as connection:
                connection.execute(f"DELETE FROM chunk_vectors WHERE chunk_id IN ({_HIDDEN} {among})", values)
        self._ef = state["ef"]
        if these is None:
            self._measure(state)

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
        with self._connections.write(alone=False) as connection:
            connection.execute(f"DROP INDEX IF EXISTS {_INDEX}")
            connection.execute("DELETE FROM chunk_vectors")

    # -- the parts

    @contextmanager
    def _alone(self, model: str) -> Iterator[PostgresConnection]:
        """Open a transaction in which no other process changes the index; whoever writes anything else goes on.

        Raises:
            StorageBusyError: The library's embeddings are another model's, before the body or at its end.
        """
        with self._connections.write(alone=False) as lent:
            lent.execute("SELECT pg_advisory_xact_lock(?)", [self._lock])
            _require_model(lent, model)
            yield cast("PostgresConnection", lent)
            _require_model(lent, model)

    def _begun(self, model: str, dimension: int) -> tuple[dict[str, Any], bool]:
        """Return what is noted of the index, and whether it is empty yet: it is made anew for another model."""
        with self._connections.read() as connection:
            state = _read_state(connection)
        if state is not None and (state["model"], state["dimension"]) == (model, dimension):
            return state, False
        with self._alone(model) as connection:
            state = _read_state(connection)
            if state is not None and (state["model"], state["dimension"]) == (model, dimension):
                return state, False  # by another process, meanwhile
            state = {"model": model, "dimension": dimension, "ef": _EF[0], "measured": 0}
            connection.execute(f"DROP INDEX IF EXISTS {_INDEX}")
            connection.execute("DELETE FROM chunk_vectors")
            connection.execute(
                f"CREATE INDEX {_INDEX} ON chunk_vectors "
                f"USING hnsw ((CAST(vector AS halfvec({int(dimension)}))) halfvec_ip_ops)"
            )
            _note(connection, state)
            return state, True

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
            connection.execute(f"{_EXACTLY if exactly else _BY_GRAPH.format(ef=ef)}, {_PLAN}")
            rows = connection.execute(query, values if allowed is None else [allowed.tolist(), *values])
            return [row[0] for row in rows.fetchall()]

    def _measure(self, state: dict[str, Any]) -> None:
        """Choose how much of the graph a search looks at, where there are twice as many vectors as the last time."""
        with self._connections.read() as lent:
            connection = cast("PostgresConnection", lent)
            size = connection.execute("SELECT count(*) FROM chunk_vectors").fetchall()[0][0]
            if size < max(1, 2 * state["measured"]):
                return
            step = max(1, size // (2 * _MEASURED_WITH))
            rows = connection.execute(_SOME, [step, 2 * _MEASURED_WITH]).fetchall()
            vectors = np.array([row[0] for row in rows], dtype=np.float32)
            half = len(vectors) // 2
            queries = vectors[:half] + 0.5 * vectors[len(vectors) - half :]
            exact = [set(self._nearest(connection, one, _NEAREST, None, 0, exactly=True)) for one in queries]
            for ef in _EF:
                found = [set(self._nearest(connection, one, _NEAREST, None, ef)) for one in queries]
                if sum(map(len, map(set.__and__, found, exact))) >= _RECALL * sum(map(len, exact)):
                    break
        self._ef = ef
        with self._alone(state["model"]) as connection:
            _note(connection, {**state, "ef": ef, "measured": size})


def _require_model(connection: Any, model: str) -> None:  # noqa: ANN401 - of either sort
    """Accept the library's embeddings if they are that model's.

    Raises:
        StorageBusyError: They are another one's.
    """
    row = connection.execute("SELECT model FROM library").fetchone()
    if row is None or row[0] != model:
        raise StorageBusyError(
            "The library has gone over to another model in this moment. Nothing was lost; try again."
        )


def _read_state(connection: Any) -> dict[str, Any] | None:  # noqa: ANN401 - of either sort
    row = connection.execute(_STATE, [_INDEX, _INDEX]).fetchone()
    return json.loads(row[0]) if row else None


def _note(connection: PostgresConnection, state: dict[str, Any]) -> None:
    connection.execute(_NOTE, [_INDEX, json.dumps(state)])
