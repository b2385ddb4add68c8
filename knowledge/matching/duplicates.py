"""People who registered twice: near-identical profiles count as one."""

from rapidfuzz import fuzz

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.members import Profile

# How alike two names of an organisation or role are that were typed twice, 0 to 100.
_SAME_NAME = 50


def same_person(one: Profile, other: Profile, likeness: float) -> bool:
    """Whether two profiles are one person, or so alike that a list should hold one of them.

    `likeness` is the centred cosine of what they do and offer, 0 where one says nothing.
    """
    if one.display_name and one.organisation and _key(one) == _key(other):
        return True
    if one.sector != other.sector or one.nation != other.nation:
        return False
    return likeness >= SimilarityThresholds.packaged().matching.same_person.value and all(
        not a or not b or fuzz.token_set_ratio(a.lower(), b.lower()) >= _SAME_NAME
        for a, b in ((one.organisation, other.organisation), (one.role, other.role))
    )


def _key(profile: Profile) -> tuple[str, str]:
    return profile.display_name.casefold(), profile.organisation.casefold()
