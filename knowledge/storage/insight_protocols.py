"""The protocols of insights, over the log and members, and of curated answers.

As in `knowledge.storage.library_protocols`: synchronous, safe from several threads and processes, and on disk when it
returns. Days and moments are ISO 8601 in UTC; an end is not included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from knowledge.domain.insights import AskedQuestion, CuratedAnswer, Disliked, FeedbackCard
from knowledge.domain.members import Profile

if TYPE_CHECKING:
    from knowledge.storage.arrays import Vectors


class DocumentUse(NamedTuple):
    """A document in answers: how many cite it, and the votes on those."""

    document_id: str
    title: str
    cited: int
    helpful: int
    unhelpful: int


class Participation(NamedTuple):
    """Members of whom the same is so, and what came of their introductions and learning sets: how far the best went.

    `profile` says nation, sector, stage and pillars, which they are counted by, and nothing else; `members` how many.
    `asked`: they took part in a request. Then it was accepted, they said that they spoke, and that it changed practice.
    `in_set`: they are in a learning set; then a date was fixed for it, and it was closed with a note.
    """

    profile: Profile
    asked: bool
    introduced: bool
    spoke: bool
    changed: bool
    in_set: bool = False
    set_met: bool = False
    set_closed: bool = False
    members: int = 1


class InsightStore(Protocol):
    """Reads the question log for insights, and keeps what moderators have dealt with."""

    def save_vector(self, question_id: str, model: str, vector: Vectors) -> None:
        """Keep a question's vector, shape (dimension,), for as long as the question; nothing if that is gone."""

    def without_vector(self, model: str, limit: int) -> list[tuple[str, str]]:
        """Return the ids and texts of the latest questions that have no vector by this model."""

    def asked(self, since: str, until: str) -> list[AskedQuestion]:
        """Return the questions of a period, oldest first."""

    def number_asked(self, since: str, until: str) -> int:
        """Return how many questions of a period are kept."""

    def vectors(self, model: str, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        """Return the ids that have a vector by this model, in the order given, and those, shape (n, dimension)."""

    def disliked(self, since: str, *, settled: bool = False) -> list[Disliked]:
        """Return the questions whose answers did not help, as said since then, the latest first.

        `settled`: those that a moderator has dealt with, too.
        """

    def settle(self, question_id: str, now: str) -> bool:
        """Note that a moderator has dealt with it; false where there is no such question any more."""

    def document_use(self, since: str, until: str) -> list[DocumentUse]:
        """Return the documents that answers of a period cite and the library holds, the most cited first."""

    def arrivals(self) -> list[tuple[str, str | None, str, bool]]:
        """Return every document's day of arrival, of removal, its kind ("" once removed), and whether that is exact."""

    def published_examples(self) -> list[tuple[str, Mapping[str, str | None]]]:
        """Return the published examples: the day, and their nation, outcome and level."""

    def participation(self, since: str, until: str) -> list[Participation]:
        """Return all members, those of whom the same is so together, with what came of what was asked in a period."""

    def introductions(self, since: str, until: str) -> list[tuple[str, str]]:
        """Return the moment and the state of introductions asked for in a period, without those of the coffee rota."""

    def joined(self) -> list[str]:
        """Return the moments at which the present members joined."""

    def cards(self, question_id: str) -> list[FeedbackCard]:
        """Return the messages that show a question to moderators."""

    def keep_card(self, card: FeedbackCard) -> None:
        """Note a message that shows a question."""

    def orphans(self) -> list[FeedbackCard]:
        """Return the messages whose question is not kept any more: they have to go, too."""

    def forget_card(self, card: FeedbackCard) -> None:
        """Forget a message that is gone."""


class CuratedStore(Protocol):
    """Curated answers with the vectors of their wordings."""

    def save(self, answer: CuratedAnswer, now: str) -> None:
        """Keep an answer in the place of the one with its id; vectors of wordings that are gone go."""

    def find(self, answer_id: str) -> CuratedAnswer | None:
        """Return an answer."""

    def all(self) -> list[CuratedAnswer]:
        """Return all, by question."""

    def remove(self, answer_id: str) -> bool:
        """Delete one; whether there was one."""

    def any(self) -> bool:
        """Return whether there is one at all."""

    def version(self) -> str:
        """Return what changes whenever an answer is written, changed or removed; empty where there is none."""

    def vectors(self, model: str) -> list[tuple[str, str, Vectors | None]]:
        """Return every wording: the answer's id, the words, and the vector by this model where there is one."""

    def save_vector(self, answer_id: str, wording: str, model: str, vector: Vectors) -> None:
        """Keep the vector, shape (dimension,), of a wording."""

    def checked_by(self, member_id: str) -> list[CuratedAnswer]:
        """Return the answers that somebody checked last."""

    def forget(self, member_id: str) -> int:
        """Take somebody's id from the answers that they checked; how many that were."""
