"""Who fits a need best: the formula, over arrays of all members.

    (topics shared + 0.75 * likeness of need and offer) * (1 + 0.8 * experience) * (1 - 0.3 * load)
    + 0.2 * pillar + 0.05 * (same level) + 0.02 * (same nation)

Topic first: experience multiplies, so that somebody established in another topic gains little by it. What is shared by
facet alone (pillar, level, place) orders those whose topics are equally near and never lifts them past a nearer topic.
Requests of the last month lower the place: of two who can help, the one who was asked less often comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation, Sector
from knowledge.matching.constraints import MemberConstraints, read_member_constraints
from knowledge.matching.directory import Need, Rows, code
from knowledge.matching.texts import says_something

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors

# All on plateaus: half or twice of each changes nDCG@5 on both reference sets by less than 0.03.
_LIKENESS = 0.75
_EXPERIENCE = 0.8
_PILLAR = 0.2
_LEVEL = 0.05
_PLACE = 0.02
_LOAD = 0.3


class Wanted(NamedTuple):
    """Who may be suggested: `None` is no restriction."""

    sectors: frozenset[Sector] | None
    nations: frozenset[Nation] | None


NO_WISH = MemberConstraints(topic="")


def unless_chosen(
    wish: MemberConstraints, sector: Sector | None, nation: Nation | None, different: str | None
) -> MemberConstraints:
    """Return what a profile's text asks for, without what an option of this search decides: the option wins."""
    if sector is not None or different == "sector":
        wish = wish._replace(sectors=None, different_sector=False)
    if nation is not None or different == "nation":
        wish = wish._replace(nations=None, different_nation=False)
    return wish


def wanted(
    seeker: Profile, wish: MemberConstraints, sector: Sector | None, nation: Nation | None, different: str | None
) -> Wanted:
    """Return what the text says and what was chosen, together: both are honoured. Contradictions leave nobody."""
    sectors, nations = wish.sectors, wish.nations
    if sector is not None:
        sectors = frozenset({sector}) & (sectors or frozenset(Sector))
    if nation is not None:
        nations = frozenset({nation}) & (nations or frozenset(Nation))
    if (wish.different_sector or different == "sector") and seeker.sector is not None:
        sectors = (sectors or frozenset(Sector)) - {seeker.sector}
    if (wish.different_nation or different == "nation") and seeker.nation is not None:
        # Somebody who works across the UK works in the seeker's nation too.
        nations = (nations or frozenset(Nation)) - {seeker.nation, Nation.UK}
    return Wanted(sectors, nations)


def may_help(helper: Profile, other: Profile) -> bool:
    """Return whether the other says what they look for, and the helper is where they look for it."""
    if not says_something(other.looking_for):
        return False
    who = wanted(other, read_member_constraints(other.looking_for), None, None, None)
    return (who.sectors is None or helper.sector in who.sectors) and (
        who.nations is None or helper.nation in who.nations
    )


def allowed(rows: Rows, who: Wanted) -> npt.NDArray[np.bool_]:
    """Return which rows may be suggested, shape (n,).

    Whose sector or nation is not known is no answer to one asked for.
    """
    mask = ~rows.hidden
    for column, terms in ((rows.sector, who.sectors), (rows.nation, who.nations)):
        if terms is not None:
            mask &= np.isin(column, [code(term) for term in terms])
    return mask


def relevance(rows: Rows, need: Need) -> Vectors:
    """Return how near each member's offer is to a need, shape (n,): topics shared and likeness of the words."""
    near = rows.topics @ need.topics + _LIKENESS * np.maximum(rows.offers @ need.vector, 0.0)
    return np.asarray(near, dtype=np.float32)


def relevance_of(need: Need, topics: Vectors, offer: Vectors) -> float:
    """Return the `relevance` of one offer, from its topics and its centred vector."""
    return float(topics @ need.topics) + _LIKENESS * max(float(offer @ need.vector), 0.0)


def score(rows: Rows, need: Need, seeker: Profile, near: Vectors, places: npt.NDArray[np.int64]) -> Vectors:
    """Return the scores of the rows at `places` for a need, before load; `near` is their relevance."""
    total = (
        near * (1 + _EXPERIENCE * rows.experience[places])
        + _PILLAR * (rows.pillars[places] @ need.pillars)
        + _LEVEL * ((rows.level[places] == code(seeker.level)) & (seeker.level is not None))
        + _PLACE * ((rows.nation[places] == code(seeker.nation)) & (seeker.nation is not None))
    )
    return np.asarray(total, dtype=np.float32)


def lightened(value: float, load: float) -> float:
    """Return a score with the load of the member, 0 (nobody asked) to 1 (as often as they take), taken into account."""
    return value * (1 - _LOAD * min(1.0, max(0.0, load)))
