"""Embeddings by the model that a library is going over to. Functions over an open connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from knowledge.errors import StorageError

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors


def known(connection: sqlite3.Connection, model: str, hashes: Collection[str]) -> set[str]:
    """Return those of the content hashes that the model's embedding is kept of."""
    rows = connection.execute(
        "SELECT hash FROM next_embeddings WHERE model = ? AND hash IN (SELECT value FROM json_each(?))",
        [model, json.dumps(list(hashes))],
    )
    return {row[0] for row in rows}


def add(connection: sqlite3.Connection, model: str, vectors: Mapping[str, Vectors]) -> None:
    """Keep a model's embeddings by content hash."""
    connection.executemany(
        "INSERT INTO next_embeddings (model, hash, vector) VALUES (?, ?, ?) "
        "ON CONFLICT (model, hash) DO UPDATE SET vector = excluded.vector",
        ((model, key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()),
    )


def take_over(connection: sqlite3.Connection, model: str) -> None:
    """Put a model's embeddings in the place of those in force. The caller holds a write transaction."""
    connection.execute(
        "INSERT INTO embeddings (hash, vector) SELECT hash, vector FROM next_embeddings WHERE model = ? "
        "ON CONFLICT (hash) DO UPDATE SET vector = excluded.vector",
        [model],
    )


def finish(connection: sqlite3.Connection, model: str, dimension: int) -> None:
    """Delete what no chunk needs any more. The caller holds a write transaction, which is undone on an error.

    Raises:
        StorageError: A chunk has still its old embedding.
    """
    connection.execute(
        "DELETE FROM embeddings WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE embedding_hash = embeddings.hash)"
    )
    lacking = connection.execute(
        "SELECT (SELECT count(*) FROM chunks "
        "WHERE NOT EXISTS (SELECT 1 FROM next_embeddings WHERE model = ? AND hash = embedding_hash)) "
        "+ (SELECT count(*) FROM embeddings WHERE length(vector) <> 4 * ?)",
        [model, dimension],
    ).fetchone()[0]
    if lacking:
        raise StorageError(
            f"{lacking} chunks were not embedded anew, so nothing was changed. Run `haln index rebuild`."
        )
    connection.execute("DELETE FROM next_embeddings")
