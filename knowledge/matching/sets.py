"""Learning sets: small groups of members who look for the same, mixed by sector and nation, balanced by experience.

A mixed-integer program, solved by HiGHS through SciPy (which the model library brings along): who is in which set, so
that as many as possible have a place in a set on what they look for, and each set has several sectors and nations and
somebody with experience. Size, organisations and pairs kept apart are constraints, never wishes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.reasons import quoted
from knowledge.matching.texts import says_something
from knowledge.matching.types import LearningSet, LearningSets, Profile
from knowledge.vocabulary import Pillar, Stage

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors

# A share of a topic from which a member would want a set on it.
_WANTS = 0.15
# A set on a pillar is what is left for those whose topic too few share.
_PILLAR_WORTH = 0.05
_PLACE, _TOPIC, _MIX, _EXPERIENCE = 1.0, 2.0, 0.4, 0.8
_SMALLEST, _LARGEST = 3, 20


class Rules(NamedTuple):
    """What every set must keep to: its size, pairs who are never together, and how many of one organisation."""

    smallest: int = 6
    largest: int = 8
    apart: frozenset[frozenset[str]] = frozenset()
    per_organisation: int = 1

    def check(self) -> Rules:
        """These rules, if sets can be made by them.

        Raises:
            QuestionError: A number is out of bounds.
        """
        if not _SMALLEST <= self.smallest <= self.largest <= _LARGEST:
            raise QuestionError(wording.SET_SIZE.format(smallest=_SMALLEST, largest=_LARGEST))
        if self.per_organisation < 1:
            raise QuestionError(wording.SET_ORGANISATION)
        return self


class _Theme(NamedTuple):
    """What a set could be about, and what a place in it is worth to each member who would want one."""

    name: str
    is_pillar: bool
    worth: dict[int, float]


def make_sets(
    profiles: Sequence[Profile], needs: Vectors, topics: Sequence[str], rules: Rules, seconds: float
) -> LearningSets:
    """The best sets of these members; who found no place is named as unplaced.

    `needs` are the shares of the topics in what each member looks for, shape (members, topics). `seconds` bounds the
    search; `optimal` says whether it came to its end.

    Raises:
        QuestionError: The rules are out of bounds.
        MemberError: There are fewer members than one set needs.
    """
    rules.check()
    if len(profiles) < rules.smallest:
        raise MemberError(wording.SET_TOO_FEW.format(count=len(profiles), smallest=rules.smallest))
    slots = _slots(_themes(profiles, needs, topics, rules), rules)
    chosen, optimal = _solved(profiles, slots, rules, seconds) if slots else ({}, True)
    sets = [_described(slots[slot], profiles, places) for slot, places in chosen.items()]
    placed = {place for places in chosen.values() for place in places}
    return LearningSets(
        sets=tuple(sets),
        unplaced=tuple(profile.id for place, profile in enumerate(profiles) if place not in placed),
        optimal=optimal,
    )


def _themes(profiles: Sequence[Profile], needs: Vectors, topics: Sequence[str], rules: Rules) -> list[_Theme]:
    """The topics and pillars that enough members want for at least one set."""
    themes = [
        _Theme(
            topic,
            False,
            {place: float(share) for place, share in enumerate(needs[:, column]) if float(share) >= _WANTS},
        )
        for column, topic in enumerate(topics)
    ]
    themes += [
        _Theme(
            pillar.label,
            True,
            {place: _PILLAR_WORTH for place, profile in enumerate(profiles) if pillar in profile.pillars},
        )
        for pillar in Pillar
    ]
    return [theme for theme in themes if len(theme.worth) >= rules.smallest]


def _slots(themes: Sequence[_Theme], rules: Rules) -> list[_Theme]:
    """A theme as often as sets on it could be filled."""
    return [theme for theme in themes for _ in range(len(theme.worth) // rules.smallest)]


def _solved(
    profiles: Sequence[Profile], slots: Sequence[_Theme], rules: Rules, seconds: float
) -> tuple[dict[int, list[int]], bool]:
    """The members of each slot that is used, and whether nothing better exists."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    program = _Program()
    member = {
        (slot, place): program.variable(_PLACE + _TOPIC * worth, integer=True)
        for slot, theme in enumerate(slots)
        for place, worth in theme.worth.items()
    }
    used = [program.variable(0.0, integer=True) for _ in slots]
    chances: dict[int, list[int]] = defaultdict(list)
    for (_, place), variable in member.items():
        chances[place].append(variable)
    for variables in chances.values():
        program.at_most(1, [(variable, 1) for variable in variables])
    for slot, theme in enumerate(slots):
        inside = {place: member[slot, place] for place in theme.worth}
        everybody = [(variable, 1.0) for variable in inside.values()]
        program.at_most(0, [*everybody, (used[slot], -rules.largest)])
        program.at_most(0, [*((variable, -1.0) for variable, _ in everybody), (used[slot], rules.smallest)])
        if slot and slots[slot - 1] is theme:  # of equal sets the first is used first: half the search is saved
            program.at_most(0, [(used[slot], 1.0), (used[slot - 1], -1.0)])
        _mixed(program, profiles, inside)
        _kept_to(program, profiles, inside, rules)
    solution = milp(
        c=-np.array(program.worth),
        integrality=np.array(program.integer),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            csr_array((program.values, (program.rows, program.columns)), shape=(len(program.most), len(program.worth))),
            -np.inf,
            np.array(program.most),
        ),
        options={"time_limit": seconds, "mip_rel_gap": 1e-4},
    )
    if solution.x is None:
        return {}, False
    found: dict[int, list[int]] = defaultdict(list)
    for (slot, place), variable in member.items():
        if solution.x[variable] > 0.5:
            found[slot].append(place)
    return dict(found), bool(solution.status == 0)


def _mixed(program: _Program, profiles: Sequence[Profile], inside: dict[int, int]) -> None:
    """Each sector and nation in a set is worth something once, and so is somebody with experience, and without."""
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


def _kept_to(program: _Program, profiles: Sequence[Profile], inside: dict[int, int], rules: Rules) -> None:
    """Who may not be together in one set is not."""
    organisations: dict[str, list[int]] = defaultdict(list)
    for place, variable in inside.items():
        if name := " ".join(profiles[place].organisation.casefold().split()):
            organisations[name].append(variable)
    for variables in organisations.values():
        if len(variables) > rules.per_organisation:
            program.at_most(rules.per_organisation, [(variable, 1.0) for variable in variables])
    by_id = {profiles[place].id: variable for place, variable in inside.items()}
    for pair in rules.apart:
        if pair <= by_id.keys():
            program.at_most(1, [(by_id[one], 1.0) for one in sorted(pair)])


class _Program:
    """A linear program as it is written down: variables from 0 to 1 with their worth, and sums that are bounded."""

    def __init__(self) -> None:
        self.worth: list[float] = []
        self.integer: list[int] = []
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.most: list[float] = []

    def variable(self, worth: float, *, integer: bool) -> int:
        """A new variable; its place."""
        self.worth.append(worth)
        self.integer.append(int(integer))
        return len(self.worth) - 1

    def at_most(self, most: float, terms: Iterable[tuple[int, float]]) -> None:
        """The sum of variables times factors may not be greater."""
        for column, value in terms:
            self.rows.append(len(self.most))
            self.columns.append(column)
            self.values.append(value)
        self.most.append(most)


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
            sectors=wording.counted(len(sectors), "sector"),
            nations=wording.counted(len(nations), "nation"),
            experienced=wording.EXPERIENCED.format(count=experienced) if experienced else wording.NOBODY_EXPERIENCED,
        ),
        first_question=question,
    )
