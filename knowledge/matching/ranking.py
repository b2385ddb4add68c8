"""The ranking for a need: the formula, over arrays of all members, and over the shortlist that was read.

    likeness + 0.25 * reader + 4 * topics + 1.2 * experience + (a pillar in common) + 0.2 * mutual - 0.6 * load

`likeness` is the mean of four centred cosines: of the need, by itself and with what its owner works on, and the offer,
by itself and under the role. It makes the shortlist. `reader` is the logit of the best sentence of the offer for the
need as a question. Both are standardised over the shortlist, so that none needs a scale of its own. `topics` is how
much of need and offer is about the same topics, 0 where no topic is near: it adds for what topics.yaml knows, and for
what it does not know it decides nothing (members it was not written for fare alike with half of it and with none:
docs/quality.md).
Requests of the last month lower the place: of two who can help, the one who was asked less often comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation, Sector, Stage
from knowledge.matching.constraints import MemberConstraints, read_member_constraints
from knowledge.matching.member_table import Rows, code
from knowledge.matching.texts import says_something

_READER = 0.25
_TOPICS = 4.0
_EXPERIENCE = 1.2
_PILLAR = 1.0
_LOAD = 0.6
MUTUAL = 0.2
# How much a stage says that a member can tell from experience. Not known counts as the middle.
_EXPERIENCE_OF = {Stage.STARTING: 0.0, Stage.EARLY: 0.4, Stage.ESTABLISHED: 1.0, None: 0.4}
# What is all but the same for everybody decides nothing.
_LEAST_SPREAD = 1e-6


class Ranked(NamedTuple):
    """The figures of one member of a shortlist; `read` is the reader's logit of their best sentence."""

    profile: Profile
    likeness: float
    topics: float
    read: float


class Wanted(NamedTuple):
    """The members who may be suggested: `None` is no restriction."""

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


def scores(seeker: Profile, shortlist: Sequence[Ranked]) -> list[float]:
    """Return the scores of the members of a shortlist, in order, before load."""
    near = _standardised([one.likeness for one in shortlist])
    read = _standardised([one.read for one in shortlist])
    return [
        near[place]
        + _READER * read[place]
        + _TOPICS * one.topics
        + _EXPERIENCE * _EXPERIENCE_OF[one.profile.stage]
        + _PILLAR * (not set(seeker.pillars).isdisjoint(one.profile.pillars))
        for place, one in enumerate(shortlist)
    ]


def lightened(value: float, load: float) -> float:
    """Return a score with the load of the member, 0 (nobody asked) to 1 (as often as they take), taken into account."""
    return value - _LOAD * min(1.0, max(0.0, load))


def _standardised(values: Sequence[float]) -> list[float]:
    array = np.array(values, dtype=np.float64)
    if not array.size or array.std() < _LEAST_SPREAD:
        return [0.0] * len(values)
    return [float(value) for value in (array - array.mean()) / array.std()]
