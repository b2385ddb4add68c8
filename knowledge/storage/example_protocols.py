"""Storage of shared examples, as a protocol: submissions with their audit.

As in `knowledge.storage.library_protocols`: synchronous, safe from several threads and processes, and on disk when
it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from knowledge.domain.examples import Actor, Change, Command, Event, State, Submission
from knowledge.domain.library import Noun
from knowledge.domain.vocabulary import Nation, Outcome, Pillar

if TYPE_CHECKING:
    from datetime import datetime

    from knowledge.storage.arrays import Vectors

Decide = Callable[[Submission, Sequence[Event]], Change]


class Selection(Noun):
    """A selection of submissions. `None` and empty mean any.

    `since` and `until` are days (YYYY-MM-DD) of publication, `happened_since` and `happened_until` days of the time
    when it happened; all are included. `corrects` is the example whose corrections are meant.
    """

    states: tuple[State, ...] = ()
    author: str | None = None
    pillar: Pillar | None = None
    nation: Nation | None = None
    outcome: Outcome | None = None
    since: str | None = None
    until: str | None = None
    review_by: str | None = None
    region: str | None = None
    happened_since: str | None = None
    happened_until: str | None = None
    corrects: str | None = None


class Tidied(Noun):
    """The number of things that a tidying deleted."""

    drafts: int = 0
    texts: int = 0
    messages: int = 0


class Stored(NamedTuple):
    """A submission after a write. `repeated`: the same request had done it before, and nothing was done now."""

    submission: Submission
    repeated: bool


class ExampleStore(Protocol):
    """Submissions, their audit, who is banned from sharing. Whose is what is kept in one table, apart."""

    def add(self, change: Change, request: tuple[Actor, str] | None = None) -> Stored:
        """Store a new submission. A request that was seen before gives the submission that it made."""

    def change(self, submission_id: str, command: Command, decide: Decide) -> Stored:
        """Apply what `decide` makes of a submission and its audit, with messages and document, in one transaction.

        Raises:
            ExampleError: There is no such submission; and whatever `decide` raises (nothing is stored then).
        """

    def discard(self, submission_id: str) -> bool:
        """Delete a draft with all it says; whether there was one. Its audit stays."""

    def find(self, submission_id: str) -> Submission | None:
        """Return the submission with that id."""

    def history(self, submission_id: str) -> list[Event]:
        """Return its audit, oldest first."""

    def requested(self, actor: Actor, request_id: str) -> Submission | None:
        """Return the submission that this actor's request made or changed."""

    def last_request(self, actor: Actor, beginning: str) -> str | None:
        """Return the last of this actor's requests that begins so."""

    def select(self, selection: Selection, limit: int | None = None, offset: int = 0) -> list[Submission]:
        """Return submissions, those that have waited longest first."""

    def counts(self) -> dict[State, int]:
        """Return how many submissions there are in each state that has any."""

    def set_vector(self, submission_id: str, model: str, vector: Vectors) -> None:
        """Keep the vector, shape (dimension,), of a submission's text, to find near-duplicates by."""

    def vectors(self, model: str, states: Collection[State]) -> tuple[list[str], Vectors]:
        """Return ids and vectors, shape (n, dimension), of submissions in these states that this model has embedded."""

    def banned(self, member: str) -> bool:
        """Return whether a member may not share examples."""

    def set_banned(self, member: str, since: str | None) -> None:
        """Ban a member from sharing since a moment, or (with `None`) no longer."""

    def members_behind(self, document_ids: Collection[str], but: str | None = None) -> int:
        """Return how many different members, `but` one, gave these documents or examples that were merged into them.

        All who are anonymous count as one more, so that nobody can tell whether a named example is theirs, too.
        """

    def acts_of(self, member: str) -> list[tuple[str, str, str]]:
        """Return what a member did to examples, own and others': (moment, action, id of the example), oldest first."""

    def uses(self, since: str, until: str) -> dict[str, int]:
        """Return how many answers of the question log cited each example, by its id; from `since` to before `until`."""

    def forget(self, member: str, *, keep_names: bool = False) -> None:
        """Erase a member: who gave what, their drafts, messages to them, the text of all that is not published.

        The audit stays, and no longer names the member. `keep_names` leaves the name that published examples are
        credited with, and nothing that leads from it to the member.
        """

    def tidy(self, drafts_before: str, texts_before: str, messages_before: str, now: datetime) -> Tidied:
        """Delete drafts untouched since, texts of what was declined or withdrawn, and messages from before.

        Nothing of it after a jump of the clock, whose present moment is `now`.
        """

    def problems(self) -> list[str]:
        """Return every disagreement between submissions, their audit and their documents, one line each."""
