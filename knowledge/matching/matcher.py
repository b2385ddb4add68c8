"""Finds the members who fit a need: ranks all, then shows only those who may be seen, each with reasons."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from knowledge.domain.members import Match, Matches, Member, Profile
from knowledge.domain.vocabulary import Nation, Sector
from knowledge.errors import MemberError
from knowledge.matching import ranking, wording
from knowledge.matching.candidates import Candidate, Finder, same_person
from knowledge.matching.constraints import read_member_constraints
from knowledge.matching.directory import Directory, Need
from knowledge.matching.reasons import AskedFor, Signals, described, in_common, quoted, reasons, shared_topic
from knowledge.matching.texts import Texts, need_texts, says_something
from knowledge.matching.visibility import required
from knowledge.settings import Settings
from knowledge.storage.member_protocols import MemberStore

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors

_NEED, _CONTEXT, _OFFER = (Texts._fields.index(field) for field in ("need", "need_in_context", "offer"))
_WORK, _GIVE = (Texts._fields.index(field) for field in ("working_on", "can_offer"))


# Stands for somebody without a profile. No member has this id: see `MemberId`.
_NOBODY = Member(
    profile=Profile.model_construct(id=""), consent="", consented_at="", joined_at="", active_at="", waiting=False
)


class Matcher:
    """Matches over one library's members. Safe in threads."""

    def __init__(self, store: MemberStore, directory: Directory, settings: Settings) -> None:
        self._store = store
        self._directory = directory
        self._finder = Finder(store, directory, settings)

    def match(
        self,
        member_id: str,
        now: datetime,
        *,
        k: int = 5,
        topic: str | None = None,
        sector: Sector | None = None,
        nation: Nation | None = None,
        different: str | None = None,
    ) -> Matches:
        """Return the `k` members who fit best what a member looks for, or a topic; `different` is "sector" or "nation".

        Raises:
            MemberError: There is no such member.
        """
        started = time.perf_counter()
        seeker = required(self._store, member_id)
        rows, places = self._directory.rows()
        own = self._directory.vectors_of([seeker])[member_id]
        text = topic if topic is not None else seeker.profile.looking_for
        need = self._directory.need(own[_NEED], own[_CONTEXT]) if topic is None else self.need_of(topic)
        asked, who = _asked(seeker.profile, topic, sector, nation, different)
        embedded = time.perf_counter()
        found = self._finder.find(seeker, places.get(member_id), rows, need, who, now, k)
        vectors = self._directory.known_vectors([one.member.profile.id for one in found])
        matches = tuple(
            self._shown(seeker.profile, one, vectors[one.member.profile.id], need, asked)
            for one in found
            if one.member.profile.id in vectors
        )
        finished = time.perf_counter()
        return Matches(
            member=member_id,
            matches=matches,
            note=_note(matches, asked, text),
            timings_ms={
                "embed": round((embedded - started) * 1000, 3),
                "match": round((finished - embedded) * 1000, 3),
                "total": round((finished - started) * 1000, 3),
            },
        )

    def need_of(self, text: str) -> Need:
        """Return a need that is typed now rather than read from a profile."""
        need, _ = need_texts(text, "")
        vectors = self._directory.embedded_query([need or text])
        return self._directory.need(vectors[0], vectors[0])

    @staticmethod
    def stranger(member_id: str) -> Member:
        """Return somebody without a profile, whom others may have blocked all the same."""
        return _NOBODY.model_copy(update={"profile": Profile.model_construct(id=member_id)})

    def for_question(self, asker: Member | None, question: str, now: datetime, k: int) -> list[Member]:
        """Return up to `k` members who can probably help with a question, best first; the asker may have no profile."""
        asker = asker or _NOBODY
        rows, places = self._directory.rows()
        who = ranking.wanted(asker.profile, read_member_constraints(question), None, None, None)
        found = self._finder.find(
            asker, places.get(asker.profile.id), rows, self.need_of(question), who, now, k, introduced=False
        )
        return [candidate.member for candidate in found if candidate.fits]

    def in_common(self, one_id: str, other_id: str) -> tuple[str, ...]:
        """Return what two members who agreed to meet share, in words.

        Raises:
            MemberError: One of them has gone.
        """
        one, other = self._store.member(one_id), self._store.member(other_id)
        if one is None or other is None:
            raise MemberError(wording.NO_REQUEST)
        vectors = self._directory.vectors_of([one, other])
        mine, theirs = vectors[one_id], vectors[other_id]
        need = self._directory.need(mine[_NEED], mine[_CONTEXT])
        sought = self._directory.need(theirs[_NEED], theirs[_CONTEXT])
        offered = [self._directory.offered_topics(vectors[member_id]) for member_id in (one_id, other_id)]
        pairs = ((need.topics, offered[1]), (sought.topics, offered[0]), (offered[0], offered[1]))
        return in_common(one.profile, other.profile, shared_topic(pairs, self._directory.space().topics))

    def people(self, members: list[Member]) -> list[Member]:
        """Return members without the later registrations of the same person."""
        if not members:
            return []
        vectors = self._directory.vectors_of(members)
        offers = np.stack([vectors[member.profile.id][_OFFER] for member in members])
        near = offers @ offers.T
        order = sorted(range(len(members)), key=lambda place: (members[place].joined_at, members[place].profile.id))
        kept: list[int] = []
        for place in order:
            profile = members[place].profile
            if not any(same_person(members[one].profile, profile, float(near[one, place])) for one in kept):
                kept.append(place)
        return [members[place] for place in sorted(kept)]

    def need_shares(self, members: list[Member]) -> Vectors:
        """Return how much of what each member looks for is about each topic, shape (members, topics)."""
        vectors = self._directory.vectors_of(members)
        needs = [vectors[member.profile.id][[_NEED, _CONTEXT]] for member in members]
        shares = [self._directory.need(need, context).topics ** 2 for need, context in needs]
        return np.stack(shares) if shares else np.empty((0, len(self._directory.space().topics)), dtype=np.float32)

    # -- the parts

    def _shown(self, seeker: Profile, candidate: Candidate, vectors: Vectors, need: Need, asked: AskedFor) -> Match:
        profile = candidate.member.profile
        fields = vectors[[_WORK, _GIVE]]
        topics = np.sqrt(self._directory.space().shares(fields))
        near = [ranking.relevance_of(need, *pair) for pair in zip(topics, fields, strict=True)]
        signals = Signals(
            working_on=near[0],
            can_offer=near[1],
            need_topics=need.topics,
            offer_topics=self._directory.offered_topics(vectors),
            mutual=candidate.mutual,
            fits=candidate.fits,
        )
        why = reasons(seeker, profile, signals, self._directory.space().topics, asked)
        return Match(
            member_id=profile.id,
            score=round(candidate.score, 4),
            reasons=why.texts,
            mutual=candidate.mutual,
            fits=candidate.fits and why.of_weight,
            display_name=profile.display_name,
            role=profile.role,
            organisation=profile.organisation,
            sector=profile.sector,
            nation=profile.nation,
        )


def _asked(
    seeker: Profile, topic: str | None, sector: Sector | None, nation: Nation | None, different: str | None
) -> tuple[AskedFor, ranking.Wanted]:
    """Return what was asked of sector and nation, by what, and both together: an option wins over the profile."""
    if topic is not None:
        who = ranking.wanted(seeker, read_member_constraints(topic), sector, nation, different)
        return AskedFor(who, ranking.Wanted(None, None)), who
    wish = ranking.unless_chosen(read_member_constraints(seeker.looking_for), sector, nation, different)
    asked = AskedFor(
        ranking.wanted(seeker, ranking.NO_WISH, sector, nation, different),
        ranking.wanted(seeker, wish, None, None, None),
    )
    return asked, ranking.wanted(seeker, wish, sector, nation, different)


def _note(matches: tuple[Match, ...], asked: AskedFor, text: str) -> str | None:
    parts = []
    if wish := described(asked.now):
        parts.append(wording.ONLY.format(wish=wish))
    if wish := described(asked.profile):
        parts.append(wording.PROFILE_ONLY.format(wish=wish, quote=quoted(text)))
    if not matches:
        parts.append(wording.NOBODY_AT_ALL)
    elif not any(match.fits for match in matches):
        parts.append(wording.NOBODY_FITS)
    if not says_something(text):
        parts.append(wording.SAY_MORE)
    return " ".join(parts) or None
