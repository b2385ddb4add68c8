"""The best members for a need who may be shown: each person once, those who look for the seeker's work moved up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz import fuzz

from knowledge.calibration.member_fit import MemberFit
from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.members import Member, Profile
from knowledge.domain.vocabulary import IntroductionState
from knowledge.matching import ranking
from knowledge.matching.directory import Directory, Need, Offer, unit
from knowledge.matching.member_table import Rows
from knowledge.matching.offer_reader import UNREAD, OfferReader, OfferScores
from knowledge.matching.texts import Texts, texts_of
from knowledge.matching.visibility import askable_again, load, requests, suggestible_members
from knowledge.settings import Settings
from knowledge.storage.member_protocols import MemberStore

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Vectors


# How alike two names of an organisation or role are that were typed twice, 0 to 100.
_SAME_NAME = 50
# How many of those nearest by likeness are read. Whoever comes after them stays behind them and never fits.
_READ = 24
# How many of the nearest are looked up for a place in the list; then four times as many of those after them, at most so
# many at once, until enough may be shown.
_LOOKED_UP = 4
_MOST_AT_ONCE = 2048
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
    offer: Offer
    likeness: float  # of need and offer
    load: float
    topics: float = 0.0  # how much both are about the same
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
        rows: Rows,
        need: Need,
        who: ranking.Wanted,
        now: datetime,
        k: int,
        *,
        introduced: bool = True,
    ) -> list[Candidate]:
        """Return the best `k` who may be shown to the seeker, each person once."""
        left_out = self._left_out(seeker.profile.id, now, introduced=introduced)
        own = self._directory.offers_of([seeker.profile.id]).get(seeker.profile.id)
        enough = max(_READ, k)
        everyone, found = list[Candidate](), list[Candidate]()
        for places in _nearest_first(rows, need, who, _LOOKED_UP * enough):
            ids = [str(rows.ids[place]) for place in places]
            everyone += self._people(seeker, own, need, left_out(ids), now)
            everyone.sort(key=lambda one: (-one.likeness, one.member.profile.id))
            found = _merged(everyone)
            if len(found) >= enough:
                break
        return self._both_ways(seeker, own, self._ranked(seeker, need, found), k)

    def _people(
        self, seeker: Member, own: Offer | None, need: Need, ids: list[str], now: datetime
    ) -> Iterator[Candidate]:
        """Yield those of these members who may be shown to the seeker."""
        members = suggestible_members(self._store, ids, now, self._settings)
        asked = requests(self._store, [member.profile.id for member in members], now)
        free = {
            member.profile.id: (member, burden)
            for member in members
            if (burden := load(member, asked[member.profile.id], self._settings)) < 1
        }
        for key, offer in self._directory.offers_of(list(free)).items():
            member, burden = free[key]
            if own is None or not _same(seeker, own, member, offer):
                yield Candidate(member, offer, float(offer.vector @ need.vector), burden)

    def _ranked(self, seeker: Member, need: Need, found: list[Candidate]) -> list[Candidate]:
        """Return the nearest read and ranked by the formula; the others behind them by likeness."""
        shortlist, others = self._with_topics(found[:_READ], need), found[_READ:]
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

    def _with_topics(self, found: list[Candidate], need: Need) -> list[Candidate]:
        if not found:
            return []
        topics = self._directory.topics_of([one.offer for one in found]) @ need.topics
        return [one._replace(topics=float(share)) for one, share in zip(found, topics, strict=True)]

    def _both_ways(self, seeker: Member, own: Offer | None, found: list[Candidate], k: int) -> list[Candidate]:
        """Return the best `k`, of those who fit the ones who look for what the seeker does moved up."""
        looking = [one for one in found if one.fits and ranking.may_help(seeker.profile, one.member.profile)]
        if own is None or not looking:
            return found[:k]
        vectors = self._directory.known_vectors([one.member.profile.id for one in looking])
        seen = {one.member.profile.id for one in looking if self._helps(seeker, own, one, vectors)}
        moved = [
            one._replace(mutual=True, score=one.score + ranking.MUTUAL) if one.member.profile.id in seen else one
            for one in found
        ]
        return sorted(moved, key=_order)[:k]

    def _helps(self, seeker: Member, own: Offer, one: Candidate, vectors: dict[str, Vectors]) -> bool:
        """Return whether the seeker fits what a candidate looks for, by the measure of a question by itself."""
        profile = one.member.profile
        if profile.id not in vectors:
            return False
        # What they look for by itself: with their own work, all who do the same would seem to be sought.
        near = float(own.vector @ vectors[profile.id][_NEED])
        [read] = self._reader.read(texts_of(profile).need, [seeker.profile])
        return read is not UNREAD and MemberFit.packaged().question.holds(near, read.answerable, 0.0)

    def _left_out(self, member_id: str, now: datetime, *, introduced: bool) -> Callable[[list[str]], list[str]]:
        """Return what leaves out who is never shown: oneself, those kept apart, those they have met or asked."""
        out = {member_id}
        if introduced:
            for introduction in self._store.introductions_of(member_id):
                if introduction.seeker == member_id:
                    # Whatever the answer was: were they shown again after declining, that would tell it.
                    if not askable_again(introduction, now):
                        out.add(introduction.other)
                elif introduction.state in (IntroductionState.ASKED, IntroductionState.ACCEPTED):
                    out.add(introduction.seeker)

        def others(ids: list[str]) -> list[str]:
            left_out = out | self._store.kept_apart(member_id, ids)
            return [key for key in ids if key not in left_out]

        return others


def offers_alike(one: Vectors, other: Vectors) -> float:
    """Return the centred cosine of two offers, shape (dimension,) each; 0 where one says nothing."""
    lengths = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 0.0


def _same(member: Member, offer: Offer, another: Member, other: Offer) -> bool:
    """Return whether two members are one person."""
    return same_person(member.profile, another.profile, offers_alike(offer.vector, other.vector))


def _merged(candidates: list[Candidate]) -> list[Candidate]:
    """Return each person once, at the place of their best registration, shown as the one that joined first."""
    if not candidates:
        return []
    names = [_key(one.member.profile.display_name) for one in candidates]
    offers = unit(np.stack([one.offer.vector for one in candidates]))
    alike = offers @ offers.T
    people: list[list[int]] = []
    for place, candidate in enumerate(candidates):
        profile = candidate.member.profile
        for registrations in people:
            first = registrations[0]
            # Most have another name, and that is all that need be looked at.
            if names[first] and names[place] and names[first] != names[place]:
                continue
            if same_person(candidates[first].member.profile, profile, float(alike[first, place])):
                registrations.append(place)
                break
        else:
            people.append([place])
    return [
        min(
            (candidates[place] for place in registrations),
            key=lambda one: (one.member.joined_at, one.member.profile.id),
        )._replace(likeness=candidates[registrations[0]].likeness)
        for registrations in people
    ]


def _order(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.member.profile.id


def _nearest_first(rows: Rows, need: Need, who: ranking.Wanted, size: int) -> Iterator[Ids]:
    """Yield the places of the rows that may be suggested, those whose offers are nearest to the need first.

    `size` at first, then more at once: mostly the first are enough, and those are told from the others without putting
    all in order.
    """
    places = np.flatnonzero(ranking.allowed(rows, who))
    away = -rows.likeness(need.vector)[places]
    if size < len(places):
        first = np.argpartition(away, size)
        yield places[first[:size]]
        places, away = places[first[size:]], away[first[size:]]
    order = places[np.argsort(away)]
    start = 0
    while start < len(order):
        size = min(4 * size, _MOST_AT_ONCE)
        yield order[start : start + size]
        start += size
