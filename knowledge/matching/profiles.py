"""Profiles and their owners' control over them: consent, being found, pausing, export, erasure, and what expires."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from knowledge.dates import stamp
from knowledge.domain.library import Noun
from knowledge.domain.members import Due, Forgotten, Member, Profile
from knowledge.domain.vocabulary import DueKind
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.context import MatchingContext
from knowledge.matching.visibility import required
from knowledge.matching.wording import CONSENT_VERSION
from knowledge.settings import Settings

# Consent is asked for anew after so long.
_CONSENT_HOLDS = timedelta(days=365)
# How long members are told before a profile is deleted, and how long they have to agree anew.
RENEWAL = timedelta(days=30)
# No version of the text: nothing is agreed to, until they agree anew.
_LAPSED = ""
_MOST_REQUESTS = 30
# How long the pages and buttons of a list of matches work.
_SEARCHES = timedelta(days=30)


def renewal_due(member: Member, now: datetime) -> bool:
    """Return whether a member agreed to the text in force so long ago that they are to be asked again."""
    return member.consent == CONSENT_VERSION and member.consented_at < stamp(now - _CONSENT_HOLDS)


def notice_before_deletion(settings: Settings) -> timedelta:
    """Return how long before a profile is deleted its owner is told; where it is kept for weeks only, half of that."""
    return min(RENEWAL, timedelta(days=settings.member_days) / 2)


class Expiry(MatchingContext):
    """Works out who is to be told, and ends what nobody has renewed."""

    def end_consents(self) -> int:
        """Take those out of what others see who were asked to agree anew, and did not in time; how many.

        Nothing is deleted: once they agree they are back.
        """
        now, ended = self._clock(), 0
        for member_id in self._store.consented_before(stamp(now - _CONSENT_HOLDS - RENEWAL), CONSENT_VERSION):
            with self._store.atomically():
                member = self._store.member(member_id)
                if member is None or not renewal_due(member, now):
                    continue
                asked = self._store.said_at(member_id, f"{DueKind.RENEW_CONSENT}:{member.consented_at}")
                if asked is not None and asked < stamp(now - RENEWAL):
                    self._store.save_member(member.model_copy(update={"consent": _LAPSED}))
                    ended += 1
        return ended

    def _profiles_due(self, now: datetime) -> Iterator[Due]:
        """Yield what members are to be told of their own profile: that it is deleted soon, or to agree anew."""
        kept = timedelta(days=self._settings.member_days)
        away = self._store.inactive_since(stamp(now - kept + notice_before_deletion(self._settings)))
        for member in self._store.members(away):
            yield _due(DueKind.PROFILE_EXPIRES, member.profile.id, member.active_at)
        for member in self._store.members(self._store.consented_before(stamp(now - _CONSENT_HOLDS), CONSENT_VERSION)):
            yield _due(DueKind.RENEW_CONSENT, member.profile.id, member.consented_at)


def _due(kind: DueKind, member_id: str, since: str) -> Due:
    return Due(key=f"{kind}:{since}", kind=kind, member_id=member_id)


class Submitted(Noun):
    """A member's answers beside the profile itself. What is not given leaves what was decided before.

    `requests_a_month` is `None` for the usual number, whatever that is at the time.
    """

    findable: bool = False
    consent: bool | None = None
    requests_a_month: int | None = None


class Profiles(MatchingContext):
    """The actions of members on their own profile."""

    def consent_text(self) -> str:
        """Return what members agree to, in one screen."""
        return wording.consent_text(self._settings)

    def save(self, values: dict[str, Any]) -> Member:
        """Make or replace a profile from the fields of `Profile`, `findable`, `consent` and `requests_a_month`.

        A field that is not given is empty; findable is off unless it is given. A pause stays.

        Raises:
            QuestionError: A field is unknown or has a value that it may not have; the message names it.
            MemberError: There is no consent to the text in force. Nothing is stored then.
        """
        own = {name: values[name] for name in Submitted.model_fields if name in values}
        rest = {name: value for name, value in values.items() if name not in own}
        try:
            profile, submitted = Profile.model_validate(rest), Submitted.model_validate(own)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the profile"
            if first["type"] == "enum":
                field, allowed = field.split(".")[0], first["ctx"]["expected"].replace("'", "")
                text = f"The field {field} takes only these words: {allowed}. Nothing was changed."
                raise QuestionError(text) from None
            raise QuestionError(f"The field {field} cannot be stored: {first['msg']}. Nothing was changed.") from None
        most = submitted.requests_a_month
        if most is not None and not 0 <= most <= _MOST_REQUESTS:
            raise QuestionError(f"requests_a_month is a number from 0 to {_MOST_REQUESTS}. Nothing was changed.")
        moment = self._clock()
        now = stamp(moment)
        with self._store.atomically():
            known = self._store.member(profile.id)
            if submitted.consent is False:
                raise MemberError(wording.WITHDRAW_BY_FORGETTING if known else wording.CONSENT_NEEDED)
            if submitted.consent is None and (known is None or known.consent != CONSENT_VERSION):
                raise MemberError(wording.CONSENT_NEEDED if known is None else wording.CONSENT_AGAIN)
            # Whoever is asked to agree anew and says yes has read it now.
            anew = submitted.consent is True and known is not None and renewal_due(known, moment)
            agreed = known is not None and known.consent == CONSENT_VERSION and not anew
            member = Member(
                profile=profile,
                findable=submitted.findable,
                paused=known.paused if known else False,
                consent=CONSENT_VERSION,
                consented_at=known.consented_at if known and agreed else now,
                joined_at=known.joined_at if known else now,
                active_at=now,
                most_requests=most if known is None or "requests_a_month" in own else known.most_requests,
                waiting=known.waiting if known else False,
            )
            self._store.save_member(member)
        return member

    def save_all(self, profiles: Iterable[dict[str, Any]]) -> list[Member]:
        """Store several as `save` does, all or none.

        Raises:
            QuestionError: A field of one cannot be stored; none is.
            MemberError: There is no consent for one; none is stored.
        """
        with self._store.atomically():
            return [self.save(values) for values in profiles]

    def people(self) -> list[str]:
        """Return the ids of all members, without the later registrations of one person."""
        return [member.profile.id for member in self._matcher.people(self._store.members())]

    def profile(self, member_id: str) -> Member:
        """Return a member's own profile.

        Raises:
            MemberError: There is none.
        """
        return required(self._store, member_id)

    def set_findable(self, member_id: str, *, findable: bool) -> Member:
        """Be found by others, or not; `MemberError` where there is no such member, as in what follows."""
        return self._changed(member_id, findable=findable)

    def pause(self, member_id: str) -> Member:
        """Disappear from everywhere until `resume`; nothing is deleted."""
        return self._changed(member_id, paused=True)

    def set_aside(self, member_id: str) -> Member:
        """Pause somebody whom the assistant cannot find or reach. It does not count as their being here."""
        return self._changed(member_id, here=False, paused=True)

    def keep(self, member_id: str) -> Member:
        """Note that a member is here, and wants the profile to be kept."""
        return self._changed(member_id)

    def renew_consent(self, member_id: str, version: str) -> Member:
        """Note that a member agrees anew to the text in force.

        Raises:
            MemberError: There is no such member, or what they saw is not the text in force.
        """
        if version != CONSENT_VERSION:
            raise MemberError(wording.CONSENT_AGAIN)
        return self._changed(member_id, consent=CONSENT_VERSION, consented_at=stamp(self._clock()))

    def asked_to_renew(self, member: Member) -> bool:
        """Return whether a member is to be asked to agree anew."""
        return renewal_due(member, self._clock())

    def resume(self, member_id: str) -> Member:
        """End a pause."""
        return self._changed(member_id, paused=False)

    def tell_me(self, member_id: str, *, wanted: bool = True) -> Member:
        """Be told when somebody fits."""
        return self._changed(member_id, waiting=wanted)

    def block(self, member_id: str, other_id: str) -> None:
        """Keep two members apart from now on. Nobody but this member learns of it.

        Raises:
            MemberError: There is no such member.
            QuestionError: They would block themselves, or the id cannot be one.
        """
        if member_id == other_id:
            raise QuestionError(wording.NOT_YOURSELF)
        try:
            Profile(id=other_id)
        except ValidationError:
            raise QuestionError(wording.NO_ID.format(id=other_id)) from None
        with self._store.atomically():
            required(self._store, member_id)
            # Also somebody without a profile: whether there is one is not told.
            self._store.block(member_id, other_id, stamp(self._clock()))

    def unblock(self, member_id: str, other_id: str) -> bool:
        """Take a block back; whether there was one.

        Raises:
            MemberError: There is no such member.
        """
        required(self._store, member_id)
        return self._store.unblock(member_id, other_id)

    def forget(self, member_id: str) -> Forgotten:
        """Erase everything about a member, and say what was erased and that nothing is left.

        Raises:
            MemberError: There is no such member.
        """
        required(self._store, member_id)
        removed = self._store.forget(member_id)
        return Forgotten(id=member_id, removed=removed, left=self._store.traces(member_id))

    def expire(self) -> int:
        """Erase members who stayed away for longer than profiles are kept, and old introductions.

        Return how many members. `due` does it too. Nobody goes after a jump of the clock.
        """
        now = self._clock()
        if not self._store.clock_is_right(now):
            return 0
        gone = self._store.inactive_since(stamp(now - timedelta(days=self._settings.member_days)))
        for member_id in gone:
            self._store.forget(member_id)
        before = stamp(now - timedelta(days=self._settings.introduction_days))
        self._store.remove_introductions_before(before)
        self._store.remove_questions_before(before)
        self._store.remove_searches_before(stamp(now - _SEARCHES))
        return len(gone)

    def _changed(self, member_id: str, *, here: bool = True, **changes: object) -> Member:
        """Store what a member decided, and, where it was they who did, that they are `here`."""
        with self._store.atomically():
            seen = {"active_at": stamp(self._clock())} if here else {}
            member = required(self._store, member_id).model_copy(update={**changes, **seen})
            self._store.save_member(member)
        return member
