"""The front door to people: profiles, matches, introductions, questions to peers, learning sets. Faces call this."""

from knowledge.domain.members import LearningSets, Matches, Profile
from knowledge.domain.vocabulary import Nation, Sector
from knowledge.errors import MemberError
from knowledge.matching import wording
from knowledge.matching.coffee_rota import CoffeeRota
from knowledge.matching.export import Exported, everything_about
from knowledge.matching.learning_set_life import LearningSetLife
from knowledge.matching.letters import Letters
from knowledge.matching.needs import shared_needs
from knowledge.matching.notices import DueNotices
from knowledge.matching.sets import Rules, make_sets
from knowledge.matching.visibility import required, suggestible_ids, suggestible_members

_MOST_COUNTED = 20
# Each is compared with each: of more members that would take minutes, and gigabytes.
_MOST_IN_SETS = 3000


class Peers(DueNotices, Letters, CoffeeRota, LearningSetLife):
    """The front door to the people of one library; see `MatchingContext` for how it is made."""

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
        """Return who fits what a member looks for, or a topic; see `Matcher.match`.

        Raises:
            MemberError: There is no such member.
        """
        now = self._here(member_id)
        return self._matcher.match(member_id, now, k=k, topic=topic, sector=sector, nation=nation, different=different)

    def count_on(self, text: str, member_id: str | None = None) -> int:
        """Return how many members can probably help with a question; at most 20 are counted.

        `member_id` is who reads it: they themselves and whom blocks keep from them do not count.
        """
        store = self._store
        if not store.version():  # nobody has ever made a profile: that spares them the model
            return 0
        reader = None if member_id is None else store.member(member_id) or self._matcher.stranger(member_id)
        return len(self._matcher.for_question(reader, text, self._clock(), _MOST_COUNTED))

    def members_on(self, text: str, k: int = 5) -> list[Profile]:
        """Return up to `k` findable members who can probably help with a question, best first, for moderators."""
        if not self._store.version():
            return []
        return [member.profile for member in self._matcher.for_question(None, text, self._clock(), k)]

    def learning_sets(self, rules: Rules, seconds: float = 30.0) -> LearningSets:
        """Return groups of findable members who look for the same; see `make_sets`.

        Blocks are kept to without being told.

        Raises:
            QuestionError: The rules are out of bounds.
            MemberError: There are too few members, or too many.
        """
        now, store = self._clock(), self._store
        # Counted before the profiles are read, which takes long where there are many.
        if (count := len(suggestible_ids(store, None, now, self._settings))) > _MOST_IN_SETS:
            raise MemberError(wording.SET_TOO_MANY.format(most=f"{_MOST_IN_SETS:,}", count=f"{count:,}"))
        found = suggestible_members(store, None, now, self._settings)
        again = self._matcher.registered_again(found)
        members = [one for one in found if one.profile.id not in again]
        apart = rules.apart | store.all_kept_apart()
        profiles = [one.profile for one in members]
        words, vectors = [one.looking_for for one in profiles], self._matcher.needs(members)
        needs = shared_needs(words, vectors, rules.smallest)
        made = make_sets(profiles, needs, rules._replace(apart=apart), seconds)
        return made.model_copy(update={"registered_again": again})

    def export(self, member_id: str) -> Exported:
        """Return everything that is held about a member.

        Raises:
            MemberError: There is no such member.
        """
        return everything_about(self._store, required(self._store, member_id), self.standings(member_id))
