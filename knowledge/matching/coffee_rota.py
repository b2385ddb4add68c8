"""The coffee rota: once a month, members who wish it are introduced to somebody from another sector.

A pair is an introduction that both agreed to by taking part: what is said to the two, how they write to each other and
whether they spoke is as with every other.
"""

import itertools
import random
import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from knowledge.dates import UK, is_working_time, stamp
from knowledge.domain.members import CoffeeMember, Introduction, Member, Profile
from knowledge.domain.outbox import Message
from knowledge.domain.vocabulary import IntroductionState
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.context import MatchingContext
from knowledge.matching.integer_program import IntegerProgram
from knowledge.matching.visibility import required, taking_part

# The message that there was nobody this month.
NOBODY = "peers.coffee_nobody"
_SECONDS = 10.0
_FEWEST = 2
# More possible partners than this change nothing, and take long to weigh; of who was left out, it is sure with these.
_MOST_PARTNERS = 30
_SURELY_ENOUGH = 100
# Members among whom the best pairs of all are found; of more, parts, and then those who are left over.
_SOLVED_AT_ONCE = 200
# Whoever was left out the last time comes before anybody else.
_LEFT_OUT = 10.0
_SHARED_PILLAR = 0.01


class CoffeeRota(MatchingContext):
    """The members who take part, and each month's pairs."""

    def coffee(self, member_id: str) -> CoffeeMember | None:
        """Return how a member takes part in the rota; `None` where they do not."""
        return self._store.coffee_member(member_id)

    def join_coffee(self, member_id: str) -> CoffeeMember:
        """Let a member take part from the next month on; ends a pause.

        Raises:
            MemberError: They have no profile, are paused, or do not say which sort of organisation they work for.
        """
        now = self._here(member_id)
        with self._store.atomically():
            member = taking_part(required(self._store, member_id))
            if member.profile.sector is None:
                raise MemberError(wording.COFFEE_SECTOR)
            known = self._store.coffee_member(member_id)
            since, left_out = (known.since, known.left_out) if known else (stamp(now), None)
            joined = CoffeeMember(member_id=member_id, since=since, left_out=left_out)
            self._store.save_coffee_member(joined)
        return joined

    def pause_coffee(self, member_id: str, until: date) -> CoffeeMember:
        """Leave a member out until a day, on which they take part again by themselves.

        Raises:
            MemberError: They do not take part.
            QuestionError: The day has passed.
        """
        if until <= self._here(member_id).astimezone(UK).date():
            raise QuestionError(wording.COFFEE_PAST)
        with self._store.atomically():
            known = self._store.coffee_member(member_id)
            if known is None:
                raise MemberError(wording.COFFEE_NOT_IN)
            paused = known.model_copy(update={"paused_until": until.isoformat()})
            self._store.save_coffee_member(paused)
        return paused

    def leave_coffee(self, member_id: str) -> bool:
        """End a member's part in the rota; whether they took part."""
        return self._store.remove_coffee_member(member_id)

    def draw_coffee(self) -> int:
        """Introduce this month's pairs, once, on its first working day; how many.

        Nobody is paired with the same member again, with whom they were introduced to otherwise, with somebody of their
        own sector, or with whom they are kept apart from. Whoever has no partner is told so, and comes first the next
        time. A request that waited between the two is over.
        """
        now = self._clock()
        month = now.astimezone(UK).strftime("%Y-%m")
        if not is_working_time(now, self._settings.quiet_hours) or self._store.coffee_drawn(month):
            return 0
        # The search takes seconds: others write meanwhile, and what they have changed is looked at once more.
        found = self._coffee_pairs(self._taking_coffee(now), month)
        with self._store.atomically():
            taking = self._taking_coffee(now)
            # Until there are two, the month is left open for who joins in it.
            if len(taking) < _FEWEST or not self._store.begin_coffee(month, stamp(now)):
                return 0
            pairs = self._still_possible(found, taking)
            for one, other in pairs:
                for known in self._store.introductions_of(one):
                    if other in (known.seeker, known.other):
                        self._store.remove_introduction(known.id)
                self._store.save_coffee_pair(month, one, other)
                topic = wording.COFFEE_TOPIC.format(month=now.astimezone(UK).strftime("%B %Y"))
                made = Introduction(
                    id=self._make_id(),
                    seeker=one,
                    other=other,
                    topic=topic,
                    state=IntroductionState.ACCEPTED,
                    asked_at=stamp(now),
                    answered_at=stamp(now),
                    coffee=True,
                )
                self._store.add_introduction(made)
            paired = set(itertools.chain(*pairs))
            for coffee in taking.values():
                alone = coffee.member_id not in paired
                self._store.save_coffee_member(coffee.model_copy(update={"left_out": month if alone else None}))
                if alone:
                    key = f"{NOBODY}:{month}:{coffee.member_id}"
                    self.library.outbox.add(Message(key=key, recipient=coffee.member_id, kind=NOBODY, data={}), now)
        return len(pairs)

    def _taking_coffee(self, now: datetime) -> dict[str, CoffeeMember]:
        """Return who takes part now, by id."""
        today = now.astimezone(UK).date().isoformat()
        joined = [one for one in self._store.coffee_members() if (one.paused_until or "") <= today]
        members = {one.profile.id: one for one in self._store.members([one.member_id for one in joined])}
        return {one.member_id: one for one in joined if _takes_part(members.get(one.member_id))}

    def _coffee_pairs(self, taking: Mapping[str, CoffeeMember], month: str) -> list[tuple[str, str]]:
        profiles = {one.profile.id: one.profile for one in self._store.members(list(taking))}
        left_out = {one.member_id for one in taking.values() if one.left_out is not None}
        found = possible_pairs(list(profiles.values()), self._not_again(), left_out, month)
        return weighted_pairs(found, _SECONDS)

    def _not_again(self) -> set[frozenset[str]]:
        """Return who is not paired: kept apart, or introduced before, by the rota or otherwise."""
        introduced = self._store.introductions_in((IntroductionState.ACCEPTED,))
        met = {frozenset((one.seeker, one.other)) for one in introduced}
        return met | self._store.all_kept_apart() | self._store.coffee_history()

    def _still_possible(
        self, pairs: Sequence[tuple[str, str]], taking: Mapping[str, CoffeeMember]
    ) -> list[tuple[str, str]]:
        sectors = {one.profile.id: one.profile.sector for one in self._store.members(list(taking))}
        apart = self._not_again()
        return [
            (one, other)
            for one, other in pairs
            if one in taking
            and other in taking
            and sectors[one] is not sectors[other]
            and frozenset((one, other)) not in apart
        ]


def possible_pairs(
    profiles: Sequence[Profile], apart: Collection[frozenset[str]], left_out: Collection[str], month: str
) -> dict[tuple[str, str], float]:
    """Return the pairs that can be made, with what each is worth; of many, for each member some chosen by the month."""
    order = sorted(profiles, key=lambda profile: profile.id)
    random.Random(month).shuffle(order)  # noqa: S311 - no secret: each month begins with others
    worth: dict[tuple[str, str], float] = {}
    waiting = set(left_out)
    for place, one in enumerate(order):
        # Each looks at those after them in the round; whoever was left out looks at more of them.
        most, found = _SURELY_ENOUGH if one.id in waiting else _MOST_PARTNERS, 0
        for other in (*order[place + 1 :], *order[:place]):
            if found == most:
                break
            if one.sector is other.sector or frozenset((one.id, other.id)) in apart:
                continue
            found += 1
            waited, shared = len({one.id, other.id} & waiting), len(set(one.pillars) & set(other.pillars))
            pair = (one.id, other.id) if (other.id, one.id) not in worth else (other.id, one.id)
            worth[pair] = 2 + (_LEFT_OUT - 1) * waited + _SHARED_PILLAR * shared
    return worth


def weighted_pairs(worth: Mapping[tuple[str, str], float], seconds: float) -> list[tuple[str, str]]:
    """Return the pairs that are worth most together, each member in one at most; `seconds` bounds the search.

    Of many members that is so among some at a time. Those who have nobody then are looked at once more together.
    """
    until, pairs = time.monotonic() + seconds, list[tuple[str, str]]()
    free = dict.fromkeys(itertools.chain.from_iterable(worth))
    while free:
        before, waiting = len(pairs), list(free)
        parts = [waiting[start : start + _SOLVED_AT_ONCE] for start in range(0, len(waiting), _SOLVED_AT_ONCE)]
        place = {member_id: number for number, part in enumerate(parts) for member_id in part}
        inside: list[dict[tuple[str, str], float]] = [{} for _ in parts]
        for pair, value in worth.items():
            one, other = (place.get(member_id) for member_id in pair)
            if one is not None and one == other:
                inside[one][pair] = value
        for number, own in enumerate(inside):
            share = max(0.0, until - time.monotonic()) / (len(inside) - number)
            found = _best_pairs(own, share)
            pairs += found
            for member_id in itertools.chain(*found):
                del free[member_id]
        if len(parts) == 1 or len(pairs) == before:
            break
    taken = set(itertools.chain(*pairs))
    return pairs + _best_first({pair: value for pair, value in worth.items() if not taken & set(pair)})


def _best_pairs(worth: Mapping[tuple[str, str], float], seconds: float) -> list[tuple[str, str]]:
    program = IntegerProgram()
    inside: defaultdict[str, list[int]] = defaultdict(list)
    variables = {pair: program.variable(value) for pair, value in worth.items()}
    for pair, variable in variables.items():
        for member_id in pair:
            inside[member_id].append(variable)
    for own in inside.values():
        program.at_most(1, [(variable, 1.0) for variable in own])
    values, _ = program.solved(seconds, gap=0.0) if seconds else ([], False)
    found = [pair for pair, variable in variables.items() if values and values[variable] > 0.5]
    # What was found when the time was over may be next to nothing.
    return max(found, _best_first(worth), key=lambda pairs: sum(worth[pair] for pair in pairs))


def _best_first(worth: Mapping[tuple[str, str], float]) -> list[tuple[str, str]]:
    """Return the pair that is worth most, then of the others the next: at least half of what there can be."""
    taken, pairs = set[str](), list[tuple[str, str]]()
    for pair in sorted(worth, key=lambda pair: -worth[pair]):
        if not taken & set(pair):
            taken |= set(pair)
            pairs.append(pair)
    return pairs


def _takes_part(member: Member | None) -> bool:
    if member is None or member.profile.sector is None:
        return False
    try:
        taking_part(member)
    except MemberError:
        return False
    return True
