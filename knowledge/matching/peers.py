"""The front door to people: profiles, matches, introductions, questions to peers, learning sets. Faces call this."""

from knowledge.domain.members import Asked, ForPeer, LearningSets, PeerReply, Shareable
from knowledge.matching.account import Account
from knowledge.matching.introduction_requests import IntroductionRequests
from knowledge.matching.needs import shared_needs
from knowledge.matching.sets import Rules, make_sets
from knowledge.matching.visibility import suggestible

_MOST_COUNTED = 20


class Peers(Account, IntroductionRequests):
    """Everything about people in one library; see `Core` for how it is made."""

    def count_on(self, text: str, member_id: str | None = None) -> int:
        """How many members can probably help with a question, for the line under an answer; at most 20 are counted.

        `member_id` is who reads it: they themselves and whom blocks keep from them do not count.
        """
        store = self._library.members
        if not store.version():  # nobody has ever made a profile: that spares them the model
            return 0
        reader = None if member_id is None else store.member(member_id) or self._matcher.stranger(member_id)
        return len(self._matcher.for_question(reader, text, self._clock(), _MOST_COUNTED))

    # -- learning sets

    def learning_sets(self, rules: Rules, seconds: float = 30.0) -> LearningSets:
        """Groups of findable members who look for the same; see `make_sets`. Blocks are kept to without being told.

        Raises:
            QuestionError: The rules are out of bounds.
            MemberError: There are too few members.
        """
        now, store = self._clock(), self._library.members
        found = [one for one in store.members() if suggestible(one, now, self._library.settings)]
        members = self._matcher.people(found)
        apart = rules.apart | store.all_kept_apart()
        profiles = [one.profile for one in members]
        words, vectors = [one.looking_for for one in profiles], self._matcher.needs(members)
        needs = shared_needs(words, vectors, rules.smallest)
        return make_sets(profiles, needs, rules._replace(apart=apart), seconds)

    # -- questions to peers

    def ask_peers(self, member_id: str, question: str, *, named: bool = True) -> Asked:
        """Pass a question to up to three members who fit; see `PeerQuestions.ask`.

        Raises:
            MemberError: The asker has no profile or is paused.
            QuestionError: The question is empty or too long.
        """
        now = self._clock()
        self._profiles.present(member_id, now)
        return self._questions.ask(member_id, question, now, named=named)

    def questions_for(self, member_id: str) -> list[ForPeer]:
        """The questions that wait for a member's reply."""
        return self._questions.waiting_for(member_id)

    def reply(self, member_id: str, question_id: str, text: str, *, may_share: bool = False) -> None:
        """Reply to a question.

        Raises:
            MemberError: It does not wait for this member's reply.
            QuestionError: The reply is empty or too long.
        """
        now = self._clock()
        self._profiles.present(member_id, now)
        self._questions.reply(member_id, question_id, text, now, may_share=may_share)

    def replies(self, member_id: str) -> list[PeerReply]:
        """The replies to a member's questions."""
        return self._questions.replies(member_id)

    def helpful(self, member_id: str, question_id: str, author_id: str, *, yes: bool) -> Shareable | None:
        """Note whether a reply helped; what may become a shared example, if anything."""
        return self._questions.helpful(member_id, question_id, author_id, yes=yes)
