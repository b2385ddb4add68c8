"""Notices for members that are due now, each once: requests, openings, follow-ups, somebody who fits."""

import bisect
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from knowledge.dates import stamp
from knowledge.domain.members import Due, Introduction, Member
from knowledge.domain.vocabulary import DueKind
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.errors import MemberError
from knowledge.matching import wording
from knowledge.matching.introductions import Introductions
from knowledge.matching.profiles import Expiry, Profiles
from knowledge.matching.questions import PeerQuestions
from knowledge.matching.visibility import required

# How long after an introduction its two members are asked how it went.
_ASKED_AFTER = {DueKind.DID_YOU_SPEAK: timedelta(weeks=2), DueKind.DID_IT_CHANGE: timedelta(weeks=8)}
# A match for each: with more who wait, a look would keep everything else waiting.
_FITTED_AT_ONCE = 10


class DueNotices(Profiles, Introductions, PeerQuestions, Expiry):
    """The notices that are due, worked out from what is stored; a face says one and reports back with `said`."""

    _last_fitted: str | None = None

    def due(self, *, fits: bool = True) -> list[Due]:
        """Return everything to be said now, oldest introduction first; with `fits` for the next who wait for somebody.

        Nothing about members who are paused; to them no more than that their profile is deleted soon. Hand each to
        `said`. What is kept no longer is erased first, and consent that nobody renewed ends.
        """
        self.expire()
        now = self._clock()
        own: list[Due] = []
        # After a jump of the clock nobody is told that their profile goes, either.
        if self._store.clock_is_right(now):
            self.end_consents()
            own = list(self._profiles_due(now))
        waits = [stamp(now - timedelta(days=self._settings.peer_answer_days))]
        waits += [stamp(now - _ASKED_AFTER[kind]) for kind in (DueKind.DID_YOU_SPEAK, DueKind.DID_IT_CHANGE)]
        introductions = self._store.introductions_to_tell(*waits)
        people = {member_id for one in introductions for member_id in (one.seeker, one.other)}
        asked, waiting = self._questions_due(), self._next_waiting() if fits else []
        people |= {due.member_id for due in [*asked, *own]} | set(waiting)
        known = {member.profile.id: member for member in self._store.members(people)}
        found = [due for introduction in introductions for due in self._of_introduction(introduction, known, now)]
        found += [*asked, *own, *self._fits(waiting, now)]
        said = {member_id: self._store.said(member_id) for member_id in {due.member_id for due in found}}
        # Somebody may have left while this was worked out: nothing is said to them.
        here = {member_id for member_id, member in known.items() if not member.paused}
        return [
            due
            for due in found
            if due.key not in said[due.member_id]
            # A pause is no reason not to hear that one's own profile is deleted soon.
            and due.member_id in (known if due.kind is DueKind.PROFILE_EXPIRES else here)
        ]

    def said(self, due: Due) -> None:
        """Note that something was said, so that it is not said again."""
        if due.kind is DueKind.REPLY:
            self._told(due.question_id or "", due.counterpart or "")
            return
        if due.kind is not DueKind.SOMEONE_FITS:
            self._store.save_said(due.member_id, due.key, stamp(self._clock()))
            return
        # Told once; who wants to hear of the next one waits anew.
        with self._store.atomically():
            if (member := self._store.member(due.member_id)) is not None:
                self._store.save_member(member.model_copy(update={"waiting": False}))

    def answer(self, member_id: str, introduction_id: str, kind: DueKind, *, yes: bool) -> bool:
        """Note a member's answer to a follow-up; whether to offer them to share it as an example.

        Raises:
            MemberError: They are no part of such an introduction.
        """
        with self._store.atomically():
            required(self._store, member_id)
            one = self._store.introduction(introduction_id)
            if one is None or one.state is not State.ACCEPTED or member_id not in (one.seeker, one.other):
                raise MemberError(wording.NO_REQUEST)
            self._store.save_answer(introduction_id, member_id, kind, answer=yes, moment=stamp(self._clock()))
        return yes and kind is DueKind.DID_IT_CHANGE

    # -- the parts

    def _of_introduction(self, one: Introduction, known: dict[str, Member], now: datetime) -> Iterator[Due]:
        seeker, other = known.get(one.seeker), known.get(one.other)
        if seeker is None or other is None:
            return
        state = self._seen_state(one, one.seeker, now)
        if state is State.LAPSED:
            # It names nobody, and comes after a block too: to hear nothing at all would tell of the block.
            yield _due(DueKind.LAPSED, one, one.seeker, None)
        elif one.other in self._store.kept_apart(one.seeker):
            return
        elif one.state is State.ASKED and state is State.ASKED and not seeker.paused:
            yield _due(DueKind.REQUEST, one, one.other, one.seeker)
        elif one.state is State.ACCEPTED and not seeker.paused and not other.paused:
            yield from self._after(one, now)

    def _after(self, one: Introduction, now: datetime) -> Iterator[Due]:
        """Yield what both are told and asked once they have agreed, and so made themselves known to each other."""
        for member_id, counterpart in ((one.seeker, one.other), (one.other, one.seeker)):
            yield _due(DueKind.INTRODUCED, one, member_id, counterpart)
            answers = {kind: yes for key, kind, yes in self._store.answers_of(member_id) if key == one.id}
            for kind, wait in _ASKED_AFTER.items():
                # Nobody is asked twice, nor whether a talk changed anything that did not take place.
                if kind in answers or answers.get(DueKind.DID_YOU_SPEAK) is False:
                    continue
                if (one.answered_at or "") <= stamp(now - wait):
                    yield _due(kind, one, member_id, counterpart)

    def _next_waiting(self) -> list[str]:
        """Return the next of those who wait for somebody, in turn, so that a look takes no longer however many wait."""
        waiting = self._store.waiting_ids()
        if not waiting:
            return []
        # The first look of a process begins with anybody: of processes that are often started anew, none would come to
        # those at the end.
        last = random.choice(waiting) if self._last_fitted is None else self._last_fitted  # noqa: S311 - no secret
        start = bisect.bisect_right(waiting, last)
        return [*waiting[start:], *waiting[:start]][:_FITTED_AT_ONCE]

    def _fits(self, waiting: list[str], now: datetime) -> Iterator[Due]:
        """Yield the first who fits, for each of these who wait."""
        for member_id in waiting:
            self._last_fitted = member_id
            try:
                found = self._matcher.match(member_id, now, k=1).matches
            except MemberError:  # they have left in this moment
                continue
            if found and found[0].fits:
                yield Due(
                    key=str(DueKind.SOMEONE_FITS),
                    kind=DueKind.SOMEONE_FITS,
                    member_id=member_id,
                    counterpart=found[0].member_id,
                )


def _due(kind: DueKind, one: Introduction, member_id: str, counterpart: str | None) -> Due:
    return Due(key=f"{kind}:{one.id}", kind=kind, member_id=member_id, introduction_id=one.id, counterpart=counterpart)
