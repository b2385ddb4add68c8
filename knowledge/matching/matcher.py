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
from knowledge.matching.candidates import Candidate, Finder, offers_alike, same_person
from knowledge.matching.constraints import read_member_constraints
from knowledge.matching.directory import Directory, Need
from knowledge.matching.offer_reader import OfferReader
from knowledge.matching.reasons import AskedFor, described, in_common, quoted, reasons
from knowledge.matching.texts import Texts, need_texts, says_something, texts_of
from knowledge.matching.visibility import required
from knowledge.settings import Settings
from knowledge.storage.member_protocols import MemberStore

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors

_NEED, _CONTEXT = (Texts._fields.index(field) for field in ("need", "need_in_context"))
_OFFERS = [Texts._fields.index(field) for field in ("offer", "offer_with_role")]

# Stands for somebody without a profile. No member has this id: see `MemberId`.
_NOBODY = Member(
    profile=Profile.model_construct(id=""), consent="", consented_at="", joined_at="", active_at="", waiting=False
)


class Matcher:
    """Matches over one library's members. Safe in threads."""

    def __init__(
        self,
        store: MemberStore,
        directory: Directory,
        settings: Settings,
        reader: OfferReader,
    ) -> None:
        self._store = store
        self._directory = directory
        self._finder = Finder(store, directory, settings, reader)

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
        self._directory.rows()
        text = topic if topic is not None else seeker.profile.looking_for
        need = self.need_of_member(seeker) if topic is None else self.need_of(topic)
        asked, who = _asked(seeker.profile, topic, sector, nation, different)
        embedded = time.perf_counter()
        found = self.candidates(seeker, need, who, now, k)
        matches = tuple(_shown(seeker.profile, one, asked) for one in found)
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

    def candidates(
        self, seeker: Member, need: Need, who: ranking.Wanted, now: datetime, k: int, *, introduced: bool = True
    ) -> list[Candidate]:
        """Return the best `k` for a need that a member may be shown; `introduced` leaves out whom they met or asked."""
        return self._finder.find(seeker, self._directory.rows(), need, who, now, k, introduced=introduced)

    def need_of_member(self, member: Member) -> Need:
        """Return what a member looks for, or where they say nothing, what they work on."""
        vectors = self._directory.vectors_of([member])[member.profile.id]
        return self._directory.need(texts_of(member.profile).need, vectors[_NEED], vectors[_CONTEXT])

    def need_of(self, text: str) -> Need:
        """Return a need that is typed now rather than read from a profile."""
        return self._directory.typed_need(need_texts(text, "")[0] or text)

    @staticmethod
    def stranger(member_id: str) -> Member:
        """Return somebody without a profile, whom others may have blocked all the same."""
        return _NOBODY.model_copy(update={"profile": Profile.model_construct(id=member_id)})

    def for_question(self, asker: Member | None, question: str, now: datetime, k: int) -> list[Member]:
        """Return up to `k` members who can probably help with a question, best first; the asker may have no profile."""
        asker = asker or _NOBODY
        who = ranking.wanted(asker.profile, read_member_constraints(question), None, None, None)
        found = self.candidates(asker, self.need_of(question), who, now, k, introduced=False)
        return [candidate.member for candidate in found if candidate.fits]

    def in_common(self, one_id: str, other_id: str) -> tuple[str, ...]:
        """Return what two members who agreed to meet share, in words.

        Raises:
            MemberError: One of them has gone.
        """
        one, other = self._store.member(one_id), self._store.member(other_id)
        if one is None or other is None:
            raise MemberError(wording.NO_REQUEST)
        return in_common(one.profile, other.profile)

    def people(self, members: list[Member]) -> list[Member]:
        """Return members without the later registrations of the same person."""
        again = self.registered_again(members)
        return [member for member in members if member.profile.id not in again]

    def registered_again(self, members: list[Member]) -> dict[str, str]:
        """Return the later registrations of the same person, by id, with the id of the one that counts."""
        if not members:
            return {}
        vectors = self._directory.vectors_of(members)
        offers = [vectors[member.profile.id][_OFFERS].mean(axis=0) for member in members]
        order = sorted(range(len(members)), key=lambda place: (members[place].joined_at, members[place].profile.id))
        kept: list[int] = []
        again: dict[str, str] = {}
        for place in order:
            profile = members[place].profile
            same = (
                members[one].profile.id
                for one in kept
                if same_person(members[one].profile, profile, offers_alike(offers[one], offers[place]))
            )
            if (first := next(same, None)) is None:
                kept.append(place)
            else:
                again[profile.id] = first
        return again

    def needs(self, members: list[Member]) -> Vectors:
        """Return each member's need as a centred vector, shape (members, dimension); zero where they do not say."""
        vectors = self._directory.vectors_of(members)
        sought = [vectors[one.profile.id][_NEED] * says_something(one.profile.looking_for) for one in members]
        return np.array(sought, dtype=np.float32)


def _shown(seeker: Profile, candidate: Candidate, asked: AskedFor) -> Match:
    profile = candidate.member.profile
    return Match(
        member_id=profile.id,
        score=round(candidate.score, 4),
        reasons=reasons(seeker, candidate, asked),
        mutual=candidate.mutual,
        fits=candidate.fits,
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
