"""Introductions: asking, accepting, declining or letting it pass, and what is said about it when.

    asked -> accepted     the other agreed: both get an opening
          -> declined     shown to the seeker as `asked`, and as `lapsed` once the time for an answer is over
          -> lapsed       no answer in time
          -> withdrawn    the seeker took it back

Each change is one write transaction that reads what it decides on, so two at the same moment come one after the other:
who asks somebody that has asked them accepts. A member who leaves takes their introductions along. To the seeker a
decline looks like silence, and whoever cannot be asked (unknown, hidden, paused, blocking, asked too often) gives one
and the same error.
"""

from datetime import datetime, timedelta

from knowledge.dates import stamp
from knowledge.domain.members import Introduction, IntroductionView, Member, Opening
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.context import MatchingContext
from knowledge.matching.visibility import load, requests, required, suggestible, taking_part

_LONGEST_TOPIC = 300


class Introductions(MatchingContext):
    """The state machine of introductions over one library's members. Safe in threads and processes."""

    def ask(self, seeker_id: str, other_id: str, topic: str = "") -> Introduction:
        """Ask to be introduced. Where the other has asked the seeker already, both want it: it is accepted.

        Show the asker `standings`, not what is stored.

        Raises:
            MemberError: The seeker takes no part now, has asked before, or the other cannot be asked.
            QuestionError: A member asks for themselves.
        """
        now = self._here(seeker_id)
        if seeker_id == other_id:
            raise QuestionError(wording.NOT_YOURSELF)
        with self._store.atomically():
            taking_part(required(self._store, seeker_id))
            other = self._store.member(other_id)
            for known in self._between(seeker_id, other_id):
                state = self._state_at(known, now)
                if state is State.ACCEPTED:
                    raise MemberError(wording.INTRODUCED_ALREADY)
                if known.seeker == seeker_id:
                    raise MemberError(wording.ASKED_ALREADY)
                if state is State.ASKED and self._open_to(seeker_id, known):
                    return self._moved(known, State.ACCEPTED, now)
            if other is None or not self._may_ask(seeker_id, other, now):
                raise MemberError(wording.CANNOT_ASK)
            introduction = Introduction(
                id=self._make_id(),
                seeker=seeker_id,
                other=other_id,
                topic=" ".join(topic.split())[:_LONGEST_TOPIC],
                state=State.ASKED,
                asked_at=stamp(now),
            )
            self._store.add_introduction(introduction)
            return introduction

    def accept(self, member_id: str, reference: str) -> Opening:
        """Agree to a request, named by its id or by who asked: what both get. Accepting twice changes nothing.

        Raises:
            MemberError: There is no such open request, or the member takes no part now.
        """
        now = self._here(member_id)
        with self._store.atomically():
            taking_part(required(self._store, member_id))
            known = self._request(member_id, reference, now, again=State.ACCEPTED)
            if known.state is not State.ACCEPTED:
                self._moved(known, State.ACCEPTED, now)
        return self.opening(member_id, known.id)

    def decline(self, member_id: str, reference: str) -> Introduction:
        """Turn a request down; the seeker is never told. Declining twice changes nothing.

        Raises:
            MemberError: There is no such open request.
        """
        now = self._here(member_id)
        with self._store.atomically():
            required(self._store, member_id)
            known = self._request(member_id, reference, now, again=State.DECLINED)
            return known if known.state is State.DECLINED else self._moved(known, State.DECLINED, now)

    def withdraw(self, member_id: str, reference: str) -> Introduction:
        """Take a request of one's own back, named by its id or by whom it asks.

        Raises:
            MemberError: There is no such request that has no visible answer yet.
        """
        now = self._clock()
        with self._store.atomically():
            required(self._store, member_id)
            for known in self._store.introductions_of(member_id):
                named = reference in (known.id, known.other)
                if known.seeker == member_id and named and self._seen_state(known, member_id, now) is State.ASKED:
                    return self._moved(known, State.WITHDRAWN, now)
        raise MemberError(wording.NO_REQUEST)

    def standings(self, member_id: str) -> list[IntroductionView]:
        """Return a member's introductions as they may see them, oldest first.

        Raises:
            MemberError: There is no such member.
        """
        required(self._store, member_id)
        now = self._clock()
        apart = self._store.kept_apart(member_id)
        known = self._store.introductions_of(member_id)
        others = {one.profile.id: one for one in self._store.members([_counterpart(k, member_id) for k in known])}
        return [
            IntroductionView(
                introduction_id=one.id,
                state=self._seen_state(one, member_id, now),
                mine=one.seeker == member_id,
                counterpart=self._named(one, member_id, others, apart, now),
                topic=one.topic,
                asked_at=one.asked_at,
            )
            for one in known
            if one.seeker == member_id or self._shown_to_other(one, others, apart, now)
        ]

    def opening(self, member_id: str, introduction_id: str) -> Opening:
        """Return what both get when they have agreed, for one of them: who writes first is the one who asked.

        Raises:
            MemberError: They are no part of such an introduction, or the other has gone.
        """
        one = self._agreed(member_id, introduction_id)
        shared = self._matcher.in_common(one.seeker, one.other)
        seeker, other = self._store.member(one.seeker), self._store.member(one.other)
        if seeker is None or other is None:
            raise MemberError(wording.NO_REQUEST)
        line = wording.FIRST_LINE.format(writer=_name(seeker), reader=_name(other))
        topic = wording.FIRST_LINE_TOPIC.format(topic=one.topic) if one.topic else ""
        return Opening(
            introduction_id=one.id,
            members=(one.seeker, one.other),
            writes_first=one.seeker,
            first_line=line + topic,
            in_common=shared,
        )

    def receiver_of(self, introduction_id: str) -> str:
        """Return whom a request was made to, for operators who act on it by its id.

        Raises:
            MemberError: There is no such request.
        """
        one = self._store.introduction(introduction_id)
        if one is None:
            raise MemberError(wording.NO_REQUEST)
        return one.other

    # -- what is so at a moment

    def _agreed(self, member_id: str, introduction_id: str) -> Introduction:
        """Return an accepted introduction, for one of its two.

        Raises:
            MemberError: There is none of this member, or the other is paused or kept apart by now.
        """
        required(self._store, member_id)
        one = self._store.introduction(introduction_id)
        if one is None or one.state is not State.ACCEPTED or member_id not in (one.seeker, one.other):
            raise MemberError(wording.NO_REQUEST)
        other = self._store.member(_counterpart(one, member_id))
        if other is None or other.paused or other.profile.id in self._store.kept_apart(member_id):
            raise MemberError(wording.NO_REQUEST)
        return one

    def _state_at(self, introduction: Introduction, now: datetime) -> State:
        """Return the state with the time for an answer taken into account."""
        if introduction.state is State.ASKED and self._overdue(introduction, now):
            return State.LAPSED
        return introduction.state

    def _seen_state(self, introduction: Introduction, member_id: str, now: datetime) -> State:
        """Return the state as one of the two may see it: to the seeker, a decline is no different from silence."""
        if introduction.seeker == member_id and introduction.state is State.DECLINED:
            return State.LAPSED if self._overdue(introduction, now) else State.ASKED
        return self._state_at(introduction, now)

    def _overdue(self, introduction: Introduction, now: datetime) -> bool:
        """Return whether the time for an answer is over."""
        return introduction.asked_at < stamp(now - timedelta(days=self._settings.peer_answer_days))

    def _between(self, one: str, other: str) -> list[Introduction]:
        return [known for known in self._store.introductions_of(one) if other in (known.seeker, known.other)]

    def _may_ask(self, seeker_id: str, other: Member, now: datetime) -> bool:
        other_id = other.profile.id
        if not suggestible(other, now, self._settings) or other_id in self._store.kept_apart(seeker_id):
            return False
        return load(other, requests(self._store, [other_id], now)[other_id], self._settings) < 1

    def _open_to(self, member_id: str, introduction: Introduction) -> bool:
        """Return whether a request may still be answered: its seeker is there, and the two are not kept apart."""
        seeker = self._store.member(introduction.seeker)
        apart = self._store.kept_apart(member_id)
        return seeker is not None and not seeker.paused and introduction.seeker not in apart

    def _request(self, member_id: str, reference: str, now: datetime, again: State) -> Introduction:
        """Return the request that was made to a member, open or in the state that the same press had brought about."""
        found = [
            known
            for known in self._store.introductions_of(member_id)
            if known.other == member_id
            and reference in (known.id, known.seeker)
            and self._state_at(known, now) in (State.ASKED, again)
            and self._open_to(member_id, known)
        ]
        if not found:
            raise MemberError(wording.NO_REQUEST)
        return found[-1]

    def _moved(self, introduction: Introduction, state: State, now: datetime) -> Introduction:
        self._store.set_introduction_state(introduction.id, state, stamp(now))
        return introduction.model_copy(update={"state": state, "answered_at": stamp(now)})

    def _shown_to_other(self, one: Introduction, others: dict[str, Member], apart: set[str], now: datetime) -> bool:
        """Return whether the one who was asked sees a request: not of the paused or kept apart, nor once withdrawn."""
        if one.seeker in apart or others[one.seeker].paused:
            return False
        return self._state_at(one, now) is not State.WITHDRAWN

    def _named(
        self, one: Introduction, member_id: str, others: dict[str, Member], apart: set[str], now: datetime
    ) -> str | None:
        """Return the other's id where it may be shown.

        The one who was asked sees who asks; the seeker sees only somebody who can be suggested.
        """
        other = others[_counterpart(one, member_id)]
        if other.profile.id in apart or other.paused:
            return None
        if one.seeker != member_id:
            return other.profile.id
        return other.profile.id if suggestible(other, now, self._settings) else None


def _counterpart(introduction: Introduction, member_id: str) -> str:
    return introduction.other if introduction.seeker == member_id else introduction.seeker


def _name(member: Member) -> str:
    profile = member.profile
    return profile.display_name or profile.role or wording.SOMEBODY
