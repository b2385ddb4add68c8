"""Facts that two accounts state: the same numbers tell a retelling, other places or organisations another project."""

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from knowledge.language.dates import MONTHS, WEEKDAYS
from knowledge.language.name_words import COMMON
from knowledge.language.names import NameKind, find_names, has_initials
from knowledge.language.numbers import figures
from knowledge.language.words import words

# Small and round numbers are in many accounts of the same sort, others hardly by chance: what one of them tells.
_SMALL, _FEW = 2.0, 12.0
_ROUND, _ROUND_UP_TO = 10, 100
_TELLS_LITTLE, _TELLS_SOME, _TELLS_MUCH = 0.25, 0.5, 1.0
# Of the shorter list of numbers, so many have to be in the other one for the rest to be left out of one telling.
_MOST_SHARED = 0.5
# Of two lists of at least so many numbers, fewer in both than this are there by chance.
_FEWEST_NUMBERS = 3
_BY_CHANCE = 0.34
# An organisation's name typed twice.
_SAME_SPELLING = 85
_CALENDAR = {*MONTHS, *WEEKDAYS, *(f"{day}s" for day in WEEKDAYS), "christmas", "easter", "ramadan"}


class StatedFacts(NamedTuple):
    """The numbers of an account, the words of the names in it, and its organisation's name ("" where not known).

    `shares` are those of its numbers that are percentages.
    """

    numbers: frozenset[str]
    shares: frozenset[str]
    names: frozenset[str]
    organisation: str = ""


class Agreement(NamedTuple):
    """The agreement of two accounts' facts.

    `numbers` is how much their common numbers tell that both are of the same, 0 to 1. `other_numbers`, `other_names`
    and `other_organisation` say that both have some, and not the same.
    """

    numbers: float
    other_numbers: bool
    other_names: bool
    other_organisation: bool


def facts_of(texts: Iterable[str], organisation: str = "", region: str = "") -> StatedFacts:
    """Return the facts that an account states. Give it without its title, in which any word may have a capital."""
    numbers: set[str] = set()
    shares: set[str] = set()
    names: set[str] = set(_distinct(region))
    for text in texts:
        found = [figure for figure in figures(text) if figure.of != "th"]
        numbers |= {figure.value for figure in found}
        shares |= {figure.value for figure in found if figure.of == "%"}
        for name in find_names(text):
            if name.kind in (NameKind.YEAR, NameKind.ACRONYM) or name.wide or name.opens:
                continue
            names |= _distinct(name.shown)
    return StatedFacts(frozenset(numbers), frozenset(shares), frozenset(names), organisation.strip())


def agreement(one: StatedFacts, other: StatedFacts) -> Agreement:
    """Return how the facts of two accounts go together."""
    common = (one.numbers & other.numbers) | _told_as_share(one, other) | _told_as_share(other, one)
    fewer = min(len(one.numbers), len(other.numbers))
    share = min(1.0, len(common) / fewer) if fewer else 0.0
    tells = min(1.0, sum(map(_telling, common))) if share >= _MOST_SHARED else 0.0
    if len(common) == 1 and share < 1 and tells < _TELLS_MUCH:
        tells = 0.0  # "six months" here, six people there
    differ = bool(fewer) and (not common or (fewer >= _FEWEST_NUMBERS and share < _BY_CHANCE))
    apart = bool(one.names) and bool(other.names) and not one.names & other.names
    return Agreement(tells, differ, apart, _are_others(one.organisation, other.organisation))


def _told_as_share(one: StatedFacts, other: StatedFacts) -> frozenset[str]:
    """Return the percentages of one account that the other tells as "seven of ten"."""
    counts = [float(number) for number in other.numbers - other.shares]
    told = {round(100 * part / whole, 2) for part in counts for whole in counts if 0 < part < whole}
    return frozenset(share for share in one.shares - other.numbers if round(float(share), 2) in told)


def _telling(number: str) -> float:
    value = float(number)
    if value <= _SMALL or value == 50:  # a half is in many accounts
        return _TELLS_LITTLE
    is_common = value <= _FEW or (value <= _ROUND_UP_TO and value % _ROUND == 0)
    return _TELLS_SOME if is_common else _TELLS_MUCH


def _are_others(one: str, other: str) -> bool:
    """Return whether two names are of two organisations: "Riverside NHS Trust" and "Lakeside NHS Trust"."""
    first, second = _distinct(one), _distinct(other)
    if not first or not second:
        return False
    if any(fuzz.ratio(a, b) >= _SAME_SPELLING for a in first for b in second):
        return False
    return not any(has_initials(words(long), short) for long, short in ((one, min(second)), (other, min(first))))


def _distinct(name: str) -> set[str]:
    """Return the words of a name that are not in many names; of a date none."""
    return {word for word in words(name) if word not in COMMON and word not in _CALENDAR and not word.isdigit()}
