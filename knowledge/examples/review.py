"""The moderator's side: the queue, claiming, deciding, tagging, merging."""

from knowledge.domain.examples import LONGEST_TITLE, OPERATOR, Action, Actor, Command, Content, State, Submission
from knowledge.domain.vocabulary import Level, Nation, Outcome, Pillar
from knowledge.errors import ExampleConflictError, ExampleError
from knowledge.examples.context import ExampleContext
from knowledge.examples.machine import DECISIONS
from knowledge.examples.messages import SAME_AS
from knowledge.examples.period import HappenedPeriod
from knowledge.examples.permissions import Look, may_see, require, require_sight
from knowledge.examples.views import ExampleView, view_of
from knowledge.storage.example_protocols import Selection

WAITING = (State.SUBMITTED, State.IN_REVIEW)
_DIRECT = (DECISIONS - {Action.MERGE}) | {Action.CLAIM, Action.RELEASE}
_GONE = (State.DRAFT, State.DECLINED, State.WITHDRAWN)


class Reviews(ExampleContext):
    """Moderators' actions. A decision without a version counts for what is there now; with one, for what was seen."""

    def review(
        self,
        actor: Actor,
        submission_id: str,
        action: Action,
        reason: str | None = None,
        expected_version: int | None = None,
        request_id: str | None = None,
        confirmed: tuple[str, ...] = (),
    ) -> Submission:
        """Claim, release, approve, request changes or decline. Approving publishes, where this process can.

        `confirmed`: the labels of what identifies a person ("NHS number") and is to be published all the same.

        Raises:
            ExampleConfirmationError: Something of that kind is in it and not confirmed.
            ExampleNotAllowedError: The actor is no moderator, or the example is their own.
            ExampleConflictError: Somebody was quicker; the message says what happened.
            ExampleError: The action needs a reason.
        """
        if action not in _DIRECT:
            raise ExampleError(f"{action} is not a decision. Use one of {', '.join(sorted(_DIRECT))}.")
        command = Command(
            action,
            self._known(actor),
            reason=reason.strip() if reason else None,
            confirmed=confirmed,
            expected_version=expected_version,
            request_id=request_id,
        )
        try:
            return self._published(self._change(submission_id, command))
        except ExampleConflictError:
            # Whoever repeats an approval because their process was killed finds it published, and is told so.
            self._published(self._found(submission_id))
            raise

    def merge(
        self,
        actor: Actor,
        submission_id: str,
        into: str,
        expected_version: int | None = None,
        request_id: str | None = None,
    ) -> Submission:
        """Close a submission that says the same as another one: its author is told which, and counts behind that one.

        Raises:
            ExampleError: The other does not exist, is over, or is this one.
        """
        actor = self._known(actor)
        submission = self._found(submission_id)
        require(actor, Action.MERGE, submission.author)
        target = self._found(into)
        if submission.corrects is not None or target.corrects is not None:
            raise ExampleError("A correction is approved or declined: it cannot be merged, and nothing into it.")
        if target.id == submission_id or target.state in _GONE:
            raise ExampleError(f"{into} cannot take another example in: it is {target.state.label}, or the same one.")
        command = Command(
            Action.MERGE,
            actor,
            # The reason is kept and shown for good. The other's title may be withdrawn or declined one day.
            reason=SAME_AS.format(into=target.id),
            merged_into=target.id,
            expected_version=expected_version,
            request_id=request_id,
        )
        return self._change(submission_id, command)

    def tag(
        self,
        actor: Actor,
        submission_id: str,
        pillars: tuple[Pillar, ...] | None = None,
        outcome: Outcome | None = None,
        level: Level | None = None,
        nation: Nation | None = None,
        expected_version: int | None = None,
        region: str | None = None,
        happened: HappenedPeriod | None = None,
    ) -> Submission:
        """Correct the tags; `None` leaves one as it is. A published example is published anew.

        Raises:
            ExampleError: The region is longer than one may be.
        """
        if region is not None and len(region) > LONGEST_TITLE:
            raise ExampleError(f"A region has {LONGEST_TITLE} characters at most.")
        actor = self._known(actor)
        wanted = {"pillars": pillars, "outcome": outcome, "level": level, "nation": nation, "region": region}
        if happened is not None:
            wanted |= {"happened_from": happened.first, "happened_to": happened.last}
        update = {name: value for name, value in wanted.items() if value is not None}

        def command(submission: Submission) -> Command:
            content: Content = submission.content.model_copy(update=update)
            return Command(Action.TAG, actor, content=content)

        return self._rewritten(submission_id, command, expected_version)

    def require_review(self, actor: Actor, submission_id: str, action: Action) -> None:
        """Accept only who may do this to this example, before they write a reason for it.

        Raises:
            ExampleNotAllowedError: They may not; the message says who may.
        """
        require(self._known(actor), action, self._found(submission_id).author)

    def queue(self, actor: Actor, limit: int | None = None) -> list[ExampleView]:
        """Return what waits for a decision, the oldest first."""
        return self.list(actor, Selection(states=WAITING), limit)

    def list(
        self, actor: Actor, selection: Selection, limit: int | None = None, offset: int = 0
    ) -> "list[ExampleView]":
        """Return submissions for moderators, those that have been in their state longest first.

        Drafts are for their authors alone.
        """
        actor = self._known(actor)
        require(actor, Look.QUEUE)
        if not selection.states and actor != OPERATOR:
            selection = selection.model_copy(update={"states": tuple(s for s in State if s is not State.DRAFT)})
        now = self._clock()
        found = self._store.select(selection, limit, offset)
        return [view_of(submission, actor, now) for submission in found if may_see(actor, submission)]

    def show(self, actor: Actor, submission_id: str) -> ExampleView:
        """Return a submission with its audit, as the actor may see it; what is published everybody may see."""
        actor = self._known(actor)
        submission = self._found(submission_id)
        require_sight(actor, submission)
        document = self._library.store.document_at(submission.location)
        history = self._store.history(submission_id)
        return view_of(submission, actor, self._clock(), history, document.id if document else None)
