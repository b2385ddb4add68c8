"""The one state machine of shared examples: which action leads from which state to which, and what it needs.

`decide` is a pure function from a submission and a command to what is to be stored. The store calls it inside a write
transaction, so that of two people who act at once one wins and the other is told what happened.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from knowledge.dates import spoken_date, stamp
from knowledge.domain.examples import (
    IDENTIFYING,
    TAG_FIELDS,
    Action,
    Actor,
    Change,
    Command,
    Content,
    DocumentEffect,
    Event,
    Role,
    State,
    Submission,
)
from knowledge.domain.vocabulary import Credit, Outcome
from knowledge.errors import ExampleConfirmationError, ExampleConflictError, ExampleError
from knowledge.examples.messages import messages_for
from knowledge.examples.permissions import is_author, require

_S = State
_WAITING = (_S.SUBMITTED, _S.IN_REVIEW)
_UNDECIDED = (*_WAITING, _S.CHANGES_REQUESTED)


def _stays(*states: State) -> dict[State, State]:
    return {state: state for state in states}


# What is changed on a published example has to be published anew: it goes back to approved.
_AFRESH = _stays(_S.APPROVED) | {_S.PUBLISHED: _S.APPROVED}

TRANSITIONS: dict[Action, dict[State, State]] = {
    Action.EDIT: _stays(_S.DRAFT, *_WAITING) | {_S.CHANGES_REQUESTED: _S.SUBMITTED},
    Action.SUBMIT: {_S.DRAFT: _S.SUBMITTED, _S.CHANGES_REQUESTED: _S.SUBMITTED},
    Action.CLAIM: dict.fromkeys(_WAITING, _S.IN_REVIEW),
    Action.RELEASE: {_S.IN_REVIEW: _S.SUBMITTED},
    Action.APPROVE: dict.fromkeys(_WAITING, _S.APPROVED),
    Action.REQUEST_CHANGES: dict.fromkeys(_WAITING, _S.CHANGES_REQUESTED),
    Action.DECLINE: dict.fromkeys(_UNDECIDED, _S.DECLINED),
    Action.MERGE: dict.fromkeys(_UNDECIDED, _S.DECLINED),
    Action.TAG: _stays(*_UNDECIDED) | _AFRESH,
    Action.PUBLISH: {_S.APPROVED: _S.PUBLISHED},
    Action.CREDIT: _stays(_S.DRAFT, *_UNDECIDED) | _AFRESH,
    Action.CONFIRM: _stays(_S.PUBLISHED),
    Action.CORRECT: _AFRESH,
    Action.APPLY: {_S.APPROVED: _S.APPLIED},
    Action.WITHDRAW: {state: _S.WITHDRAWN for state in State if state is not _S.WITHDRAWN},
}
CONFIRMED = "Published with this in it: {what}."
DECISIONS = frozenset({Action.APPROVE, Action.REQUEST_CHANGES, Action.DECLINE, Action.MERGE})
_NEEDS_REASON = frozenset({Action.REQUEST_CHANGES, Action.DECLINE})
# How an example stands, and what was done with it last: for whoever came too late.
_STANDS = {
    _S.DRAFT: "still a draft",
    _S.SUBMITTED: "waiting for a moderator",
    _S.IN_REVIEW: "being reviewed",
    _S.CHANGES_REQUESTED: "back with its author, who was asked for changes",
    _S.APPROVED: "already approved",
    _S.PUBLISHED: "already published",
    _S.DECLINED: "already declined",
    _S.WITHDRAWN: "already withdrawn",
}
_DONE = {
    Action.START: "begun",
    Action.EDIT: "changed",
    Action.SUBMIT: "submitted",
    Action.CLAIM: "claimed",
    Action.RELEASE: "released",
    Action.APPROVE: "approved",
    Action.REQUEST_CHANGES: "sent back for changes",
    Action.DECLINE: "declined",
    Action.MERGE: "merged with another one",
    Action.TAG: "given other tags",
    Action.PUBLISH: "published",
    Action.CREDIT: "given another credit",
    Action.CONFIRM: "confirmed",
    Action.WITHDRAW: "withdrawn",
}
# A claim binds for so long; then whoever claimed it has probably other things to do.
CLAIM_HOLDS = timedelta(days=3)


def missing(content: Content) -> tuple[str, ...]:
    """Return the fields without which an example cannot be submitted."""
    absent = [name for name in ("what", "what_happened") if not getattr(content, name).strip()]
    if content.outcome not in Outcome.for_examples():
        absent.append("outcome")
    if content.credit is None:
        absent.append("credit")
    if content.credit is Credit.ORGANISATION and not content.organisation.strip():
        absent.append("organisation")
    if not content.clearance:
        absent.append("clearance")
    return tuple(absent)


def tags_changed(before: Content, after: Content) -> dict[str, object]:
    """Return the tags that differ, with what they were before, as JSON has it."""
    old, new = (content.model_dump(mode="json", include=set(TAG_FIELDS)) for content in (before, after))
    return {field: old[field] for field in TAG_FIELDS if old[field] != new[field]}


def decide(submission: Submission, command: Command, history: Sequence[Event], now: datetime) -> Change:
    """Return what a command does to a submission.

    Raises:
        ExampleNotAllowedError: The actor may not.
        ExampleConflictError: It is not possible in this state, or not with what the actor has seen.
        ExampleConfirmationError: What identifies a person would be published, and is not confirmed.
        ExampleError: Something that the action needs is not there (a reason, a field).
    """
    action, actor = command.action, command.actor
    require(actor, action, submission.author)
    if command.expected_version is not None and command.expected_version != submission.version:
        raise ExampleConflictError(_what_happened(submission, history, actor))
    if submission.state not in TRANSITIONS[action]:
        raise ExampleConflictError(_what_happened(submission, history, actor))
    _check_claim(submission, command, now)
    _check_reason(submission, command)
    if action is Action.APPROVE:
        command = _confirmed(submission, command)
    at = stamp(now)
    events: list[Event] = []
    if action in DECISIONS and submission.state is State.SUBMITTED:
        # Whoever decides at once has looked at it first: the history always passes through the review.
        submission = _moved(submission, State.IN_REVIEW, at, claimed_by=actor.id, claimed_at=at)
        events.append(_event(Action.CLAIM, command, State.SUBMITTED, submission, at))
    before = submission
    submission = _applied(before, command, at)
    event = _event(action, command, before.state, submission, at)
    messages = messages_for(before, submission, event)
    return Change(submission, (*events, event), messages, _document_effect(before, command))


def _applied(before: Submission, command: Command, at: str) -> Submission:
    after = TRANSITIONS[command.action][before.state]
    updates: dict[str, object] = {}
    if command.content is not None:
        updates["content"] = command.content
    if command.findings is not None:
        updates["findings"] = command.findings
    if command.author_name:
        updates["author"] = before.author.model_copy(update={"name": command.author_name})
    if command.action is Action.CLAIM:
        updates |= {"claimed_by": command.actor.id, "claimed_at": at}
    elif after is State.SUBMITTED and before.state is not State.SUBMITTED:
        updates |= {"claimed_by": None, "claimed_at": None}
    if command.action is Action.PUBLISH:
        updates |= {"published": before.published or at[:10], "review_on": before.review_on or command.review_on}
    if command.action is Action.CONFIRM:
        updates["review_on"] = command.review_on
    if command.action is Action.MERGE:
        updates["merged_into"] = command.merged_into
    if command.action is Action.TAG and command.content is not None:
        updates["base"] = {**tags_changed(before.content, command.content), **before.base}
    if command.action is Action.APPLY:
        updates["base"] = {}  # what was corrected is not kept anywhere
    moved = _moved(before, after, at, **updates)
    if after not in (State.DRAFT, State.WITHDRAWN, State.DECLINED, State.APPLIED) and (lacks := missing(moved.content)):
        raise ExampleError(f"It cannot be submitted yet. Still needed: {', '.join(lacks)}.")
    return moved


def _moved(submission: Submission, state: State, at: str, **updates: object) -> Submission:
    # Claiming and releasing do not make anybody wait anew.
    same = state is submission.state or {state, submission.state} <= set(_WAITING)
    since = submission.state_since if same else at
    updates |= {"state": state, "state_since": since, "updated_at": at, "version": submission.version + 1}
    return submission.model_copy(update=updates)


def _event(action: Action, command: Command, before: State, submission: Submission, at: str) -> Event:
    actor = command.actor
    return Event(
        at=at,
        action=action,
        from_state=before,
        to_state=submission.state,
        actor=actor.id,
        role=actor.role,
        by_author=is_author(actor, submission.author),
        reason=command.reason,
        version=submission.version,
    )


def _document_effect(before: Submission, command: Command) -> DocumentEffect:
    if command.action is Action.WITHDRAW:
        return DocumentEffect.REMOVE
    return (
        DocumentEffect.UNCREDIT
        if command.action is Action.CREDIT and before.state is State.PUBLISHED
        else DocumentEffect.KEEP
    )


def _check_claim(submission: Submission, command: Command, now: datetime) -> None:
    """Raise where a claim keeps others off, which holds neither for an admin nor for ever."""
    if submission.claimed_by is None or submission.state is not State.IN_REVIEW or submission.claimed_at is None:
        return
    if command.action not in DECISIONS | {Action.CLAIM, Action.RELEASE, Action.TAG}:
        return
    if command.actor.id == submission.claimed_by or command.actor.role is Role.ADMIN:
        return
    claimed = datetime.fromisoformat(submission.claimed_at)
    if now - claimed < CLAIM_HOLDS:
        raise ExampleConflictError(
            f"Example {submission.id} is being reviewed by {submission.claimed_by}, who claimed it "
            f"{_day(submission.claimed_at)}. Ask them to release it; after {CLAIM_HOLDS.days} days anyone may "
            "take over."
        )


def _check_reason(submission: Submission, command: Command) -> None:
    if command.reason and command.reason.strip():
        return
    not_by_author = command.action is Action.WITHDRAW and not is_author(command.actor, submission.author)
    if command.action in _NEEDS_REASON or not_by_author:
        raise ExampleError("A reason is needed: it goes to the author, without your name.")


def _confirmed(submission: Submission, command: Command) -> Command:
    """Return the command, with what was confirmed as its reason: who confirmed it stands beside it in the audit."""
    found = [finding for finding in submission.findings if finding.kind in IDENTIFYING]
    labels = tuple(dict.fromkeys(finding.label for finding in found))
    given = {label.strip().casefold() for label in command.confirmed}
    lacking = tuple(label for label in labels if label.casefold() not in given)
    if lacking:
        places = "; ".join(dict.fromkeys(f"{finding.label} in {finding.field}" for finding in found))
        raise ExampleConfirmationError(
            f"It may identify a person: {places}. Ask its author to take that out, or confirm each by its name: "
            f"{', '.join(lacking)}.",
            labels,
        )
    return command._replace(reason=CONFIRMED.format(what=", ".join(labels))) if labels else command


def _what_happened(submission: Submission, history: Sequence[Event], actor: Actor) -> str:
    """Return why a command came too late, in one line: the last change, when, and by whom if the actor may know."""
    state = _STANDS[submission.state]
    if not history:
        return f"Example {submission.id} is {state}."
    last = next((event for event in reversed(history) if event.action is not Action.PUBLISH), history[-1])
    who = _who(last, actor)
    return f"Example {submission.id} is {state}. It was {_DONE[last.action]} {who} {_day(last.at)}."


def _who(event: Event, actor: Actor) -> str:
    if event.by_author:
        return "by its author"
    if event.actor is not None and event.actor == actor.id:
        return "by you"
    if actor.role in (Role.MODERATOR, Role.ADMIN) and event.actor is not None:
        return f"by {event.actor}"
    return "by a moderator"


def _day(at: str) -> str:
    return f"on {spoken_date(at[:10])} at {at[11:16]} UTC"
