"""Corrections of published examples: a new version goes through review, and until then the published one stays."""

from knowledge.domain.examples import Actor, Author, State, Submission
from knowledge.errors import ExampleConflictError
from knowledge.examples.context import OPEN, PUBLIC
from knowledge.examples.corrected_content import uncredited
from knowledge.examples.permissions import Look, require
from knowledge.examples.submissions import Submissions
from knowledge.storage.example_protocols import Selection


class Corrections(Submissions):
    """Corrections and withdrawals, by authors and moderators, of an example that is published already."""

    def correct(
        self, actor: Actor, example_id: str, author: Author | None = None, request_id: str | None = None
    ) -> Submission:
        """Return a draft that says what a published example says, to be changed and handed in by the actor.

        A draft or a correction of theirs that is still open is given back, so that nobody begins twice.

        Raises:
            ExampleNotAllowedError: They are neither its author nor a moderator.
            ExampleConflictError: It is not published, or somebody else's correction of it waits for review.
        """
        actor = self._known(actor)
        author = author or Author(member=actor.id)
        if request_id and (made := self._store.requested(actor, request_id)):
            return made
        if begun := self.require_correction(actor, example_id, author):
            return begun
        published = self._found(example_id)
        draft = self.draft(actor, uncredited(published.content), author, published.origin, request_id, published)
        reviews = self._library.servers.reviews
        if (server_id := reviews.place(example_id)) is not None:
            reviews.set_place(draft.id, server_id)
        return draft

    def require_correction(self, actor: Actor, example_id: str, author: Author) -> Submission | None:
        """Accept only who may correct this example now; return the correction that this author has begun, if any.

        Raises:
            ExampleNotAllowedError: They are neither its author nor a moderator.
            ExampleConflictError: It is not published, or somebody else's correction of it waits for review.
        """
        published = self._found(example_id)
        require(self._known(actor), Look.CORRECTION, published.author)
        if published.state not in PUBLIC:
            raise ExampleConflictError(
                f"{example_id} is {published.state.label}: only what is published is corrected. "
                "What waits for review, its author can still edit."
            )
        for other in self._store.select(Selection(corrects=example_id, states=(State.DRAFT, *OPEN))):
            if other.author.member == author.member and other.state is not State.APPROVED:
                return other
        self._require_no_other(example_id)
        return None

    def withdraw(
        self, actor: Actor, submission_id: str, reason: str | None = None, request_id: str | None = None
    ) -> Submission:
        """Take it back as `Submissions.withdraw` does, and with it whatever would have corrected it."""
        withdrawn = super().withdraw(actor, submission_id, reason, request_id)
        self.close_corrections(submission_id)
        return withdrawn
