"""Learning sets: small groups of members who look for the same, mixed by sector and nation, balanced by experience.

Two mixed-integer programs, solved by HiGHS through SciPy (which the model library brings along). The first says what
each member's set is about and how many sets there are, so that as many as possible have a place where they want it; the
second who of them is in which set, so that each has several sectors and nations and somebody with experience. One
program for both has too many ways to number the same sets: with 200 members it placed 6 in 20 seconds, these two place
all in less than one. Size, organisations and pairs kept apart are constraints, never wishes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from knowledge.domain.members import LearningSet, LearningSets, Profile
from knowledge.domain.vocabulary import Pillar, Stage
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.integer_program import IntegerProgram
from knowledge.matching.needs import SharedNeed
from knowledge.matching.reasons import quoted
from knowledge.matching.texts import says_something

# A place in a set on a pillar is what is left for those whose need too few share: worth a third of a place.
_PILLAR_WORTH = -0.35
_PLACE, _NEED, _MIX, _EXPERIENCE = 1.0, 2.0, 0.4, 0.8
_SMALLEST, _LARGEST = 3, 20
# More sets at once than this take long to tell apart.
_SETS_AT_ONCE = 3
_MOST_NAMED = 3


class Rules(NamedTuple):
    """The rules of every set: its size, pairs who are never together, and how many of one organisation."""

    smallest: int = 6
    largest: int = 8
    apart: frozenset[frozenset[str]] = frozenset()
    per_organisation: int = 1

    def check(self) -> Rules:
        """Return these rules, if sets can be made by them.

        Raises:
            QuestionError: A number is out of bounds.
        """
        if not _SMALLEST <= self.smallest <= self.largest <= _LARGEST:
            raise QuestionError(wording.SET_SIZE.format(smallest=_SMALLEST, largest=_LARGEST))
        if self.per_organisation < 1:
            raise QuestionError(wording.SET_ORGANISATION)
        return self


class _Theme(NamedTuple):
    """A theme that a set could have, and what a place in it is worth to each member who would want one."""

    name: str
    is_pillar: bool
    worth: dict[int, float]


def make_sets(profiles: Sequence[Profile], needs: Sequence[SharedNeed], rules: Rules, seconds: float) -> LearningSets:
    """Return the best sets of these members; who found no place is named as unplaced.

    `needs` are those that several of them share. `seconds` bounds the search; `optimal` says whether it came to its
    end.

    Raises:
        QuestionError: The rules are out of bounds.
        MemberError: There are fewer members than one set needs.
    """
    rules.check()
    if len(profiles) < rules.smallest:
        raise MemberError(
            wording.SET_TOO_FEW.format(count=wording.counted(len(profiles), "member"), smallest=rules.smallest)
        )
    themes = _themes(profiles, needs, rules)
    chosen, optimal = _chosen(profiles, themes, rules, seconds / 2)
    blocks = [block for theme, places, count in chosen for block in _blocks(profiles, theme, places, count)]
    sets = []
    for theme, places, count in blocks:
        groups, best = _split(profiles, places, count, rules, seconds / 2 / len(blocks))
        sets += [_described(theme, profiles, group) for group in groups]
        optimal &= best
    placed = {member for group in sets for member in group.members}
    wanting = {place for theme in themes for place in theme.worth}
    return LearningSets(
        sets=tuple(sets),
        unplaced=tuple(profile.id for profile in profiles if profile.id not in placed),
        optimal=optimal,
        reasons={
            profile.id: _why_unplaced(profile, wanted=place in wanting)
            for place, profile in enumerate(profiles)
            if profile.id not in placed
        },
        note=None if sets else _why_no_set(themes, rules, optimal=optimal),
    )


def _why_unplaced(profile: Profile, *, wanted: bool) -> str:
    """Return why a member is in no set; `wanted`: enough members share what they look for, or a pillar of theirs."""
    if wanted:
        return wording.UNPLACED_NO_ROOM
    said = says_something(profile.looking_for) or bool(profile.pillars)
    return wording.UNPLACED_TOO_FEW if said else wording.UNPLACED_SAYS_NOTHING


def _why_no_set(themes: Sequence[_Theme], rules: Rules, *, optimal: bool) -> str:
    """Return why there is no set at all; that two have blocked each other is never said."""
    if themes and not optimal:
        return wording.NO_SET_IN_TIME
    why = wording.NO_SET_TOO_FEW.format(smallest=rules.smallest)
    if themes:
        named = wording.listed([f"“{theme.name}”" for theme in themes[:_MOST_NAMED]], "or")
        why = wording.NO_SET_BY_RULES.format(themes=named, smallest=rules.smallest)
    return f"{why} {wording.SMALLER_MAY_WORK}" if rules.smallest > _SMALLEST else why


def _themes(profiles: Sequence[Profile], needs: Sequence[SharedNeed], rules: Rules) -> list[_Theme]:
    """Return the needs and pillars that enough members share for at least one set."""
    themes = [_Theme(quoted(need.words), False, need.nearness) for need in needs]
    themes += [
        _Theme(
            pillar.label,
            True,
            {place: _PILLAR_WORTH for place, profile in enumerate(profiles) if pillar in profile.pillars},
        )
        for pillar in Pillar
    ]
    return [theme for theme in themes if len(theme.worth) >= rules.smallest]


def _chosen(
    profiles: Sequence[Profile], themes: Sequence[_Theme], rules: Rules, seconds: float
) -> tuple[list[tuple[_Theme, list[int], int]], bool]:
    """Return the themes that get sets, with their members and how many sets; and whether nothing better exists."""
    program = IntegerProgram()
    chances: dict[int, list[int]] = defaultdict(list)
    wanted: list[dict[int, int]] = []
    counts: list[int] = []
    for theme in themes:
        inside = {place: program.variable(_PLACE + _NEED * worth) for place, worth in theme.worth.items()}
        count = program.variable(0.0, most=len(inside) // rules.smallest)
        everybody = [(variable, 1.0) for variable in inside.values()]
        program.at_most(0, [*everybody, (count, -rules.largest)])
        program.at_most(0, [*((variable, -1.0) for variable, _ in everybody), (count, rules.smallest)])
        _kept_to(program, profiles, inside, rules, count)
        for place, variable in inside.items():
            chances[place].append(variable)
        wanted.append(inside)
        counts.append(count)
    for variables in chances.values():
        program.at_most(1, [(variable, 1.0) for variable in variables])
    values, optimal = program.solved(seconds)
    found = []
    for theme, inside, count in zip(themes, wanted, counts, strict=True):
        if values and (number := round(values[count])):
            found.append((theme, [place for place, variable in inside.items() if values[variable] > 0.5], number))
    return found, optimal


def _blocks(
    profiles: Sequence[Profile], theme: _Theme, places: list[int], count: int
) -> list[tuple[_Theme, list[int], int]]:
    """Return the members of a theme with many sets, dealt into blocks of a few sets of much the same mixture."""
    blocks = -(-count // _SETS_AT_ONCE)
    order = sorted(
        places, key=lambda place: (str(profiles[place].stage), str(profiles[place].sector), str(profiles[place].nation))
    )
    sizes = [count // blocks + (block < count % blocks) for block in range(blocks)]
    # Each block gets its turn as often as it has sets, so that every set can be filled.
    turns = [block for number in range(max(sizes)) for block in range(blocks) if number < sizes[block]]
    dealt: list[list[int]] = [[] for _ in range(blocks)]
    for turn, place in enumerate(order):
        dealt[turns[turn % len(turns)]].append(place)
    return [(theme, sorted(part), size) for part, size in zip(dealt, sizes, strict=True)]


def _split(
    profiles: Sequence[Profile], places: list[int], count: int, rules: Rules, seconds: float
) -> tuple[list[list[int]], bool]:
    """Return members split into sets that keep the rules, as mixed as can be; and whether nothing better exists."""
    program = IntegerProgram()
    slots = [{place: program.variable(_PLACE) for place in places} for _ in range(count)]
    used = [program.variable(0.0) for _ in slots]
    for place in places:
        program.at_most(1, [(slot[place], 1.0) for slot in slots])
    for slot, use in zip(slots, used, strict=True):
        everybody = [(variable, 1.0) for variable in slot.values()]
        program.at_most(0, [*everybody, (use, -rules.largest)])
        program.at_most(0, [*((variable, -1.0) for variable, _ in everybody), (use, rules.smallest)])
        _mixed(program, profiles, slot)
        _kept_to(program, profiles, slot, rules, use)
    # The sets have no order: the first member is in the first set, the second in one of the first two, and so on.
    for number, place in enumerate(places[: count - 1]):
        for slot in slots[number + 1 :]:
            program.at_most(0, [(slot[place], 1.0)])
    values, optimal = program.solved(seconds)
    groups = [[place for place, variable in slot.items() if values and values[variable] > 0.5] for slot in slots]
    return [group for group in groups if group], optimal


def _mixed(program: IntegerProgram, profiles: Sequence[Profile], inside: dict[int, int]) -> None:
    """Add the worth of each sector and nation in a set, once, and of somebody with experience, and without."""
    kinds: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, variable in inside.items():
        profile = profiles[place]
        if profile.sector is not None:
            kinds["sector", profile.sector].append(variable)
        if profile.nation is not None:
            kinds["nation", profile.nation].append(variable)
        if profile.stage is not None:
            kinds["experience", str(profile.stage is Stage.ESTABLISHED)].append(variable)
    for (what, _), variables in kinds.items():
        present = program.variable(_EXPERIENCE if what == "experience" else _MIX, integer=False)
        program.at_most(0, [(present, 1.0), *((variable, -1.0) for variable in variables)])


def _kept_to(
    program: IntegerProgram, profiles: Sequence[Profile], inside: dict[int, int], rules: Rules, sets: int
) -> None:
    """Allow no more of one organisation, or kept apart, than fit into as many sets as the variable `sets` says."""
    organisations: dict[str, list[int]] = defaultdict(list)
    for place, variable in inside.items():
        if name := " ".join(profiles[place].organisation.casefold().split()):
            organisations[name].append(variable)
    for variables in organisations.values():
        if len(variables) > rules.per_organisation:
            program.at_most(0, [*((variable, 1.0) for variable in variables), (sets, -rules.per_organisation)])
    by_id = {profiles[place].id: variable for place, variable in inside.items()}
    for pair in rules.apart:
        if pair <= by_id.keys():
            program.at_most(0, [*((by_id[one], 1.0) for one in sorted(pair)), (sets, -1.0)])


def _described(theme: _Theme, everybody: Sequence[Profile], places: list[int]) -> LearningSet:
    # Those whose need is nearest to the theme first.
    profiles = [everybody[place] for place in sorted(places, key=lambda place: (-theme.worth[place], place))]
    sectors = {profile.sector for profile in profiles if profile.sector}
    nations = {profile.nation for profile in profiles if profile.nation}
    experienced = sum(profile.stage is Stage.ESTABLISHED for profile in profiles)
    text = wording.SET_REASON_PILLAR if theme.is_pillar else wording.SET_REASON
    asking = [profile for profile in profiles if says_something(profile.looking_for)]
    question = wording.SET_QUESTION.format(topic=theme.name)
    if asking and not theme.is_pillar:
        question = wording.SET_QUESTION_ASKED.format(quote=quoted(asking[0].looking_for))
    return LearningSet(
        topic=theme.name,
        members=tuple(profile.id for profile in profiles),
        reason=text.format(
            size=len(profiles),
            topic=theme.name,
            from_where=wording.from_where(len(sectors), len(nations)),
            experienced=wording.EXPERIENCED.format(count=experienced) if experienced else wording.NOBODY_EXPERIENCED,
        ),
        first_question=question,
    )
