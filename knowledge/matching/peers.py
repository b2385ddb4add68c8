"""The front door to people: profiles, matches, introductions, questions to peers, learning sets. Faces call this."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from knowledge.library import Library
from knowledge.matching.consent import consent_text
from knowledge.matching.directory import Directory
from knowledge.matching.exported import Exported
from knowledge.matching.introductions import Introductions, new_id
from knowledge.matching.matcher import Matcher
from knowledge.matching.notices import Notices
from knowledge.matching.profiles import Profiles
from knowledge.matching.questions import PeerQuestions
from knowledge.matching.sets import Rules, make_sets
from knowledge.matching.types import (
    Asked,
    Due,
    Forgotten,
    ForPeer,
    Introduction,
    LearningSets,
    Matches,
    Member,
    Opening,
    PeerReply,
    Shareable,
    Standing,
)
from knowledge.matching.visibility import suggestible
from knowledge.vocabulary import DueKind, Nation, Sector

_MOST_COUNTED = 20


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Peers:
    """Everything about people in one library. Safe in threads; make one and keep it, it holds the members' vectors.

    Every method acts for the member whose id comes first; whoever calls it has made sure that this is who asks.
    `clock` gives the present moment in UTC, `make_id` new ids.
    """

    def __init__(
        self, library: Library, clock: Callable[[], datetime] = _utc_now, make_id: Callable[[], str] = new_id
    ) -> None:
        self._library = library
        self._clock = clock
        store, settings = library.members, library.settings
        self.directory = Directory(store, library.embedder)
        self._matcher = Matcher(store, self.directory, settings)
        self._introductions = Introductions(store, settings, make_id)
        self._profiles = Profiles(store, self._introductions, settings)
        self._questions = PeerQuestions(store, self._matcher, settings)
        self._notices = Notices(store, self._introductions, self._matcher, self._questions)

    # -- profiles

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

    # -- matches and introductions

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

    def standings(self, member_id: str) -> list[Standing]:
        """A member's introductions as they may see them."""
        return self._introductions.standings(member_id, self._clock())

    def receiver_of(self, introduction_id: str) -> str:
        """Whom a request was made to, for operators who act on it by its id.

        Raises:
            MemberError: There is no such request.
        """
        return self._introductions.receiver_of(introduction_id)

    def count_on(self, text: str, member_id: str | None = None) -> int:
        """How many members can probably help with a question, for the line under an answer; at most 20 are counted.

        `member_id` is who reads it: they themselves and whom blocks keep from them do not count.
        """
        store = self._library.members
        if not store.version():  # nobody has ever made a profile: that spares them the model
            return 0
        reader = None if member_id is None else store.member(member_id) or self._matcher.stranger(member_id)
        return len(self._matcher.for_question(reader, text, self._clock(), _MOST_COUNTED))

    # -- what is due

    def due(self) -> list[Due]:
        """What a face should say to members now; hand each to `said`. Erases what is kept no longer first."""
        now = self._clock()
        self._profiles.expire(now)
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
        needs = self._matcher.need_shares(members)
        topics = [topic.name for topic in self.directory.space().topics]
        return make_sets([one.profile for one in members], needs, topics, rules._replace(apart=apart), seconds)

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
