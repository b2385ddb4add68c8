"""The best members for a need who may be shown: each person once, those who look for the seeker's work moved up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.members import Member
from knowledge.domain.vocabulary import IntroductionState
from knowledge.matching import ranking
from knowledge.matching.directory import Directory, Need, Rows
from knowledge.matching.duplicates import same_person
from knowledge.matching.texts import Texts
from knowledge.matching.visibility import askable_again, load, requests, suggestible
from knowledge.settings import Settings
from knowledge.storage.member_protocols import MemberStore

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Vectors

_MUTUAL = 0.1
# How many of the best are read from the database at first; four times as many until enough of them may be shown.
_SHORTLIST = 24
_NEED = Texts._fields.index("need")


class Candidate(NamedTuple):
    """A member who may be shown, with what was computed of them."""

    member: Member
    place: int  # among the rows
    score: float
    relevance: float
    reverse: float = 0.0  # how near the seeker's offer is to what this member looks for

    @property
    def fits(self) -> bool:
        """Whether the member can probably help."""
        return _may_help(self.relevance)

    @property
    def mutual(self) -> bool:
        """Whether each has what the other seeks."""
        return self.fits and _may_help(self.reverse)


class Finder:
    """Finds candidates over one library's members. Safe in threads."""

    def __init__(self, store: MemberStore, directory: Directory, settings: Settings) -> None:
        self._store = store
        self._directory = directory
        self._settings = settings

    def find(
        self,
        seeker: Member,
        own: int | None,
        rows: Rows,
        need: Need,
        who: ranking.Wanted,
        now: datetime,
        k: int,
        *,
        introduced: bool = True,
    ) -> list[Candidate]:
        """The best `k` who may be shown to the seeker, each person once; `own` is the seeker's row."""
        places = np.flatnonzero(ranking.allowed(rows, who))
        near = ranking.relevance(rows, need)
        scores = ranking.score(rows, need, seeker.profile, near[places], places)
        left_out = self._left_out(seeker.profile.id, now, introduced=introduced)
        size = max(_SHORTLIST, 4 * k)
        while True:
            best = _largest(scores, size)
            known = {
                str(rows.ids[place]): (int(place), float(score), float(near[place]))
                for place, score in zip(places[best], scores[best], strict=True)
            }
            found = self._people(seeker, own, rows, known, left_out, now)
            if len(found) >= k or size >= len(places):
                return self._both_ways(seeker, own, rows, found, k)
            size *= 4

    def _people(
        self,
        seeker: Member,
        own: int | None,
        rows: Rows,
        known: dict[str, tuple[int, float, float]],
        left_out: Callable[[str], bool],
        now: datetime,
    ) -> list[Candidate]:
        """Of a shortlist, those who may be shown, best first; registrations of one person merged into the oldest."""
        members = [
            member
            for member in self._store.members([key for key in known if not left_out(key)])
            if suggestible(member, now, self._settings)
        ]
        asked = requests(self._store, [member.profile.id for member in members], now)
        candidates = []
        for member in members:
            place, score, near = known[member.profile.id]
            burden = load(member, asked[member.profile.id], self._settings)
            alike = 0.0 if own is None else float(rows.offers[own] @ rows.offers[place])
            if burden >= 1 or same_person(seeker.profile, member.profile, alike):
                continue
            candidates.append(Candidate(member, place, ranking.lightened(score, burden), near))
        candidates.sort(key=_order)
        return _merged(candidates, rows)

    def _both_ways(
        self, seeker: Member, own: int | None, rows: Rows, found: list[Candidate], k: int
    ) -> list[Candidate]:
        """The best `k`, those who look for what the seeker does moved up."""
        contenders = found[: k + _SHORTLIST]
        if own is None:
            return contenders[:k]
        vectors = self._directory.known_vectors([one.member.profile.id for one in contenders if one.fits])
        seen = []
        for one in contenders:
            reverse = 0.0
            theirs = vectors.get(one.member.profile.id)
            if theirs is not None:
                # What they look for by itself: with their own work, all who do the same would seem to be sought.
                sought = self._directory.need(theirs[_NEED], theirs[_NEED])
                reverse = ranking.relevance_of(sought, rows.topics[own], rows.offers[own])
            if _may_help(reverse) and ranking.may_help(seeker.profile, one.member.profile):
                seen.append(one._replace(reverse=reverse, score=one.score + _MUTUAL))
            else:
                seen.append(one)
        return sorted(seen, key=_order)[:k]

    def _left_out(self, member_id: str, now: datetime, *, introduced: bool) -> Callable[[str], bool]:
        """Who is not shown to a member whoever else sees them: themselves, blocks, whom they have met or asked."""
        out = {member_id} | self._store.kept_apart(member_id)
        if introduced:
            for introduction in self._store.introductions_of(member_id):
                if introduction.seeker == member_id:
                    # Whatever the answer was: were they shown again after declining, that would tell it.
                    if not askable_again(introduction, now):
                        out.add(introduction.other)
                elif introduction.state in (IntroductionState.ASKED, IntroductionState.ACCEPTED):
                    out.add(introduction.seeker)
        return out.__contains__


def _may_help(relevance: float) -> bool:
    """Whether somebody who is so near to a need can probably help."""
    return relevance >= SimilarityThresholds.packaged().matching.fits.value


def _order(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.member.profile.id


def _merged(candidates: list[Candidate], rows: Rows) -> list[Candidate]:
    """Each person once, at the place of their best registration, shown as the one that joined first."""
    people: list[list[Candidate]] = []
    for candidate in candidates:
        for registrations in people:
            first = registrations[0]
            near = float(rows.offers[first.place] @ rows.offers[candidate.place])
            if same_person(first.member.profile, candidate.member.profile, near):
                registrations.append(candidate)
                break
        else:
            people.append([candidate])
    return [
        min(registrations, key=lambda one: (one.member.joined_at, one.member.profile.id))._replace(
            score=registrations[0].score
        )
        for registrations in people
    ]


def _largest(scores: Vectors, count: int) -> Ids:
    """Places of the largest scores, in no order."""
    if count >= scores.size:
        return np.arange(scores.size)
    return np.argpartition(scores, scores.size - count)[scores.size - count :]
