"""Why a member was suggested, in two or three sentences built from the fields that counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation, Sector, Stage
from knowledge.language.sentences import split_units
from knowledge.matching import wording
from knowledge.matching.ranking import Wanted

if TYPE_CHECKING:
    from knowledge.matching.topics import Topic
    from knowledge.storage.arrays import Vectors

_MOST = 3
_LONGEST_QUOTE = 160
_NHS = frozenset({Sector.NHS_TRUST, Sector.ICS})


class Signals(NamedTuple):
    """What counted for one suggestion: how near two fields are to the need, and the topics of need and offer."""

    working_on: float
    can_offer: float
    need_topics: Vectors
    offer_topics: Vectors
    mutual: bool
    fits: bool


class AskedFor(NamedTuple):
    """What was asked of sector and nation: by options and typed text, and by the words of the seeker's profile."""

    now: Wanted
    profile: Wanted


class Reasons(NamedTuple):
    """Reasons in words, the weightiest first; `of_weight` is false where they are no more than scale and place."""

    texts: tuple[str, ...]
    of_weight: bool


def reasons(seeker: Profile, other: Profile, signals: Signals, topics: tuple[Topic, ...], asked: AskedFor) -> Reasons:
    """Return up to three reasons, the weightiest first. Quotes are verbatim from the other's profile."""
    found: list[str] = []
    counted = SimilarityThresholds.packaged().matching.counted.value
    fields = [(signals.working_on, other.working_on, False), (signals.can_offer, other.can_offer, True)]
    given = sorted((field for field in fields if field[1]), key=lambda field: -field[0])
    topic = shared_topic(((signals.need_topics, signals.offer_topics),), topics)
    if given and topic:
        found.append(wording.ON_TOPIC.format(topic=topic, quote=quoted(given[0][1])))
    elif given and signals.fits and given[0][0] >= counted:
        # Of whom does not fit this is never said: they may be the nearest there is, and are not near.
        found.append(wording.NEAR.format(quote=quoted(given[0][1])))
    shared = [pillar for pillar in other.pillars if pillar in seeker.pillars]
    of_weight = bool(found or shared or signals.mutual)
    for text, who in ((wording.HONOURED, asked.now), (wording.PROFILE_HONOURED, asked.profile)):
        if (honoured := _honoured(text, other, who)) is not None:
            found.append(honoured)
    if signals.mutual and other.looking_for:
        found.append(wording.MUTUAL.format(quote=quoted(other.looking_for)))
    if len(given) > 1 and given[1][2] and given[1][0] >= counted:
        found.append(wording.OFFERS.format(quote=quoted(given[1][1])))
    if found and other.stage is Stage.ESTABLISHED:
        found.append(wording.ESTABLISHED)
    found += _facets(seeker, other)
    return Reasons(tuple(found[:_MOST]), of_weight)


def in_common(one: Profile, other: Profile, topic: str | None) -> tuple[str, ...]:
    """Return what two members share, to be read by both."""
    found = [wording.BOTH.format(what=topic)] if topic else []
    if shared := [pillar.label for pillar in one.pillars if pillar in other.pillars]:
        found.append(wording.BOTH_WORK_ON.format(what=" and ".join(shared)))
    if one.level is not None and one.level == other.level:
        found.append(wording.BOTH_LEVEL.format(what=one.level.label))
    if one.nation is not None and one.nation == other.nation:
        found.append(wording.BOTH_NATION.format(what=one.nation.label))
    return tuple(found[:_MOST])


def shared_topic(pairs: Iterable[tuple[Vectors, Vectors]], topics: tuple[Topic, ...]) -> str | None:
    """Return the topic that any pair shares most, square roots of shares each.

    `None` where one is not clearly about it.
    """
    best, name = SimilarityThresholds.packaged().matching.about_topic.value, None
    for one, other in pairs:
        place = int((one * other).argmax())
        both = min(float(one[place]), float(other[place])) ** 2
        if both >= best:
            best, name = both, topics[place].name
    return name


def described(who: Wanted) -> str | None:
    """Return what was asked of sector and nation in words: "outside the NHS", "Scotland or Wales".

    `None` for nothing.
    """
    parts = []
    if who.sectors is not None:
        missing = frozenset(Sector) - who.sectors
        if who.sectors == _NHS:
            parts.append(wording.IN_THE_NHS)
        elif missing == _NHS:
            parts.append(wording.OUTSIDE_THE_NHS)
        elif len(missing) < len(who.sectors):
            parts.append(wording.NOT_IN.format(places=_sectors(missing)))
        else:
            parts.append(wording.IN.format(places=_sectors(who.sectors)))
    if who.nations is not None:
        missing_nations = frozenset(Nation) - who.nations - {Nation.UK}
        if len(missing_nations) < len(who.nations):
            parts.append(wording.OUTSIDE.format(places=_nations(missing_nations, "and")))
        else:
            parts.append(wording.IN.format(places=_nations(who.nations, "or")))
    return " and ".join(parts) or None


def quoted(text: str) -> str:
    """Return the beginning of a text, whole sentences where they fit, on one line."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_QUOTE:
        return line
    kept = ""
    for unit in split_units(line):
        if unit.end > _LONGEST_QUOTE:
            break
        kept = line[: unit.end]
    return kept or line[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def _honoured(text: str, other: Profile, who: Wanted) -> str | None:
    wish = described(who)
    if wish is None:
        return None
    sector = wording.IN_SECTOR[other.sector] if who.sectors is not None and other.sector is not None else None
    nation = other.nation.label if who.nations is not None and other.nation is not None else None
    place = ", ".join(part for part in (sector, nation) if part)
    return text.format(wish=wish, place=place)


def _facets(seeker: Profile, other: Profile) -> list[str]:
    """Return what is shared by facet alone; the last resort of thin profiles."""
    found = []
    if shared := [pillar.label for pillar in other.pillars if pillar in seeker.pillars]:
        found.append(wording.SHARED_PILLARS.format(pillars=" and ".join(shared)))
    if other.level is not None and other.level == seeker.level:
        found.append(wording.SAME_LEVEL.format(level=other.level.label))
    if other.nation is not None:
        text = wording.SAME_NATION if other.nation == seeker.nation else wording.OTHER_NATION
        found.append(text.format(nation=other.nation.label))
    return found


def _sectors(sectors: frozenset[Sector]) -> str:
    return " or ".join(wording.IN_SECTOR[sector] for sector in Sector if sector in sectors)


def _nations(nations: frozenset[Nation], last: str) -> str:
    return f" {last} ".join(nation.label for nation in Nation if nation in nations)
