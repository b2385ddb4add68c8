"""Storage of members, as a protocol: profiles, their embeddings, introductions, blocks, questions to peers.

As in `protocols`: synchronous, safe in threads and processes, and a write that returned is on disk. Moments are
ISO 8601 in UTC with milliseconds (`knowledge.dates.stamp`), so that they compare as text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from knowledge.domain.members import CoffeeMember, Introduction, Member, PeerQuestion, Place, Route, RunningSet, Search
from knowledge.domain.vocabulary import IntroductionState

if TYPE_CHECKING:
    from datetime import datetime

    from knowledge.storage.arrays import Vectors


class StoredVectors(NamedTuple):
    """A member's vectors, shape (texts, dimension), and the hash of the texts that they were made of."""

    made_of: str
    vectors: Vectors


class OfferRow(NamedTuple):
    """A member as a match looks at all of them. `change` is that of their row; `hidden`: not findable, or paused.

    `offer` is the vector of what they do and offer as bytes: a float32 that each is to be multiplied by, then an int8 a
    dimension; `None` where it has not been made of the profile as it is. Then sector and nation are not told, either.
    """

    member_id: str
    change: int
    hidden: bool
    sector: str | None = None
    nation: str | None = None
    offer: bytes | None = None


class MemberStore(Protocol):
    """The store of members. Rows that belong to a member are gone with the member."""

    def atomically(self) -> AbstractContextManager[None]:
        """Make everything within one write transaction of this thread: what is read there holds until it ends."""

    def clock_is_right(self, now: datetime) -> bool:
        """Note what time it is; return whether it has passed as it should, so that members and more may expire."""

    # -- profiles

    def version(self) -> int:
        """Return a number that grows with each change of a profile or of who may be found."""

    def member(self, member_id: str) -> Member | None:
        """Return the member with that id."""

    def members(self, ids: Collection[str] | None = None) -> list[Member]:
        """Return these members, or all, by id; those that do not exist are left out."""

    def member_count(self) -> int:
        """Return how many there are."""

    def suggestible_ids(self, ids: Collection[str] | None, consent: str, active_since: str) -> set[str]:
        """Return the ids of those, or of all members, who may be suggested.

        They are findable, not paused, agreed to that version and were here since then.
        """

    def member_ids(self) -> set[str]:
        """Return all ids."""

    def has_ids_of(self, beginning: str) -> bool:
        """Return whether there is somebody whose id begins so."""

    def waiting_ids(self) -> list[str]:
        """Return the ids of those who want to be told when somebody fits, paused ones left out, in order."""

    def save_member(self, member: Member) -> None:
        """Store a member, in the place of what is stored under the same id."""

    def note_activity(self, member_id: str, moment: str, unless_since: str) -> None:
        """Note that a member was here, unless that was noted since `unless_since`: a day is as exact as it need be.

        It is no change of the profile: `version` stays.
        """

    def forget(self, member_id: str) -> dict[str, int]:
        """Erase a member and everything that belongs to them; how many rows of each table went.

        The database file is cleaned of what was deleted, its write-ahead log too. Who blocked this member still has
        them blocked should they come back, by a keyed hash.
        """

    def traces(self, member_id: str) -> int:
        """Return how many rows in all tables still hold that id; 0 after `forget`."""

    def handle(self, context: str, member_id: str) -> str:
        """Return what stands for a member in one list or one question, without telling who it is.

        It is the same each time.
        """

    def behind(self, context: str, handle: str) -> str | None:
        """Return the id of the member with that handle there; `None` when there is none (any more)."""

    def unpaused_ids(self) -> list[str]:
        """Return ids of the members who are not paused, those who were here last first."""

    def consented_before(self, moment: str, version: str) -> list[str]:
        """Return ids of the members, paused ones left out, who agreed to that version before that moment."""

    def inactive_since(self, moment: str) -> list[str]:
        """Return ids of the members who were not here since that moment."""

    # -- embeddings

    def vectors(self, model: str, ids: Collection[str]) -> dict[str, StoredVectors]:
        """Return what that model made of these members."""

    def save_vectors(self, model: str, vectors: Mapping[str, StoredVectors]) -> None:
        """Store what a model made of members; those who have gone meanwhile are left out."""

    def embedding_count(self, member_id: str) -> int:
        """Return how many vectors are stored of a member."""

    def offers(self, made_by: str, since: int) -> Iterator[list[OfferRow]]:
        """Yield the members whose row changed after that version, a thousand at a time, as they are at one moment."""

    def save_offers(self, made_by: str, rows: Sequence[OfferRow]) -> None:
        """Store what was made of members; those who have gone meanwhile are left out."""

    def topic_vectors(self, model: str, hashes: Collection[str]) -> dict[str, Vectors]:
        """Return vectors, shape (dimension,), of texts that are no member's."""

    def save_topic_vectors(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors of texts that are no member's, and drop those of other models."""

    # -- introductions

    def add_introduction(self, introduction: Introduction) -> None:
        """Store a new introduction."""

    def introduction(self, introduction_id: str) -> Introduction | None:
        """Return the introduction with that id."""

    def introductions_of(self, member_id: str) -> list[Introduction]:
        """Return those that the member asked for or was asked for, oldest first."""

    def introductions_asked_since(self, moment: str, others: Collection[str]) -> list[Introduction]:
        """Return those asked of these members since that moment, in any state."""

    def introductions_in(self, states: Collection[IntroductionState]) -> list[Introduction]:
        """Return all in these states, oldest first."""

    def introductions_to_tell(self, unanswered: str, spoken: str, changed: str) -> list[Introduction]:
        """Return those of which something may be to be said that was not said yet, oldest first.

        A request lapses that was made before `unanswered`; two who agreed until `spoken` are asked whether they spoke,
        and until `changed` whether it changed anything.
        """

    def set_introduction_state(self, introduction_id: str, state: IntroductionState, moment: str) -> None:
        """Move an introduction on."""

    def remove_introduction(self, introduction_id: str) -> None:
        """Erase an introduction, and what was said about it."""

    def remove_introductions_before(self, moment: str) -> int:
        """Erase introductions that were asked for before that moment; how many."""

    def save_answer(self, introduction_id: str, member_id: str, kind: str, *, answer: bool, moment: str) -> None:
        """Note what a member said about how an introduction went, in the place of an earlier answer."""

    def answers_of(self, member_id: str) -> list[tuple[str, str, bool]]:
        """Return what a member said: (introduction id, kind, answer)."""

    def said(self, member_id: str) -> set[str]:
        """Return keys of what was said to a member."""

    def said_at(self, member_id: str, key: str) -> str | None:
        """Return when something was said to a member; `None`: not yet."""

    def save_said(self, member_id: str, key: str, moment: str) -> None:
        """Note that something was said."""

    def letters_of(self, member_id: str) -> list[tuple[str, str]]:
        """Return what a member wrote to others and has not arrived: (introduction id, text)."""

    # -- blocks

    def block(self, member_id: str, blocked_id: str, moment: str) -> None:
        """Keep two members apart."""

    def name_in_blocks(self, member_id: str) -> None:
        """Let whoever blocked a member that left and is here again have them blocked by their id, as before."""

    def unblock(self, member_id: str, blocked_id: str) -> bool:
        """Take a block back; whether there was one."""

    def blocked_by(self, member_id: str) -> list[str]:
        """Return whom this member blocked and who is still here."""

    def kept_apart(self, member_id: str, among: Collection[str] | None = None) -> set[str]:
        """Return whom this member blocked, and who blocked this member; `among` says who is looked for."""

    def all_kept_apart(self) -> set[frozenset[str]]:
        """Return every pair of members of whom one blocked the other.

        For nobody's eyes: it keeps them out of one group.
        """

    # -- questions to peers

    def add_question(self, question: PeerQuestion, routes: Sequence[Route]) -> None:
        """Store a question with those whom it goes to."""

    def name_asker(self, question_id: str) -> None:
        """Let those who have a question know from now on who asks it."""

    def question(self, question_id: str) -> PeerQuestion | None:
        """Return the question with that id."""

    def routes(self, question_id: str) -> list[Route]:
        """Return whom a question went to, in order of sending."""

    def save_route(self, route: Route) -> None:
        """Store what became of a route."""

    def questions_of(self, member_id: str) -> list[PeerQuestion]:
        """Return the questions that a member asked."""

    def routes_of(self, member_id: str) -> list[Route]:
        """Return the questions that were passed to a member."""

    def routes_to_tell(self) -> list[Route]:
        """Return the routes that wait for a reply, or whose reply the asker has not been told of."""

    def routes_sent_since(self, moment: str, members: Collection[str]) -> list[Route]:
        """Return what was passed to these members since that moment."""

    def remove_questions_before(self, moment: str) -> int:
        """Erase questions that were asked before that moment; how many."""

    # -- the coffee rota

    def coffee_member(self, member_id: str) -> CoffeeMember | None:
        """Return how a member takes part in the coffee rota, if they do."""

    def coffee_members(self) -> list[CoffeeMember]:
        """Return all who take part, paused ones too."""

    def save_coffee_member(self, coffee: CoffeeMember) -> None:
        """Store how a member takes part."""

    def remove_coffee_member(self, member_id: str) -> bool:
        """End a member's part; whether they took part."""

    def coffee_drawn(self, month: str) -> bool:
        """Return whether a month's pairs were drawn."""

    def begin_coffee(self, month: str, moment: str) -> bool:
        """Note that a month's pairs are drawn now; false where somebody has noted that."""

    def save_coffee_pair(self, month: str, member_id: str, other: str) -> None:
        """Note a pair."""

    def coffee_history(self) -> set[frozenset[str]]:
        """Return every pair that there was."""

    def coffee_months(self, member_id: str) -> list[str]:
        """Return the months in which a member had a partner."""

    # -- learning sets

    def add_set(self, made: RunningSet, members: Collection[str]) -> None:
        """Store a set with its members."""

    def learning_set(self, set_id: str) -> RunningSet | None:
        """Return the set with that id."""

    def save_set(self, changed: RunningSet) -> None:
        """Store what became of a set."""

    def set_members(self, set_id: str) -> list[str]:
        """Return the ids of a set's members."""

    def keep_in_set(self, set_id: str, members: Collection[str]) -> None:
        """Take out of a set whoever is not among these."""

    def sets_of(self, member_id: str) -> list[RunningSet]:
        """Return the sets that a member is in and that were started, oldest first."""

    def open_sets(self) -> list[RunningSet]:
        """Return the sets that were started and are not closed, oldest first."""

    def choose_days(self, set_id: str, member_id: str, days: Collection[str]) -> None:
        """Store which days suit a member, in the place of what they said before."""

    def add_days(self, set_id: str, days: Collection[str]) -> None:
        """Let a set choose among days."""

    def days_of(self, set_id: str) -> dict[str, list[str]]:
        """Return the days that a set chooses among, in order, each with the members whom it suits."""

    def remove_sets_before(self, moment: str) -> int:
        """Erase sets that were made before that moment; how many."""

    # -- searches, and where requests were made

    def save_search(self, search: Search) -> None:
        """Keep a search; nothing when its member has gone."""

    def search(self, search_id: str) -> Search | None:
        """Return the search with that id."""

    def searches_of(self, member_id: str) -> list[Search]:
        """Return a member's searches that are kept, oldest first."""

    def remove_searches_before(self, moment: str) -> int:
        """Erase searches from before that moment; how many."""

    def save_place(self, place: Place) -> None:
        """Note where the two of an introduction can meet; nothing when the introduction has gone."""

    def place(self, introduction_id: str) -> Place | None:
        """Return where they can meet, if it is known."""
