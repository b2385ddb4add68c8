"""From a match to a meeting: who fits, introductions that both want, and what is asked of both later."""

from knowledge.domain.members import Due, Introduction, IntroductionView, Matches, Member, Opening
from knowledge.domain.vocabulary import DueKind, Nation, Sector
from knowledge.matching.core import MatchingContext


class IntroductionRequests(MatchingContext):
    """What members do to meet each other."""

    def match(
        self,
        member_id: str,
        *,
        k: int = 5,
        topic: str | None = None,
        sector: Sector | None = None,
        nation: Nation | None = None,
        different: str | None = None,
    ) -> Matches:
        """Who fits what a member looks for, or a topic; see `Matcher.match`.

        Raises:
            MemberError: There is no such member.
        """
        now = self._clock()
        self._profiles.present(member_id, now)
        return self._matcher.match(member_id, now, k=k, topic=topic, sector=sector, nation=nation, different=different)

    def ask(self, member_id: str, other_id: str, topic: str = "") -> Introduction:
        """Ask to be introduced; see `Introductions.ask`. Show the asker `standings`, not what is stored.

        Raises:
            MemberError: It cannot be asked for.
        """
        now = self._clock()
        self._profiles.present(member_id, now)
        return self._introductions.ask(member_id, other_id, now, topic)

    def accept(self, member_id: str, reference: str) -> Opening:
        """Agree to a request (its id, or who asked): what both get.

        Raises:
            MemberError: There is no such open request.
        """
        now = self._clock()
        self._profiles.present(member_id, now)
        return self.opening(member_id, self._introductions.accept(member_id, reference, now).id)

    def opening(self, member_id: str, introduction_id: str) -> Opening:
        """What both get when they have agreed, for one of them.

        Raises:
            MemberError: They are no part of such an introduction, or the other has gone.
        """
        one = self._introductions.agreed(member_id, introduction_id)
        return self._introductions.opening(one, self._matcher.in_common(one.seeker, one.other))

    def agreed_with(self, member_id: str, introduction_id: str) -> Member:
        """The other of an introduction that both agreed to, paused or not.

        Raises:
            MemberError: They are no part of such an introduction, or one has blocked the other.
        """
        one = self._introductions.agreed(member_id, introduction_id, paused=True)
        return self._profiles.get(one.other if one.seeker == member_id else one.seeker)

    def decline(self, member_id: str, reference: str) -> Introduction:
        """Turn a request down; the other is never told.

        Raises:
            MemberError: There is no such open request.
        """
        now = self._clock()
        self._profiles.present(member_id, now)
        return self._introductions.decline(member_id, reference, now)

    def withdraw(self, member_id: str, reference: str) -> Introduction:
        """Take a request back.

        Raises:
            MemberError: There is no such open request.
        """
        return self._introductions.withdraw(member_id, reference, self._clock())

    def standings(self, member_id: str) -> list[IntroductionView]:
        """A member's introductions as they may see them."""
        return self._introductions.standings(member_id, self._clock())

    def receiver_of(self, introduction_id: str) -> str:
        """Whom a request was made to, for operators who act on it by its id.

        Raises:
            MemberError: There is no such request.
        """
        return self._introductions.receiver_of(introduction_id)

    def due(self) -> list[Due]:
        """What a face should say to members now; hand each to `said`. Erases what is kept no longer first."""
        now = self._clock()
        self._profiles.expire(now)
        self._expiry.end_consents(now)
        return self._notices.due(now)

    def said(self, due: Due) -> None:
        """Note that something was said."""
        self._notices.said(due, self._clock())

    def answer(self, member_id: str, introduction_id: str, kind: DueKind, *, yes: bool) -> bool:
        """Note an answer to a follow-up; whether to offer sharing it as an example.

        Raises:
            MemberError: They are no part of such an introduction.
        """
        return self._notices.answer(member_id, introduction_id, kind, self._clock(), yes=yes)
