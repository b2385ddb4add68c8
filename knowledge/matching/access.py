"""A member's view of another, looked up in the very moment of showing: nothing is remembered for later."""

from typing import NamedTuple

from knowledge.domain.members import ForPeer, IntroductionView, Opening, PeerReply, Profile
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.errors import MemberError
from knowledge.matching.peers import Peers


class Request(NamedTuple):
    """An open request as the member it was made to sees it."""

    standing: IntroductionView
    seeker: Profile


class Question(NamedTuple):
    """A question that waits for a member's reply; `asker` is `None` where they wish not to be named."""

    question: ForPeer
    asker: Profile | None


class VisibleReply(NamedTuple):
    """A reply as the asker sees it."""

    reply: PeerReply
    author: Profile


class Access:
    """Looks with a member's eyes. Every method gives `None` where there is nothing to see (any more)."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    def request(self, member_id: str, introduction_id: str) -> Request | None:
        """Return a request that was made to a member and is open."""
        standing = self._standing(member_id, introduction_id)
        if standing is None or standing.mine or standing.state is not State.ASKED or standing.counterpart is None:
            return None
        return Request(standing, self._peers.profile(standing.counterpart).profile)

    def opening(self, member_id: str, introduction_id: str) -> Opening | None:
        """Return what somebody gets who is introduced."""
        try:
            return self._peers.opening(member_id, introduction_id)
        except MemberError:
            return None

    def met(self, member_id: str, introduction_id: str) -> Profile | None:
        """Return the other of an introduction that both agreed to."""
        opening = self.opening(member_id, introduction_id)
        if opening is None:
            return None
        other = next(one for one in opening.members if one != member_id)
        return self._peers.profile(other).profile

    def agreed(self, member_id: str, introduction_id: str) -> Profile | None:
        """Return the other of an introduction that both agreed to, also where they cannot be reached now."""
        try:
            return self._peers.agreed_with(member_id, introduction_id).profile
        except MemberError:
            return None

    def question(self, member_id: str, question_id: str) -> Question | None:
        """Return a question that waits for this member's reply."""
        try:
            found = [one for one in self._peers.questions_for(member_id) if one.question_id == question_id]
            asker = self._peers.profile(found[0].asker).profile if found and found[0].asker else None
        except MemberError:
            return None
        return Question(found[0], asker) if found else None

    def reply(self, member_id: str, question_id: str, author_id: str) -> VisibleReply | None:
        """Return a reply to a question of this member."""
        try:
            found = [
                one
                for one in self._peers.replies(member_id)
                if (one.question_id, one.author) == (question_id, author_id)
            ]
            return VisibleReply(found[0], self._peers.profile(author_id).profile) if found else None
        except MemberError:
            return None

    def _standing(self, member_id: str, introduction_id: str) -> IntroductionView | None:
        try:
            standings = self._peers.standings(member_id)
        except MemberError:
            return None
        return next((one for one in standings if one.introduction_id == introduction_id), None)
