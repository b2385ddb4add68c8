"""The question log (answers to show again, feedback, turns of conversations) and its costs, as protocols.

Who asked is kept as a keyed hash alone, so that they can see and erase their questions. What has expired is not shown,
and is deleted with the next write or `purge`.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol

from knowledge.domain.library import Answer, Noun
from knowledge.domain.vocabulary import FeedbackReason


class LoggedQuestion(Noun):
    """A question of the log with its answer as it was given; `asked_at` is ISO 8601 in UTC.

    `withdrawn` says that something was taken out of it since, because a document was removed or changed.
    """

    id: str
    asked_at: str
    answer: Answer
    withdrawn: bool = False


class Turn(Noun):
    """One question of a conversation.

    `understood` is the question as one that stands alone, `topic` what it is about in as many words as it takes.
    `documents` are the ids of the cited documents, the first one first. `shown` are hashes of the quotes shown.
    """

    question: str
    understood: str
    topic: str
    answered: bool
    documents: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


class FeedbackCounts(Noun):
    """The numbers of those who found an answer helpful or not, and why not."""

    helpful: int
    not_helpful: int
    reasons: dict[FeedbackReason, int]


class Vote(Noun):
    """One person's feedback on one answer; `given_at` is ISO 8601 in UTC."""

    question_id: str
    helpful: bool
    reason: FeedbackReason | None
    given_at: str


class QuestionStore(Protocol):
    """Questions with their answers, feedback, and conversations that expire."""

    # -- the log

    def impatient(self) -> AbstractContextManager[None]:
        """Let this thread's writes wait for half a second only while the body runs, then raise `StorageBusyError`."""

    def new_question_id(self) -> str:
        """Return an id for a question, 16 URL-safe characters."""

    def log(
        self,
        answer: Answer,
        conversation: str | None = None,
        asker: str | None = None,
        question_id: str | None = None,
    ) -> str:
        """Keep an answer with its question; the id under which it is found again, a new one unless it is given.

        `asker` is a member's id: the question is theirs until it is erased or expires. Only a keyed hash of it is kept.
        """

    def share_asker(self, question_id: str, with_question: str) -> None:
        """Note of a question that it is also theirs whose the other one is, because it repeats their words."""

    def replace(self, question_id: str, answer: Answer) -> bool:
        """Keep another answer to the same question in the place of the one kept; false when there is none any more."""

    def logged(self, question_id: str) -> LoggedQuestion | None:
        """Return the question with that id, unless it has expired."""

    def citing(self, documents: Collection[str]) -> list[LoggedQuestion]:
        """Return the questions whose answers cite or point to one of these documents (ids), or did once."""

    def withdraw(self, question_id: str, answer: Answer) -> None:
        """Keep what is left of an answer in the place of the one that was given."""

    # -- feedback

    def vote(self, question_id: str, voter: str, *, helpful: bool, reason: FeedbackReason | None = None) -> bool:
        """Note a voter's feedback in the place of their earlier one; false when there is no such question.

        `voter` is any key that is one person's, such as a member id. Only a keyed hash of it is kept.
        """

    def feedback(self, question_id: str) -> FeedbackCounts:
        """Return the feedback on an answer."""

    def votes_of(self, voter: str) -> list[Vote]:
        """Return everything a voter said, for the export of their data."""

    def forget_voter(self, voter: str) -> int:
        """Delete everything a voter said; how many votes that were."""

    # -- conversations

    def add_turn(self, conversation: str, turn: Turn) -> None:
        """Note the next turn of a conversation. `conversation` is any key; only a keyed hash of it is kept."""

    def turns(self, conversation: str) -> Sequence[Turn]:
        """Return the turns of a conversation that have not expired, oldest first."""

    def takes_part(self, conversation: str, person: str) -> None:
        """Note whose a conversation is, for as long as it is remembered; of both only keyed hashes are kept."""

    def takes_part_in(self, person: str) -> int:
        """Return in how many conversations that are remembered this person takes part."""

    def turns_of(self, person: str) -> list[Turn]:
        """Return the turns of the conversations that are this person's alone, oldest first."""

    def forget_person(self, person: str) -> int:
        """Delete the turns of every conversation that this person takes part in; how many turns."""

    def join_people(self, former: str, person: str) -> None:
        """Let what one key said, and its conversations, be another key's: both are one person's."""

    def forget(self, conversation: str) -> bool:
        """Delete the turns of a conversation and part its logged questions from it; whether there were turns."""

    def purge(self) -> int:
        """Delete what has expired; how many questions and turns that were."""


class SpendingStore(Protocol):
    """Tokens by day. Several processes may ask at once; the limit holds over all of them and over restarts."""

    def reserve(self, day: date, tokens: int, limit: int) -> bool:
        """Count tokens that a call is about to cost, if the day's total then stays within the limit.

        False when it would not; then nothing is counted. What is reserved stays counted until it is settled, also when
        the process ends before: a call that was begun may have been paid for.
        """

    def settle(self, day: date, reserved: int, spent: int) -> None:
        """Put what a call did cost in the place of what was reserved for it."""

    def spent(self, day: date) -> int:
        """Return the tokens counted on a day, those reserved included."""
