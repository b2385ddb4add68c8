"""Vectors of profiles and topics. Rebuilt from the texts at any time; gone with the member."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from knowledge.storage.member_protocols import OfferRow, StoredVectors
from knowledge.storage.sqlite.connection import ConnectedStore

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors

_OFFERS_AT_ONCE = 1024
_OFFERS = """
    SELECT members.id, members.change, NOT findable OR paused, sector, nation, offer
    FROM members LEFT JOIN member_offers
        ON member_offers.member_id = members.id AND made_by = ? AND member_offers.change = members.change
    WHERE members.change > ?
"""


class SQLiteMemberVectors(ConnectedStore):
    """Embeddings of members and topics."""

    def vectors(self, model: str, ids: Collection[str]) -> dict[str, StoredVectors]:
        import numpy as np

        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT member_id, made_of, texts, vectors FROM member_embeddings "
                "WHERE model = ? AND member_id IN (SELECT value FROM json_each(?))",
                [model, json.dumps(list(ids))],
            ).fetchall()
        return {
            row["member_id"]: StoredVectors(
                row["made_of"],
                np.frombuffer(row["vectors"], dtype="<f2").astype(np.float32).reshape(row["texts"], -1),
            )
            for row in rows
        }

    def save_vectors(self, model: str, vectors: Mapping[str, StoredVectors]) -> None:
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT INTO member_embeddings (member_id, model, made_of, texts, vectors) "
                "SELECT id, ?, ?, ?, ? FROM members WHERE id = ? ON CONFLICT (member_id) DO UPDATE SET "
                "model = excluded.model, made_of = excluded.made_of, texts = excluded.texts, "
                "vectors = excluded.vectors",
                [
                    (model, stored.made_of, len(stored.vectors), stored.vectors.astype("<f2").tobytes(), member_id)
                    for member_id, stored in vectors.items()
                ],
            )

    def embedding_count(self, member_id: str) -> int:
        with self._connections.read() as connection:
            row = connection.execute("SELECT texts FROM member_embeddings WHERE member_id = ?", [member_id]).fetchone()
        return int(row["texts"]) if row else 0

    def offers(self, made_by: str, since: int) -> Iterator[list[OfferRow]]:
        with self._connections.read() as connection:
            for rows in self._connections.streamed(connection, _OFFERS, _OFFERS_AT_ONCE, [made_by, since]):
                yield list(map(OfferRow._make, rows))

    def save_offers(self, made_by: str, rows: Sequence[OfferRow]) -> None:
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT INTO member_offers (member_id, made_by, change, sector, nation, offer) "
                "SELECT id, ?, ?, ?, ?, ? FROM members WHERE id = ? ON CONFLICT (member_id) DO UPDATE SET "
                "made_by = excluded.made_by, change = excluded.change, sector = excluded.sector, "
                "nation = excluded.nation, offer = excluded.offer",
                [(made_by, row.change, row.sector, row.nation, row.offer, row.member_id) for row in rows],
            )

    def topic_vectors(self, model: str, hashes: Collection[str]) -> dict[str, Vectors]:
        import numpy as np

        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT hash, vector FROM topic_embeddings "
                "WHERE model = ? AND hash IN (SELECT value FROM json_each(?))",
                [model, json.dumps(list(hashes))],
            ).fetchall()
        return {row["hash"]: np.frombuffer(row["vector"], dtype="<f4") for row in rows}

    def save_topic_vectors(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        with self._connections.write() as connection:
            connection.execute("DELETE FROM topic_embeddings WHERE model != ?", [model])
            connection.executemany(
                "INSERT INTO topic_embeddings (hash, model, vector) VALUES (?, ?, ?) "
                "ON CONFLICT (hash, model) DO UPDATE SET vector = excluded.vector",
                [(key, model, vector.astype("<f4").tobytes()) for key, vector in vectors.items()],
            )
