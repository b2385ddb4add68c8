"""People who registered twice: near-identical profiles count as one."""

from rapidfuzz import fuzz

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.members import Profile

# How alike two names of an organisation or role are that were typed twice, 0 to 100.
_SAME_NAME = 50


def same_person(one: Profile, other: Profile, likeness: float) -> bool:
    """Return whether two profiles are one person. Two who give different names never are, however alike their work is.

    `likeness` is the centred cosine of what they do and offer, 0 where one says nothing.
    """
    names = [_key(profile.display_name) for profile in (one, other) if profile.display_name]
    if len(set(names)) == 2:
        return False
    if len(names) == 2 and one.organisation and _key(one.organisation) == _key(other.organisation):
        return True
    if one.sector != other.sector or one.nation != other.nation:
        return False
    thresholds = SimilarityThresholds.packaged().matching
    if len(names) == 2:
        return likeness >= thresholds.same_named.value
    return likeness >= thresholds.same_person.value and all(
        not a or not b or fuzz.token_set_ratio(a.lower(), b.lower()) >= _SAME_NAME
        for a, b in ((one.organisation, other.organisation), (one.role, other.role))
    )


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
