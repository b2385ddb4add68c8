"""All members in memory, as a match looks at them: a byte a dimension, 100,000 members in about 100 MB."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.domain.vocabulary import Nation, Sector
from knowledge.storage.member_protocols import OfferRow

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors

_UNKNOWN = -1
_CODES: dict[str | None, int] = {term: number for number, term in enumerate([*Sector, *Nation])}
# Rows that are made into floating point at once: more take longer, because they leave a processor's cache.
_MULTIPLIED_AT_ONCE = 256
# Room for so many more, so that not each new member moves everybody.
_ROOM = 1.25
_LEAST_ROOM = 64
_LENGTH = 4  # of the scale, in bytes


class Rows(NamedTuple):
    """Members as arrays, one row each in the same order; sectors and nations as `code` returns them.

    What they offer is in bytes, near enough to tell who is worth a closer look and nothing else.
    """

    ids: npt.NDArray[np.object_]
    offers: npt.NDArray[np.int8]  # (n, dimension) the offer's vector: see `Offer`
    scales: Vectors  # (n,) what each is to be multiplied by
    sector: npt.NDArray[np.int8]
    nation: npt.NDArray[np.int8]
    hidden: npt.NDArray[np.bool_]  # not findable, or paused

    def at(self, places: slice | npt.NDArray[np.bool_]) -> Rows:
        """Return some of the rows."""
        return Rows(
            self.ids[places],
            self.offers[places],
            self.scales[places],
            self.sector[places],
            self.nation[places],
            self.hidden[places],
        )

    def likeness(self, vector: Vectors) -> Vectors:
        """Return the products of all offers with a vector of shape (dimension,), about: shape (n,)."""
        found = np.empty(len(self.ids), dtype=np.float32)
        for start in range(0, len(found), _MULTIPLIED_AT_ONCE):
            part = slice(start, start + _MULTIPLIED_AT_ONCE)
            found[part] = self.offers[part].astype(np.float32) @ vector
        return found * self.scales


class MemberTable:
    """The rows of members by id, changed in place. Not safe in threads; what `rows` returned stays usable."""

    def __init__(self, dimension: int) -> None:
        self._places: dict[str, int] = {}
        self._used = 0
        self._rows = _empty(0, dimension)

    def __len__(self) -> int:
        """Return how many members there are."""
        return len(self._places)

    def rows(self) -> Rows:
        """Return all rows, also of members who have gone since they were put here: see `without`."""
        return self._rows.at(slice(self._used))

    def put(self, rows: Sequence[OfferRow]) -> None:
        """Add members, or write over them; every row has an offer."""
        if not rows:
            return
        new = [row.member_id for row in rows if row.member_id not in self._places]
        self.make_room(self._used + len(new))
        for key in new:
            self._places[key] = self._used
            self._rows.ids[self._used] = key
            self._used += 1
        places = [self._places[row.member_id] for row in rows]
        stored = np.frombuffer(b"".join(row.offer or b"" for row in rows), dtype=np.int8).reshape(len(rows), -1)
        self._rows.offers[places] = stored[:, _LENGTH:]
        self._rows.scales[places] = np.ascontiguousarray(stored[:, :_LENGTH]).view("<f4")[:, 0]
        self._rows.sector[places] = [code(row.sector) for row in rows]
        self._rows.nation[places] = [code(row.nation) for row in rows]
        self._rows.hidden[places] = [row.hidden for row in rows]

    def without(self, present: Collection[str]) -> MemberTable:
        """Return the table of those members alone who are among `present`."""
        kept = np.array([key in present for key in self._rows.ids[: self._used]], dtype=bool)
        found = MemberTable(self._rows.offers.shape[1])
        found._rows = self.rows().at(kept)
        found._used = int(kept.sum())
        found._places = {key: place for place, key in enumerate(found._rows.ids)}
        return found

    def make_room(self, needed: int) -> None:
        """Make room for so many rows in all; who knows how many come spares moving those that are there each time."""
        if needed <= len(self._rows.ids):
            return
        larger = _empty(max(_LEAST_ROOM, int(needed * _ROOM)), self._rows.offers.shape[1])
        for name in Rows._fields:
            getattr(larger, name)[: self._used] = getattr(self._rows, name)[: self._used]
        self._rows = larger


def _empty(count: int, dimension: int) -> Rows:
    return Rows(
        ids=np.empty(count, dtype=object),
        offers=np.zeros((count, dimension), dtype=np.int8),
        scales=np.zeros(count, dtype=np.float32),
        sector=np.zeros(count, dtype=np.int8),
        nation=np.zeros(count, dtype=np.int8),
        hidden=np.ones(count, dtype=bool),
    )


def as_bytes(vector: Vectors) -> bytes:
    """Return a vector as a scale and a byte a dimension."""
    scale = np.float32(max(float(np.abs(vector).max()), 1e-9) / 127)
    return bytes(scale.astype("<f4").tobytes() + np.rint(vector / scale).astype(np.int8).tobytes())


def code(term: str | None) -> int:
    """Return the number that stands for a sector or nation, -1 where it is not known."""
    return _CODES.get(term, _UNKNOWN)
