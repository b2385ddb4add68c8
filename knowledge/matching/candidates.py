"""The best members for a need who may be shown: each person once, those who look for the seeker's work moved up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz import fuzz

from knowledge.calibration.member_fit import MemberFit
from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.members import Member, Profile
from knowledge.domain.vocabulary import IntroductionState
from knowledge.matching import ranking
from knowledge.matching.directory import Directory, Need, Rows
from knowledge.matching.offer_reader import UNREAD, OfferReader, OfferScores
from knowledge.matching.texts import Texts, texts_of
from knowledge.matching.visibility import askable_again, load, requests, suggestible
from knowledge.settings import Settings
from knowledge.storage.member_protocols import MemberStore

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Vectors


# How alike two names of an organisation or role are that were typed twice, 0 to 100.
_SAME_NAME = 50
# How many of those nearest by likeness are read. Whoever comes after them stays behind them and never fits.
_READ = 24
# How many of the nearest are looked up for a place in the list; four times as many until enough may be shown.
_LOOKED_UP = 4
_BEHIND = 100.0
_NEED = Texts._fields.index("need")


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


class Candidate(NamedTuple):
    """A member who may be shown, with what was computed of them."""

    member: Member
    place: int  # among the rows
    likeness: float  # of need and offer
    topics: float  # how much both are about the same
    load: float
    read: OfferScores = UNREAD
    score: float = 0.0
    fits: bool = False  # whether they can probably help
    mutual: bool = False  # whether each has what the other seeks


class Finder:
    """Finds candidates over one library's members. Safe in threads."""

    def __init__(
        self,
        store: MemberStore,
        directory: Directory,
        settings: Settings,
        reader: OfferReader,
    ) -> None:
        self._store = store
        self._directory = directory
        self._settings = settings
        self._reader = reader

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
        """Return the best `k` who may be shown to the seeker, each person once; `own` is the seeker's row."""
        places = np.flatnonzero(ranking.allowed(rows, who))
        near = ranking.likeness(rows, need, places)
        left_out = self._left_out(seeker.profile.id, now, introduced=introduced)
        enough = max(_READ, k)
        size = _LOOKED_UP * enough
        while True:
            best = _largest(near, size)
            known = {str(rows.ids[place]): int(place) for place in places[best]}
            found = self._people(seeker, own, rows, need, known, left_out, now)
            if len(found) >= enough or size >= len(places):
                return self._both_ways(seeker, own, rows, self._ranked(seeker, need, found), k)
            size *= 4

    def _people(
        self,
        seeker: Member,
        own: int | None,
        rows: Rows,
        need: Need,
        known: dict[str, int],
        left_out: Callable[[str], bool],
        now: datetime,
    ) -> list[Candidate]:
        """Return, nearest first, those who may be shown; registrations of one person merged into the oldest."""
        members = [
            member
            for member in self._store.members([key for key in known if not left_out(key)])
            if suggestible(member, now, self._settings)
        ]
        asked = requests(self._store, [member.profile.id for member in members], now)
        candidates = []
        for member in members:
            place = known[member.profile.id]
            burden = load(member, asked[member.profile.id], self._settings)
            if burden >= 1 or (own is not None and _same(rows, own, seeker, place, member)):
                continue
            near, topics = float(rows.offers[place] @ need.vector), float(rows.topics[place] @ need.topics)
            candidates.append(Candidate(member, place, near, topics, burden))
        candidates.sort(key=lambda one: (-one.likeness, one.member.profile.id))
        return _merged(candidates, rows)

    def _ranked(self, seeker: Member, need: Need, found: list[Candidate]) -> list[Candidate]:
        """Return the nearest read and ranked by the formula; the others behind them by likeness."""
        shortlist, others = found[:_READ], found[_READ:]
        read = self._reader.read(need.text, [one.member.profile for one in shortlist])
        values = ranking.scores(
            seeker.profile,
            [
                ranking.Ranked(one.member.profile, one.likeness, one.topics, scores.best)
                for one, scores in zip(shortlist, read, strict=True)
            ],
        )
        fit = MemberFit.packaged().of(typed=need.typed)
        ranked = [
            one._replace(
                read=scores,
                score=ranking.lightened(value, one.load),
                fits=scores is not UNREAD and fit.holds(one.likeness, scores.answerable, one.topics),
            )
            for one, scores, value in zip(shortlist, read, values, strict=True)
        ]
        behind = [one._replace(score=ranking.lightened(one.likeness, one.load) - _BEHIND) for one in others]
        return sorted(ranked + behind, key=_order)

    def _both_ways(
        self, seeker: Member, own: int | None, rows: Rows, found: list[Candidate], k: int
    ) -> list[Candidate]:
        """Return the best `k`, of those who fit the ones who look for what the seeker does moved up."""
        looking = [one for one in found if one.fits and ranking.may_help(seeker.profile, one.member.profile)]
        if own is None or not looking:
            return found[:k]
        vectors = self._directory.known_vectors([one.member.profile.id for one in looking])
        seen = {one.member.profile.id for one in looking if self._helps(seeker, own, rows, one, vectors)}
        moved = [
            one._replace(mutual=True, score=one.score + ranking.MUTUAL) if one.member.profile.id in seen else one
            for one in found
        ]
        return sorted(moved, key=_order)[:k]

    def _helps(self, seeker: Member, own: int, rows: Rows, one: Candidate, vectors: dict[str, Vectors]) -> bool:
        """Return whether the seeker fits what a candidate looks for, by the measure of a question by itself."""
        profile = one.member.profile
        if profile.id not in vectors:
            return False
        # What they look for by itself: with their own work, all who do the same would seem to be sought.
        near = float(rows.offers[own] @ vectors[profile.id][_NEED])
        [read] = self._reader.read(texts_of(profile).need, [seeker.profile])
        return read is not UNREAD and MemberFit.packaged().question.holds(near, read.answerable, 0.0)

    def _left_out(self, member_id: str, now: datetime, *, introduced: bool) -> Callable[[str], bool]:
        """Return who is never shown to a member: themselves, those kept apart, those they have met or asked."""
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


def offers_alike(one: Vectors, other: Vectors) -> float:
    """Return the centred cosine of two offers, shape (dimension,) each; 0 where one says nothing."""
    lengths = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 0.0


def _same(rows: Rows, one: int, member: Member, other: int, another: Member) -> bool:
    """Return whether the members in two rows are one person."""
    return same_person(member.profile, another.profile, offers_alike(rows.offers[one], rows.offers[other]))


def _merged(candidates: list[Candidate], rows: Rows) -> list[Candidate]:
    """Return each person once, at the place of their best registration, shown as the one that joined first."""
    people: list[list[Candidate]] = []
    for candidate in candidates:
        for registrations in people:
            first = registrations[0]
            if _same(rows, first.place, first.member, candidate.place, candidate.member):
                registrations.append(candidate)
                break
        else:
            people.append([candidate])
    return [
        min(registrations, key=lambda one: (one.member.joined_at, one.member.profile.id))._replace(
            likeness=registrations[0].likeness
        )
        for registrations in people
    ]


def _order(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.member.profile.id


def _largest(values: Vectors, count: int) -> Ids:
    """Return the places of the largest values, in no order."""
    if count >= values.size:
        return np.arange(values.size)
    return np.argpartition(values, values.size - count)[values.size - count :]
