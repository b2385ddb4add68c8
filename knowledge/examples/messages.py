"""Messages about a changed submission: its author hears the outcome and the reason, never who decided."""

from knowledge.domain.examples import Action, Event, Role, State, Submission
from knowledge.domain.outbox import MODERATORS, Message

CARD = "example.card"
CARD_MOVED = "example.card_moved"
CHANGES_REQUESTED = "example.changes_requested"
DECLINED = "example.declined"
MERGED = "example.merged"
PUBLISHED = "example.published"
TAKEN_DOWN = "example.taken_down"
STILL_HOLDS = "example.still_holds"
HELPED = "example.helped"
QUEUE = "example.queue"
CORRECTED = "example.corrected"
APPLIED = "example.applied"

_TO_AUTHOR = {
    Action.REQUEST_CHANGES: CHANGES_REQUESTED,
    Action.DECLINE: DECLINED,
    Action.MERGE: MERGED,
    Action.WITHDRAW: TAKEN_DOWN,
}

SAME_AS = "It says the same as {into}."


def messages_for(before: Submission, after: Submission, event: Event) -> tuple[Message, ...]:
    """Return the messages that a change makes necessary: the review card's new face, and the author's outcome."""
    messages: list[Message] = []
    if before.state is not State.DRAFT or after.state is State.SUBMITTED:
        messages.append(
            Message(
                key=f"{CARD}:{after.id}:{after.version}",
                recipient=MODERATORS,
                kind=CARD,
                data={"example": after.id, "version": after.version},
            )
        )
    kind = _TO_AUTHOR.get(event.action)
    if event.action is Action.PUBLISH and event.role is Role.SYSTEM and before.published is None:
        kind = PUBLISHED
    if event.action is Action.APPLY:
        kind = APPLIED
    if after.corrects is not None and event.action is Action.WITHDRAW and event.role is Role.SYSTEM:
        kind = None  # it went with the example that it would have corrected
    if kind is not None and after.author.member is not None and not event.by_author:
        messages.append(to_author(kind, after, f"{kind}:{after.id}:{after.version}", reason=event.reason))
    return tuple(messages)


def to_author(kind: str, submission: Submission, key: str, **more: str | int | None) -> Message:
    """Return a message to the author of an example, who must be a member."""
    return Message(
        key=key,
        recipient=submission.author.member or "",
        kind=kind,
        data={
            "example": submission.id,
            "title": submission.content.shown_title,
            "merged_into": submission.merged_into,
            "corrects": submission.corrects,
            **more,
        },
    )
