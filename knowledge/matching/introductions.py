"""Introductions: asking, accepting, declining or letting it pass, and what is said about it when.

    asked -> accepted     the other agreed: both get an opening
          -> declined     shown to the seeker as `asked`, and as `lapsed` once the time for an answer is over
          -> lapsed       no answer in time
          -> withdrawn    the seeker took it back

Each change is one write transaction that reads what it decides on, so two at the same moment come one after the other:
who asks somebody that has asked them accepts. A request that came to nothing may be made again after three months. A
member who leaves takes their introductions along. To the seeker a decline looks like silence, and whoever cannot be
asked (unknown, hidden, paused, blocking, asked too often) gives one and the same error.
"""

from datetime import datetime, timedelta

from knowledge.dates import UK, spoken, stamp
from knowledge.domain.members import Introduction, IntroductionView, Member, Opening
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.context import MatchingContext
from knowledge.matching.visibility import (
    ASKED_AGAIN,
    REQUEST_DAYS,
    askable_again,
    load,
    requests,
    required,
    suggestible,
    taking_part,
)

_LONGEST_TOPIC = 300

# What one member may ask of others at a time, and within `REQUEST_DAYS`.
_MOST_OPEN = 5
_MOST_ASKED = 10


class Introductions(MatchingContext):
    """The state machine of introductions over one library's members. Safe in threads and processes."""

    def ask(self, seeker_id: str, other_id: str, topic: str = "") -> Introduction:
        """Ask to be introduced. Where the other has asked the seeker already, both want it: it is accepted.

        Show the asker `standings`, not what is stored.

        Raises:
            MemberError: The seeker takes no part now, has asked before or too often, or the other cannot be asked.
            QuestionError: A member asks for themselves.
        """
        now = self._here(seeker_id)
        if seeker_id == other_id:
            raise QuestionError(wording.NOT_YOURSELF)
        with self._store.atomically():
            taking_part(required(self._store, seeker_id))
            other = self._store.member(other_id)
            between = self._between(seeker_id, other_id)
            if any(known.state is State.ACCEPTED for known in between):
                raise MemberError(wording.INTRODUCED_ALREADY)
            self._check_again([known for known in between if known.seeker == seeker_id], now)
            for known in between:
                asks_me = known.seeker == other_id and self._state_at(known, now) is State.ASKED
                if asks_me and self._open_to(seeker_id, known):
                    return self._accepted(known, now)
            self._check_requests(seeker_id, now)
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
                self._accepted(known, now)
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
        others = {one.profile.id: one for one in self._store.members([counterpart(k, member_id) for k in known])}
        return [
            IntroductionView(
                introduction_id=one.id,
                state=self._seen_state(one, member_id, now),
                mine=one.seeker == member_id,
                counterpart=self._named(one, member_id, others, apart, now),
                topic=one.topic,
                asked_at=one.asked_at,
                coffee=one.coffee,
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

    def agreed_with(self, member_id: str, introduction_id: str) -> Member:
        """Return the other of an introduction that both agreed to, paused or not.

        Raises:
            MemberError: They are no part of such an introduction, or one has blocked the other.
        """
        one = self._agreed(member_id, introduction_id, paused=True)
        return required(self._store, counterpart(one, member_id))

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

    def _agreed(self, member_id: str, introduction_id: str, *, paused: bool = False) -> Introduction:
        """Return an accepted introduction, for one of its two; `paused`: also where the other is paused by now.

        Raises:
            MemberError: There is none of this member, or the other is paused or kept apart by now.
        """
        required(self._store, member_id)
        one = self._store.introduction(introduction_id)
        if one is None or one.state is not State.ACCEPTED or member_id not in (one.seeker, one.other):
            raise MemberError(wording.NO_REQUEST)
        other = self._store.member(counterpart(one, member_id))
        if other is None or (other.paused and not paused) or other.profile.id in self._store.kept_apart(member_id):
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

    def _accepted(self, introduction: Introduction, now: datetime) -> Introduction:
        """Accept a request. What else the two asked of each other is over: nobody is told any more that it lapsed."""
        for known in self._between(introduction.seeker, introduction.other):
            if known.id != introduction.id:
                self._store.remove_introduction(known.id)
        return self._moved(introduction, State.ACCEPTED, now)

    def _check_again(self, before: list[Introduction], now: datetime) -> None:
        """Accept a request only where there was none to this member yet, or the last one is long over.

        A decline is treated as silence is, so that it cannot be told by this.
        """
        for known in before:
            if not askable_again(known, now):
                again = datetime.fromisoformat(known.asked_at) + ASKED_AGAIN
                raise MemberError(wording.ASKED_ALREADY.format(date=spoken(again.astimezone(UK).date(), None)))

    def _check_requests(self, seeker_id: str, now: datetime) -> None:
        """Accept a request only while the seeker has not made too many; declines count as silence does."""
        known_of = self._store.introductions_of(seeker_id)
        mine = [known for known in known_of if known.seeker == seeker_id and not known.coffee]
        waiting = [known for known in mine if self._seen_state(known, seeker_id, now) is State.ASKED]
        if len(waiting) >= _MOST_OPEN:
            raise MemberError(wording.TOO_MANY_OPEN.format(most=_MOST_OPEN))
        since = stamp(now - timedelta(days=REQUEST_DAYS))
        if sum(known.asked_at >= since for known in mine) >= _MOST_ASKED:
            raise MemberError(wording.TOO_MANY_ASKED.format(most=_MOST_ASKED, days=REQUEST_DAYS))

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
        other = others[counterpart(one, member_id)]
        if other.profile.id in apart or other.paused:
            return None
        if one.seeker != member_id:
            return other.profile.id
        return other.profile.id if suggestible(other, now, self._settings) else None


def counterpart(introduction: Introduction, member_id: str) -> str:
    """Return the other of the two."""
    return introduction.other if introduction.seeker == member_id else introduction.seeker


def _name(member: Member) -> str:
    profile = member.profile
    return profile.display_name or profile.role or wording.SOMEBODY
