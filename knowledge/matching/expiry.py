"""The expiry of profiles whose owner stays away, and of consent that nobody has renewed for a year."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from knowledge.dates import stamp
from knowledge.domain.members import Due, Member
from knowledge.domain.vocabulary import DueKind
from knowledge.matching.context import MatchingContext
from knowledge.matching.wording import CONSENT_VERSION
from knowledge.settings import Settings

# Consent is asked for anew after so long.
_CONSENT_HOLDS = timedelta(days=365)
# How long members are told before a profile is deleted, and how long they have to agree anew.
RENEWAL = timedelta(days=30)
# No version of the text: nothing is agreed to, until they agree anew.
_LAPSED = ""


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
