"""The common ground of giving, reviewing and keeping shared examples: changing a submission, and publishing it."""

import calendar
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime

from knowledge.answering.stored import withdraw_quotes
from knowledge.dates import utc_now
from knowledge.domain.examples import (
    LOCATION_PREFIX,
    SYSTEM,
    Action,
    Actor,
    Command,
    Duplicate,
    Finding,
    Role,
    State,
    Submission,
)
from knowledge.domain.library import Document
from knowledge.errors import ExampleConflictError, ExampleNotFoundError, HalnError, StorageError
from knowledge.examples.corrected_content import corrected
from knowledge.examples.document import as_document
from knowledge.examples.duplicates import Rehearsed, embed_example, find_duplicates
from knowledge.examples.machine import decide, missing
from knowledge.examples.messages import CORRECTED, to_author
from knowledge.examples.permissions import require
from knowledge.examples.views import Receipt, seen_by
from knowledge.library import Library
from knowledge.privacy.personal_data import PersonalDataCheck, findings
from knowledge.privacy.recognisers import PresidioCheck
from knowledge.storage.arrays import Vectors
from knowledge.storage.example_protocols import Selection

Publish = Callable[[Document], None]
_log = logging.getLogger(__name__)
# Others can change a submission while it is being published or tagged; that this happens so often means a fault.
_TRIES = 5
CORRECTED_WITH = "With {correction}."
CLOSED_WITH = "The example that it would correct is not published any more."
# In these states a correction of a published example waits, for moderators, its author or this process.
OPEN = (State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED)
# What is approved is published in a moment; what is published and changed passes through it.
PUBLIC = (State.PUBLISHED, State.APPROVED)


class ExampleContext:
    """A library with its submissions. `Examples` is what faces use."""

    def __init__(
        self,
        library: Library,
        publish: Publish | None = None,
        check: PersonalDataCheck | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._library = library
        self._store = library.examples
        self._publish = publish
        self._check = check or PresidioCheck(library.settings)
        self._clock = clock

    def _known(self, actor: Actor) -> Actor:
        """Return the actor, as banned if they are: faces need not know who is."""
        if actor.id is not None and actor.role is not Role.ADMIN and self._store.banned(actor.id):
            return actor._replace(role=Role.BANNED)
        return actor

    def _found(self, submission_id: str) -> Submission:
        submission = self._store.find(submission_id)
        if submission is None:
            raise ExampleNotFoundError(
                f"There is no example with the id {submission_id}. `haln examples list` shows ids."
            )
        return submission

    def _change(self, submission_id: str, command: Command) -> Submission:
        return self._store.change(
            submission_id, command, lambda submission, history: decide(submission, command, history, self._clock())
        ).submission

    def _rewritten(
        self, submission_id: str, make: Callable[[Submission], Command], expected_version: int | None = None
    ) -> Submission:
        """Change a part of the content, and do it again if somebody changed another part meanwhile."""
        for _ in range(_TRIES):
            submission = self._found(submission_id)
            # Without the right to it, nobody learns more than that.
            command = make(submission)._replace(expected_version=expected_version or submission.version)
            require(command.actor, command.action, submission.author)
            try:
                return self._published(self._change(submission_id, command))
            except ExampleConflictError:
                if expected_version is not None or self._found(submission_id).version == submission.version:
                    raise
        raise ExampleConflictError(f"{submission_id} is being changed by somebody else. Try again in a moment.")

    def _published(self, submission: Submission) -> Submission:
        """Return the submission, published if it is approved and this process can.

        Each step may be the last of a process that is killed: what is approved is published by the next one
        (`publish_waiting`), and the database takes no document of an example that is not approved.
        """
        if submission.corrects is not None:
            return self._applied(submission)
        for _ in range(_TRIES):
            if submission.state is not State.APPROVED or self._publish is None:
                break
            try:
                self._publish(as_document(submission))
            except StorageError:
                submission = self._found(submission.id)
                if submission.state in (State.APPROVED, State.PUBLISHED):
                    raise
                break  # withdrawn in this very moment
            command = Command(
                Action.PUBLISH, SYSTEM, review_on=self._next_review(), expected_version=submission.version
            )
            try:
                return self._change(submission.id, command)
            except ExampleConflictError:
                submission = self._found(submission.id)
        return submission

    def _applied(self, correction: Submission) -> Submission:
        """Return the correction, applied to its example if it is approved and this process can publish.

        Each step may be the last of a process that is killed; the next one goes on from there, and changes nothing
        twice: the example's change is one request.
        """
        if correction.state is not State.APPROVED or correction.corrects is None or self._publish is None:
            return correction
        if self._found(correction.corrects).state not in PUBLIC:
            return self._change(correction.id, Command(Action.WITHDRAW, SYSTEM, reason=CLOSED_WITH))

        def command(target: Submission) -> Command:
            content = corrected(target.content, correction)
            found = findings(content, target.author, self._check)
            reason = CORRECTED_WITH.format(correction=correction.id)
            return Command(Action.CORRECT, SYSTEM, reason, content, found, request_id=request)

        request = f"{correction.id}/{correction.version}"
        target = self._store.requested(SYSTEM, request)
        target = self._published(target) if target is not None else self._rewritten(correction.corrects, command)
        if target.author.member is not None and target.author.member != correction.author.member:
            key = f"{CORRECTED}:{correction.id}"
            self._library.outbox.add(to_author(CORRECTED, target, key), self._clock())
        applied = self._change(correction.id, Command(Action.APPLY, SYSTEM, expected_version=correction.version))
        self._leave_nothing(target.id)
        return applied

    def _require_no_other(self, example_id: str, but: str | None = None) -> None:
        """Accept a correction only while no other one waits: two would be decided on apart and end in one text.

        Raises:
            ExampleConflictError: One does.
        """
        for other in self._store.select(Selection(corrects=example_id, states=OPEN)):
            if other.id != but:
                raise ExampleConflictError(
                    f"A correction of {example_id} waits for review already ({other.id}). Correct it again after that."
                )

    def close_corrections(self, example_id: str | None = None) -> int:
        """Withdraw the corrections of what is not published any more: of one example, or of all. Return how many."""
        closed = 0
        states = (State.DRAFT, *OPEN)
        for correction in self._store.select(Selection(corrects=example_id, states=states)):
            target = self._store.find(correction.corrects) if correction.corrects else None
            if correction.corrects is None or (target is not None and target.state in PUBLIC):
                continue
            if correction.state is State.DRAFT:
                closed += self._store.discard(correction.id)
                continue
            try:
                self._change(correction.id, Command(Action.WITHDRAW, SYSTEM, reason=CLOSED_WITH))
                closed += 1
            except ExampleConflictError:
                continue  # somebody was quicker
        return closed

    def _leave_nothing(self, submission_id: str) -> None:
        """Take what an example said and no longer says out of answers given before, and out of the files."""
        try:
            # Noted first: what a reader or a kill keeps from being overwritten now is overwritten later.
            self._library.store.request_scrub()
            self._mend_answers(submission_id)
            self._library.store.scrub()
            self._library.refresh_indexes()
        except HalnError as error:
            _log.warning("what is not published any more could not be removed from everywhere yet: %s", error)

    def _findings(self, submission: Submission) -> tuple[Finding, ...]:
        """Return what may identify a person in it; in a correction, as the published example will be with it."""
        published = self._store.find(submission.corrects) if submission.corrects else None
        if published is None:
            return findings(submission.content, submission.author, self._check)
        return findings(corrected(published.content, submission), published.author, self._check)

    def _receipt(self, actor: Actor, submission: Submission) -> Receipt:
        """Return what the author is told of a submission: near-duplicates, personal data, what is missing."""
        draft = submission.state is State.DRAFT
        found = self._findings(submission) if draft else submission.findings
        return Receipt(
            id=submission.id,
            state=submission.state,
            version=submission.version,
            duplicates=seen_by(self._duplicates(submission), actor),
            personal_data=found,
            missing=missing(submission.content) if draft else (),
            name_model=self._check.has_name_model,
            corrects=submission.corrects,
        )

    def rehearse(
        self, actor: Actor, submission: Submission, rehearsed: Mapping[str, Rehearsed]
    ) -> tuple[Receipt, Vectors | None]:
        """Return what handing a submission in would say, and its vector, shape (dimension,); nothing is stored.

        `rehearsed` are the submissions, by id, that would have been handed in before it. There is no vector while the
        library cannot be searched.
        """
        vector: Vectors | None = None
        duplicates: list[tuple[Duplicate, Submission | None]] = []
        try:
            vector = embed_example(self._library, submission.content)
            duplicates = find_duplicates(self._library, submission, vector, rehearsed)
        except HalnError as error:
            _log.warning("near-duplicates of %s could not be looked for: %s", submission.id, error)
        receipt = Receipt(
            id=submission.id,
            state=submission.state,
            version=submission.version,
            duplicates=seen_by(duplicates, actor),
            personal_data=self._findings(submission),
            name_model=self._check.has_name_model,
            corrects=submission.corrects,
        )
        return receipt, vector

    def _duplicates(self, submission: Submission) -> list[tuple[Duplicate, Submission | None]]:
        """Return what it nearly repeats. Its vector is kept, so that later ones are compared with it."""
        try:
            vector = embed_example(self._library, submission.content)
            self._store.set_vector(submission.id, self._library.embedder.name, vector)
            return find_duplicates(self._library, submission, vector)
        except HalnError as error:
            # A library that wants rebuilding is no reason to turn an example away.
            _log.warning("near-duplicates of %s could not be looked for: %s", submission.id, error)
            return []

    def _mend_answers(self, submission_id: str) -> None:
        """Put answers given before in line with the example as it is now: its quotes gone, or its credit changed."""
        questions, store = self._library.questions, self._library.store
        document = store.document_at(LOCATION_PREFIX + submission_id)
        withdraw_quotes([document.id if document else submission_id], questions, store)

    def _next_review(self) -> str:
        """Return the date after which the author is asked whether it still holds."""
        return months_later(self._clock().date(), self._library.settings.example_review_months).isoformat()


def months_later(day: date, months: int) -> date:
    """Return the same day some months on; the last of the month where it has fewer days."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))
