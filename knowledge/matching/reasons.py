"""Reasons why a member was suggested, in two or three sentences built from the fields that counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Nation, Sector, Stage
from knowledge.language.sentences import split_units
from knowledge.matching import wording
from knowledge.matching.ranking import Wanted

if TYPE_CHECKING:
    from knowledge.matching.candidates import Candidate

_MOST = 3
_LONGEST_QUOTE = 160
# The reader's logit from which it takes a sentence for an answer.
_SUPPORTED = 0.0
_NHS = frozenset({Sector.NHS_TRUST, Sector.ICS})


class AskedFor(NamedTuple):
    """The sector and nation asked for: by options and typed text, and by the words of the seeker's profile."""

    now: Wanted
    profile: Wanted


def reasons(seeker: Profile, candidate: Candidate, asked: AskedFor) -> tuple[str, ...]:
    """Return up to three reasons, the weightiest first. Quotes are verbatim from the other's profile.

    What they say is a reason only of somebody who fits: others may be the nearest there is, and are not near.
    """
    found: list[str] = []
    other = candidate.member.profile
    first, *second = candidate.read.sentences if candidate.fits else (None,)
    if first is not None:
        found.append((wording.OFFERS if first.offered else wording.NEAR).format(quote=quoted(first.text)))
    for text, who in ((wording.HONOURED, asked.now), (wording.PROFILE_HONOURED, asked.profile)):
        if (honoured := _honoured(text, other, who)) is not None:
            found.append(honoured)
    if candidate.mutual and other.looking_for:
        found.append(wording.MUTUAL.format(quote=quoted(other.looking_for)))
    found += [wording.OFFERS.format(quote=quoted(one.text)) for one in second if one.offered and one.score > _SUPPORTED]
    if found and other.stage is Stage.ESTABLISHED:
        found.append(wording.ESTABLISHED)
    found += _facets(seeker, other)
    return tuple(found[:_MOST])


def in_common(one: Profile, other: Profile) -> tuple[str, ...]:
    """Return what two members share, to be read by both."""
    found = []
    if shared := [pillar.label for pillar in one.pillars if pillar in other.pillars]:
        found.append(wording.BOTH_WORK_ON.format(what=wording.listed(shared)))
    if one.level is not None and one.level == other.level:
        found.append(wording.BOTH_LEVEL.format(what=one.level.label))
    if one.nation is not None and one.nation == other.nation:
        found.append(wording.BOTH_NATION.format(what=one.nation.label))
    return tuple(found[:_MOST])


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
        found.append(wording.SHARED_PILLARS.format(pillars=wording.listed(shared)))
    if other.level is not None and other.level == seeker.level:
        found.append(wording.SAME_LEVEL.format(level=other.level.label))
    if other.nation is not None:
        text = wording.SAME_NATION if other.nation == seeker.nation else wording.OTHER_NATION
        found.append(text.format(nation=other.nation.label))
    return found


def _sectors(sectors: frozenset[Sector]) -> str:
    return wording.listed([wording.IN_SECTOR[sector] for sector in Sector if sector in sectors], "or")


def _nations(nations: frozenset[Nation], last: str) -> str:
    return wording.listed([nation.label for nation in Nation if nation in nations], last)
