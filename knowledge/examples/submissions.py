"""The author's side: keep a draft, see how it will look, hand it in, change it, take it back."""

from collections.abc import Callable

from knowledge.dates import stamp
from knowledge.domain.examples import (
    Action,
    Actor,
    Author,
    Change,
    Command,
    Content,
    Event,
    Finding,
    Role,
    State,
    Submission,
)
from knowledge.domain.ids import new_example_id
from knowledge.domain.library import Document
from knowledge.domain.vocabulary import Credit
from knowledge.errors import ExampleError
from knowledge.examples.context import ExampleContext
from knowledge.examples.corrected_content import base_of, tags_kept, uncredited
from knowledge.examples.document import as_document
from knowledge.examples.machine import missing
from knowledge.examples.permissions import is_author, require, require_sight
from knowledge.examples.views import ExampleView, Receipt, view_of
from knowledge.privacy.personal_data import credit_findings
from knowledge.storage.example_protocols import Selection
from knowledge.storage.library_protocols import Erased


class Submissions(ExampleContext):
    """The authors' actions."""

    def draft(
        self,
        actor: Actor,
        content: Content,
        author: Author | None = None,
        origin: str = "form",
        request_id: str | None = None,
        corrects: Submission | None = None,
    ) -> Submission:
        """Keep what somebody has written so far, at once and however little it is.

        `author` names the author, or is somebody for whom the operator enters it. The same request of the same actor
        gives the submission that it gave before. `corrects` is the published example that it would correct.

        Raises:
            ExampleNotAllowedError: The actor may not share examples.
        """
        actor = self._known(actor)
        author = author or Author(member=actor.id)
        require(actor, Action.START, author)
        submission = self.unsaved(new_example_id(), with_credit(content), author, corrects, origin)
        at = submission.created_at
        event = Event(
            at=at,
            action=Action.START,
            from_state=None,
            to_state=State.DRAFT,
            actor=actor.id,
            role=actor.role,
            by_author=is_author(actor, author),
            reason=None,
            version=1,
        )
        request = (actor, request_id) if request_id else None
        return self._store.add(Change(submission, (event,)), request).submission

    def unsaved(
        self,
        submission_id: str,
        content: Content,
        author: Author,
        corrects: Submission | None = None,
        origin: str = "form",
    ) -> Submission:
        """Return a draft as it would be kept. `corrects` is the published example that it would correct."""
        at = stamp(self._clock())
        return Submission(
            id=submission_id,
            state=State.DRAFT,
            version=1,
            content=content,
            author=author,
            origin=origin,
            created_at=at,
            updated_at=at,
            state_since=at,
            corrects=corrects.id if corrects else None,
            base=base_of(corrects.content) if corrects else {},
        )

    def require_sharing(self, actor: Actor) -> None:
        """Accept only who may share examples, before they write one.

        Raises:
            ExampleNotAllowedError: They may not.
        """
        require(self._known(actor), Action.START, Author(member=actor.id))

    def preview(self, actor: Actor, submission_id: str) -> tuple[Document, Receipt]:
        """Return how a submission will look, what it nearly repeats and what in it may identify a person.

        Raises:
            ExampleError: There is none with that id.
            ExampleNotAllowedError: It is not the actor's own, and they are no moderator.
        """
        actor = self._known(actor)
        submission = self._found(submission_id)
        require_sight(actor, submission)
        return as_document(submission), self._receipt(actor, submission)

    def submit(self, actor: Actor, submission_id: str, request_id: str | None = None) -> Receipt:
        """Hand a draft in for review. What is incomplete stays a draft, and the receipt says what is missing.

        Raises:
            ExampleConflictError: It was handed in before, or is over.
        """
        actor = self._known(actor)
        submission = self._found(submission_id)
        require(actor, Action.SUBMIT, submission.author)
        if request_id and self._store.requested(actor, request_id):
            return self._receipt(actor, submission)
        receipt = self._receipt(actor, submission)
        if submission.state is State.DRAFT and receipt.missing:
            return receipt
        if submission.corrects is not None:
            self._require_no_other(submission.corrects, submission.id)
        command = Command(
            Action.SUBMIT,
            actor,
            findings=receipt.personal_data,
            # What is edited between the check and this would be unchecked.
            expected_version=submission.version,
            request_id=request_id,
        )
        handed_in = self._change(submission_id, command)
        return receipt.model_copy(update={"state": handed_in.state, "version": handed_in.version})

    def share(
        self,
        actor: Actor,
        content: Content,
        author: Author | None = None,
        origin: str = "form",
        request_id: str | None = None,
    ) -> Receipt:
        """Keep it as a draft, then hand it in: `draft` and `submit` in one, and once for each request."""
        submission = self.draft(actor, content, author, origin, request_id)
        return self.submit(actor, submission.id, f"{request_id}/submit" if request_id else None)

    def edit(
        self,
        actor: Actor,
        submission_id: str,
        content: Content,
        expected_version: int | None = None,
        request_id: str | None = None,
    ) -> Receipt:
        """Change a submission of one's own, until it is approved. After a request for changes it is handed in again.

        Raises:
            ExampleConflictError: It is approved or over, or has changed since `expected_version`.
            ExampleError: It is handed in, and what is needed would be missing.
        """
        actor = self._known(actor)
        submission = self._found(submission_id)
        require(actor, Action.EDIT, submission.author)
        command = self._edit(actor, submission, tags_kept(content, submission), request_id)
        return self._after_edit(actor, self._change(submission_id, command._replace(expected_version=expected_version)))

    def revise(
        self, actor: Actor, submission_id: str, revised: Callable[[Content], Content], request_id: str | None = None
    ) -> Receipt:
        """Change a part of a submission of one's own as `edit` does, and leave the rest as it is by then.

        `revised` makes the new content of the present one, and does so again where another change came between.

        Raises:
            ExampleConflictError: It is approved or over.
            ExampleError: It is handed in, and what is needed would be missing.
        """
        actor = self._known(actor)

        def command(submission: Submission) -> Command:
            # Somebody else's content is not for this actor's function to see.
            require(actor, Action.EDIT, submission.author)
            return self._edit(actor, submission, revised(submission.content), request_id)

        return self._after_edit(actor, self._rewritten(submission_id, command))

    def _edit(self, actor: Actor, submission: Submission, content: Content, request_id: str | None) -> Command:
        content = with_credit(content)
        if submission.corrects is not None:
            content = uncredited(content).model_copy(update={"clearance": submission.content.clearance})
        found: tuple[Finding, ...] = ()
        if submission.state is not State.DRAFT:
            found = self._findings(submission.model_copy(update={"content": content}))
        return Command(Action.EDIT, actor, content=content, findings=found, request_id=request_id)

    def _after_edit(self, actor: Actor, changed: Submission) -> Receipt:
        if changed.state is State.DRAFT:
            # A step of a form: it is kept at once, and looked at when it is handed in.
            lacks = missing(changed.content)
            return Receipt(id=changed.id, state=changed.state, version=changed.version, missing=lacks)
        return self._receipt(actor, changed)

    def set_credit(
        self,
        actor: Actor,
        submission_id: str,
        credit: Credit | None = None,
        organisation: str | None = None,
        name: str | None = None,
    ) -> Submission:
        """Change who readers are told an example is from; at any time, also when it is published.

        What is `None` stays as it is.

        Raises:
            ExampleError: The organisation is to be credited, and none is known; or it is a correction, which has no
                credit of its own.
        """
        actor = self._known(actor)
        if (example_id := self._found(submission_id).corrects) is not None:
            raise ExampleError(f"A correction has no credit of its own. Change that of {example_id}, at any time.")

        def command(submission: Submission) -> Command:
            update: dict[str, object] = {} if credit is None else {"credit": credit}
            if organisation is not None:
                update["organisation"] = organisation
            content = with_credit(submission.content.model_copy(update=update))
            author = submission.author.model_copy(update={"name": name or submission.author.name})
            found = credit_findings(submission.findings, content, author)
            return Command(Action.CREDIT, actor, content=content, findings=found, author_name=name)

        changed = self._rewritten(submission_id, command)
        self._mend_answers(submission_id)
        return changed

    def withdraw(
        self, actor: Actor, submission_id: str, reason: str | None = None, request_id: str | None = None
    ) -> Submission:
        """Take it back, at any time: once this returns, no search in any process finds it.

        Raises:
            ExampleError: It is not the actor's own, and there is no reason.
        """
        was_published = self._found(submission_id).published is not None
        command = Command(Action.WITHDRAW, self._known(actor), reason=reason, request_id=request_id)
        if was_published:
            self._library.store.request_scrub()
        try:
            withdrawn = self._change(submission_id, command)
            if was_published:
                self._library.store.note_erasure(Erased.EXAMPLE, submission_id)
            return withdrawn
        finally:
            # Also when it was withdrawn before: that process may have been killed right after.
            if was_published and self._found(submission_id).state is State.WITHDRAWN:
                self._leave_nothing(submission_id)

    def discard(self, actor: Actor, submission_id: str) -> bool:
        """Delete a draft of one's own at once, with all it says; false when it is no draft (any more).

        Raises:
            ExampleNotAllowedError: It is somebody else's.
        """
        submission = self._store.find(submission_id)
        if submission is None:
            return False
        if not is_author(actor, submission.author):
            require_sight(actor._replace(role=Role.OUTSIDER), submission)
        return self._store.discard(submission_id)

    def still_holds(self, actor: Actor, submission_id: str) -> Submission:
        """Note for its author that a published example still holds: the review date moves on."""
        return self._change(submission_id, Command(Action.CONFIRM, self._known(actor), review_on=self._next_review()))

    def made_by(self, actor: Actor, request_id: str) -> Submission | None:
        """Return the submission that this actor's request made or changed before."""
        return self._store.requested(actor, request_id)

    def last_request(self, actor: Actor, beginning: str) -> str | None:
        """Return the last of this actor's requests that begins so."""
        return self._store.last_request(actor, beginning)

    def mine(self, actor: Actor) -> list[ExampleView]:
        """Return everything that the actor gave, with its state and audit."""
        if actor.id is None:
            return []
        now = self._clock()
        used = self._store.uses(stamp(now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)), stamp(now))
        return [
            view_of(given, actor, now, self._store.history(given.id), answers_this_month=used.get(given.id, 0))
            for given in self._store.select(Selection(author=actor.id))
        ]


def with_credit(content: Content) -> Content:
    """Return the content with a credit: where none was chosen, the one that says least about a person."""
    if content.credit is not None:
        return content
    credit = Credit.ORGANISATION if content.organisation.strip() else Credit.ANONYMOUS
    return content.model_copy(update={"credit": credit})
