"""A member's own side: their profile, pauses, blocks, their data."""

from collections.abc import Iterable
from typing import Any

from knowledge.domain.members import Forgotten, Member
from knowledge.matching.consent import consent_text
from knowledge.matching.core import MatchingContext
from knowledge.matching.expiry import renewal_due
from knowledge.matching.export import Exported


class Account(MatchingContext):
    """What members do with what is kept about themselves."""

    def consent_text(self) -> str:
        """What members agree to, in one screen."""
        return consent_text(self._library.settings)

    def save(self, values: dict[str, Any]) -> Member:
        """Make or replace a profile; see `Profiles.save`.

        Raises:
            QuestionError: A field cannot be stored.
            MemberError: There is no consent.
        """
        return self._profiles.save(values, self._clock())

    def save_all(self, profiles: Iterable[dict[str, Any]]) -> list[Member]:
        """As `save` for several, all or none.

        Raises:
            QuestionError: A field of one cannot be stored; none is.
            MemberError: There is no consent for one; none is stored.
        """
        with self._library.members.atomically():
            return [self.save(values) for values in profiles]

    def people(self) -> list[str]:
        """Ids of all members, without the later registrations of one person."""
        return [member.profile.id for member in self._matcher.people(self._library.members.members())]

    def profile(self, member_id: str) -> Member:
        """A member's own profile.

        Raises:
            MemberError: There is none.
        """
        return self._profiles.get(member_id)

    def set_findable(self, member_id: str, *, findable: bool) -> Member:
        """Be found by others, or not."""
        return self._profiles.change(member_id, self._clock(), findable=findable)

    def pause(self, member_id: str) -> Member:
        """Disappear from everywhere until `resume`; nothing is deleted."""
        return self._profiles.change(member_id, self._clock(), paused=True)

    def set_aside(self, member_id: str) -> Member:
        """Pause somebody whom the assistant cannot find or reach. It does not count as their being here."""
        return self._profiles.change(member_id, None, paused=True)

    def keep(self, member_id: str) -> Member:
        """Note that a member is here, and wants the profile to be kept."""
        return self._profiles.change(member_id, self._clock())

    def renew_consent(self, member_id: str, version: str) -> Member:
        """Agree anew to the text in force.

        Raises:
            MemberError: There is no such member, or the text is another by now.
        """
        return self._profiles.renew_consent(member_id, version, self._clock())

    def asked_to_renew(self, member: Member) -> bool:
        """Return whether a member is to be asked to agree anew."""
        return renewal_due(member, self._clock())

    def resume(self, member_id: str) -> Member:
        """End a pause."""
        return self._profiles.change(member_id, self._clock(), paused=False)

    def tell_me(self, member_id: str, *, wanted: bool = True) -> Member:
        """Be told when somebody fits."""
        return self._profiles.change(member_id, self._clock(), waiting=wanted)

    def export(self, member_id: str) -> Exported:
        """Everything that is held about a member; `MemberError` where there is none."""
        return self._profiles.export(member_id, self._clock())

    def forget(self, member_id: str) -> Forgotten:
        """Erase everything about a member, at once; `MemberError` where there is none."""
        return self._profiles.forget(member_id)

    def block(self, member_id: str, other_id: str) -> None:
        """Keep two members apart; nobody else learns of it."""
        self._profiles.block(member_id, other_id, self._clock())

    def unblock(self, member_id: str, other_id: str) -> bool:
        """Take a block back; whether there was one."""
        return self._profiles.unblock(member_id, other_id)

    def expire(self) -> int:
        """Erase what is kept no longer; how many members. `due` does it too."""
        return self._profiles.expire(self._clock())
