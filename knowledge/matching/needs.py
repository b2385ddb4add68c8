"""Needs that several members share: whose words are near enough to one member's to be the same need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from knowledge.calibration.thresholds import SimilarityThresholds

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors


class SharedNeed(NamedTuple):
    """A need in the words of one member, and who shares it: by place among the members, how near, 0 to 1."""

    words: str
    nearness: dict[int, float]


def shared_needs(words: Sequence[str], vectors: Vectors, smallest: int) -> list[SharedNeed]:
    """Return the needs that at least `smallest` members share, those of most members first; a member may share several.

    `words` is what each member looks for and `vectors` these texts' centred vectors, shape (members, dimension), zero
    where nothing is sought. No need is listed that is the same as one listed before.
    """
    if not len(words):
        return []
    there = np.linalg.norm(vectors, axis=1) > 0
    alike = np.where(there[:, None] & there[None, :], vectors @ vectors.T, 0.0)
    near = alike >= SimilarityThresholds.packaged().matching.same_need.value
    listed: list[int] = []
    found = []
    for place in sorted(range(len(words)), key=lambda one: (-int(near[one].sum()), -float(alike[one].sum()), one)):
        members = np.flatnonzero(near[place])
        if len(members) < smallest or any(near[place, other] for other in listed):
            continue
        listed.append(place)
        found.append(SharedNeed(words[place], {int(one): min(1.0, float(alike[place, one])) for one in members}))
    return found
