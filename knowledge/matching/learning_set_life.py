"""The life of a learning set: it is started, finds a date, meets with an agenda, and closes with a note for others."""

import itertools
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from knowledge.dates import UK, stamp
from knowledge.domain.members import LearningSet, Profile, RunningSet
from knowledge.domain.outbox import Message, channel_recipient
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.context import MatchingContext
from knowledge.matching.visibility import suggestible

# Messages of a set, to those of its members who have no server, and into its thread.
STARTED, DATE, OVER = "peers.set_started", "peers.set_date", "peers.set_over"
UNDECIDED = "peers.set_undecided"
_DAYS_TO_CHOOSE = timedelta(days=7)
_OPENED_WITHIN = timedelta(minutes=3)
_FIRST_DAY = timedelta(days=12)
_DAYS, _LONGEST_NOTE = 5, 2000
_FEWEST = 2
# Tuesdays, Wednesdays and Thursdays: the days on which most people work; over lunch.
_WEEKDAYS, _AT = frozenset({1, 2, 3}), time(12, 30)


class LearningSetLife(MatchingContext):
    """Sets as they go on. Members act by their own id; what moderators do, the face has made sure of."""

    def keep_set(self, made: LearningSet, server_id: int | None, channel_id: int | None) -> RunningSet:
        """Keep a set that is proposed, so that it can be started."""
        kept = RunningSet(
            id=self._make_id(),
            topic=made.topic,
            first_question=made.first_question,
            server_id=server_id,
            channel_id=channel_id,
            made_at=stamp(self._clock()),
        )
        with self._store.atomically():
            self._store.add_set(kept, made.members)
        return kept

    def start_set(self, set_id: str, thread_id: int | None = None) -> RunningSet | None:
        """Start a set, once: its members choose a day, those without a server by mail. `None` where it is started.

        Who cannot be suggested any more since it was proposed is left out.

        Raises:
            MemberError: It is not kept any more, its members have gone, or some are to be kept apart by now.
        """
        now = self._clock()
        with self._store.atomically():
            found = self._store.learning_set(set_id)
            if found is None or not self._store.set_members(set_id):
                raise MemberError(wording.NO_SET)
            if found.started_at is not None:
                return None
            self._leave_out(set_id, now)
            started = found.model_copy(update={"started_at": stamp(now), "thread_id": thread_id})
            self._store.save_set(started)
            self._store.add_days(set_id, [stamp(day) for day in days_to_choose(now)])
            self._tell_by_mail(started, STARTED, now)
        return started

    def sets_to_open(self) -> list[RunningSet]:
        """Return the sets whose thread still has no poll some minutes later: whoever was to send it did not live on."""
        now, found = self._clock(), []
        for one in self._store.open_sets():
            begun = one.thread_id is not None and one.poll_id is None and one.meets_on is None
            if begun and stamp(now - _DAYS_TO_CHOOSE) < (one.started_at or "") <= stamp(now - _OPENED_WITHIN):
                found.append(one)
        return found

    def time_to_choose(self, running: RunningSet) -> timedelta:
        """Return for how much longer a set chooses its day: whole hours, as Discord's polls want it, one at least."""
        begun = datetime.fromisoformat(running.started_at) if running.started_at else self._clock()
        left = begun + _DAYS_TO_CHOOSE - self._clock()
        return timedelta(hours=max(left // timedelta(hours=1), 1))

    def _leave_out(self, set_id: str, now: datetime) -> None:
        """Take out of a set who is paused, hidden or away by now.

        Raises:
            MemberError: Nobody is left to meet, or two who are left are kept apart; who, is nobody's to know.
        """
        members = self._store.members(self._store.set_members(set_id))
        there = [one.profile.id for one in members if suggestible(one, now, self._settings)]
        apart = self._store.all_kept_apart()
        kept_apart = any(frozenset(pair) in apart for pair in itertools.combinations(there, 2))
        if kept_apart or len(there) < min(_FEWEST, len(members)):
            raise MemberError(wording.SET_CHANGED)
        self._store.keep_in_set(set_id, there)

    def others_in_set(self, member_id: str, set_id: str) -> list[Profile]:
        """Return those who are in a set with a member, as they may see them now: nobody paused or kept apart.

        Raises:
            MemberError: They are in no such set.
        """
        self._own_set(member_id, set_id)
        apart = {member_id} | self._store.kept_apart(member_id)
        found = self._store.members(self._store.set_members(set_id))
        return [one.profile for one in found if not one.paused and one.profile.id not in apart]

    def note_poll(self, set_id: str, poll_id: int) -> None:
        """Note in which message a set chooses its day on a server."""
        with self._store.atomically():
            if (found := self._store.learning_set(set_id)) is not None:
                self._store.save_set(found.model_copy(update={"poll_id": poll_id}))

    def agenda(self, running: RunningSet) -> tuple[str, ...]:
        """Return what a set may do in an hour and a half: from what its members have in common."""
        return tuple(line.format(topic=running.topic, question=running.first_question) for line in wording.SET_AGENDA)

    def choose_days(self, member_id: str, set_id: str, days: tuple[str, ...]) -> None:
        """Note which days suit a member.

        Raises:
            MemberError: They are in no such set, or its day is fixed.
        """
        with self._store.atomically():
            if self._own_set(member_id, set_id).meets_on is not None:
                raise MemberError(wording.SET_DAY_FIXED)
            self._store.choose_days(set_id, member_id, days)

    def sets_to_fix(self) -> list[RunningSet]:
        """Return the sets whose day is to be fixed now: everybody has chosen, or a week has passed."""
        now, found = self._clock(), []
        for one in self._store.open_sets():
            if one.meets_on is not None or one.started_at is None:
                continue
            chosen = {member for who in self._store.days_of(one.id).values() for member in who}
            waited = one.started_at <= stamp(now - _DAYS_TO_CHOOSE)
            if waited or chosen >= set(self._store.set_members(one.id)):
                found.append(one)
        return found

    def fix_day(self, set_id: str, more: Mapping[str, int] | None = None) -> RunningSet | None:
        """Fix the day that suits most, the soonest of several, once, and say so; `None` where nobody has chosen one.

        `more` are votes that a server has counted, by day. That nobody has chosen is said, too, once.
        """
        now = self._clock()
        with self._store.atomically():
            found = self._store.learning_set(set_id)
            votes = {day: len(who) + (more or {}).get(day, 0) for day, who in self._store.days_of(set_id).items()}
            coming = {day: count for day, count in votes.items() if count and day > stamp(now)}
            if found is None or found.meets_on is not None:
                return None
            if not coming:
                self._tell(found, UNDECIDED, now)
                return None
            fixed = found.model_copy(update={"meets_on": min(coming, key=lambda day: (-coming[day], day))})
            self._store.save_set(fixed)
            self._tell(fixed, DATE, now)
        return fixed

    def ask_for_notes(self) -> int:
        """Ask the sets that have met for a closing note, once each, and forget what is kept no longer; how many."""
        now, asked = self._clock(), 0
        for one in self._store.open_sets():
            if one.meets_on is None or one.asked_at is not None or one.meets_on > stamp(now - timedelta(days=1)):
                continue
            with self._store.atomically():
                found = self._store.learning_set(one.id)
                if found is None or found.asked_at is not None or found.closed_at is not None:
                    continue  # another process was quicker
                self._store.save_set(found.model_copy(update={"asked_at": stamp(now)}))
                self._tell(found, OVER, now)
            asked += 1
        if self._store.clock_is_right(now):
            self._store.remove_sets_before(stamp(now - timedelta(days=self._settings.introduction_days)))
        return asked

    def close_set(self, member_id: str, set_id: str, note: str) -> RunningSet:
        """Close a set with a member's note on what came of it, which is theirs to share as an example.

        Raises:
            MemberError: They are in no such set, or it is closed.
            QuestionError: The note is empty or too long.
        """
        now, note = self._here(member_id), note.strip()
        if not note or len(note) > _LONGEST_NOTE:
            empty = wording.EMPTY if not note else wording.TOO_LONG.format(length=len(note), most=_LONGEST_NOTE)
            raise QuestionError(empty)
        with self._store.atomically():
            found = self._own_set(member_id, set_id)
            if found.closed_at is not None:
                raise MemberError(wording.SET_CLOSED)
            closed = found.model_copy(update={"closed_at": stamp(now)})
            self._store.save_set(closed)
        return closed

    def note_draft(self, set_id: str, draft: str) -> None:
        """Note which example the closing note of a set began."""
        with self._store.atomically():
            if (found := self._store.learning_set(set_id)) is not None:
                self._store.save_set(found.model_copy(update={"draft": draft}))

    def own_set(self, member_id: str, set_id: str) -> RunningSet:
        """Return a set that a member is in.

        Raises:
            MemberError: They are in no such set.
        """
        return self._own_set(member_id, set_id)

    def _own_set(self, member_id: str, set_id: str) -> RunningSet:
        found = next((one for one in self._store.sets_of(member_id) if one.id == set_id), None)
        if found is None:
            raise MemberError(wording.NO_SET)
        return found

    def _tell(self, running: RunningSet, kind: str, now: datetime) -> None:
        if running.thread_id is not None:
            there = channel_recipient(running.thread_id)
            data = {"set": running.id}
            self.library.outbox.add(Message(key=f"{kind}:{running.id}", recipient=there, kind=kind, data=data), now)
        self._tell_by_mail(running, kind, now)

    def _tell_by_mail(self, running: RunningSet, kind: str, now: datetime) -> None:
        """Tell those of a set who have no server; where it has no thread, everybody."""
        for member_id in self._store.set_members(running.id):
            if running.thread_id is None or not member_id.isdecimal():
                key = f"{kind}:{running.id}:{member_id}"
                message = Message(key=key, recipient=member_id, kind=kind, data={"set": running.id})
                self.library.outbox.add(message, now)


def days_to_choose(now: datetime) -> list[datetime]:
    """Return the moments that a set that is started now chooses among."""
    found: list[datetime] = []
    day: date = (now + _FIRST_DAY).astimezone(UK).date()
    while len(found) < _DAYS:
        if day.weekday() in _WEEKDAYS:
            found.append(datetime.combine(day, _AT, UK))
        day += timedelta(days=1)
    return found
